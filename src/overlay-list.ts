import type { ProjectList, ProjectNode, ProjectScalar } from './compose-project.ts'
import type { OverlayItem, OverlayValue } from './overlay.ts'
import { scalarIn, type SourceAt } from './project-document.ts'
import { maskVariables, portParts } from './short-form.ts'

/** What is changed at an item of a list. */
export interface ItemEdit {
  /** Names from the item on; none: the item itself. */
  readonly path: readonly string[]
  readonly does: 'remove' | { readonly set: (written: string) => string }
}

/** A list in place of another, and for each of its items, which one below it was. */
export interface ChangedList {
  readonly value: OverlayValue
  readonly indexes: readonly number[]
}

/**
 * A list with some of its items changed, as it stands in place of the one
 * below. Items that stay are written as they were, variables and all; what a
 * range of ports was made into is one item again.
 */
export function changedList(list: ProjectList, name: string, edits: ReadonlyMap<number, readonly ItemEdit[]>, sourceAt: SourceAt): ChangedList {
  const kept = new Map<string, { readonly item: OverlayItem; readonly index: number }>()
  for (const indexes of writtenItems(list)) {
    const own = indexes.flatMap(index => edits.get(index) ?? [])
    if (own.some(({ path, does }) => path.length === 0 && does === 'remove')) continue
    const item = new Item(list.items[indexes[0]!]!, name, sourceAt).changed(own)
    if (!kept.has(JSON.stringify(item))) kept.set(JSON.stringify(item), { item, index: indexes[0]! })
  }
  const items = [...kept.values()]
  return { value: items.length === 0 ? { kind: 'reset', isList: true } : { kind: 'list', items: items.map(({ item }) => item) }, indexes: items.map(({ index }) => index) }
}

/** The items of a list by what is written: of a range of ports all at once. */
export function writtenItems(list: ProjectList): number[][] {
  const groups = new Map<string, number[]>()
  list.items.forEach(({ origin: { path, range } }, index) => {
    const key = `${path} ${range.join('-')}`
    const group = groups.get(key)
    if (group) group.push(index)
    else groups.set(key, [index])
  })
  return [...groups.values()]
}

class Item {
  readonly #node: ProjectNode
  readonly #list: string
  readonly #sourceAt: SourceAt

  constructor(node: ProjectNode, list: string, sourceAt: SourceAt) {
    this.#node = node
    this.#list = list
    this.#sourceAt = sourceAt
  }

  changed(edits: readonly ItemEdit[]): OverlayItem {
    const whole = edits.find(({ path }) => path.length === 0)?.does
    const written = this.#written()
    if (whole !== undefined && whole !== 'remove') return whole.set(written ?? '')
    if (written !== undefined && edits.length === 0) return written
    if (written !== undefined && this.#list === 'ports' && edits.every(({ path }) => path[0] === 'host_ip')) return withoutAddress(written)
    return this.#long(this.#node, [], edits) ?? {}
  }

  /** The characters of an item in the short form; `undefined`: it is in the long form. */
  #written(): string | undefined {
    return scalarIn(this.#sourceAt(this.#node.origin))
  }

  /** `undefined`: there is nothing to be written. */
  #long(node: ProjectNode, path: readonly string[], edits: readonly ItemEdit[]): OverlayItem | undefined {
    const edit = edits.find(({ path: at }) => at.join('\n') === path.join('\n'))?.does
    if (edit === 'remove') return undefined
    if (node.kind === 'scalar') return edit ? edit.set(String(this.#scalar(node))) : this.#scalar(node)
    if (node.kind === 'list') return node.items.flatMap((item, index) => this.#long(item, [...path, String(index)], edits) ?? [])
    const entries = [...node.entries].flatMap(([name, { value }]): [string, OverlayItem][] => {
      // What a mount implies in its short form it does not in the long one.
      if (value.isImplied && value.kind === 'scalar' && this.#list !== 'volumes') return []
      const item = this.#long(value, [...path, name], edits)
      const isEmpty = typeof item === 'object' && item !== null && Object.keys(item).length === 0
      return item === undefined || isEmpty ? [] : [[name, item]]
    })
    return Object.fromEntries(entries)
  }

  /** A value as it is written: with its variables, and seen from the project's folder if it is a path. */
  #scalar(node: ProjectScalar): string | number | boolean | null {
    const source = node.isImplied ? '' : this.#sourceAt(node.origin)
    const written = scalarIn(source) ?? source
    if (typeof node.value === 'string') return written === '' || /[\\'"\n]/.test(written) ? node.value.replaceAll('$', '$$$$') : written
    return written.includes('$') ? written : node.value
  }
}

/** `127.0.0.1:8080:80` without the address. */
function withoutAddress(port: string): string {
  const address = portParts(maskVariables(port)).find(({ name }) => name === 'host_ip')
  return address ? port.slice(address.end + 1).replace(/^:/, '') : port
}

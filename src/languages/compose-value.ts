import type { Range, Text } from '../text.ts'
import { entriesOf, resolve, type YamlEntry, type YamlNode, type YamlScalar } from '../yaml-tree.ts'
import { interpolate, type Environment } from './compose-interpolation.ts'

/** A value of a compose file in the long form of the Compose Specification, whichever form is written. */
export type ComposeValue = ComposeScalar | ComposeTree

export interface ComposeScalar {
  readonly kind: 'scalar'
  /** `undefined`: computed when compose runs. */
  readonly value: string | undefined
  readonly range: Range
}

export interface ComposeTree {
  readonly kind: 'tree'
  /** Entries of a map by name, items of a list by the name `[]`. */
  readonly children: () => readonly ComposeChild[]
  readonly range: Range
}

export interface ComposeChild {
  readonly name: string
  readonly value: ComposeValue | undefined
  /** What asks for it: key and value where the value is a scalar, else the key; the item of a list. */
  readonly range: Range
  readonly nameRange: Range
  /** What compose asks the engine for with the value of which this is a part, in the engine's own syntax. */
  readonly whole?: string | undefined
  /** The alias or merge key through which it comes here. */
  readonly usedAt?: Range | undefined
}

/** Reads nodes of the YAML tree as values of compose. */
export class ComposeReader {
  readonly #environment: Environment
  readonly #refused = new Map<number, { readonly message: string; readonly range: Range }>()
  #fuel: number
  #unread: Range | undefined

  /** `fuel` bounds how many nodes are visited, aliases counted each time they are followed. */
  constructor(environment: Environment, fuel: number) {
    this.#environment = environment
    this.#fuel = fuel
  }

  /** A reader of a file of this length, which visits all that is written in it, and of what aliases repeat no more than anybody needs. */
  static ofLength(length: number, environment: Environment): ComposeReader {
    return new ComposeReader(environment, 500_000 + 2 * length)
  }

  /** Where reading has stopped, if it has. */
  get unread(): Range | undefined {
    return this.#unread
  }

  /** Values whose interpolation compose refuses, found so far. */
  get refused(): readonly { readonly message: string; readonly range: Range }[] {
    return [...this.#refused.values()]
  }

  text(scalar: YamlScalar): { text: Text; known: boolean } {
    const { text, known, problem } = interpolate(scalar.text, this.#environment)
    if (problem && !this.#refused.has(problem.range[0])) this.#refused.set(problem.range[0], problem)
    return { text, known }
  }

  scalar(node: YamlScalar): ComposeScalar {
    const { text, known } = this.text(node)
    return { kind: 'scalar', value: known ? text.value : undefined, range: node.range }
  }

  /** The entries of a map, those that `!reset` takes away left out. */
  entries(node: YamlNode | undefined): readonly YamlEntry[] {
    if (!this.#visits(node)) return []
    const entries = entriesOf(node).filter(({ value }) => value?.tag?.value !== '!reset')
    this.#fuel -= entries.length + 1
    return entries
  }

  items(node: YamlNode | undefined): { node: YamlNode; usedAt?: Range | undefined }[] {
    const resolved = resolve(node)
    if (resolved?.node.kind !== 'list' || !this.#visits(node)) return []
    this.#fuel -= resolved.node.items.length + 1
    return resolved.node.items.flatMap(item => (item && item.tag?.value !== '!reset' ? [{ node: item, usedAt: resolved.usedAt }] : []))
  }

  #visits(node: YamlNode | undefined): boolean {
    if (this.#fuel > 0) return true
    if (node && node.kind !== 'scalar') this.#unread ??= node.range
    return false
  }

  /** A node as it stands, in no special form. */
  value(node: YamlNode | undefined, form: FormOf): ComposeValue | undefined {
    const resolved = resolve(node)
    if (!resolved) return undefined
    if (resolved.node.kind === 'scalar') return this.scalar(resolved.node)
    const children = once(() => [
      ...this.entries(node).map(entry => this.child(entry, form(entry.name))),
      ...this.items(node).map(item => this.item(item.node, form('[]'), item.usedAt))
    ])
    return { kind: 'tree', range: resolved.node.range, children }
  }

  /** An entry of a map. */
  child(entry: YamlEntry, read: ReadForm): ComposeChild {
    const isAlias = entry.value?.kind === 'alias'
    const value = read(this, entry.value)
    const keyRange = entry.key.range
    const isScalar = resolve(entry.value)?.node.kind === 'scalar'
    // Reported where it is written: through an alias that is not at the key.
    const range = isAlias && isScalar ? value?.range ?? keyRange : isScalar && entry.value ? joined(keyRange, entry.value.range) : keyRange
    const usedAt = entry.usedAt ?? (isAlias && isScalar ? joined(keyRange, entry.value!.range) : undefined)
    return { name: entry.name, value, range, nameRange: keyRange, usedAt }
  }

  item(node: YamlNode, read: ReadForm, usedAt?: Range): ComposeChild {
    const resolved = resolve(node)
    const range = resolved?.node.range ?? node.range
    const used = usedAt ?? (node.kind === 'alias' ? node.range : undefined)
    return { name: '[]', value: read(this, node), range, nameRange: range, usedAt: used }
  }
}

/** Computed at the first call, and kept. */
function once<T>(compute: () => T): () => T {
  let value: T | undefined
  return () => (value ??= compute())
}

/** How a node at some place is read. */
export type ReadForm = (reader: ComposeReader, node: YamlNode | undefined) => ComposeValue | undefined

/** How the child of a given name is read. */
export type FormOf = (name: string) => ReadForm

/** A pair on one place; a value far below its key is left out. */
const joined = (key: Range, value: Range): Range => (value[0] >= key[1] ? [key[0], value[1]] : key)

import type { Range, Text } from './text.ts'

/** Where something is written. */
export interface Origin {
  readonly path: string
  readonly range: Range
}

/** A value together with the file and the place where it is written. */
export interface Written<T> extends Origin {
  readonly value: T
}

export type ScalarValue = string | number | boolean | null

/** A value of a compose project, merged from its files: every part of it knows where it is written. */
export type ProjectNode = ProjectScalar | ProjectMap | ProjectList

interface Placed {
  /** Where it is written; of what compose adds, where that is written to which it is added. */
  readonly origin: Origin
  /** Nobody has written it: compose adds it. */
  readonly isImplied?: boolean
}

export interface ProjectScalar extends Placed {
  readonly kind: 'scalar'
  readonly value: ScalarValue
  /** A number that is no whole number to YAML, such as `1.0`. */
  readonly isFloat?: boolean
  /** The characters of the value, placed in the file, where they are those of the value. */
  readonly text?: Text
  /** The entry of a map that `key=value` has been made of. */
  readonly pair?: Pair
}

export interface Pair {
  readonly name: string
  readonly key: Origin
  readonly value: ProjectScalar
}

export interface ProjectMap extends Placed {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, ProjectEntry>
}

export interface ProjectEntry {
  /** Where the key is written. */
  readonly key: Origin
  readonly value: ProjectNode
}

export interface ProjectList extends Placed {
  readonly kind: 'list'
  readonly items: readonly ProjectNode[]
}

/** Names of keys from the root on; `[]` for an item of a list. */
export type Path = readonly string[]

/** A place for which one thing is written in the patterns below: `services.*.ports.[]`, split. */
export function matches(path: Path, pattern: Path): boolean {
  return path.length === pattern.length && pattern.every((part, index) => part === '*' || part === path[index])
}

/** A table of what holds at places, looked up by the length of a path first. */
export class PathTable<T> {
  readonly #byLength = new Map<number, [Path, T][]>()

  constructor(entries: Readonly<Record<string, T>>) {
    for (const [pattern, value] of Object.entries(entries)) {
      const path = pattern.split('.')
      const same = this.#byLength.get(path.length)
      if (same) same.push([path, value])
      else this.#byLength.set(path.length, [[path, value]])
    }
  }

  at(path: Path): T | undefined {
    return this.#byLength.get(path.length)?.find(([pattern]) => matches(path, pattern))?.[1]
  }
}

export const scalar = (value: ScalarValue, origin: Origin, isImplied = false): ProjectScalar => ({ kind: 'scalar', value, origin, ...(isImplied ? { isImplied } : {}) })

export const list = (items: readonly ProjectNode[], { origin, isImplied }: Placed): ProjectList => ({ kind: 'list', items, origin, ...(isImplied ? { isImplied } : {}) })

export const map = (entries: Iterable<readonly [string, ProjectEntry]>, { origin, isImplied }: Placed): ProjectMap => ({ kind: 'map', entries: new Map(entries), origin, ...(isImplied ? { isImplied } : {}) })

/** A map of values that compose adds. */
export const impliedMap = (values: Readonly<Record<string, ProjectNode>>, origin: Origin): ProjectMap =>
  map(Object.entries(values).map(([name, value]) => [name, { key: origin, value }]), { origin, isImplied: true })

/** A map with other or more entries; `undefined` removes one. */
export function withEntries(node: ProjectMap, values: Readonly<Record<string, ProjectNode | undefined>>): ProjectMap {
  const entries = new Map(node.entries)
  for (const [name, value] of Object.entries(values)) {
    if (value) entries.set(name, { key: entries.get(name)?.key ?? value.origin, value })
    else entries.delete(name)
  }
  return { ...node, entries }
}

export const mapEntries = (node: ProjectMap, change: (value: ProjectNode, name: string, key: Origin) => ProjectNode): ProjectMap =>
  ({ ...node, entries: new Map([...node.entries].map(([name, { key, value }]) => [name, { key, value: change(value, name, key) }])) })

/** The value at a path of names; `undefined` where there is none. */
export function child(node: ProjectNode | undefined, ...names: readonly string[]): ProjectNode | undefined {
  let current = node
  for (const name of names) current = current?.kind === 'map' ? current.entries.get(name)?.value : undefined
  return current
}

/** The string at a path of names. */
export function stringAt(node: ProjectNode | undefined, ...names: readonly string[]): string | undefined {
  const found = child(node, ...names)
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined
}

export const entriesAt = (node: ProjectNode | undefined, ...names: readonly string[]): readonly (readonly [string, ProjectEntry])[] => {
  const found = child(node, ...names)
  return found?.kind === 'map' ? [...found.entries] : []
}

export const itemsAt = (node: ProjectNode | undefined, ...names: readonly string[]): readonly ProjectNode[] => {
  const found = child(node, ...names)
  return found?.kind === 'list' ? found.items : []
}

export const isNull = (node: ProjectNode | undefined): boolean => node === undefined || (node.kind === 'scalar' && node.value === null)

/** A node as plain data; objects have no prototype, so that a key is what the file says and nothing else. */
export function plain(node: ProjectNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  const object = Object.create(null) as Record<string, unknown>
  for (const [name, { value }] of node.entries) object[name] = plain(value)
  return object
}

export function isEqual(a: ProjectNode, b: ProjectNode): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value
  if (a.kind === 'list') return b.kind === 'list' && a.items.length === b.items.length && a.items.every((item, index) => isEqual(item, b.items[index]!))
  return b.kind === 'map' && a.entries.size === b.entries.size && [...a.entries].every(([name, { value }]) => {
    const other = b.entries.get(name)
    return other !== undefined && isEqual(value, other.value)
  })
}

/** A value as Go's `%v` prints it. */
export function goString(node: ProjectNode): string {
  if (node.kind !== 'scalar') return JSON.stringify(plain(node))
  const { value } = node
  if (value === null) return '<nil>'
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value)
  // strconv: an exponent of at least two digits, from 1e-5 down.
  return (Math.abs(value) < 1e-4 ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** What a node is in words of the format. */
export const kindOf = (node: ProjectNode): string => (node.kind === 'scalar' ? (node.value === null ? 'null' : typeof node.value) : node.kind === 'map' ? 'a mapping' : 'a list')

/** Where characters of a scalar are written, as exactly as is known. */
export const partOrigin = (node: ProjectScalar, start: number, end: number): Origin =>
  node.text && node.text.value === node.value ? { path: node.origin.path, range: start < end ? node.text.range(start, end) : node.text.whole } : node.origin

/** Some characters of a scalar as a scalar. */
export function part(node: ProjectScalar, start: number, end: number): ProjectScalar {
  const value = String(node.value).slice(start, end)
  const origin = partOrigin(node, start, end)
  return node.text && node.text.value === node.value ? { ...scalar(value, origin), text: node.text.slice(start, end) } : scalar(value, origin)
}

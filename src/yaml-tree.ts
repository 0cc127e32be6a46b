import type { Range, Spanned, Text } from './text.ts'

/**
 * A YAML document as a tree whose every node knows where it is written,
 * whatever library has read it.
 */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias

export interface YamlScalar {
  readonly kind: 'scalar'
  /** The value by the YAML 1.2 core schema. */
  readonly value: string | number | boolean | null
  readonly plain: boolean
  /** The characters of the value, without their places. */
  readonly characters: string
  /** The characters of the value (for `0777`, not `511`), placed in the file. */
  readonly text: Text
  /** All of it, quotes or block header included. */
  readonly range: Range
  readonly tag?: Spanned | undefined
}

export interface YamlMap {
  readonly kind: 'map'
  readonly pairs: readonly YamlPair[]
  readonly range: Range
  readonly tag?: Spanned | undefined
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly (YamlNode | undefined)[]
  readonly range: Range
  readonly tag?: Spanned | undefined
}

/** `*name`; the node it stands for is read from where it is anchored. */
export interface YamlAlias {
  readonly kind: 'alias'
  readonly name: string
  readonly target: Exclude<YamlNode, YamlAlias> | undefined
  readonly range: Range
  readonly tag?: Spanned | undefined
}

export interface YamlPair {
  readonly key: YamlScalar
  readonly value: YamlNode | undefined
}

/** A place where a document is not YAML. */
export interface YamlProblem {
  readonly message: string
  readonly range: Range
}

export interface YamlDocument {
  readonly root: YamlNode | undefined
  readonly problems: readonly YamlProblem[]
  readonly comments: readonly Text[]
  /** Nodes that are meant elsewhere too, by an alias. */
  readonly aliased: ReadonlySet<YamlNode>
}

/** A node with its aliases resolved, and the place that uses it when this is not where it is written. */
export interface Resolved {
  readonly node: YamlScalar | YamlMap | YamlList
  readonly usedAt?: Range | undefined
}

/** An entry of a map, wherever it comes from. */
export interface YamlEntry {
  readonly key: YamlScalar
  readonly name: string
  readonly value: YamlNode | undefined
  /** The alias or merge key through which the entry comes into this map. */
  readonly usedAt?: Range | undefined
}

/** What a node stands for; `undefined` for an empty node or an alias without anchor. */
export function resolve(node: YamlNode | undefined, usedAt?: Range): Resolved | undefined {
  if (node?.kind !== 'alias') return node && { node, usedAt }
  return node.target && { node: node.target, usedAt: usedAt ?? node.range }
}

/** What has been computed of a map, kept in the map itself: merge keys may lead to it in very many ways. */
interface Computed {
  entries?: readonly YamlEntry[]
}

/**
 * The entries of a map in the order they are written, those of merge keys
 * (`<<: *a`, `<<: [*a, *b]`) included: the map's own win, then the first merged.
 * Of a key written twice the last wins.
 */
export function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  const target = targetOf(node)
  if (target?.kind !== 'map') return []
  const map: YamlMap & Computed = target
  let { entries } = map
  if (!entries) {
    // What leads back to itself has no entries there.
    map.entries = []
    map.entries = entries = computeEntries(map)
  }
  if (node?.kind !== 'alias') return entries
  const usedAt = node.range
  return entries.map(entry => ({ ...entry, usedAt }))
}

function computeEntries({ pairs }: YamlMap): YamlEntry[] {
  if (isSimple(pairs)) return pairs.map(({ key, value }) => ({ key, name: nameOf(key), value }))
  const entries = new Map<string, YamlEntry>()
  const merged: YamlEntry[] = []
  for (const { key, value } of pairs) {
    const name = nameOf(key)
    if (!isMergeKey(key)) entries.set(name, { key, name, value })
    else for (const source of mergeSources(value)) for (const entry of entriesOf(source)) merged.push({ ...entry, usedAt: source.range })
  }
  for (const entry of merged) if (!entries.has(entry.name)) entries.set(entry.name, entry)
  return [...entries.values()]
}

/** What a node stands for, wherever it is written. */
export const targetOf = (node: YamlNode | undefined): Resolved['node'] | undefined => (node?.kind === 'alias' ? node.target : node)

/** Whether a map is small, and has no key twice and none that merges. */
function isSimple(pairs: readonly YamlPair[]): boolean {
  if (pairs.length > 12) return false
  for (let at = 0; at < pairs.length; at++) {
    const { key } = pairs[at]!
    if (isMergeKey(key)) return false
    for (let before = 0; before < at; before++) if (nameOf(pairs[before]!.key) === nameOf(key)) return false
  }
  return true
}

/** How many nodes there are when all aliases are followed. What an alias stands for is written before it, and so is counted already. */
export function expandedSize(node: YamlNode | undefined, known = new Map<YamlNode, number>()): number {
  const target = targetOf(node)
  if (!target || target.kind === 'scalar') return 1
  let size = known.get(target)
  if (size === undefined) {
    const parts = target.kind === 'list' ? target.items : target.pairs.map(({ value }) => value)
    size = parts.reduce((sum, part) => sum + expandedSize(part, known), 1)
    known.set(target, size)
  }
  return size
}

/** The value of a map's key, or `undefined`. */
export function entryOf(node: YamlNode | undefined, name: string): YamlEntry | undefined {
  return entriesOf(node).find(entry => entry.name === name)
}

export const isMergeKey = (key: YamlScalar): boolean => key.plain && key.characters === '<<'

/** A key as text: `80:` and `"80":` are the same name. */
export const nameOf = (key: YamlScalar): string => key.characters

function mergeSources(value: YamlNode | undefined): YamlNode[] {
  if (value?.kind === 'list') return value.items.filter(item => item !== undefined)
  return value ? [value] : []
}

import type { Piece, Range, Text } from './text.ts'
import { readBlockYaml } from './yaml-block.ts'
import { readYaml } from './yaml-reader.ts'
import type { YamlAlias, YamlDocument, YamlMap, YamlNode, YamlPair } from './yaml-tree.ts'

/** A fault may run on into the entries below, as an open quote does; so many of them are tried. */
const mostEntries = 4

/** `services:` and nothing behind it. */
const sectionLine = /[\w.-]+:[ \t]*(?:#.*)?\r?(?:\n|$)/y

/**
 * A document in one entry of which is a fault, as while a service is being
 * written: the library reads that entry alone, and the rest is read as it is
 * without it. The tree is the one that the library would make of all, for it
 * is made only if what follows the entry is read as if nothing had been wrong.
 * `undefined`: the library has to read all.
 */
export function readAround(file: Text, faultAt: number): YamlDocument | undefined {
  const place = placeOf(file.value, faultAt)
  if (!place) return undefined
  for (const end of place.ends) {
    const excerpt = readExcerpt(file, place, end)
    if (excerpt) return joined(file, place, end, excerpt)
  }
  return undefined
}

/** The entry of a section in which a fault stands; it may end where each of the next ones begins. */
interface Place {
  /** Where the line of the section's key begins and ends. */
  readonly section: Range
  /** How far the entries are indented. */
  readonly indent: number
  readonly start: number
  readonly ends: readonly number[]
}

function placeOf(source: string, faultAt: number): Place | undefined {
  const faultLine = lineStart(source, faultAt)
  const section = lineAbove(source, faultLine, 0, line => matchesAt(sectionLine, source, line))
  if (section === undefined) return undefined
  const first = lineEnd(source, section)
  const indent = indentation(source, firstWritten(source, first))
  const isEntry = (line: number): boolean => indentation(source, line) === indent && matchesAt(sectionLine, source, line + indent)
  const above = lineAbove(source, faultLine, first, isEntry)
  // What is refused at an entry may be the fault of the one above.
  const start = above ?? (isEntry(faultLine) ? faultLine : undefined)
  if (indent === 0 || start === undefined || lineAbove(source, start, first, line => /[^\s#]/.test(source[line]!)) !== undefined) return undefined
  const ends: number[] = []
  for (let line = lineEnd(source, faultLine); ends.length < mostEntries; line = lineEnd(source, line)) {
    if (line >= source.length || isEntry(line) || matchesAt(sectionLine, source, line)) ends.push(line)
    if (line >= source.length) break
  }
  return { section: [section, first], indent, start, ends }
}

/** The nearest line that is wanted above another, down to `first`. */
function lineAbove(source: string, line: number, first: number, isWanted: (line: number) => boolean): number | undefined {
  for (let at = line; at > first; ) {
    at = lineStart(source, at - 1)
    if (isWanted(at)) return at
  }
  return undefined
}

/** What the library reads in an entry. */
interface Excerpt {
  readonly document: YamlDocument
  /** Entries of the section. */
  readonly entries: readonly YamlPair[]
  /** Keys beside that of the section. */
  readonly beside: readonly YamlPair[]
  /** Nodes by the names of anchors that stand further above, in place of which they were read. */
  readonly stubs: ReadonlyMap<string, YamlNode | undefined>
}

/** Reads an entry with the lines before and behind it; `undefined` if what stands behind it comes to be something else. */
function readExcerpt(file: Text, { section, indent, start }: Place, end: number): Excerpt | undefined {
  const source = file.value
  const names = anchorsAbove(source, start, end)
  if (!names) return undefined
  const next = lineEnd(source, end)
  const pieces: Piece[] = [[section[0], section[1]], [start, end], [end, next]].map(([from, to]) => [source.slice(from, to), from!, to!])
  const [document, ...others] = readYaml(file.decode([...names.map((name, at): Piece => [`x${at}: &${name} 0\n`, section[0], section[0]]), ...pieces], [section[0], next]))
  const pairs = document?.root?.kind === 'map' ? document.root.pairs : []
  const [own, ...beside] = pairs.slice(names.length)
  if (!document || others.length > 0 || own?.value?.kind !== 'map' || own.value.tag || own.key.range[0] !== file.range(section[0], section[0])[0]) return undefined
  const entries = [...own.value.pairs]
  if (entries[0]?.key.range[0] !== file.range(start + indent, start + indent)[0]) return undefined
  if (end < source.length) {
    const isSection = indentation(source, end) === 0
    const sentinel = isSection ? beside.pop() : entries.pop()
    const at = file.range(end, end)[0]
    const isReached = sentinel && !sentinel.value && sentinel.key.range[0] === at + (isSection ? 0 : indent) && (isSection || beside.length === 0)
    if (!isReached || document.problems.some(({ range }) => range[1] > at)) return undefined
  }
  return entries.length > 0 ? { document, entries, beside, stubs: new Map(names.map((name, at) => [name, pairs[at]?.value])) } : undefined
}

/** The anchors above an entry that it may have aliases of; `undefined` if which they are is not plain, or it has some itself. */
function anchorsAbove(source: string, start: number, end: number): string[] | undefined {
  const written = source.slice(start, end)
  if (written.includes('&')) return undefined
  /** Where names are given; of one that is given twice, nowhere. */
  const places = new Map<string, number>()
  for (const { 1: name, index } of source.matchAll(/&([^\s,[\]{}]+)/g)) places.set(name!, places.has(name!) ? Infinity : index)
  const names = [...new Set([...written.matchAll(/\*([^\s,[\]{}]+)/g)].map(([, name]) => name!))].filter(name => places.has(name))
  return names.every(name => /^[\w.-]+$/.test(name) && places.get(name)! < start) ? names : undefined
}

/** The document without the entry, and the entry in its place. */
function joined(file: Text, { section, start }: Place, end: number, { document, entries, beside, stubs }: Excerpt): YamlDocument | undefined {
  const source = file.value
  // A comment ends whatever stands above it, as an entry does.
  const rest = readBlockYaml(file, `${source.slice(0, start)}#${' '.repeat(end - start - 2)}\n${source.slice(end)}`)
  if (rest?.root.kind !== 'map') return undefined
  const { root, anchors } = rest
  const at = root.pairs.findIndex(({ key }) => key.start === section[0])
  const own = root.pairs[at]
  if (!own || (own.value && own.value.kind !== 'map') || [...stubs.keys()].some(name => !anchors.has(name))) return undefined
  const others = own.value?.pairs ?? []
  const named = (node: YamlNode | undefined): YamlNode | undefined => withTargets(node, anchors)
  const read = entries.map(({ key, value }): YamlPair => ({ key, value: named(value) }))
  const map = mapOf([...others.filter(({ key }) => key.start < start), ...read, ...others.filter(({ key }) => key.start > start)])
  const [from, to] = file.range(start, end)
  const isWithin = ({ whole }: Text): boolean => whole[0] >= from && whole[0] < to
  const comments = [...rest.comments.filter(comment => !isWithin(comment)), ...document.comments.filter(isWithin)]
  return {
    root: mapOf([...root.pairs.slice(0, at), { key: own.key, value: map }, ...beside.map(({ key, value }): YamlPair => ({ key, value: named(value) })), ...root.pairs.slice(at + 1)]),
    problems: document.problems, comments: comments.sort((a, b) => a.whole[0] - b.whole[0]),
    aliased: new Set<YamlNode>([...rest.aliased, ...[...stubs].flatMap(([name, stub]) => (stub && document.aliased.has(stub) ? anchors.get(name)! : []))])
  }
}

/** A node whose aliases stand for what has their names. */
function withTargets(node: YamlNode | undefined, anchors: ReadonlyMap<string, Exclude<YamlNode, YamlAlias>>): YamlNode | undefined {
  if (node?.kind === 'alias') return { ...node, target: anchors.get(node.name) }
  if (node?.kind === 'map') return { ...node, pairs: node.pairs.map(({ key, value }) => ({ key, value: withTargets(value, anchors) })) }
  return node?.kind === 'list' ? { ...node, items: node.items.map(item => withTargets(item, anchors)) } : node
}

function mapOf(pairs: readonly YamlPair[]): YamlMap {
  const { key, value } = pairs.at(-1)!
  return { kind: 'map', pairs, range: [pairs[0]!.key.range[0], (value ?? key).range[1]] }
}

const lineStart = (source: string, at: number): number => (at === 0 ? 0 : source.lastIndexOf('\n', at - 1) + 1)

/** Where the next line begins, or the end. */
function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end + 1
}

function indentation(source: string, line: number): number {
  let at = line
  while (source[at] === ' ') at++
  return at - line
}

/** The first line from one on that is neither blank nor a comment. */
function firstWritten(source: string, line: number): number {
  let at = line
  while (at < source.length && /^\s*(?:#|$)/.test(source.slice(at, lineEnd(source, at)))) at = lineEnd(source, at)
  return at
}

function matchesAt(pattern: RegExp, source: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(source)
}

import type { Piece, Range, Text } from '../text.ts'
import { entriesOf, resolve, type YamlEntry, type YamlNode } from '../yaml-tree.ts'

/** How deep lists in lists and conditional parts are followed. */
const maximumDepth = 20

/** The text of a scalar. */
export function textOf(node: YamlNode | undefined): Text | undefined {
  const resolved = resolve(node)?.node
  return resolved?.kind === 'scalar' && resolved.value !== null ? resolved.text : undefined
}

/** A scalar's value and its place. */
export function spannedOf(node: YamlNode | undefined): { readonly value: string; readonly range: Range } | undefined {
  const resolved = resolve(node)?.node
  return resolved?.kind === 'scalar' && resolved.value !== null ? { value: resolved.text.value, range: resolved.range } : undefined
}

/** Whether a key or an item is there under a condition only: `${{ if … }}:`. */
const isConditional = (name: string): boolean => name.startsWith('${{')

/** The entries of a map, with those that a condition of a template puts in. */
export function conditionalEntriesOf(node: YamlNode | undefined, depth = maximumDepth): YamlEntry[] {
  if (depth === 0) return []
  return entriesOf(node).flatMap(entry => (isConditional(entry.name) ? conditionalEntriesOf(entry.value, depth - 1) : [entry]))
}

/** Values of a key, whatever its case; several where conditions choose. */
export function valuesOf(node: YamlNode | undefined, name: string): YamlNode[] {
  return conditionalEntriesOf(node).flatMap(entry => (entry.name.toLowerCase() === name.toLowerCase() && entry.value ? [entry.value] : []))
}

/** The value of a key, whatever its case. */
export const valueOf = (node: YamlNode | undefined, name: string): YamlNode | undefined => valuesOf(node, name)[0]

/** The items of a list, those of lists in it and of conditional parts included; anything else is a list of one. */
export function itemsOf(node: YamlNode | undefined, depth = maximumDepth): YamlNode[] {
  const resolved = resolve(node)?.node
  if (!resolved || depth === 0) return []
  if (resolved.kind === 'list') return resolved.items.flatMap(item => itemsOf(item, depth - 1))
  if (resolved.kind === 'map') {
    const entries = entriesOf(resolved)
    if (entries.length > 0 && entries.every(({ name }) => isConditional(name))) return entries.flatMap(({ value }) => itemsOf(value, depth - 1))
  }
  return [resolved]
}

/** Whether a node is a map. */
export const isMap = (node: YamlNode | undefined): boolean => resolve(node)?.node.kind === 'map'

/**
 * The lines that several scalars give one shell, as one script. Lines that
 * do not follow one another in the file (an anchor's) begin a new one.
 */
export function sessionsOf(file: Text, lines: readonly Text[]): Text[] {
  const sessions: Text[][] = []
  for (const line of lines) {
    const last = sessions.at(-1)?.at(-1)
    if (last && last.whole[1] <= line.whole[0]) sessions.at(-1)!.push(line)
    else sessions.push([line])
  }
  return sessions.map(session => (session.length === 1 ? session[0]! : joined(file, session)))
}

function joined(file: Text, lines: readonly Text[]): Text {
  const pieces: Piece[] = []
  lines.forEach((line, index) => {
    if (index > 0) pieces.push(['\n', lines[index - 1]!.whole[1], line.whole[0]])
    placePieces(file, line, pieces)
  })
  return file.decode(pieces, [lines[0]!.whole[0], lines.at(-1)!.whole[1]])
}

/** The characters of a text with their places in the file; those that stand for themselves in one go. */
function placePieces(file: Text, text: Text, pieces: Piece[]): void {
  let from = 0
  let start = 0
  let end = 0
  const flush = (to: number): void => {
    if (to > from) pieces.push([text.value.slice(from, to), start, end])
    from = to
  }
  for (let at = 0; at < text.value.length; at++) {
    const [first, last] = text.range(at, at + 1)
    const verbatim = last - first === 1 && file.value[first] === text.value[at]
    if (verbatim && at > from && first === end) end = last
    else {
      flush(at)
      start = first
      end = last
      if (!verbatim) {
        pieces.push([text.value[at]!, first, last])
        from = at + 1
        end = -1
      }
    }
  }
  flush(text.value.length)
}

/**
 * A script whose computed parts have the one spelling that every reader of
 * scripts takes for something put in before the shell, `${{ … }}`.
 */
export function withExpressions(text: Text, pattern: RegExp): Text {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.value.matchAll(pattern)) {
    pieces.push([text.value.slice(at, match.index), at, match.index])
    at = match.index + match[0].length
    pieces.push([`\${{ ${match[0].replace(/[\r\n}]/g, ' ')} }}`, match.index, at])
  }
  if (at === 0) return text
  pieces.push([text.value.slice(at), at, text.value.length])
  return text.decode(pieces, [0, text.value.length])
}

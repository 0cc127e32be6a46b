import type { Word } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'

/** Characters of a string and where they come from, in offsets of the script. */
export interface Part {
  readonly decoded: string
  readonly start: number
  readonly end: number
  readonly known: boolean
}

/** What stands for the parts that are computed at run time: a variable that no shell knows. */
export const hole = '$_'

export const holeAt = ([start, end]: Range): Part => ({ decoded: hole, start, end, known: false })

const escape = /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[\n\r\u2028\u2029])|(0)(?!\d)|([^]))/iy
const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' }

/** The characters of a string or a template between `from` and `to`, escapes decoded. */
export function literalParts(source: string, from: number, to: number, isTemplate: boolean): Part[] {
  const parts: Part[] = []
  let start = from
  const add = (decoded: string, at: number, end: number): void => {
    if (at > start) parts.push({ decoded: source.slice(start, at), start, end: at, known: true })
    if (decoded !== '') parts.push({ decoded, start: at, end, known: true })
    start = end
  }
  for (let at = from; at < to; ) {
    const character = source[at]
    // In templates, all line ends are line feeds.
    if (isTemplate && character === '\r') {
      const end = source[at + 1] === '\n' && at + 1 < to ? at + 2 : at + 1
      add('\n', at, end)
      at = end
      continue
    }
    escape.lastIndex = at
    const match = character === '\\' ? escape.exec(source) : null
    if (!match) {
      at++
      continue
    }
    const [all, braced, four, two, lineEnd, zero, other] = match
    const code = parseInt(braced ?? four ?? two ?? '', 16)
    const decoded = Number.isNaN(code) ? (lineEnd !== undefined ? '' : zero !== undefined ? '\0' : simple[other!] ?? other!) : code > 0x10ffff ? '' : String.fromCodePoint(code)
    add(decoded, at, at + all.length)
    at += all.length
  }
  add('', to, to)
  return parts
}

export const valueOf = (parts: readonly Part[]): string => parts.map(({ decoded }) => decoded).join('')

export const isKnown = (parts: readonly Part[]): boolean => parts.every(({ known }) => known)

/** A text of parts, and the parts of it that are not known. */
export function textOf(script: Text, parts: readonly Part[], written: Range): { readonly text: Text; readonly holes: readonly Range[] } {
  const holes: Range[] = []
  let at = 0
  for (const { decoded, known } of parts) {
    if (!known) holes.push([at, at + decoded.length])
    at += decoded.length
  }
  return { text: script.decode(parts.map(({ decoded, start, end }): Piece => [decoded, start, end]), written), holes }
}

export function wordOf(script: Text, parts: readonly Part[], written: Range): Word {
  const { text, holes } = textOf(script, parts, written)
  return holes.length === 0 ? { text, known: true } : { text, known: false, holes }
}

/** Characters `from..to` of the value; what is not written one for one keeps the place of all of it. */
export function sliceOf(parts: readonly Part[], from: number, to: number): Part[] {
  const found: Part[] = []
  let at = 0
  for (const part of parts) {
    const start = Math.max(from - at, 0)
    const end = Math.min(to - at, part.decoded.length)
    if (start < end) {
      const isVerbatim = part.known && part.decoded.length === part.end - part.start
      found.push(isVerbatim ? { decoded: part.decoded.slice(start, end), start: part.start + start, end: part.start + end, known: true } : { ...part, decoded: part.decoded.slice(start, end) })
    }
    at += part.decoded.length
  }
  return found
}

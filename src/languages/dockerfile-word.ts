import type { Piece, Text } from '../text.ts'
import { space, type Escape, type LogicalLine } from './dockerfile-line.ts'
import { quotationEnd, substitutionAt } from './dockerfile-substitution.ts'

/** `--name` or `--name=value`, before the arguments of an instruction. */
export interface Flag {
  /** The name, without its dashes. */
  readonly name: Text
  readonly value?: Text
  /** All of it. */
  readonly text: Text
}

/** `name=value`, `name value` or a bare `name`, quotes and escapes still in place. */
export interface Pair {
  readonly name: Text
  readonly value?: Text
  readonly text: Text
}

/** Offsets into a logical line. */
export type Span = readonly [start: number, end: number]

const isSpace = new RegExp(space)
const spaceAt = new RegExp(`${space}*`, 'y')

export function skipSpace(text: string, at: number): number {
  spaceAt.lastIndex = at
  spaceAt.test(text)
  return spaceAt.lastIndex
}

/** `span` without white space around it. */
export function trimmed(text: string, [start, end]: Span): Span {
  const from = Math.min(skipSpace(text, start), end)
  let to = end
  while (to > from && isSpace.test(text[to - 1]!)) to--
  return [from, to]
}

/** The flags at the beginning of `span`, and what follows them. */
export function readFlags(line: LogicalLine, span: Span, escape: Escape): { flags: Flag[]; rest: Span } {
  const source = line.text.value
  const flags: Flag[] = []
  let at = skipSpace(source, span[0])
  while (at < span[1] && source.startsWith('--', at)) {
    const [pieces, end] = flagPieces(source, [at, span[1]], escape)
    const word = line.text.decode(pieces, [at, end])
    at = skipSpace(source, end)
    if (word.value === '--') break
    flags.push(flag(word))
  }
  return { flags, rest: trimmed(source, [Math.min(at, span[1]), span[1]]) }
}

function flag(word: Text): Flag {
  const equals = word.value.indexOf('=')
  if (equals < 0) return { name: word.slice(2), text: word }
  return { name: word.slice(2, equals), value: word.slice(equals + 1), text: word }
}

function flagPieces(source: string, [start, end]: Span, escape: Escape): [Piece[], number] {
  const pieces: Piece[] = []
  let quote = ''
  let at = start
  const literal = (): void => {
    const last = pieces.at(-1)
    if (last?.[2] === at && last[0].length === at - last[1]) pieces[pieces.length - 1] = [last[0] + source[at]!, last[1], at + 1]
    else pieces.push([source[at]!, at, at + 1])
  }
  for (; at < end && (quote !== '' || !isSpace.test(source[at]!)); at++) {
    const c = source[at]!
    if (c === quote) quote = ''
    else if (quote === '' && (c === '"' || c === "'")) quote = c
    else if (c !== escape) literal()
    else if (++at < end) pieces.push([source[at]!, at - 1, at + 1])
  }
  return [pieces, Math.min(at, end)]
}

/** Words between white space: quotes do not hold one together, a template expression (`{{ … }}`) does. */
export function splitSpace(text: string, [start, end]: Span): Span[] {
  const found: Span[] = []
  const word = /(?:\{\{[^{}]{0,300}\}\}|[^\t\v\f\r ])+/g
  word.lastIndex = start
  for (let match = word.exec(text); match && match.index < end; match = word.exec(text)) {
    found.push([match.index, Math.min(word.lastIndex, end)])
  }
  return found
}

/** Words between white space that is not quoted or escaped. */
export function splitQuoted(text: string, [start, end]: Span, escape: Escape): Span[] {
  const found: Span[] = []
  let at = skipSpace(text, start)
  while (at < end) {
    const from = at
    let quote = ''
    for (; at < end && (quote !== '' || !isSpace.test(text[at]!)); at++) {
      const c = text[at]!
      if (c === quote) quote = ''
      else if (quote === '' && (c === '"' || c === "'")) quote = c
      else if (c === escape && quote !== "'") at++
    }
    found.push([from, Math.min(at, end)])
    at = skipSpace(text, Math.min(at, end))
  }
  return found
}

/** The strings of a JSON array; `'mixed'` if it has other elements, `undefined` if it is not such an array. */
export function jsonStrings(text: Text, [start, end]: Span): Text[] | 'mixed' | undefined {
  const source = text.value
  if (source[start] !== '[') return undefined
  const found: Text[] = []
  let at = skipJsonSpace(source, start + 1)
  while (source[at] === '"') {
    const string = jsonString(source, at, end)
    if (!string) return undefined
    found.push(text.decode(string, [at, string.at(-1)![2]]))
    at = skipJsonSpace(source, string.at(-1)![2])
    if (source[at] !== ',') break
    at = skipJsonSpace(source, at + 1)
    if (source[at] === ']') return undefined
  }
  if (source[at] === ']' && at + 1 === end) return found
  return isJson(source.slice(start, end)) ? 'mixed' : undefined
}

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const jsonRun = /[^"\\\0-\x1f]+/y

/** The characters of the string that opens at `at`; its last piece is the closing quote, decoded to nothing. */
function jsonString(source: string, at: number, end: number): Piece[] | undefined {
  const pieces: Piece[] = []
  for (let i = at + 1; i < end; ) {
    const c = source[i]!
    if (c === '"') return [...pieces, ['', i, i + 1]]
    if (c < ' ') return undefined
    if (c !== '\\') {
      jsonRun.lastIndex = i
      const run = jsonRun.exec(source)![0]
      pieces.push([run, i, (i += run.length)])
    } else if (source[i + 1] === 'u') {
      const digits = source.slice(i + 2, i + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined
      pieces.push([String.fromCharCode(parseInt(digits, 16)), i, i + 6])
      i += 6
    } else {
      const decoded = escapes[source[i + 1] ?? '']
      if (decoded === undefined) return undefined
      pieces.push([decoded, i, i + 2])
      i += 2
    }
  }
  return undefined
}

function skipJsonSpace(source: string, at: number): number {
  while (' \t\r\n'.includes(source[at] ?? '-')) at++
  return at
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source)
    return true
  } catch {
    return false
  }
}

/** Words of a line as the search for here-documents sees them: `<<` and its word are one, spaces between or not. */
export function splitHeredoc(text: string, [start, end]: Span): Span[] {
  const found: Span[] = []
  let from = -1
  for (let at = start; at < end; ) {
    const c = text[at]!
    if (isSpace.test(c)) {
      if (from >= 0) found.push([from, at])
      from = -1
      at++
      continue
    }
    if (from < 0) from = at
    if (c === "'" || c === '"') {
      const close = quotationEnd(text, at, '\\')
      if (close === undefined) return []
      at = close
    } else if (c === '$') {
      const found = substitutionAt(text, at, '\\')
      if (found === 'malformed') return []
      at = found?.end ?? at + 1
    } else if (text.startsWith('<<', at)) {
      at += 2
      while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++
    } else at += c === '\\' ? 2 : 1
  }
  if (from >= 0) found.push([from, end])
  return found
}

/** A word that announces a here-document. */
export interface HeredocMark {
  readonly name: string
  /** `<<-`: leading tabs are stripped. */
  readonly chomp: boolean
  /** Whether variables in the body are replaced: no part of the word is quoted. */
  readonly expand: boolean
  readonly descriptor: number
}

export function heredocMark(word: string): HeredocMark | undefined {
  const match = /^(\d{0,9})<<(-?)[\t\n\f\r ]*((?![\t\n\f\r ])[^<]*)$/.exec(word)
  if (!match || match[3] === '') return undefined
  const rest = match[3]!
  let name = ''
  let expand = true
  for (let i = 0; i < rest.length; i++) {
    const c = rest[i]!
    if (isSpace.test(c)) return undefined
    if (c === '\\') name += rest[++i] ?? ''
    else if (c === "'" || c === '"') {
      const end = quotationEnd(rest, i, '\\')
      if (end === undefined) return undefined
      name += rest.slice(i + 1, end - 1)
      expand = false
      i = end - 1
    } else name += c
  }
  return name === '' ? undefined : { name, chomp: match[2] === '-', expand, descriptor: Number(match[1]) }
}

/** The pieces of `line` that spell its characters from `start` to `end`. */
export function piecesBetween(line: LogicalLine, start: number, end: number): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const [decoded, from] of line.pieces) {
    const first = Math.max(start, at) - at
    const last = Math.min(end, at + decoded.length) - at
    if (first < last) found.push([decoded.slice(first, last), from + first, from + last])
    at += decoded.length
  }
  return found
}


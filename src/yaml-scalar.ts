import type { Scalar } from 'yaml'
import type { Piece, Text } from './text.ts'

/**
 * The text of a YAML scalar, placed in the file.
 *
 * What the decoders below make of the source is held against the value that
 * the YAML library computed; if the two disagree, the scalar is opaque:
 * coarse, never wrong. It ends at `end`.
 */
export function scalarText(file: Text, node: Scalar, end: number): Text {
  const token = node.srcToken
  const start = node.range![0]
  const value = node.source ?? String(node.value ?? '')
  if (!token || !('source' in token)) return file.opaque(value, [start, end])
  const text = file.decode(piecesOf(token), [start, end])
  return text.value === value ? text : file.opaque(value, [start, end])
}

function piecesOf(token: NonNullable<Scalar['srcToken']>): Piece[] {
  switch (token.type) {
    case 'scalar':
      return flow(token.source, token.offset, plainCharacter)
    case 'single-quoted-scalar':
      return singleQuotedPieces(token.source.slice(1, -1), token.offset + 1)
    case 'double-quoted-scalar':
      return doubleQuotedPieces(token.source.slice(1, -1), token.offset + 1)
    case 'block-scalar': {
      const header = token.props.find(prop => prop.type === 'block-scalar-header')
      const last = token.props.at(-1)
      if (!header || !last || !('source' in header) || !('source' in last)) return []
      return blockPieces(token.source, last.offset + last.source.length, header.source, token.indent)
    }
    default:
      return []
  }
}

export const singleQuotedPieces = (raw: string, offset: number): Piece[] => flow(raw, offset, singleQuotedCharacter)

export const doubleQuotedPieces = (raw: string, offset: number): Piece[] => flow(raw, offset, doubleQuotedCharacter)

type CharacterDecoder = (raw: string, at: number) => readonly [decoded: string, length: number]

const plainCharacter: CharacterDecoder = (raw, at) => [raw[at]!, 1]

const singleQuotedCharacter: CharacterDecoder = (raw, at) => (raw.startsWith("''", at) ? ["'", 2] : [raw[at]!, 1])

/** YAML 1.2 §5.7; every other escape is an error that the library has reported. */
const escapes: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
  ' ': ' ', '"': '"', '/': '/', '\\': '\\', '\t': '\t'
}
const hexadecimalDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

const doubleQuotedCharacter: CharacterDecoder = (raw, at) => {
  if (raw[at] !== '\\') return [raw[at]!, 1]
  const letter = raw[at + 1] ?? ''
  const digits = hexadecimalDigits[letter]
  if (digits === undefined) return [escapes[letter] ?? letter, 2]
  const code = parseInt(raw.slice(at + 2, at + 2 + digits), 16)
  return [code <= 0x10ffff ? String.fromCodePoint(code) : '', 2 + digits]
}

/** A line break and all white space and breaks around it, from here on. */
const lineFold = /[ \t]*(\\?)\r?\n(?:[ \t]*\r?\n)*[ \t]*/y

/** Flow scalars: a line break is a blank, n+1 breaks are n newlines, white space around them goes. */
function flow(raw: string, offset: number, character: CharacterDecoder): Piece[] {
  // Most scalars are on one line and without escapes, so that every character stands for itself.
  if (!raw.includes('\n') && (character === plainCharacter || !raw.includes(character === singleQuotedCharacter ? "'" : '\\'))) return [[raw, offset, offset + raw.length]]
  const pieces: Piece[] = []
  const multiline = raw.includes('\n')
  let at = 0
  while (at < raw.length) {
    const fold = multiline ? foldAt(raw, at, character === doubleQuotedCharacter) : undefined
    const [decoded, length] = fold ?? character(raw, at)
    pieces.push([decoded, offset + at, offset + at + length])
    at += length
  }
  return pieces
}

function foldAt(raw: string, at: number, escapable: boolean): readonly [decoded: string, length: number] | undefined {
  if (!' \t\r\n\\'.includes(raw[at]!)) return undefined
  lineFold.lastIndex = at
  const fold = lineFold.exec(raw)
  if (!fold || (fold[1] !== '' && !escapable)) return undefined
  const breaks = fold[0].split('\n').length - 1
  if (fold[1] !== '') return [fold[0].slice(0, fold[0].indexOf('\\')) + '\n'.repeat(breaks - 1), fold[0].length]
  return [breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), fold[0].length]
}

interface Line {
  readonly text: string
  readonly at: number
  /** Length of the line break: 0 at the end of the file. */
  readonly eol: number
}

function linesOf(raw: string): Line[] {
  const lines: Line[] = []
  let at = 0
  while (at < raw.length) {
    const feed = raw.indexOf('\n', at)
    const next = feed < 0 ? raw.length : feed + 1
    const end = feed < 0 ? next : raw[feed - 1] === '\r' && feed > at ? feed - 1 : feed
    lines.push({ text: raw.slice(at, end), at, eol: next - end })
    at = next
  }
  return lines
}

/** Block scalars, literal and folded (YAML 1.2 §8.1). */
export function blockPieces(raw: string, offset: number, header: string, parentIndent: number): Piece[] {
  const folded = header[0] === '>'
  const explicit = /[1-9]/.exec(header)
  const lines = linesOf(raw)
  const firstFull = lines.find(line => /[^ ]/.test(line.text))
  const indent = explicit ? parentIndent + Number(explicit[0]) : firstFull ? firstFull.text.search(/[^ ]/) : 0
  const body = (line: Line): string => line.text.slice(indent)
  let end = lines.length
  while (end > 0 && body(lines[end - 1]!) === '') end--
  const pieces: Piece[] = []
  const breakOf = (line: Line, decoded: string): void => {
    const at = offset + line.at + line.text.length
    // At the end of the file the break is implied, and so empty.
    pieces.push([decoded, at, at + line.eol])
  }
  for (let index = 0; index < end; index++) {
    const line = lines[index]!
    const text = body(line)
    if (text) pieces.push([text, offset + line.at + indent, offset + line.at + line.text.length])
    if (index < end - 1) breakOf(line, folded ? foldedBreak(lines, index, end, body) : '\n')
  }
  if (end > 0 && !header.includes('-')) breakOf(lines[end - 1]!, '\n')
  if (header.includes('+')) for (const line of lines.slice(end)) if (line.eol > 0) breakOf(line, '\n')
  return pieces
}

/** What the break after line `index` of a folded scalar decodes to. */
function foldedBreak(lines: readonly Line[], index: number, end: number, body: (line: Line) => string): string {
  const isIndented = (text: string): boolean => /^[ \t]/.test(text)
  const text = body(lines[index]!)
  if (!text || isIndented(text)) return '\n'
  const next = body(lines[index + 1]!)
  if (next) return isIndented(next) ? '\n' : ' '
  let after = index + 1
  while (after < end && body(lines[after]!) === '') after++
  return after < end && !isIndented(body(lines[after]!)) ? '' : '\n'
}

import type { Piece, Range, Text } from '../text.ts'
import { holePiece } from './hole.ts'

/** A token of a Groovy script. Blanks, comments and line breaks within brackets are left out. */
export interface GroovyToken {
  readonly kind: 'name' | 'string' | 'mark' | 'break'
  /** A name or a mark as written. */
  readonly value: string
  readonly start: number
  readonly end: number
  /** What a string decodes to; what is computed in it is a hole. */
  readonly pieces?: readonly Piece[]
}

export interface GroovyTokens {
  readonly tokens: readonly GroovyToken[]
  readonly comments: readonly Text[]
}

const pattern = /([ \t\f\r]+)|(\n)|(\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|^#![^\n]*)|('''|"""|'|")|([A-Za-z_]\w*)|(\d[\w.]*|[^])/y

/** The tokens of a Groovy script, strings decoded. */
export function groovyTokens(file: Text): GroovyTokens {
  const source = file.value
  const tokens: GroovyToken[] = []
  const comments: Text[] = []
  for (let at = 0; at < source.length; ) {
    pattern.lastIndex = at
    const [all = source[at]!, blank, newline, comment, quote, name] = pattern.exec(source) ?? []
    let end = at + all.length
    if (comment !== undefined) comments.push(file.slice(at, comment.endsWith('\r') ? end - 1 : end))
    else if (newline !== undefined) tokens.push({ kind: 'break', value: newline, start: at, end })
    else if (quote !== undefined) {
      const string = readString(source, end, quote)
      end = string.end
      tokens.push({ kind: 'string', value: '', start: at, end, pieces: string.pieces })
    } else if (blank === undefined) tokens.push({ kind: name === undefined ? 'mark' : 'name', value: all, start: at, end })
    at = end
  }
  return { tokens, comments }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ' }

/** A string whose opening quote ends at `from`; one that is not closed ends with its line, or with the file. */
function readString(source: string, from: number, quote: string): { readonly pieces: Piece[]; readonly end: number } {
  const pieces: Piece[] = []
  const isLong = quote.length === 3
  let plain = from
  const flush = (at: number): void => {
    if (at > plain) pieces.push([source.slice(plain, at), plain, at])
  }
  for (let at = from; at < source.length; ) {
    if (source.startsWith(quote, at)) {
      flush(at)
      return { pieces, end: at + quote.length }
    }
    const character = source[at]!
    if (!isLong && (character === '\n' || source.startsWith('\r\n', at))) {
      flush(at)
      return { pieces, end: at }
    }
    const end = character === '\\' ? escapeEnd(source, at) : character === '$' && quote[0] === '"' ? interpolationEnd(source, at) : at
    if (end === at) at++
    else {
      flush(at)
      pieces.push(character === '$' ? holePiece(at, end) : [escaped(source.slice(at, end)), at, end])
      at = plain = end
    }
  }
  flush(source.length)
  return { pieces, end: source.length }
}

function escapeEnd(source: string, at: number): number {
  if (/^u[0-9a-fA-F]{4}/.test(source.slice(at + 1, at + 6))) return at + 6
  return Math.min(source.length, source.startsWith('\r\n', at + 1) ? at + 3 : at + 2)
}

function escaped(written: string): string {
  if (/^\\u[0-9a-fA-F]{4}$/.test(written)) return String.fromCharCode(parseInt(written.slice(2), 16))
  // A backslash joins lines.
  if (written.endsWith('\n')) return ''
  return escapes[written.slice(1)] ?? written.slice(1)
}

/** `${…}` and `$name.property` */
function interpolationEnd(source: string, at: number): number {
  if (source[at + 1] !== '{') {
    const name = /\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y
    name.lastIndex = at
    return at + (name.exec(source)?.[0].length ?? 0)
  }
  let depth = 0
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === '{') depth++
    else if (source[end] === '}' && --depth === 0) return end + 1
  }
  return source.length
}

/** All of some tokens, from the first to the last. */
export const extentOf = (tokens: readonly GroovyToken[]): Range => [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0]

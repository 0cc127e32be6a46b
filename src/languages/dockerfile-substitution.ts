import type { Escape } from './dockerfile-line.ts'

/** `$name`, `${name}` or `${name<operator>word}`: offsets into the text it stands in. */
export interface Substitution {
  readonly name: string
  readonly operator: '' | '-' | '+' | '?' | ':-' | ':+' | ':?' | 'pattern'
  /** What stands between operator and brace. */
  readonly word: readonly [start: number, end: number]
  readonly end: number
}

const deepest = 200
const nameAt = /[0-9]+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy

/**
 * The substitution that begins at the dollar sign at `at`: `undefined` if the
 * dollar stands for itself, `'malformed'` if Docker refuses what follows it.
 */
export function substitutionAt(text: string, at: number, escape: Escape, depth = 0): Substitution | 'malformed' | undefined {
  const braced = text[at + 1] === '{'
  nameAt.lastIndex = at + (braced ? 2 : 1)
  const name = nameAt.exec(text)?.[0] ?? ''
  const after = at + (braced ? 2 : 1) + name.length
  if (!braced) return name === '' ? undefined : { name, operator: '', word: [after, after], end: after }
  if (depth >= deepest || (name === '' && /^[{}:]?$/.test(text.charAt(after)))) return 'malformed'
  if (text[after] === '}') return { name, operator: '', word: [after, after], end: after + 1 }
  const operator = /^(?::?[-+?]|[#%/])/.exec(text.slice(after, after + 2))?.[0]
  if (operator === undefined) return 'malformed'
  const start = after + operator.length
  const first = operator === '/' ? unitEnd(text, text[start] === '/' ? start + 1 : start, '/', escape, depth + 1) : start
  const end = first === undefined ? undefined : unitEnd(text, first, '}', escape, depth + 1)
  if (end === undefined) return 'malformed'
  const known = operator === '#' || operator === '%' || operator === '/' ? 'pattern' : (operator as Substitution['operator'])
  return { name, operator: known, word: [start, end - 1], end }
}

/** Past the quotation that begins at `at`, if it ends. */
export function quotationEnd(text: string, at: number, escape: Escape, depth = 0): number | undefined {
  const quote = text[at]!
  if (quote === "'") return text.indexOf(quote, at + 1) + 1 || undefined
  for (let i = at + 1; i < text.length; ) {
    if (text[i] === quote) return i + 1
    if (text[i] === '$') {
      const found = substitutionAt(text, i, escape, depth)
      if (found === 'malformed') return undefined
      i = found?.end ?? i + 1
    } else if (text[i] === escape && (text[i + 1] === '"' || text[i + 1] === '$' || text[i + 1] === escape)) i += 2
    else i++
  }
  return undefined
}

/** Past the first `stop` from `start` on that is neither quoted nor escaped nor part of a substitution. */
function unitEnd(text: string, start: number, stop: string, escape: Escape, depth: number): number | undefined {
  for (let i = start; i < text.length; ) {
    const c = text[i]!
    if (c === stop) return i + 1
    if (c === "'" || c === '"') {
      const end = quotationEnd(text, i, escape, depth)
      if (end === undefined) return undefined
      i = end
    } else if (c === '$') {
      const found = substitutionAt(text, i, escape, depth)
      if (found === 'malformed') return undefined
      i = found?.end ?? i + 1
    } else i += c === escape ? 2 : 1
  }
  return undefined
}

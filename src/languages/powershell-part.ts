import { indexWithin } from '../text-search.ts'
import type { ComputedPart, Expression, Part } from './powershell-syntax.ts'

/** Stands where a character was taken out of the source; it is neither a blank nor part of a word. */
export const taken = '\uffff'

export const isComputed = (part: Part): part is ComputedPart => !('text' in part)

/** Collects the parts of one string or word; `base` is where the source that is read begins in the script. */
export class PartList {
  readonly parts: Part[] = []
  readonly #source: string
  readonly #base: number

  constructor(source: string, base: number) {
    this.#source = source
    this.#base = base
  }

  /** Characters `start..end` of the source, which stand for themselves. */
  verbatim(start: number, end: number): void {
    for (let at = start; at < end; ) {
      const gap = indexWithin(this.#source, taken, at, end)
      const to = gap < 0 ? end : gap
      if (to > at) this.decoded(this.#source.slice(at, to), at, to)
      at = to + 1
    }
  }

  /** `text` as `start..end` spells it. */
  decoded(text: string, start: number, end: number): void {
    this.parts.push({ text, start: this.#base + start, end: this.#base + end })
  }

  computed(expression: Expression | undefined, start: number, end: number): void {
    this.parts.push({ expression, start: this.#base + start, end: this.#base + end })
  }
}

const escapes = new Map([['0', '\0'], ['a', '\x07'], ['b', '\b'], ['e', '\x1b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['v', '\v']])
const unicode = /u\{([\da-f]{1,6})\}/iy

/** What a backtick at `at` and the characters after it stand for, and where they end. */
export function backtick(source: string, at: number): { text: string, end: number } {
  const next = source[at + 1]
  if (next === undefined) return { text: '`', end: at + 1 }
  unicode.lastIndex = at + 1
  const code = next === 'u' ? unicode.exec(source) : null
  const point = code ? parseInt(code[1]!, 16) : Infinity
  if (code && point <= 0x10ffff) return { text: String.fromCodePoint(point), end: unicode.lastIndex }
  return { text: escapes.get(next) ?? next, end: at + 2 }
}

/** How far a template's `{{ … }}` may reach. */
const reach = 400
const jinja = /\{\{-?\s*([a-z_]\w*)/iy
const goWords = new Set('and block define else end eq ge gt if index join json le len lower lt ne not or pad print printf println range slice split table template title truncate upper with'.split(' '))

/** Where `${{ … }}` at `at` ends, if it stands there: a CI system fills it in before PowerShell reads the script. */
export function workflowExpressionEnd(source: string, at: number): number | undefined {
  return source.startsWith('${{', at) ? closing(source, at + 3, '}}') : undefined
}

/** Where `{{ … }}` at `at` ends; in a string only what Jinja could fill in, as `'{{.Names}}'` is Docker's own. */
export function templateEnd(source: string, at: number, quoted: boolean): number | undefined {
  if (!source.startsWith('{{', at)) return undefined
  if (quoted) {
    jinja.lastIndex = at
    const word = jinja.exec(source)?.[1]
    if (!word || goWords.has(word)) return undefined
  }
  return closing(source, at + 2, '}}')
}

/** Where `{% … %}` at `at` ends. */
export function templateTagEnd(source: string, at: number): number | undefined {
  return source.startsWith('{%', at) ? closing(source, at + 2, '%}') : undefined
}

function closing(source: string, from: number, mark: string): number | undefined {
  const line = source.slice(from, from + reach)
  const end = line.indexOf(mark)
  return end < 0 || /[\r\n]/.test(line.slice(0, end)) ? undefined : from + end + mark.length
}

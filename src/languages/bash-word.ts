import type { AnsiCQuotedPart, HereDoc, ParameterExpansionPart, SimpleExpansionPart, Word as BashWord, WordPart } from 'unbash'
import type { Word } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'
import { indexWithin } from '../text-search.ts'
import { deepest, type Source } from './bash-source.ts'

export type Parameter = SimpleExpansionPart | ParameterExpansionPart

/** What a parameter stands for: one value, the words of an array, or the default that is written in it. */
export type Expansion = { readonly value: string } | { readonly words: readonly Word[] } | { readonly operand: BashWord }

/** What is known of parameters; `undefined`: it is computed at run time. */
export interface Parameters {
  expand(part: Parameter, at: number, quoted: boolean): Expansion | undefined
  /** How a value that is not quoted is split; `undefined`: nobody can say. */
  split(value: string): readonly string[] | undefined
}

/**
 * Where a word stands, which decides what is special in it: an argument is
 * split and its patterns are filled in, the value of an assignment is neither.
 */
type Mode = 'argument' | 'value' | 'pattern'

/** Which quotes characters stand in, which decides what a backslash means. */
type Quotes = 'none' | 'double' | 'document' | 'single'

/** A stretch of a word; `quoted`: it is not split into words. */
type Fragment =
  | { readonly kind: 'literal'; readonly decoded: string; readonly start: number; readonly end: number; readonly quoted: boolean }
  | { readonly kind: 'value'; readonly decoded: string; readonly start: number; readonly end: number; readonly quoted: boolean }
  | { readonly kind: 'hole'; readonly start: number; readonly end: number }
  | { readonly kind: 'glob'; readonly start: number; readonly end: number }
  | { readonly kind: 'words'; readonly words: readonly Word[]; readonly start: number; readonly end: number }

/** How many characters the values of a script may add to it. */
const roomForValues = 1_000_000

/** Reads words: quotes and escapes removed, constants put in, each character with its place. */
export class Words {
  readonly #source: Source
  readonly #parameters: Parameters
  #room = roomForValues

  constructor(source: Source, parameters: Parameters) {
    this.#source = source
    this.#parameters = parameters
  }

  /** The words that the shell makes of a word: one, or as many as an array has. */
  read(word: BashWord, at = word.pos): Word[] {
    const fragments = this.#aligned(word, at, 'argument')
    return fragments ? this.#fields(fragments, [word.pos, word.end]) : [this.#opaque(word)]
  }

  /** The word as one, as in the value of an assignment. */
  one(word: BashWord, at = word.pos): Word {
    const fragments = this.#aligned(word, at, 'value')
    return fragments ? this.#joined(fragments, [word.pos, word.end]) : this.#opaque(word)
  }

  /** The value of a word that is known. */
  value(word: BashWord, at = word.pos): string | undefined {
    const read = this.one(word, at)
    return read.known ? read.text.value : undefined
  }

  /** A pattern as a regular expression, if what it matches is known. */
  pattern(word: BashWord, at = word.pos): string | undefined {
    const fragments = this.#aligned(word, at, 'pattern')
    if (!fragments || fragments.length > 50) return undefined
    let pattern = ''
    for (const fragment of fragments) {
      if (fragment.kind === 'literal' || fragment.kind === 'value') pattern += escaped(fragment.decoded)
      else if (fragment.kind !== 'glob') return undefined
      else {
        const glob = globPattern(this.#source.code.slice(fragment.start, fragment.end))
        if (glob === undefined) return undefined
        pattern += glob
      }
    }
    return pattern
  }

  /** What a here-document hands over. */
  document({ pos, operator, delimiter, body }: HereDoc): Word {
    const fragments: Fragment[] = []
    const indented = operator === '<<-'
    const literal = (start: number, end: number): void => {
      const quotes = delimiter?.quoted ? 'single' : 'document'
      for (const [from, to] of indented ? this.#withoutTabs(start, end, body.pos) : [[start, end]] as const) this.#literal(fragments, from, to, quotes, 'value')
    }
    if (!body.parts || delimiter?.quoted) literal(body.pos, body.end)
    else
      for (const part of body.parts) {
        if (part.type === 'Literal') literal(part.pos, part.end)
        else this.#part(fragments, part, pos, 'document', 'value', 0)
      }
    return this.#joined(fragments, [body.pos, body.end])
  }

  /** The fragments of a word, if together they spell what the parser makes of it. */
  #aligned(word: BashWord, at: number, mode: Mode): Fragment[] | undefined {
    if (this.#unfinished(word)) return undefined
    const fragments: Fragment[] = []
    const raw = this.#word(fragments, word, at, 'none', mode, 0)
    return raw === word.value ? fragments : undefined
  }

  /** Adds the fragments of a word; returns how it reads as long as no constant is put in. */
  #word(to: Fragment[], word: BashWord, at: number, quotes: Quotes, mode: Mode, depth: number): string {
    if (!word.parts) return this.#literal(to, word.pos, word.end, quotes, mode, word.pos)
    let raw = ''
    for (const part of word.parts) raw += this.#part(to, part, at, quotes, mode, depth, word.pos)
    return raw
  }

  #part(to: Fragment[], part: WordPart, at: number, quotes: Quotes, mode: Mode, depth: number, wordStart = -1): string {
    const { pos: start, end } = part
    switch (part.type) {
      case 'Literal':
        return this.#literal(to, start, end, quotes, mode, wordStart)
      case 'SingleQuoted':
        return this.#literal(to, start + 1, end - 1, 'single', mode)
      case 'AnsiCQuoted':
        for (const [decoded, from, until] of ansiPieces(part)) to.push({ kind: 'literal', decoded, start: from, end: until, quoted: true })
        return part.value
      case 'DoubleQuoted':
      case 'LocaleString': {
        if (part.parts.length === 0) to.push({ kind: 'literal', decoded: '', start, end, quoted: true })
        let raw = ''
        for (const child of part.parts) raw += this.#part(to, child, at, 'double', mode, depth)
        return raw
      }
      case 'SimpleExpansion':
      case 'ParameterExpansion':
        this.#parameter(to, part, at, quotes, mode, depth)
        return part.text
      case 'Glob':
      case 'ExtendedGlob':
      case 'BraceExpansion':
        // The value of an assignment is no pattern, and a `*` in it is a `*`.
        if (mode === 'value' && part.type === 'Glob' && !part.parts) return this.#literal(to, start, end, 'single', mode)
        to.push(part.type === 'BraceExpansion' ? { kind: 'hole', start, end } : { kind: 'glob', start, end })
        return part.type === 'Glob' ? part.value : part.text
      default:
        to.push({ kind: 'hole', start, end })
        return part.text
    }
  }

  #parameter(to: Fragment[], part: Parameter, at: number, quotes: Quotes, mode: Mode, depth: number): void {
    const { pos: start, end } = part
    const quoted = quotes !== 'none' || mode === 'value'
    const expansion = depth < deepest / 4 ? this.#parameters.expand(part, at, quoted) : undefined
    if (!expansion) to.push({ kind: 'hole', start, end })
    else if ('operand' in expansion) this.#word(to, expansion.operand, at, quotes, mode, depth + 1)
    else if ('words' in expansion) to.push({ kind: 'words', words: expansion.words, start, end })
    else if ((this.#room -= expansion.value.length) < 0 || (!quoted && /[*?[\\]/.test(expansion.value))) to.push({ kind: 'hole', start, end })
    else to.push({ kind: 'value', decoded: expansion.value, start, end, quoted })
  }

  /** Adds characters that stand for themselves, but for escapes and masks. */
  #literal(to: Fragment[], start: number, end: number, quotes: Quotes, mode: Mode, wordStart = -1): string {
    const { code } = this.#source
    const quoted = quotes !== 'none' || mode === 'value'
    let raw = ''
    const run = (from: number, until: number): void => {
      raw += code.slice(from, until)
      for (let mask = this.#source.maskAfter(from); mask && mask[0] < until; mask = this.#source.maskAfter(from)) {
        if (mask[0] > from) plain(from, mask[0])
        from = Math.min(mask[1], until)
        to.push({ kind: 'hole', start: Math.max(mask[0], start), end: from })
      }
      plain(from, until)
    }
    const plain = (from: number, until: number): void => {
      if (from < until || quotes !== 'none') to.push({ kind: 'literal', decoded: code.slice(from, until), start: from, end: until, quoted })
    }
    let at = start
    if (quotes === 'none' && wordStart >= 0) {
      for (const [from, until] of this.#tildes(start, end, mode, wordStart)) {
        if (at < from) raw += this.#literal(to, at, from, quotes, mode)
        raw += code.slice(from, until)
        to.push({ kind: 'hole', start: from, end: until })
        at = until
      }
    }
    if (quotes !== 'single') {
      for (let escape = indexWithin(code, '\\', at, end); escape >= 0; escape = indexWithin(code, '\\', at, end)) {
        const escapedCharacter = escape + 1 < end ? code[escape + 1]! : ''
        if (escapedCharacter === '\n') run(at, escape)
        else if (quotes !== 'none' && !(quotes === 'double' ? '$`"\\' : '$`\\').includes(escapedCharacter || ' ')) {
          run(at, Math.min(escape + 2, end))
        } else {
          run(at, escape)
          const decoded = escapedCharacter || '\\'
          raw += decoded
          to.push({ kind: 'literal', decoded, start: escape, end: Math.min(escape + 2, end), quoted: true })
        }
        at = Math.min(escape + 2, end)
      }
    }
    if (at < end || start === end) run(at, end)
    return raw
  }

  /** Tildes that stand for somebody's home: first in a word, and after `=` or `:` where a path list is assigned. */
  *#tildes(start: number, end: number, mode: Mode, wordStart: number): Generator<Range> {
    const { code } = this.#source
    for (let at = indexWithin(code, '~', start, end); at >= 0; at = indexWithin(code, '~', at + 1, end)) {
      const before = code[at - 1]
      const begins = at === wordStart || ((before === ':' || before === '=') && (mode === 'value' || /^[A-Za-z_]\w*=/.test(code.slice(wordStart, Math.min(at, wordStart + 100)))))
      if (!begins) continue
      let until = at + 1
      while (until < end && !'/: \t\n\\'.includes(code[until]!)) until++
      yield [at, until]
      at = until
    }
  }

  *#withoutTabs(start: number, end: number, bodyStart: number): Generator<Range> {
    const { code } = this.#source
    let at = start
    while (at < end) {
      let from = at
      if (from === bodyStart || code[from - 1] === '\n') while (from < end && code[from] === '\t') from++
      const newline = indexWithin(code, '\n', from, end)
      at = newline < 0 ? end : newline + 1
      if (from < at) yield [from, at]
    }
  }

  #unfinished(word: BashWord): boolean {
    return this.#source.unfinished.some(([start, end]) => word.pos < end && word.end > start)
  }

  #opaque(word: BashWord): Word {
    const text = this.#source.text.opaque(word.value, [word.pos, word.end])
    const mask = this.#source.maskAfter(word.pos)
    if (!this.#unfinished(word) && !word.parts?.some(computes) && !(mask && mask[0] < word.end)) return { text, known: true }
    return { text, known: false, holes: [[0, word.value.length]] }
  }

  #fields(fragments: readonly Fragment[], written: Range): Word[] {
    const [only] = fragments
    if (only?.kind === 'words' && fragments.length === 1) return [...only.words]
    const fields = new Fields(this.#source, written)
    for (const fragment of fragments) {
      const { start, end } = fragment
      if (fragment.kind === 'hole' || fragment.kind === 'glob') fields.hole(start, end)
      else if (fragment.kind === 'words') fields.words(fragment.words, start, end)
      else if (fragment.quoted) fields.add(fragment.decoded, start, end)
      else if (fragment.kind === 'literal') fields.literal(fragment)
      else {
        const parts = this.#parameters.split(fragment.decoded)
        if (parts) fields.values(parts, start, end)
        else fields.hole(start, end)
      }
    }
    return fields.end()
  }

  #joined(fragments: readonly Fragment[], written: Range): Word {
    const fields = new Fields(this.#source, written)
    fields.add('', written[0], written[0])
    for (const fragment of fragments) {
      if (fragment.kind === 'literal' || fragment.kind === 'value') fields.add(fragment.decoded, fragment.start, fragment.end)
      else fields.hole(fragment.start, fragment.end)
    }
    return fields.end()[0]!
  }
}

/** The words that a word becomes, while it is read from left to right. */
class Fields {
  readonly #source: Source
  readonly #written: Range
  readonly #done: Word[] = []
  #pieces: Piece[] = []
  #holes: Range[] = []
  #length = 0
  #begun = false

  constructor(source: Source, written: Range) {
    this.#source = source
    this.#written = written
  }

  add(decoded: string, start: number, end: number): void {
    this.#begun = true
    if (decoded === '') return
    this.#pieces.push(decoded === this.#source.code.slice(start, end) ? this.#source.piece(start, end) : [decoded, start, end])
    this.#length += decoded.length
  }

  hole(start: number, end: number): void {
    const from = this.#length
    this.add(this.#source.code.slice(start, end), start, end)
    this.#holes.push([from, this.#length])
  }

  /** Characters written without quotes: blanks among them part words, which can only be in a default. */
  literal({ decoded, start, end }: { readonly decoded: string; readonly start: number; readonly end: number }): void {
    if (!/[ \t\n]/.test(decoded)) return this.add(decoded, start, end)
    for (const { 0: run, index } of decoded.matchAll(/[ \t\n]+|[^ \t\n]+/g)) {
      if (/[ \t\n]/.test(run)) this.#finish()
      else this.add(run, start + index, start + index + run.length)
    }
  }

  /** The value of a constant, split: an empty first or last part is a blank at that end. */
  values(parts: readonly string[], start: number, end: number): void {
    parts.forEach((part, index) => {
      if (index > 0) this.#finish()
      if (part !== '') this.add(part, start, end)
    })
  }

  /** An array with something before or after it in the same word. */
  words(words: readonly Word[], start: number, end: number): void {
    words.forEach((word, index) => {
      if (index > 0) this.#finish()
      if (word.known) this.add(word.text.value, start, end)
      else this.hole(start, end)
    })
  }

  end(): Word[] {
    this.#finish(this.#done.length === 0)
    return this.#done
  }

  #finish(alone = false): void {
    if (!this.#begun) return
    const written: Range = alone ? this.#written : [this.#pieces[0]?.[1] ?? this.#written[0], this.#pieces.at(-1)?.[2] ?? this.#written[0]]
    const text: Text = this.#source.text.decode(this.#pieces, written)
    this.#done.push(this.#holes.length === 0 ? { text, known: true } : { text, known: false, holes: this.#holes })
    this.#pieces = []
    this.#holes = []
    this.#length = 0
    this.#begun = false
  }
}

function computes(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return part.parts.some(computes)
  return part.type !== 'Literal' && part.type !== 'SingleQuoted' && part.type !== 'AnsiCQuoted'
}

const ansiEscapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The pieces of `$'…'`; one of the whole if they do not spell what the parser makes of it. */
function ansiPieces({ text, value, pos, end }: AnsiCQuotedPart): Piece[] {
  const pieces: Piece[] = []
  const content = text.slice(2, -1)
  for (const { 0: run, index } of content.matchAll(/\\(?:x[\da-f]{1,2}|u[\da-f]{1,4}|U[\da-f]{1,8}|[0-7]{1,3}|[^])|[^\\]+|\\/gi)) {
    const start = pos + 2 + index
    pieces.push([run[0] === '\\' && run.length > 1 ? ansiEscape(run) : run, start, start + run.length])
  }
  if (pieces.map(([decoded]) => decoded).join('') === value && value !== '') return pieces
  return [[value, pos, end]]
}

function ansiEscape(escape: string): string {
  const [, kind = '', digits = ''] = /^\\([xuU]?)(.*)$/s.exec(escape)!
  if (kind && digits) {
    const code = Number.parseInt(digits, 16)
    return code > 0x10ffff ? escape : String.fromCodePoint(code)
  }
  if (/^[0-7]/.test(digits)) return String.fromCodePoint(Number.parseInt(digits, 8) & 255)
  const character = escape.slice(1)
  return ansiEscapes[character] ?? ('\\\'"?'.includes(character) ? character : escape)
}

function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** A pattern's special part as a regular expression. */
function globPattern(glob: string): string | undefined {
  if (glob === '*') return '[^]*'
  if (glob === '?') return '[^]'
  const bracket = /^\[([!^]?)((?:[\w-]|\[:\w+:\])+)\]$/.exec(glob)
  if (bracket) {
    if (bracket[2]!.includes('[')) return undefined
    return `[${bracket[1] ? '^' : ''}${bracket[2]!}]`
  }
  const alternatives = /^([@?])\(([\w.*|-]+)\)$/.exec(glob)
  if (!alternatives) return undefined
  return `(?:${alternatives[2]!.replaceAll('.', '\\.').replaceAll('*', '[^]*')})${alternatives[1] === '?' ? '?' : ''}`
}

import type { SyntaxProblem } from '../command.ts'
import type { Piece, Text } from '../text.ts'

/** The character that escapes another and, at the end of a line, joins it to the next. */
export type Escape = '\\' | '`'

/** `# escape=…`, `# syntax=…` or `# check=…` at the top of a Dockerfile. */
export interface Directive {
  readonly name: 'escape' | 'syntax' | 'check'
  readonly value: Text
  /** All of it, from the number sign on. */
  readonly text: Text
}

/** One instruction with its continuations joined, and the parts of the file it is joined from. */
export interface LogicalLine {
  readonly text: Text
  readonly pieces: readonly Piece[]
}

/** Offsets into the file: the text without its line ending, and where the next line begins. */
interface PhysicalLine {
  readonly start: number
  readonly end: number
  readonly next: number
}

export const instructionNames = [
  'ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL',
  'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'
] as const

export type InstructionName = (typeof instructionNames)[number]

/** What Go's `unicode.IsSpace` takes for white space, as a character class. */
export const space = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'

const leadingSpace = /[\t\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y
const directive = new RegExp(`^#${space}*([a-zA-Z][a-zA-Z0-9]*)${space}*=${space}*((?!${space}).*)$`)
const instruction = new RegExp(`(?:${instructionNames.join('|')})[\\t\\v\\f\\r ]`, 'y')
const closings: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}', '<%': '%>', '%%': '%%' }

/** Joins physical lines to logical ones, by the rules of BuildKit. */
export class LineReader {
  readonly file: Text
  readonly comments: Text[] = []
  readonly directives: Directive[] = []
  /** Statements of a template engine (`{{ if … }}`) that stand where Docker would want an instruction. */
  readonly templates: Text[] = []
  readonly problems: SyntaxProblem[] = []
  escape: Escape = '\\'
  readonly #source: string
  #at: number
  #maybeDirective = true
  #terminators: Map<string, number[]> | undefined
  readonly #unclosed = new Set<string>()

  constructor(file: Text) {
    this.file = file
    this.#source = file.value
    this.#at = this.#source.startsWith('\ufeff') ? 1 : 0
  }

  /** The next line that is not blank, a comment, a directive or a template statement. */
  next(): LogicalLine | undefined {
    while (this.#at < this.#source.length) {
      const start = this.#afterTemplates(this.#skipSpace(this.#at))
      const line = this.#line(start)
      if (this.#isComment(start, line.end)) this.#comment(line)
      else {
        this.#maybeDirective = false
        this.#at = line.next
        const joined = start < line.end ? this.#join(line) : undefined
        if (joined) return joined
      }
    }
    return undefined
  }

  /**
   * The body of a here-document that begins at the current line, and the word
   * that ends it. Without that word nothing is read.
   */
  heredoc(name: string, chomp: boolean): { readonly body: readonly [number, number]; readonly terminator: readonly [number, number] } | undefined {
    const start = this.#at
    const terminator = this.#terminator(name, chomp, start)
    if (terminator === undefined) return undefined
    const line = this.#line(terminator)
    this.#at = line.next
    return { body: [start, terminator], terminator: [line.end - name.length, line.end] }
  }

  #join(first: PhysicalLine): LogicalLine | undefined {
    const pieces: Piece[] = []
    let line = first
    let continued = this.#add(pieces, line.start, line)
    while (continued && this.#at < this.#source.length) {
      line = this.#line(this.#at)
      this.#at = line.next
      const from = this.#skipSpace(line.start)
      if (this.#isComment(from, line.end)) this.comments.push(this.file.slice(from, line.end))
      else if (from < line.end) {
        const rest = this.#templateInside(from, line)
        if (rest === undefined) {
          if (this.#nextIsInstruction()) break
          continue
        }
        const start = rest === from ? line.start : rest
        line = this.#line(rest)
        this.#at = line.next
        continued = this.#add(pieces, start, line)
      }
    }
    if (pieces.length === 0) return undefined
    return { text: this.file.decode(pieces, [pieces[0]![1], pieces.at(-1)![2]]), pieces }
  }

  /** Adds a line without its continuation character; returns whether it has one. */
  #add(pieces: Piece[], start: number, { end }: PhysicalLine): boolean {
    let last = end
    while (last > start && (this.#source[last - 1] === ' ' || this.#source[last - 1] === '\t')) last--
    const continued = last > start && this.#source[last - 1] === this.escape && (last - 1 === start || this.#source[last - 2] !== this.escape)
    const until = continued ? last - 1 : end
    if (until > start) pieces.push([this.#source.slice(start, until), start, until])
    return continued
  }

  #comment(line: PhysicalLine): void {
    this.#at = line.next
    const text = this.file.slice(line.start, line.end)
    if (this.#maybeDirective && this.#directive(text)) return
    this.#maybeDirective = false
    this.comments.push(text)
  }

  #directive(text: Text): boolean {
    const match = directive.exec(text.value)
    const name = match?.[1]!.toLowerCase()
    if (!match || (name !== 'escape' && name !== 'syntax' && name !== 'check')) return false
    const written = match[2]!.trimEnd()
    if (written === '') return false
    const start = text.value.length - match[2]!.length
    const value = text.slice(start, start + written.length)
    if (this.directives.some(d => d.name === name)) {
      this.problems.push({ message: `Only one ${name} directive can be used.`, range: text.whole })
    } else if (name === 'escape' && written !== '\\' && written !== '`') {
      this.problems.push({ message: `The escape character is either \\ or \`, not ${written}.`, range: value.whole })
    } else if (name === 'escape') {
      this.escape = written as Escape
    }
    this.directives.push({ name, value, text })
    return true
  }

  /** Past the template statements at `at`: where an instruction begins, else the end of the line. */
  #afterTemplates(at: number): number {
    for (;;) {
      const close = this.#templateEnd(at)
      if (close === undefined) return at
      this.templates.push(this.file.slice(at, close))
      const rest = this.#skipSpace(close)
      if (this.#instructionAt(rest)) return rest
      if (this.#templateEnd(rest) === undefined) return this.#line(close).end
      at = rest
    }
  }

  /**
   * Where text begins in a continuation line: `from` as a rule, after a template
   * statement that spans lines, or nowhere if the line is such a statement.
   */
  #templateInside(from: number, line: PhysicalLine): number | undefined {
    const close = this.#templateEnd(from)
    if (close === undefined) return from
    const last = this.#line(close)
    const rest = this.#skipSpace(close)
    if (rest < last.end) return close <= line.end ? from : rest
    this.templates.push(this.file.slice(from, close))
    this.#at = last.next
    return undefined
  }

  /** The end of the template statement that begins at `start`. */
  #templateEnd(start: number): number | undefined {
    const closing = closings[this.#source.slice(start, start + 2)]
    if (closing === undefined || this.#unclosed.has(closing)) return undefined
    const close = this.#source.indexOf(closing, start + 2)
    if (close < 0) this.#unclosed.add(closing)
    if (close < 0 || (closing === '%%' && close >= this.#line(start).end)) return undefined
    return close + 2
  }

  #nextIsInstruction(): boolean {
    let line = this.#line(this.#at)
    while (line.next < this.#source.length && this.#skipSpace(line.start) >= line.end) line = this.#line(line.next)
    return this.#instructionAt(this.#skipSpace(line.start))
  }

  #instructionAt(at: number): boolean {
    instruction.lastIndex = at
    return instruction.test(this.#source)
  }

  #terminator(name: string, chomp: boolean, from: number): number | undefined {
    const starts = (this.#terminators ??= this.#indexLines()).get((chomp ? '-' : ' ') + name) ?? []
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! < from) low = middle + 1
      else high = middle
    }
    return starts[low]
  }

  /** Where each line stands, as it is and without leading tabs: a search per here-document would be quadratic. */
  #indexLines(): Map<string, number[]> {
    const starts = new Map<string, number[]>()
    const add = (key: string, start: number): void => {
      const known = starts.get(key)
      if (known) known.push(start)
      else starts.set(key, [start])
    }
    for (let at = 0; at < this.#source.length; ) {
      const line = this.#line(at)
      // Names of here-documents are short; long lines need not be remembered.
      if (line.end - at <= 200) {
        const text = this.#source.slice(at, line.end)
        add(' ' + text, at)
        add('-' + text.replace(/^\t+/, ''), at)
      }
      at = line.next
    }
    return starts
  }

  #line(at: number): PhysicalLine {
    const newline = this.#source.indexOf('\n', at)
    const next = newline < 0 ? this.#source.length : newline + 1
    let end = newline < 0 ? next : newline
    while (end > at && this.#source[end - 1] === '\r') end--
    return { start: at, end, next }
  }

  #isComment(start: number, end: number): boolean {
    return start < end && this.#source[start] === '#'
  }

  /** The first character from `start` on that is not space, or the end of the line. */
  #skipSpace(start: number): number {
    leadingSpace.lastIndex = start
    leadingSpace.test(this.#source)
    return leadingSpace.lastIndex
  }
}

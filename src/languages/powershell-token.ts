import type { SyntaxProblem } from '../command.ts'
import type { Text } from '../text.ts'
import { endsWord, isBlank, isDash, isDoubleQuote, isLetter, isName, isNewline, isQuote, isSingleQuote } from './powershell-character.ts'
import { backtick, PartList, taken, templateEnd, templateTagEnd, workflowExpressionEnd } from './powershell-part.ts'
import type { Block, Expression, Span, StringExpression, Variable } from './powershell-syntax.ts'

/** What all readers of one script share: its text, and what is noticed on the way. */
export interface Notes {
  readonly script: Text
  readonly comments: Map<number, Text>
  readonly problems: SyntaxProblem[]
}

/** How deep strings may nest in `$( )` of strings: each level is looked through once more. */
const maximumStringDepth = 16

/**
 * Reads the tokens of a PowerShell script. What a token is depends on who asks:
 * a command asks for words, an expression for operands.
 *
 * Positions are offsets into `source`, spans of what is returned are offsets
 * into the script, of which `source` is the part that starts at `base`.
 */
export abstract class TokenReader {
  protected at = 0
  readonly #strings: number
  /** Set once a string has no end: from then on strings end with their line, lest each be sought to the end of the file. */
  #unclosed = false

  protected constructor(readonly source: string, readonly base: number, readonly notes: Notes, strings: number) {
    this.#strings = strings
  }

  /** The statements of a `$( )` inside a string. */
  protected abstract nested(source: string, base: number, strings: number): Block

  protected code(at = this.at): number {
    return this.source.charCodeAt(at)
  }

  protected is(mark: string): boolean {
    return this.source.startsWith(mark, this.at)
  }

  protected take(mark: string): boolean {
    if (!this.is(mark)) return false
    this.at += mark.length
    return true
  }

  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    return pattern.exec(this.source)
  }

  protected span(start: number, end = this.at): Span {
    return { start: this.base + start, end: this.base + end }
  }

  protected problem(message: string, start = this.at, end = start + 1): void {
    this.notes.problems.push({ message, range: this.notes.script.range(this.base + start, this.base + Math.min(end, this.source.length)) })
  }

  /** Skips blanks, continued lines and comments. */
  protected skipBlanks(): void {
    for (;;) {
      const code = this.code()
      if (isBlank(code) || this.is(taken)) this.at++
      else if (code === 0x60 /* ` */ && this.#continues()) continue
      else if (code === 0x23 /* # */) this.#comment(this.#lineEnd(this.at))
      else if (this.is('<#')) this.#comment(this.#blockCommentEnd())
      else {
        const tag = templateTagEnd(this.source, this.at)
        if (!tag) return
        this.at = tag
      }
    }
  }

  /** Skips blanks and newlines. */
  protected skipLines(): void {
    this.skipBlanks()
    while (isNewline(this.code())) {
      this.at++
      this.skipBlanks()
    }
  }

  #continues(): boolean {
    const next = this.code(this.at + 1)
    if (!isNewline(next) && !isBlank(next)) return false
    this.at += next === 0x0d && this.code(this.at + 2) === 0x0a ? 3 : 2
    return true
  }

  #comment(end: number): void {
    const { start } = this.span(this.at)
    if (!this.notes.comments.has(start)) this.notes.comments.set(start, this.notes.script.slice(start, this.base + end))
    this.at = end
  }

  #blockCommentEnd(): number {
    const end = this.#unclosed ? -1 : this.source.indexOf('#>', this.at + 2)
    if (end >= 0) return end + 2
    this.#unclosed = true
    this.problem('This comment has no end', this.at, this.at + 2)
    return this.#lineEnd(this.at)
  }

  #lineEnd(from: number): number {
    let end = from
    while (end < this.source.length && !isNewline(this.code(end))) end++
    return end
  }

  /** A string that starts here: quoted, or a here-string. */
  protected string(): StringExpression {
    const start = this.at
    const parts = new PartList(this.source, this.base)
    if (this.code() === 0x40 /* @ */) this.#hereString(parts)
    else this.#quoted(parts)
    return { kind: 'string', parts: parts.parts, ...this.span(start) }
  }

  protected startsString(): boolean {
    return isQuote(this.code()) || (this.code() === 0x40 && isQuote(this.code(this.at + 1)))
  }

  #quoted(parts: PartList): void {
    const start = this.at
    const counts = [this.notes.problems.length, parts.parts.length] as const
    if (!this.#unclosed || this.#closesOnLine()) {
      if (isSingleQuote(this.code()) ? this.#single(parts) : this.#double(parts)) return
    }
    // Without an end it is not known what it says, nor read again: it ends with its line.
    this.notes.problems.length = counts[0]
    parts.parts.length = counts[1]
    this.#unclosed = true
    this.problem('This string has no end', start, start + 1)
    this.at = this.#lineEnd(start)
    parts.computed(undefined, start, this.at)
  }

  #closesOnLine(): boolean {
    const closes = isSingleQuote(this.code()) ? isSingleQuote : isDoubleQuote
    for (let at = this.at + 1; at < this.source.length && !isNewline(this.code(at)); at++) if (closes(this.code(at))) return true
    return false
  }

  /** Reads '…'; whether it has an end. */
  #single(parts: PartList): boolean {
    const last = this.#unclosed ? this.#lineEnd(this.at) : this.source.length
    let from = ++this.at
    while (this.at < last) {
      const hole = this.#filledIn(true)
      if (hole) {
        parts.verbatim(from, this.at)
        parts.computed(undefined, this.at, hole)
        this.at = from = hole
      } else if (!isSingleQuote(this.code())) this.at++
      else {
        parts.verbatim(from, this.at)
        if (!isSingleQuote(this.code(this.at + 1))) return ++this.at > 0
        parts.decoded(this.source[this.at + 1]!, this.at, this.at + 2)
        this.at = from = this.at + 2
      }
    }
    return false
  }

  /** Reads "…"; whether it has an end. */
  #double(parts: PartList): boolean {
    const last = this.#unclosed ? this.#lineEnd(this.at) : this.source.length
    let from = ++this.at
    while (this.at < last) {
      if (isDoubleQuote(this.code())) {
        parts.verbatim(from, this.at)
        if (!isDoubleQuote(this.code(this.at + 1))) return ++this.at > 0
        parts.decoded(this.source[this.at + 1]!, this.at, this.at + 2)
        this.at = from = this.at + 2
      } else if (this.#special(parts, from, false)) from = this.at
      else this.at++
    }
    return false
  }

  /** Reads what is special in a double-quoted string at this place, if anything is. */
  #special(parts: PartList, from: number, here: boolean): boolean {
    const start = this.at
    const hole = this.#filledIn(true)
    if (hole) {
      parts.verbatim(from, start)
      parts.computed(undefined, start, (this.at = hole))
      return true
    }
    if (this.code() === 0x60 /* ` */ && this.at + 1 < this.source.length) {
      const escape = backtick(this.source, start)
      parts.verbatim(from, start)
      parts.decoded(escape.text, start, (this.at = escape.end))
      return true
    }
    if (this.code() !== 0x24 /* $ */) return false
    const expression = this.is('$(') ? this.#subexpression(here) : this.variable()
    if (!expression) return false
    parts.verbatim(from, start)
    parts.computed(expression, start, this.at)
    return true
  }

  #filledIn(quoted: boolean): number | undefined {
    const code = this.code()
    if (code === 0x24) return workflowExpressionEnd(this.source, this.at)
    return code === 0x7b ? templateEnd(this.source, this.at, quoted) : undefined
  }

  /**
   * `$( )` in a string: its end is found by counting parentheses, whatever is
   * between them; and in a quoted string, quotes in it may be written doubled.
   */
  #subexpression(here: boolean): Expression {
    const start = this.at
    const doubled: number[] = []
    let depth = 0
    for (this.at += 1; this.at < this.source.length; this.at++) {
      const code = this.code()
      if (code === 0x28) depth++
      else if (code === 0x29 && --depth === 0) break
      else if (!here && (code === 0x60 || isDoubleQuote(code)) && isDoubleQuote(this.code(this.at + 1))) doubled.push(this.at++)
    }
    const end = this.at
    if (end < this.source.length) this.at++
    else this.problem('This $( has no end', start, start + 2)
    const source = without(this.source.slice(start + 2, end), doubled.map(at => at - start - 2))
    if (this.#strings >= maximumStringDepth) return { kind: 'unknown', ...this.span(start) }
    const body = this.nested(source, this.base + start + 2, this.#strings + 1)
    return { kind: 'group', open: '$(', body, ...this.span(start) }
  }

  #hereString(parts: PartList): void {
    const start = this.at
    const single = isSingleQuote(this.code(start + 1))
    const bodyStart = this.#afterHeader(start + 2)
    if (bodyStart === undefined) {
      this.problem('A here-string begins on the line after its header', start, start + 2)
      const close = this.source.slice(start + 2, this.#lineEnd(start)).search(/['"]@/)
      this.at = close < 0 ? this.#lineEnd(start) : start + close + 4
      return
    }
    const end = this.#unclosed ? undefined : this.#footer(bodyStart, single)
    if (end === undefined) {
      this.#unclosed = true
      this.problem('This here-string has no end', start, start + 2)
      this.at = this.#lineEnd(start)
      return
    }
    this.at = bodyStart
    let from = bodyStart
    while (this.at < end.body) {
      const before = this.at
      const special = single ? this.#filledIn(true) : this.#special(parts, from, true)
      if (special === true) from = this.at
      else if (typeof special === 'number') {
        parts.verbatim(from, before)
        parts.computed(undefined, before, special)
        this.at = from = special
      } else this.at++
    }
    if (from < end.body) parts.verbatim(from, end.body)
    this.at = Math.max(this.at, end.footer)
  }

  #afterHeader(at: number): number | undefined {
    let next = at
    while (isBlank(this.code(next))) next++
    if (this.code(next) === 0x0d) next += this.code(next + 1) === 0x0a ? 2 : 1
    else if (this.code(next) === 0x0a) next++
    else return undefined
    return next
  }

  /** Where the here-string's body ends, and what closes it: a quote and `@` at the very start of a line. */
  #footer(from: number, single: boolean): { body: number, footer: number } | undefined {
    const closes = single ? isSingleQuote : isDoubleQuote
    for (let line = from; line <= this.source.length; ) {
      if (closes(this.code(line)) && this.code(line + 1) === 0x40) {
        const crlf = this.code(line - 2) === 0x0d && this.code(line - 1) === 0x0a
        return { body: Math.max(from, line - (crlf ? 2 : 1)), footer: line + 2 }
      }
      const end = this.#lineEnd(line)
      if (end >= this.source.length) return undefined
      line = end + (this.code(end) === 0x0d && this.code(end + 1) === 0x0a ? 2 : 1)
    }
    return undefined
  }

  /** A variable that starts at this `$` (or `@`, if splatted); nothing if it is only a dollar sign. */
  protected variable(splat = false): Variable | undefined {
    const start = this.at
    const next = this.code(start + 1)
    if (next === 0x7b /* { */ && !splat) return this.#braced()
    if (next === 0x24 || next === 0x5e || next === 0x3f /* $ ^ ? */) {
      this.at += 2
      return { kind: 'variable', name: this.source[start + 1]!, outer: false, splat, ...this.span(start) }
    }
    let end = start + 1
    while (isName(this.code(end)) || (this.code(end) === 0x3a && this.code(end + 1) !== 0x3a)) end++
    if (end === start + 1) return undefined
    this.at = end
    return { kind: 'variable', ...variableName(this.source.slice(start + 1, end)), splat, ...this.span(start) }
  }

  #braced(): Variable {
    const start = this.at
    let end = start + 2
    while (end < this.source.length && this.source[end] !== '}' && !isNewline(this.code(end))) end += this.source[end] === '`' ? 2 : 1
    end = Math.min(end, this.source.length)
    const closed = this.source[end] === '}'
    if (!closed) this.problem('This ${ has no end', start, start + 2)
    this.at = closed ? end + 1 : end
    return { kind: 'variable', ...variableName(this.source.slice(start + 2, end).replace(/`([^])/g, '$1')), splat: false, ...this.span(start) }
  }

  /** A bare word: it ends only where {@link endsWord} says so. What is read of it already, from `start` on, stands for itself. */
  protected word(start = this.at): StringExpression {
    const parts = new PartList(this.source, this.base)
    let from = start
    while (this.at < this.source.length) {
      const before = this.at
      const hole = this.#filledIn(false)
      if (hole) {
        parts.verbatim(from, before)
        parts.computed(undefined, before, (this.at = from = hole))
      } else if (isQuote(this.code())) {
        parts.verbatim(from, before)
        this.#quoted(parts)
        from = this.at
      } else if (endsWord(this.code())) break
      else if (this.#special(parts, from, false)) from = this.at
      else this.at++
    }
    parts.verbatim(from, this.at)
    return { kind: 'string', parts: parts.parts, ...this.span(start) }
  }

  /**
   * What begins with a dash and a letter: a parameter, which ends at `.` and `[`
   * too and in which `$` is nothing special; or a word, if there is a quote in it.
   */
  protected dashWord(): { word: StringExpression } | { end: number, colon: boolean } {
    const start = this.at++
    for (; !endsWord(this.code()) && !'.['.includes(this.source[this.at]!); this.at++) {
      if (isQuote(this.code()) || this.#filledIn(false)) return { word: this.word(start) }
      if (this.take(':')) return { end: this.at, colon: true }
    }
    if (this.#filledIn(false)) return { word: this.word(start) }
    return { end: this.at, colon: false }
  }

  protected startsParameter(): boolean {
    const next = this.code(this.at + 1)
    return isDash(this.code()) && (isLetter(next) || next === 0x5f || next === 0x3f)
  }

  /** Whether something that is filled in before PowerShell runs starts here. */
  protected startsTemplate(): boolean {
    return this.#filledIn(false) !== undefined
  }
}

const scopes = /^(script|global|local|private|using|variable):/i

function variableName(written: string): { name: string, outer: boolean } {
  const scope = scopes.exec(written)?.[1]?.toLowerCase()
  return { name: written.replace(scopes, '').toLowerCase(), outer: scope === 'script' || scope === 'global' }
}

/** `source` with the characters at `positions` taken out, and everything else in its place. */
function without(source: string, positions: readonly number[]): string {
  if (positions.length === 0) return source
  const kept: string[] = []
  let from = 0
  for (const at of positions) {
    kept.push(source.slice(from, at), taken)
    from = at + 1
  }
  return kept.join('') + source.slice(from)
}

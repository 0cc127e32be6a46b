import { endsWord, isBlank, isDash, isDigit, isDoubleQuote, isNewline, isQuote } from './powershell-character.ts'
import { ExpressionReader } from './powershell-expression.ts'
import { isComputed } from './powershell-part.ts'
import type { Element, Expression, Invocation, Span, Statement, StringExpression } from './powershell-syntax.ts'

type Pipeline = Extract<Statement, { kind: 'pipeline' }>

const assignment = /(?:\?\?|[-\u2013-\u2015+*/%])?=/y
const redirection = /[1-6*]?>>?(?:&[12])?|</y

/** Reads pipelines: commands and their arguments, expressions, assignments. */
export abstract class CommandReader extends ExpressionReader {
  protected abstract keywordStatement(): Statement | undefined

  protected pipelines(start: number): Statement | undefined {
    let first: Expression | undefined
    if (this.#startsExpression()) {
      first = this.expression()
      if (!first) return undefined
      this.skipBlanks()
      const operator = this.match(assignment)
      if (operator) return this.#assignment(start, first, operator[0])
    }
    const pipelines = [this.#pipeline(first)]
    for (this.skipBlanks(); this.is('&&') || this.is('||'); this.skipBlanks()) {
      this.at += 2
      this.skipLines()
      const next = this.keywordStatement()
      if (next) return { kind: 'chain', pipelines: [...pipelines.filter(pipeline => pipeline !== undefined), next], ...this.span(start) }
      pipelines.push(this.#pipeline(this.#startsExpression() ? this.expression() : undefined))
    }
    const found = pipelines.filter(pipeline => pipeline !== undefined)
    return found.length > 1 ? { kind: 'chain', pipelines: found, ...this.span(start) } : found[0]
  }

  #assignment(start: number, target: Expression, operator: string): Statement {
    this.at += operator.length
    this.skipLines()
    const value = this.statement()
    if (!value) this.problem(`A value is missing after ${operator}`, this.at - 1)
    return { kind: 'assignment', target, operator: isDash(operator.charCodeAt(0)) ? '-=' : operator, value, ...this.span(start) }
  }

  #pipeline(first: Expression | undefined): Pipeline | undefined {
    const start = this.at
    const elements: (Expression | Invocation)[] = []
    const redirections: Expression[] = []
    let element: Expression | Invocation | undefined = first
    for (;;) {
      element ??= this.#invocation()
      if (!element) break
      elements.push(element)
      if (element.kind !== 'invocation') this.#redirections(redirections)
      if (!this.#takePipe()) break
      element = this.#startsExpression() && !this.is('{') ? this.expression() : undefined
      if (this.at >= this.source.length) this.problem('Nothing follows this |', this.at - 1)
    }
    if (elements.length === 0) return undefined
    return { kind: 'pipeline', elements, redirections, ...this.span(start), start: elements[0]!.start }
  }

  #redirections(found: Expression[]): void {
    for (this.skipBlanks(); this.#redirection(found); this.skipBlanks());
  }

  /** Takes a `|`, perhaps at the start of a line below. */
  #takePipe(): boolean {
    const before = this.at
    this.skipBlanks()
    if (isNewline(this.code())) this.skipLines()
    if (!this.is('|') || this.is('||')) {
      this.at = before
      return false
    }
    this.at++
    this.skipLines()
    return true
  }

  #startsExpression(): boolean {
    const code = this.code()
    const next = this.code(this.at + 1)
    if (this.startsTemplate()) return false
    if (isQuote(code) || isDigit(code)) return isQuote(code) || this.startsNumber()
    if (isDash(code)) return this.startsName(this.at + 1) ? this.#startsUnaryWord() : isDigit(next) || isDash(next) || '$(['.includes(this.source[this.at + 1] ?? ' ')
    switch (this.source[this.at]) {
      case '$':
      case '(':
      case '{':
      case '[':
      case ',':
      case '+': return true
      case '!': return !this.startsName(this.at + 1)
      case '@': return isQuote(next) || '({'.includes(this.source[this.at + 1] ?? ' ')
      case '.': return isDigit(next) && this.startsNumber()
      default: return false
    }
  }

  #startsUnaryWord(): boolean {
    return /^.(?:not|bnot|join|[ic]?split)(?![\w-])/i.test(this.source.slice(this.at, this.at + 8))
  }

  /** A command and its arguments. */
  #invocation(): Invocation | undefined {
    const start = this.at
    const operator = this.#invocationOperator()
    const elements: Element[] = []
    const redirections: Expression[] = []
    let end = this.at
    let dashes = false
    for (this.skipBlanks(); !this.endsCommand(); this.skipBlanks()) {
      const before = this.at
      if (this.take(',')) this.problem('An argument is missing before this comma', before)
      else if (elements.length === 0 || !this.#redirection(redirections)) {
        const element = this.#element(elements.length === 0, dashes)
        if (element) elements.push(element)
        if (isWord(element, '--')) dashes = true
        if (isWord(element, '--%')) this.#verbatim(elements)
      }
      if (this.at === before) this.at++
      end = this.at
    }
    if (elements.length === 0) {
      if (operator) this.problem('The name of a command is missing after this', start)
      return undefined
    }
    return { kind: 'invocation', operator, elements, redirections, ...this.span(start, end) }
  }

  #invocationOperator(): '' | '&' | '.' {
    if (this.is('&') && !this.is('&&')) {
      this.at++
      return '&'
    }
    const next = this.code(this.at + 1)
    if (!this.is('.') || !(endsWord(next) || next === 0x24 || isQuote(next))) return ''
    this.at++
    return '.'
  }

  protected endsCommand(): boolean {
    const code = this.code()
    return Number.isNaN(code) || isNewline(code) || ';)}|&'.includes(this.source[this.at]!)
  }

  #redirection(found: Expression[]): boolean {
    const operator = this.match(redirection)
    if (!operator) return false
    this.at += operator[0].length
    if (operator[0].includes('&')) return true
    this.skipBlanks()
    const target = this.endsCommand() ? undefined : this.argument()
    if (target) found.push(target)
    else this.problem('A file is missing after this redirection', this.at - 1)
    return true
  }

  #element(isName: boolean, dashes: boolean): Element | undefined {
    const start = this.at
    if (this.startsParameter()) {
      const found = this.dashWord()
      if ('end' in found) {
        const glued = found.colon && !dashes && !isName && !this.endsCommand() && !isBlank(this.code()) && !this.is(',')
        const text = this.source.slice(start, found.end)
        const argument = glued ? this.argument() : undefined
        return { kind: 'parameter', text, argument: argument && this.#list(argument), ...this.span(start) }
      }
      return isName ? found.word : this.#list(found.word)
    }
    const first = this.argument()
    return first && !isName ? this.#list(first) : first
  }

  /** `a,b`: one argument that is an array; a native program sees it as it is written. */
  #list(first: Expression): Expression {
    const elements = [first]
    for (;;) {
      const before = this.at
      this.skipBlanks()
      if (!this.is(',')) {
        this.at = before
        break
      }
      const comma = this.at++
      this.skipLines()
      const next = this.endsCommand() || this.is(',') ? undefined : this.argument()
      if (!next) {
        this.problem('An argument is missing after this comma', comma)
        break
      }
      elements.push(next)
    }
    return elements.length === 1 ? first : { kind: 'array', elements, start: first.start, end: elements.at(-1)!.end }
  }

  protected argument(): Expression | undefined {
    const start = this.at
    const character = this.source[start] ?? ''
    if (this.startsTemplate()) return this.word()
    if (this.startsString()) return this.postfix(this.string())
    if (this.is('$(') || this.is('@(') || this.is('@{') || character === '(' || character === '{') return this.primary()
    if (character === '@') return this.variable(true) ?? this.word()
    if (character === '$') return this.#variableArgument()
    if (character === ']' || (character === '.' && '$"\''.includes(this.source[start + 1] ?? ' '))) {
      this.at++
      return { kind: 'string', parts: [{ text: character, ...this.span(start) }], ...this.span(start) }
    }
    if (this.startsParameter()) {
      const found = this.dashWord()
      return 'word' in found ? found.word : { kind: 'string', parts: [{ text: this.source.slice(start, found.end), ...this.span(start) }], ...this.span(start) }
    }
    const word = this.word()
    return this.at > start ? word : undefined
  }

  /** `$x`, `$x.y`, `$x[0]`; but `$x/y` is a word. */
  #variableArgument(): Expression {
    const start = this.at
    const variable = this.variable()
    const ends = endsWord(this.code()) || '.['.includes(this.source[this.at]!) || (this.source[this.at - 1] !== '}' && (this.is('=') || this.is('::')))
    if (variable && ends) return this.postfix(variable)
    this.at = start
    return this.word()
  }

  /** After `--%` nothing is read up to the end of the line, a `|` or `&&` outside quotes. */
  #verbatim(elements: Element[]): void {
    while (isBlank(this.code())) this.at++
    const start = this.at
    for (let quoted = false; this.at < this.source.length && !isNewline(this.code()); this.at++) {
      if (isDoubleQuote(this.code())) quoted = !quoted
      else if (!quoted && (this.is('|') || this.is('&&'))) break
    }
    if (this.at > start) elements.push({ kind: 'verbatim', ...this.span(start) })
  }
}

function isWord(element: Element | undefined, text: string): element is StringExpression & Span {
  if (element?.kind !== 'string' || element.parts.length !== 1) return false
  const [part] = element.parts
  return part !== undefined && !isComputed(part) && part.text === text
}

import { endsWord, isBlank, isDash, isDigit, isDoubleQuote, isLetter, isNewline, isSingleQuote } from './powershell-character.ts'
import { TokenReader } from './powershell-token.ts'
import type { Block, Expression, HashEntry, Statement, Step } from './powershell-syntax.ts'

const maximumDepth = 200

/** Binary operators by how tightly they bind. */
const precedences = new Map<string, number>()
const levels = [
  '??',
  '-and -or -xor',
  '-band -bor -bxor',
  ['eq ne ge gt lt le like notlike match notmatch replace contains notcontains in notin split'.split(' ').flatMap(name => [`-${name}`, `-i${name}`, `-c${name}`]), '-is -isnot -as -join'].flat().join(' '),
  '+ -',
  '* / % -shl -shr',
  '-f',
  '..'
]
levels.forEach((operators, level) => operators.split(' ').forEach(operator => precedences.set(operator, level)))

const unaryOperators = new Set(['-not', '-bnot', '-join', '-split', '-isplit', '-csplit'])
const dashOperator = /[-\u2013-\u2015]([a-z]+)(?![\w-])/iy
const signOperator = /\?\?(?!=)|\.\.|\+(?![+=])|[-\u2013-\u2015](?![-=\u2013-\u2015])|[*/%](?!=)/y
const number = /(?:0x[\da-f]+|0b[01]+|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[+-]?\d+)?)(?:u?[lsy]|[dnu])?(?:[kmgtp]b)?/iy
const typeArguments = /\[[\w.[\], ]+\](?=\()/y
const increment = /[ \t]*(?:\+\+|[-\u2013-\u2015]{2})/y
const bareKey = /[^\s=;{}()'"$]+/y
const memberName = /[\p{L}\p{Nd}_]+/uy
const namedArgument = /[a-z_]\w*[ \t]*=(?!=)/iy

/** Reads expressions: what stands in parentheses, to the right of an operator, or at the start of a pipeline. */
export abstract class ExpressionReader extends TokenReader {
  protected depth = 0
  /** Whether a comma makes an array here; between arguments of a method it does not. */
  #commas = true

  protected abstract statement(): Statement | undefined
  protected abstract block(closer: ')' | '}' | ''): Block
  protected abstract skipStatement(): void

  /** Reads one level deeper; what is nested too deep is skipped. */
  protected guarded<T>(read: () => T): T | undefined {
    if (this.depth >= maximumDepth) {
      if (this.depth === maximumDepth) this.problem('This is nested too deep to be read')
      this.depth++
      const before = this.at
      this.#skipBrackets()
      if (this.at === before) this.at++
      this.depth--
      return undefined
    }
    this.depth++
    try {
      return read()
    } finally {
      this.depth--
    }
  }

  /** Skips to the bracket that closes what is open here, whatever is in between. */
  #skipBrackets(): void {
    for (let open = 0; this.at < this.source.length; this.at++) {
      const character = this.source[this.at]!
      if ('({['.includes(character)) open++
      else if (')}]'.includes(character) && open-- === 0) return
    }
  }

  protected withCommas<T>(commas: boolean, read: () => T): T {
    const before = this.#commas
    this.#commas = commas
    const result = read()
    this.#commas = before
    return result
  }

  protected expression(): Expression | undefined {
    const start = this.at
    const condition = this.#binary(0)
    this.skipBlanks()
    if (!condition || !this.is('?') || this.is('??')) return condition
    this.at++
    this.skipLines()
    const yes = this.guarded(() => this.expression())
    this.skipLines()
    if (!this.take(':')) return { kind: 'unknown', ...this.span(start) }
    this.skipLines()
    const no = this.guarded(() => this.expression())
    return yes && no ? { kind: 'ternary', operands: [condition, yes, no], ...this.span(start) } : { kind: 'unknown', ...this.span(start) }
  }

  #binary(least: number): Expression | undefined {
    let left = this.#list()
    for (let found = this.#operator(); left && found && found.level >= least; found = this.#operator()) {
      const { level } = found
      const operands = [left]
      const operators: string[] = []
      for (let next: typeof found | undefined = found; next?.level === level; next = this.#operator()) {
        this.at += next.length
        this.skipLines()
        const right = this.guarded(() => this.#binary(level + 1))
        if (!right) {
          this.problem(`A value is missing after ${next.name}`, this.at)
          break
        }
        operands.push(right)
        operators.push(next.name)
      }
      if (operators.length === 0) return left
      left = { kind: 'operation', operands, operators, start: left.start, end: operands.at(-1)!.end }
    }
    return left
  }

  #operator(): { name: string, level: number, length: number } | undefined {
    this.skipBlanks()
    const word = this.match(dashOperator)
    const written = word?.[0] ?? this.match(signOperator)?.[0]
    if (!written) return undefined
    const name = word ? `-${word[1]!.toLowerCase()}` : isDash(written.charCodeAt(0)) ? '-' : written
    const level = precedences.get(name)
    return level === undefined ? undefined : { name, level, length: written.length }
  }

  #list(): Expression | undefined {
    const first = this.#unary()
    if (!first || !this.#commas) return first
    const elements = [first]
    for (this.skipBlanks(); this.is(','); this.skipBlanks()) {
      const comma = this.at++
      this.skipLines()
      const next = this.#unary()
      if (!next) {
        this.problem('A value is missing after this comma', comma)
        break
      }
      elements.push(next)
    }
    return elements.length === 1 ? first : { kind: 'array', elements, start: first.start, end: elements.at(-1)!.end }
  }

  #unary(): Expression | undefined {
    return this.guarded(() => {
      this.skipBlanks()
      const start = this.at
      if (this.is('[')) return this.#typed()
      const operator = this.#unaryOperator()
      if (!operator) return this.primary()
      this.skipLines()
      const operand = this.#unary()
      if (!operand) return undefined
      if (operator === ',') return { kind: 'array', elements: [operand], ...this.span(start) }
      return { kind: 'unary', operator, operand, start: this.base + start, end: operand.end }
    })
  }

  #unaryOperator(): string | undefined {
    const word = this.match(dashOperator)
    const name = word && `-${word[1]!.toLowerCase()}`
    if (word && unaryOperators.has(name!)) {
      this.at += word[0].length
      return name!
    }
    if (word) return undefined
    if (this.take('++')) return '++'
    if (isDash(this.code())) {
      const sign = isDash(this.code(this.at + 1)) ? '--' : '-'
      this.at += sign.length
      return sign
    }
    return ['!', ',', '+'].find(mark => this.take(mark))
  }

  /** `[type]`, `[type]value`, `[Attribute(…)]`, `[type]::member`. */
  #typed(): Expression {
    const start = this.at
    const type = this.type()
    if (this.is('::') || this.is('.')) return this.postfix(type)
    const end = this.at
    this.skipBlanks()
    if (!this.#startsOperand()) {
      this.at = end
      return type
    }
    const operand = this.#unary()
    return operand ? { kind: 'cast', type: type.name, operand, start: this.base + start, end: operand.end } : type
  }

  #startsOperand(): boolean {
    const code = this.code()
    if (isDash(code)) return /[\d$(]/.test(this.source[this.at + 1] ?? '')
    return isDigit(code) || isSingleQuote(code) || isDoubleQuote(code) || '$@({['.includes(this.source[this.at] ?? ' ')
  }

  protected type(): Extract<Expression, { kind: 'type' }> {
    const start = this.at++
    let name = ''
    let values: Expression[] = []
    for (let open = 0; this.at < this.source.length; ) {
      const character = this.source[this.at]!
      if (character === '(' && open === 0) {
        values = this.#arguments(true)
        this.skipLines()
        if (!this.is(']')) break
        continue
      }
      if (character === ']' && open-- === 0) {
        this.at++
        return { kind: 'type', name: name.trim().toLowerCase(), arguments: values, ...this.span(start) }
      }
      if (isNewline(this.code()) || ';{}\'"'.includes(character)) break
      if (character === '[') open++
      name += character
      this.at++
    }
    this.problem('This [ has no end', start)
    return { kind: 'type', name: name.trim().toLowerCase(), arguments: values, ...this.span(start) }
  }

  /** Arguments in parentheses, of a method or (`named`) an attribute. */
  #arguments(named: boolean): Expression[] {
    const start = this.at++
    const found: Expression[] = []
    for (;;) {
      this.skipLines()
      if (this.take(')')) return found
      const before = this.at
      if (named) this.at += this.match(namedArgument)?.[0].length ?? 0
      this.skipLines()
      const value = this.withCommas(false, () => this.expression())
      if (value) found.push(value)
      else if (named) this.at += this.match(bareKey)?.[0].replace(/,.*/, '').length ?? 0
      this.skipLines()
      if (this.take(',') || this.is(')')) continue
      if (this.at >= this.source.length || this.at === before || ';}'.includes(this.source[this.at]!)) {
        this.problem('This ( has no end', start)
        return found
      }
    }
  }

  /** A value without operators, with what is selected from it. */
  protected primary(): Expression | undefined {
    const start = this.at
    if (this.startsTemplate()) {
      this.word()
      return { kind: 'unknown', ...this.span(start) }
    }
    const value = this.#value()
    const selected = value && this.postfix(value)
    if (!selected || !/(?:variable|access)/.test(selected.kind)) return selected
    const step = this.match(increment)
    if (!step) return selected
    this.at += step[0].length
    return { kind: 'unary', operator: '++', operand: selected, ...this.span(start) }
  }

  #value(): Expression | undefined {
    const start = this.at
    if (this.startsString()) return this.string()
    if (this.is('$(')) return this.group('$(')
    if (this.is('@(')) return this.group('@(')
    if (this.is('(')) return this.group('(')
    if (this.is('@{')) return this.#hash()
    if (this.is('{')) return this.scriptBlock()
    if (this.is('$')) {
      const variable = this.variable()
      if (variable) return variable
      this.problem('A variable has no name here', start)
      this.at++
      return { kind: 'unknown', ...this.span(start) }
    }
    if (this.is('@')) return this.variable(true)
    const digits = this.match(number)
    if (!digits) return undefined
    this.at += digits[0].length
    return { kind: 'string', number: true, parts: [{ text: digits[0], ...this.span(start) }], ...this.span(start) }
  }

  /** Whether a number stands here that is not only the beginning of a word, as in `7z x`. */
  protected startsNumber(): boolean {
    const digits = this.match(number)
    if (!digits) return false
    const next = this.code(this.at + digits[0].length)
    return endsWord(next) || isDash(next) || '!#%*+./<=>]'.includes(String.fromCharCode(next))
  }

  protected group(open: '(' | '$(' | '@('): Expression {
    const start = this.at
    this.at += open.length
    const body = this.guarded(() => this.withCommas(true, () => this.block(')')))
    if (!this.take(')')) this.problem(`This ${open} has no end`, start, start + open.length)
    return body ? { kind: 'group', open, body, ...this.span(start) } : { kind: 'unknown', ...this.span(start) }
  }

  protected scriptBlock(): Expression {
    const start = this.at
    const body = this.braces()
    return { kind: 'script', body, ...this.span(start) }
  }

  /** A block in braces. */
  protected braces(): Block {
    const start = this.at++
    const body = this.guarded(() => this.withCommas(true, () => this.block('}')))
    if (!this.take('}')) this.problem('This { has no end', start)
    return body ?? { statements: [], ...this.span(start) }
  }

  #hash(): Expression {
    const start = this.at
    this.at += 2
    const entries = this.guarded(() => this.withCommas(true, () => this.#entries()))
    if (!this.take('}')) this.problem('This @{ has no end', start, start + 2)
    return entries ? { kind: 'hash', entries, ...this.span(start) } : { kind: 'unknown', ...this.span(start) }
  }

  #entries(): HashEntry[] {
    const entries: HashEntry[] = []
    for (;;) {
      this.skipLines()
      if (this.take(';')) continue
      if (this.at >= this.source.length || this.is('}') || this.is(')')) return entries
      const before = this.at
      const key = this.#key()
      const at = this.span(before)
      this.skipBlanks()
      if (this.take('=')) {
        this.skipLines()
        entries.push({ key, at, value: this.statement() })
        this.skipBlanks()
        if (isNewline(this.code()) || this.is(';') || this.is('}')) continue
      }
      if (this.at >= this.source.length) return entries
      this.problem('This is not an entry of a hash table')
      this.skipStatement()
      if (this.at === before) this.at++
    }
  }

  #key(): string {
    const bare = this.startsString() ? null : this.match(bareKey)
    if (bare) {
      this.at += bare[0].length
      return bare[0].toLowerCase()
    }
    const key = this.#unary()
    const [part, ...rest] = key?.kind === 'string' ? key.parts : []
    return part && 'text' in part && rest.length === 0 ? part.text.toLowerCase() : ''
  }

  /** `target` with the members, indexes and calls that follow it without a blank. */
  protected postfix(target: Expression): Expression {
    const steps: Step[] = []
    for (;;) {
      const step = this.#step()
      if (!step) break
      steps.push(step)
    }
    return steps.length === 0 ? target : { kind: 'access', target, steps, start: target.start, end: this.base + this.at }
  }

  #step(): Step | undefined {
    const before = this.at
    if (this.is('?.') || this.is('?[')) this.at++
    if (this.is('[')) return this.#index()
    if (!this.take('::') && !this.take('.')) {
      this.at = before
      return undefined
    }
    if (isBlank(this.code()) || isNewline(this.code())) this.skipLines()
    const name = this.#member()
    if (name === undefined) {
      this.at = before
      return undefined
    }
    this.at += this.match(typeArguments)?.[0].length ?? 0
    return { name, index: false, arguments: this.#callArguments() }
  }

  /** What a method is called with: `(…)`, or only a script block. */
  #callArguments(): Expression[] | undefined {
    if (this.is('(')) return this.guarded(() => this.#arguments(false))
    return this.is('{') && !this.startsTemplate() ? [this.scriptBlock()] : undefined
  }

  #index(): Step {
    const start = this.at++
    this.skipLines()
    const index = this.guarded(() => this.withCommas(true, () => this.expression()))
    this.skipLines()
    if (!this.take(']')) this.problem('This [ has no end', start)
    return { name: '', index: true, arguments: index ? [index] : [] }
  }

  #member(): string | undefined {
    const name = this.match(memberName)
    if (name) {
      this.at += name[0].length
      return name[0].toLowerCase()
    }
    if (this.startsString()) {
      const [part] = this.string().parts
      return part && 'text' in part ? part.text.toLowerCase() : ''
    }
    const group = (['(', '$('] as const).find(open => this.is(open))
    if (group) {
      this.group(group)
      return ''
    }
    return this.is('$') && this.variable() ? '' : undefined
  }

  protected startsName(at: number): boolean {
    return isLetter(this.code(at)) || this.code(at) === 0x5f
  }
}

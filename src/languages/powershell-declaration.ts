import { CommandReader } from './powershell-invocation.ts'
import type { Block, Expression, ParameterDeclaration, Statement } from './powershell-syntax.ts'

const functionName = /[^\s({]+/y
const classHead = /[^{\r\n]*/y
const memberModifier = /(?:static|hidden)(?=[\s[$])/iy

/** Reads functions, parameter blocks, classes and enumerations. */
export abstract class DeclarationReader extends CommandReader {
  /** How many brackets of each kind are open around what is read. */
  protected readonly open = { braces: 0, parentheses: 0 }

  protected functionDeclaration(start: number): Statement | undefined {
    this.skipLines()
    const name = this.match(functionName)
    if (!name) return undefined
    this.at += name[0].length
    this.skipLines()
    const parameters = this.is('(') ? this.#parameterList() : []
    return { kind: 'function', name: name[0].toLowerCase(), parameters, body: this.body(), ...this.span(start) }
  }

  protected parameterBlock(start: number): Statement | undefined {
    this.skipLines()
    return this.is('(') ? { kind: 'parameters', parameters: this.#parameterList(), ...this.span(start) } : undefined
  }

  #parameterList(): ParameterDeclaration[] {
    const open = this.at++
    const parameters: ParameterDeclaration[] = []
    this.open.parentheses++
    for (;;) {
      this.skipLines()
      if (this.take(',')) continue
      if (this.at >= this.source.length || this.is(')') || this.is('}')) break
      const before = this.at
      const parameter = this.#parameter()
      if (parameter) parameters.push(parameter)
      this.skipLines()
      if (this.is(',') || this.is(')')) continue
      this.problem('This is not a parameter')
      this.skipStatement()
      if (this.at === before) this.at++
    }
    this.open.parentheses--
    if (!this.take(')')) this.problem('This ( has no end', open)
    return parameters
  }

  #parameter(): ParameterDeclaration | undefined {
    const attributes: Expression[] = []
    for (; this.is('['); this.skipLines()) attributes.push(this.type())
    const variable = this.is('$') ? this.variable() : undefined
    if (!variable) return undefined
    this.skipLines()
    if (!this.take('=')) return { name: variable.name, attributes, value: undefined }
    this.skipLines()
    return { name: variable.name, attributes, value: this.withCommas(false, () => this.expression()) }
  }

  protected classDeclaration(start: number): Statement | undefined {
    const head = this.match(classHead)![0]
    this.at += head.length
    this.skipLines()
    if (!/^\s+\w/.test(head) || !this.is('{')) return undefined
    const open = this.at++
    const statements: Statement[] = []
    this.open.braces++
    for (;;) {
      this.skipLines()
      if (this.take(';')) continue
      if (this.at >= this.source.length || this.is('}')) break
      const before = this.at
      const member = this.#classMember()
      if (member) statements.push(member)
      else this.skipStatement()
      if (this.at === before) this.at++
    }
    this.open.braces--
    if (!this.take('}')) this.problem('This { has no end', open)
    return { kind: 'block', word: 'class', body: { statements, ...this.span(open) }, ...this.span(start) }
  }

  /** A method, as a function; a property with a value, as an assignment. */
  #classMember(): Statement | undefined {
    for (;;) {
      this.skipLines()
      const modifier = this.match(memberModifier)
      if (modifier) this.at += modifier[0].length
      else if (this.is('[')) this.type()
      else break
    }
    if (this.is('$')) return this.statement()
    const start = this.at
    const name = this.match(functionName)
    if (!name || this.source[start + name[0].length] !== '(') return undefined
    this.at += name[0].length
    const parameters = this.#parameterList()
    this.skipLines()
    if (this.is(':')) this.at += this.match(classHead)![0].length
    return { kind: 'function', name: name[0].toLowerCase(), parameters, body: this.body(), ...this.span(start) }
  }

  protected enumDeclaration(start: number): Statement | undefined {
    const head = this.match(classHead)![0]
    this.at += head.length
    this.skipLines()
    if (!/^\s+\w/.test(head) || !this.is('{')) return undefined
    this.skipStatement()
    return { kind: 'block', word: 'enum', body: { statements: [], ...this.span(start) }, ...this.span(start) }
  }

  /** A block in braces, which must come next. */
  protected body(): Block {
    this.skipLines()
    if (this.is('{')) return this.braces()
    this.problem('A block in braces is missing here')
    return { statements: [], ...this.span(this.at) }
  }
}

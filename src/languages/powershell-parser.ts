import type { Text } from '../text.ts'
import { endsWord, isNewline, isQuote } from './powershell-character.ts'
import { DeclarationReader } from './powershell-declaration.ts'
import type { Notes } from './powershell-token.ts'
import type { Block, Clause, Expression, Statement } from './powershell-syntax.ts'

/** The statements of a PowerShell script. */
export function parsePowerShell(script: Text, notes: Notes): Block {
  return new StatementReader(script.value, 0, notes, 0, 0).script()
}

const keyword = /[a-z]+/iy
/** Words that cannot be the name of a command. */
const reserved = new Set(['if', 'foreach', 'for', 'while', 'switch', 'do', 'try', 'function'])
const label = /:[a-z_]\w*(?=[ \t\r\n])/iy
const switchOption = /[-\u2013-\u2015](?:regex|wildcard|exact|casesensitive|parallel|file)\b/iy
const dataSection = /data(?:\s+\w+)?\s*(?=\{)/iy
const loopVariableEnd = /\s*in(?=[\s$@("'])/iy

class StatementReader extends DeclarationReader {
  constructor(source: string, base: number, notes: Notes, strings: number, depth: number) {
    super(source, base, notes, strings)
    this.depth = depth
  }

  script(): Block {
    return this.block('')
  }

  protected nested(source: string, base: number, strings: number): Block {
    return new StatementReader(source, base, this.notes, strings, this.depth).script()
  }

  protected block(closer: ')' | '}' | ''): Block {
    const start = this.at
    const statements: Statement[] = []
    if (closer === '}') this.open.braces++
    if (closer === ')') this.open.parentheses++
    for (;;) {
      this.skipLines()
      if (this.take(';')) continue
      if (this.at >= this.source.length || this.#closes(closer)) break
      const before = this.at
      const statement = this.statement()
      if (statement) statements.push(statement)
      if (!statement || !endsItself(statement)) this.#endStatement()
      if (this.at === before) {
        this.problem(`Unexpected ${this.source[this.at]!}`)
        this.at++
      }
    }
    if (closer === '}') this.open.braces--
    if (closer === ')') this.open.parentheses--
    return { statements, ...this.span(start) }
  }

  /** Whether a bracket stands here that closes this block, or one around it. */
  #closes(closer: string): boolean {
    const character = this.source[this.at]!
    return character === closer || (character === '}' && this.open.braces > 0) || (character === ')' && this.open.parentheses > 0 && closer !== '}')
  }

  #endStatement(): void {
    this.skipBlanks()
    if (this.take('&')) this.skipBlanks()
    const code = this.code()
    if (Number.isNaN(code) || isNewline(code) || ';)}'.includes(this.source[this.at]!)) return
    this.problem(`Unexpected ${this.source[this.at]!}`)
    this.skipStatement()
  }

  protected skipStatement(): void {
    for (let open = 0; this.at < this.source.length; ) {
      this.skipBlanks()
      const character = this.source[this.at]
      if (character === undefined) return
      if (open === 0 && (isNewline(this.code()) || ';)}'.includes(character))) return
      if ('({'.includes(character)) open++
      if (')}'.includes(character)) open--
      if (isQuote(this.code())) this.string()
      else this.at++
      // A # is a comment only where a word may begin.
      if (!endsWord(character.charCodeAt(0))) while (!endsWord(this.code()) && !isQuote(this.code())) this.at++
    }
  }

  protected statement(): Statement | undefined {
    return this.guarded(() => {
      this.skipBlanks()
      const start = this.at
      const labelled = this.match(label)
      if (labelled) {
        this.at += labelled[0].length
        this.skipLines()
      }
      return this.keywordStatement() ?? this.pipelines(start)
    })
  }

  protected keywordStatement(): Statement | undefined {
    const start = this.at
    const word = this.match(keyword)?.[0].toLowerCase()
    if (!word || !endsWord(this.code(start + word.length))) return undefined
    this.at += word.length
    const statement = this.#afterKeyword(word, start)
    if (statement) return statement
    this.at = start
    if (reserved.has(word)) this.problem(`This ${word} is not complete`, start, start + word.length)
    return undefined
  }

  #afterKeyword(word: string, start: number): Statement | undefined {
    switch (word) {
      case 'if': return this.#if(start)
      case 'switch': return this.#switch(start)
      case 'foreach': return this.#foreach(start)
      case 'for':
      case 'while': return this.#loop(start)
      case 'do': return this.#do(start)
      case 'try': return this.#try(start)
      case 'function':
      case 'filter':
      case 'workflow': return this.functionDeclaration(start)
      case 'class': return this.classDeclaration(start)
      case 'enum': return this.enumDeclaration(start)
      case 'param': return this.parameterBlock(start)
      case 'begin':
      case 'process':
      case 'end':
      case 'clean':
      case 'dynamicparam': return this.#wordBlock(word, start)
      case 'trap': return this.#trap(start)
      case 'data': return this.#data(start)
      case 'using': return this.#using(start)
      case 'return':
      case 'throw':
      case 'exit':
      case 'break':
      case 'continue': return this.#jump(word, start)
      default: return undefined
    }
  }

  #if(start: number): Statement | undefined {
    const clauses: Clause[] = []
    do {
      this.skipLines()
      if (!this.is('(')) {
        if (clauses.length === 0) return undefined
        this.problem('A condition in parentheses is missing here')
        break
      }
      const condition = this.#condition()
      clauses.push({ condition, body: this.body() })
    } while (this.#follows('elseif'))
    if (this.#follows('else')) clauses.push({ condition: undefined, body: this.body() })
    return { kind: 'if', clauses, ...this.span(start) }
  }

  /** Whether `word` continues the statement here, perhaps some lines below; if so, it is taken. */
  #follows(word: string): boolean {
    const before = this.at
    this.skipLines()
    const found = this.match(keyword)?.[0].toLowerCase() === word && endsWord(this.code(this.at + word.length))
    this.at = found ? this.at + word.length : before
    return found
  }

  /** A condition in parentheses, as one statement. */
  #condition(): Statement {
    const condition = this.group('(')
    const { start, end } = condition
    const body = condition.kind === 'group' ? condition.body : { statements: [], start, end }
    return body.statements.length === 1 ? body.statements[0]! : { kind: 'block', word: '', body, start, end }
  }

  #switch(start: number): Statement | undefined {
    let exact = true
    let subject: Statement | undefined
    this.skipBlanks()
    for (let option = this.match(switchOption); option; option = this.match(switchOption)) {
      this.at += option[0].length
      this.skipBlanks()
      if (/regex|wildcard|file/i.test(option[0])) exact = false
      if (/file/i.test(option[0])) {
        this.argument()
        this.skipBlanks()
      }
    }
    if (this.is('(')) subject = this.#condition()
    this.skipLines()
    if (!this.is('{')) return undefined
    const open = this.at++
    const cases = this.guarded(() => this.withCommas(true, () => this.#cases())) ?? []
    if (!this.take('}')) this.problem('This { has no end', open)
    return { kind: 'switch', subject, exact, cases, ...this.span(start) }
  }

  #cases(): { test: Expression | undefined, body: Block }[] {
    const cases: { test: Expression | undefined, body: Block }[] = []
    for (;;) {
      this.skipLines()
      if (this.take(';')) continue
      if (this.at >= this.source.length || this.is('}') || this.is(')')) return cases
      const before = this.at
      const isDefault = /^default(?=[\s{])/i.test(this.source.slice(before, before + 8))
      const test = this.argument()
      this.skipLines()
      if (this.is('{')) cases.push({ test: isDefault ? undefined : test, body: this.braces() })
      else {
        this.problem('A block in braces is missing here')
        this.skipStatement()
      }
      if (this.at === before) this.at++
    }
  }

  #foreach(start: number): Statement | undefined {
    this.skipBlanks()
    for (let option = this.match(switchOption); option; option = this.match(switchOption)) {
      this.at += option[0].length
      this.skipBlanks()
    }
    this.skipLines()
    if (!this.is('(')) return undefined
    const open = this.at++
    this.skipLines()
    const variable = this.primary()
    const word = this.match(loopVariableEnd)
    if (word) this.at += word[0].length
    else this.problem('The word in is missing here')
    this.open.parentheses++
    this.skipLines()
    const collection = this.statement()
    this.open.parentheses--
    this.skipLines()
    if (!this.take(')')) this.problem('This ( has no end', open)
    return { kind: 'loop', variable, heads: collection ? [collection] : [], body: this.body(), runs: 'maybe', ...this.span(start) }
  }

  #loop(start: number): Statement | undefined {
    this.skipLines()
    if (!this.is('(')) return undefined
    const heads = this.group('(')
    return { kind: 'loop', variable: undefined, heads: heads.kind === 'group' ? heads.body.statements : [], body: this.body(), runs: 'maybe', ...this.span(start) }
  }

  #do(start: number): Statement | undefined {
    this.skipLines()
    if (!this.is('{')) return undefined
    const body = this.braces()
    const heads: Statement[] = []
    if (this.#follows('while') || this.#follows('until')) {
      this.skipLines()
      const condition = this.is('(') ? this.#condition() : undefined
      if (condition) heads.push(condition)
    } else this.problem('This do has no while or until', start, start + 2)
    return { kind: 'loop', variable: undefined, heads, body, runs: 'once', ...this.span(start) }
  }

  #try(start: number): Statement | undefined {
    this.skipLines()
    if (!this.is('{')) return undefined
    const body = this.braces()
    const catches: Block[] = []
    while (this.#follows('catch')) {
      for (this.skipLines(); this.is('['); this.skipLines()) {
        this.type()
        this.skipLines()
        this.take(',')
      }
      catches.push(this.body())
    }
    const last = this.#follows('finally') ? this.body() : undefined
    if (catches.length === 0 && !last) this.problem('This try has no catch or finally', start, start + 3)
    return { kind: 'try', body, catches, last, ...this.span(start) }
  }

  #wordBlock(word: string, start: number): Statement | undefined {
    this.skipLines()
    return this.is('{') && !this.startsTemplate() ? { kind: 'block', word, body: this.braces(), ...this.span(start) } : undefined
  }

  #trap(start: number): Statement | undefined {
    this.skipLines()
    if (this.is('[')) this.type()
    return this.#wordBlock('trap', start)
  }

  #data(start: number): Statement | undefined {
    this.at = start
    const head = this.match(dataSection)
    if (!head) return undefined
    this.at += head[0].length
    return { kind: 'block', word: 'data', body: this.braces(), ...this.span(start) }
  }

  #using(start: number): Statement {
    this.skipStatement()
    return { kind: 'block', word: 'using', body: { statements: [], ...this.span(start) }, ...this.span(start) }
  }

  #jump(word: string, start: number): Statement {
    this.skipBlanks()
    const empty = this.endsCommand() && !(this.is('&') && !this.is('&&'))
    const value = empty ? undefined : this.pipelines(this.at)
    return { kind: 'jump', word, value, ...this.span(start) }
  }
}

/** Whether a statement needs no newline or semicolon after it. */
function endsItself(statement: Statement): boolean {
  if (statement.kind === 'assignment') return statement.value !== undefined && endsItself(statement.value)
  // What is taken for a type may be an attribute: `[CmdletBinding()] param()`.
  if (statement.kind === 'pipeline') return statement.elements.length === 1 && statement.elements[0]!.kind === 'type'
  return !['chain', 'jump'].includes(statement.kind)
}

import type { Command, Guard, NestedScript, Output, Script, SyntaxProblem } from '../command.ts'
import type { Text } from '../text.ts'
import { changesOf, forEachChild, namedVariables, statementChanges, targetNames } from './powershell-assignment.ts'
import type { Changes } from './powershell-assignment.ts'
import { Evaluator, longestPipeline, Scope } from './powershell-constant.ts'
import type { Variables } from './powershell-constant.ts'
import { caseProof, conditionProof } from './powershell-guard.ts'
import { OutputReader } from './powershell-output.ts'
import { parsePowerShell } from './powershell-parser.ts'
import { mergedValue, valueToText } from './powershell-value.ts'
import type { Value } from './powershell-value.ts'
import { WordReader } from './powershell-word.ts'
import { WrapperReader } from './powershell-wrapper.ts'
import type { Block, Expression, Invocation, Statement } from './powershell-syntax.ts'

/** Every command of a PowerShell script, with its words as the program receives them. */
export function readPowerShell(text: Text): Script {
  const comments = new Map<number, Text>()
  const problems: SyntaxProblem[] = []
  const tree = parsePowerShell(text, { script: text, comments, problems })
  const { commands, nested } = new ScriptWalker(text, tree).read(tree)
  return { commands, nested, problems, comments: [...comments.values()] }
}

interface Outcome {
  readonly scope: Scope
  readonly guards: readonly Guard[]
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

/** Follows a script from top to bottom: what is known of variables, and under which conditions commands run. */
class ScriptWalker {
  readonly #script: Text
  readonly #evaluator: Evaluator
  readonly #words: WordReader
  readonly #wrappers: WrapperReader
  readonly #outputs: OutputReader
  readonly #globals: Globals
  readonly #commands: Command[] = []
  readonly #nested: NestedScript[] = []
  readonly #functions: (() => void)[] = []
  #scope: Scope
  #guards: readonly Guard[] = []

  constructor(script: Text, tree: Block) {
    this.#script = script
    this.#evaluator = new Evaluator(script.value)
    const { names, changed } = declared(tree)
    this.#globals = new Globals(changed)
    this.#scope = new Scope()
    this.#words = new WordReader(script, this.#evaluator)
    this.#wrappers = new WrapperReader(script, this.#evaluator, names)
    this.#outputs = new OutputReader(script, this.#evaluator)
  }

  read(tree: Block): { commands: Command[], nested: NestedScript[] } {
    this.#block(tree)
    this.#globals.settled = true
    // Functions run when they are called, wherever that is: once all is assigned.
    for (const read of this.#functions) read()
    this.#commands.sort((a, b) => a.range[0] - b.range[0])
    return { commands: this.#commands, nested: this.#nested }
  }

  /** Whether the block is left before its end. */
  #block(block: Block): boolean {
    const before = this.#guards
    const leaves = block.statements.some(statement => this.#statement(statement))
    this.#guards = before
    return leaves
  }

  #in<T>(scope: Scope, guards: readonly Guard[], read: () => T): T {
    const before = [this.#scope, this.#guards] as const
    this.#scope = scope
    this.#guards = withGuards(this.#guards, guards)
    const result = read()
    this.#scope = before[0]
    this.#guards = before[1]
    return result
  }

  /** Reads a statement; whether nothing after it runs. */
  #statement(statement: Statement): boolean {
    switch (statement.kind) {
      case 'pipeline': return this.#pipeline(statement)
      case 'chain': return this.#chain(statement)
      case 'assignment': return this.#assignment(statement)
      case 'if': return this.#if(statement)
      case 'loop': return this.#loop(statement)
      case 'switch': return this.#switch(statement)
      case 'try': return this.#try(statement)
      case 'function': return this.#function(statement.body, statement.parameters)
      case 'parameters': return this.#parameters(statement)
      case 'block': return this.#block(statement.body)
      case 'jump': {
        if (statement.value) this.#statement(statement.value)
        return true
      }
    }
  }

  #chain({ pipelines }: Of<'chain'>): boolean {
    pipelines.forEach((pipeline, index) => {
      const scope = index > 0 ? new Scope(this.#scope) : this.#scope
      this.#in(scope, [], () => this.#statement(pipeline))
      if (index > 0) this.#scope.disturb(statementChanges(pipeline))
    })
    return false
  }

  #assignment({ target, operator, value }: Of<'assignment'>): boolean {
    if (value) this.#statement(value)
    this.#expression(target)
    const result = this.#evaluator.statementValue(value, this.#scope)
    if (target.kind !== 'variable' && target.kind !== 'cast') {
      for (const name of targetNames(target)) this.#set(name, undefined)
    } else if (target.kind === 'cast' && (target.operand.kind !== 'variable' || !result || operator !== '=')) {
      for (const name of targetNames(target)) this.#set(name, undefined)
    } else {
      const [name] = targetNames(target)
      const before = operator === '+=' ? this.#scope.get(name!) : undefined
      const after = operator === '=' ? result : before && this.#evaluator.sum(before, result ?? this.#unknownAddition(before, value))
      this.#set(name!, target.kind === 'cast' ? this.#evaluator.converted(target.type, after) : after)
    }
    return false
  }

  #unknownAddition(before: Value, value: Statement | undefined): Value | undefined {
    return before.kind === 'array' && value ? this.#evaluator.unknown(value) : undefined
  }

  #set(name: string, value: Value | undefined): void {
    const certain = this.#globals.changed.has(`script:${name}`) ? undefined : value
    this.#scope.set(name, certain)
    this.#globals.set(name, certain)
  }

  #if({ clauses }: Of<'if'>): boolean {
    const outcomes: Outcome[] = []
    let otherwise: readonly Guard[] = []
    for (const { condition, body } of clauses) {
      if (condition) this.#in(this.#scope, otherwise, () => this.#statement(condition))
      const proof = conditionProof(condition, this.#script)
      const outcome = { scope: new Scope(this.#scope), guards: withGuards(otherwise, proof.whenTrue) }
      if (!this.#in(outcome.scope, outcome.guards, () => this.#block(body))) outcomes.push(outcome)
      otherwise = withGuards(otherwise, proof.whenFalse)
    }
    if (clauses.at(-1)?.condition) outcomes.push({ scope: new Scope(this.#scope), guards: otherwise })
    return this.#meet(outcomes)
  }

  /** Goes on with what is certain after one of several outcomes. */
  #meet(outcomes: readonly Outcome[]): boolean {
    const [first, ...others] = outcomes
    if (!first) return true
    this.#scope.merge(outcomes.map(({ scope }) => scope))
    const common = first.guards.filter(guard => others.every(({ guards }) => guards.some(other => sameGuard(guard, other))))
    this.#guards = withGuards(this.#guards, common)
    return false
  }

  #loop(statement: Of<'loop'>): boolean {
    this.#repeated(statementChanges(statement), () => {
      statement.heads.forEach(head => this.#statement(head))
      this.#block(statement.body)
    })
    return false
  }

  /** Reads what may run any number of times. */
  #repeated(changes: Changes, read: () => void): void {
    this.#scope.disturb(changes)
    this.#in(new Scope(this.#scope), [], read)
  }

  #switch({ subject, exact, cases }: Of<'switch'>): boolean {
    if (subject) this.#statement(subject)
    for (const { body } of cases) this.#scope.disturb(changesOf(body))
    for (const { test, body } of cases) {
      if (test) this.#expression(test)
      const guards = exact && test ? caseProof(subject, test, this.#script).whenTrue : []
      this.#in(new Scope(this.#scope), guards, () => this.#block(body))
    }
    return false
  }

  #try({ body, catches, last }: Of<'try'>): boolean {
    const anywhere = new Scope(this.#scope)
    anywhere.disturb(changesOf(body))
    const outcomes: Outcome[] = []
    const read = (block: Block, scope: Scope): void => {
      if (!this.#in(scope, [], () => this.#block(block))) outcomes.push({ scope, guards: [] })
    }
    read(body, new Scope(this.#scope))
    for (const block of catches) read(block, new Scope(anywhere))
    if (last) {
      this.#in(new Scope(anywhere), [], () => this.#block(last))
      outcomes.forEach(({ scope }) => scope.disturb(changesOf(last)))
    }
    return this.#meet(outcomes)
  }

  #function(body: Block, parameters: Of<'parameters'>['parameters']): boolean {
    const guards = this.#guards
    this.#functions.push(() => {
      this.#guards = guards
      this.#scope = new Scope(this.#globals)
      this.#parameters({ parameters })
      this.#block(body)
    })
    return false
  }

  #parameters({ parameters }: Pick<Of<'parameters'>, 'parameters'>): boolean {
    for (const { name, attributes, value } of parameters) {
      for (const expression of value ? [...attributes, value] : attributes) this.#expression(expression)
      this.#set(name, undefined)
    }
    return false
  }

  #pipeline({ elements, redirections }: Of<'pipeline'>): boolean {
    elements.forEach((element, index) => {
      const before = elements[index - 1]
      if (element.kind === 'invocation') this.#invocation(element, before && before.kind !== 'invocation' ? before : undefined, elements.slice(0, Math.min(index, longestPipeline)))
      else this.#expression(element)
    })
    const [first] = elements
    for (const target of redirections) {
      this.#expression(target)
      if (first && first.kind !== 'invocation') {
        this.#wrap(this.#wrappers.redirected(first, target, this.#scope), first)
        this.#write(this.#outputs.redirected([first], target, this.#scope), first)
      }
    }
    return false
  }

  /** Reads the commands inside an expression. */
  #expression(expression: Expression): void {
    if (expression.kind === 'group') this.#block(expression.body)
    else if (expression.kind === 'script') this.#function(expression.body, [])
    else if (expression.kind === 'hash') expression.entries.forEach(({ value }) => value && this.#statement(value))
    else {
      // What an expression of any other kind consists of are expressions.
      forEachChild(expression, child => this.#expression(child as Expression))
      this.#sideEffect(expression)
    }
  }

  /** `$x++`, `[ref]$x`, `$list.Add('x')`. */
  #sideEffect(expression: Expression): void {
    if (expression.kind === 'access') this.#write(this.#outputs.called(expression, this.#scope), expression)
    const changes = expression.kind === 'unary' ? /^(?:\+\+|--)$/.test(expression.operator)
      : expression.kind === 'cast' ? expression.type === 'ref'
      : expression.kind === 'access' && expression.steps.some(step => step.arguments && !step.index) && this.#isCollection(expression.target)
    if (!changes) return
    const target = expression.kind === 'access' ? expression.target : (expression as Extract<Expression, { kind: 'unary' }>).operand
    for (const name of targetNames(target)) this.#set(name, undefined)
  }

  #isCollection(target: Expression): boolean {
    return target.kind === 'variable' && /array|table/.test(this.#scope.get(target.name)?.kind ?? '')
  }

  /** A file that an expression alone writes. */
  #write(output: Output | undefined, { start, end }: Expression): void {
    if (output) this.#commands.push({ words: [], range: this.#script.range(start, end), guards: this.#guards, output })
  }

  #invocation(invocation: Invocation, piped: Expression | undefined, before: Of<'pipeline'>['elements']): void {
    const [name] = invocation.elements
    for (const element of invocation.elements) this.#argument(element)
    invocation.redirections.forEach(target => this.#expression(target))
    for (const variable of namedVariables(invocation)) this.#set(variable, undefined)
    if (name?.kind === 'script') return
    const words = this.#words.words(invocation, this.#scope)
    const program = words[0]
    if (!program) return
    const output = program.known ? this.#outputs.invoked(invocation, program.text.value, before, this.#scope) : undefined
    this.#commands.push({ words, range: this.#script.range(invocation.start, invocation.end), guards: this.#guards, output })
    if (program.known) this.#wrap(this.#wrappers.wrapped(invocation, program.text.value, piped, this.#scope), invocation)
  }

  /** A script block that is an argument runs there and then, though maybe more than once. */
  #argument(element: Invocation['elements'][number]): void {
    if (element.kind === 'verbatim') return
    if (element.kind === 'parameter') {
      if (element.argument) this.#argument(element.argument)
    } else if (element.kind === 'script') this.#repeated(changesOf(element.body), () => this.#block(element.body))
    else this.#expression(element)
  }

  #wrap(found: ReturnType<WrapperReader['wrapped']>, at: { readonly start: number, readonly end: number }): void {
    for (const one of found) {
      if ('words' in one) this.#commands.push({ words: one.words, range: this.#script.range(at.start, at.end), guards: this.#guards })
      else {
        const holes = one.value.parts.filter(part => !part.known).map(part => this.#script.range(part.start, part.end))
        this.#nested.push({ shell: one.shell, text: valueToText(this.#script, one.value), holes, guards: this.#guards })
      }
    }
  }
}

/** What functions see of the script's variables: values that never change. */
class Globals implements Variables {
  /** Names that functions change; `script:x` if they change the script's own. */
  readonly changed: ReadonlySet<string>
  readonly #values = new Map<string, Value | undefined>()
  /** Set when all of the script but its functions has been read: what functions assign is their own. */
  settled = false

  constructor(changed: ReadonlySet<string>) {
    this.changed = changed
  }

  get(name: string): Value | undefined {
    return this.changed.has(name) ? undefined : this.#values.get(name)
  }

  set(name: string, value: Value | undefined): void {
    if (this.settled) return
    const same = this.#values.has(name) ? mergedValue(this.#values.get(name), value) : value
    this.#values.set(name, same)
  }
}

/** The functions of a script, and the variables that they change. */
function declared(tree: Block): { names: Set<string>, changed: Set<string> } {
  const names = new Set<string>()
  const changed = new Set<string>()
  const visit = (node: Parameters<typeof forEachChild>[0], inside: boolean): void => {
    const isFunction = 'kind' in node && (node.kind === 'function' || node.kind === 'script')
    if ('kind' in node && node.kind === 'function') names.add(node.name.replace(/^(?:script|global|local|private):/, ''))
    if (isFunction) for (const name of changesOf(node.body).keys()) changed.add(name)
    if ('kind' in node && node.kind === 'function') for (const { name } of node.parameters) changed.add(name)
    if (inside && 'kind' in node && node.kind === 'assignment' && node.target.kind === 'variable' && node.target.outer) changed.add(`script:${node.target.name}`)
    const within = inside || ('kind' in node && node.kind === 'function')
    forEachChild(node, child => visit(child, within))
  }
  visit(tree, false)
  return { names, changed }
}

/** `guards` and `more`, each proof once. */
function withGuards(guards: readonly Guard[], more: readonly Guard[]): readonly Guard[] {
  const added = more.filter((guard, index) => ![...guards, ...more.slice(0, index)].some(other => sameGuard(guard, other)))
  return added.length === 0 ? guards : [...guards, ...added]
}

function sameGuard(a: Guard, b: Guard): boolean {
  return a.os === b.os && a.holds === b.holds
}

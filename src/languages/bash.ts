import { forEachChild, type Case, type Command as CommandNode, type Function as FunctionNode, type If, type ParsedScript, type Redirection, type Statement, type SyntaxNode, type Word as BashWord } from 'unbash'
import type { Command, NestedScript, Script, Word } from '../command.ts'
import type { Piece, Text } from '../text.ts'
import { comments } from './bash-comment.ts'
import { Constants } from './bash-constant.ts'
import { anywhere, Conditions, narrowed, negated, type Outcome, type Place } from './bash-guard.ts'
import { WrappedCommands } from './bash-function.ts'
import { outputOf, printedBy } from './bash-output.ts'
import { Scopes } from './bash-scope.ts'
import { deepest, Scripts, Source, withoutCarriageReturns, type Substitution } from './bash-source.ts'
import { commandLine } from './command-line.ts'
import { shellOnInput } from './wrapper.ts'

/** Reads a script for bash or another Bourne shell. */
export function readBash(text: Text): Script {
  const source = new Source(withoutCarriageReturns(text))
  const scripts = new Scripts(source.code.length)
  const statements = [...scripts.statements(source)].flat()
  const reader = new Reader(source, scripts, statements)
  reader.list(statements, anywhere)
  return {
    commands: reader.commands,
    nested: reader.nested,
    problems: scripts.problems,
    comments: comments(source, scripts, statements)
  }
}

const nowhere: Outcome = { yes: 0, no: 0 }

/** Walks a script in the order it runs, and collects its commands with what holds where they stand. */
class Reader {
  readonly commands: Command[] = []
  readonly nested: NestedScript[] = []
  readonly #source: Source
  readonly #scripts: Scripts
  readonly #scopes: Scopes
  readonly #constants: Constants
  readonly #conditions: Conditions
  /** How functions end, wherever they are called. */
  readonly #outcomes = new Map<FunctionNode, Outcome>()
  readonly #wrapped = new WrappedCommands(word => this.#constants.words.read(word))
  /** Where the function being read is left by `return`. */
  #returned: Outcome = nowhere
  /** How many readings are under way of which only the outcome counts. */
  #silent = 0
  #depth = 0
  /** What is piped into the command that is read next. */
  #before: SyntaxNode | undefined
  /** Whether the script may write the configuration of the engine. */
  readonly #mayConfigure: boolean

  constructor(source: Source, scripts: Scripts, statements: readonly Statement[], outer?: Scopes) {
    this.#source = source
    this.#mayConfigure = /daemon\.json/i.test(source.code)
    this.#scripts = scripts
    this.#scopes = new Scopes(source, scripts, statements)
    this.#constants = new Constants(source, this.#scopes, outer)
    this.#conditions = new Conditions(source, scripts, this.#constants)
  }

  /** Reads commands one after the other: each runs where the ones before it go on. */
  list(statements: readonly Statement[], start: Place): Outcome {
    let place = start
    let outcome: Outcome = { yes: place.systems, no: 0 }
    for (const statement of statements) {
      outcome = this.#read(statement, place)
      place = narrowed(place, outcome.yes | outcome.no, outcome.says)
    }
    return outcome
  }

  #read(node: SyntaxNode, place: Place): Outcome {
    if (this.#depth >= deepest) {
      if (!this.#silent) this.#scripts.problem(this.#source, 'this is nested too deeply to be read', node.pos, node.end)
      return everyOutcome(place)
    }
    this.#depth++
    const outcome = this.#node(node, place)
    this.#depth--
    return { yes: outcome.yes & place.systems, no: outcome.no & place.systems, says: outcome.says }
  }

  #node(node: SyntaxNode, place: Place): Outcome {
    switch (node.type) {
      case 'Statement': {
        const outcome = this.#read(node.command, place)
        return node.background ? everyOutcome(place) : outcome
      }
      case 'CompoundList':
        return this.list(node.commands, place)
      case 'BraceGroup':
        return this.#read(node.body, place)
      case 'AndOr': {
        let outcome = this.#read(node.commands[0]!, place)
        node.commands.slice(1).forEach((command, index) => {
          outcome = this.#chained(outcome, node.operators[index] === '&&', command, place)
        })
        return outcome
      }
      case 'Pipeline': {
        const outcomes = node.commands.map((command, index) => {
          this.#before = node.commands[index - 1]
          return this.#read(command, place)
        })
        this.#before = undefined
        const says = this.#source.text.range(node.commands[0]?.pos ?? node.pos, node.end)
        const outcome = outcomes.length === 1 ? outcomes[0]! : { ...this.#conditions.pipeline(node.commands), says }
        return node.prefixes.filter(prefix => prefix.type === 'Negation').length % 2 === 1 ? negated(outcome) : outcome
      }
      case 'Redirected': {
        for (const redirect of node.redirects) this.#inside(redirect, place)
        return this.#read(node.command, place)
      }
      case 'If':
        return this.#if(node, place)
      case 'Case':
        return this.#case(node, place)
      case 'While': {
        const clause = this.#read(node.clause, place)
        this.#read(node.body, narrowed(place, node.kind === 'while' ? clause.yes : clause.no, clause.says))
        return everyOutcome(place)
      }
      case 'Function':
        return this.#function(node, place)
      case 'TestCommand':
        this.#inside(node, place)
        return node.expression ? { ...this.#conditions.test(node.expression), says: this.#source.text.range(node.pos, node.end) } : everyOutcome(place)
      case 'Command':
        return this.#command(node, place)
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        this.#substitution(node, place)
        return everyOutcome(place)
      default:
        this.#inside(node, place)
        return everyOutcome(place)
    }
  }

  /** `… && command`, `… || command` */
  #chained(before: Outcome, and: boolean, command: SyntaxNode, place: Place): Outcome {
    const outcome = this.#read(command, narrowed(place, and ? before.yes : before.no, before.says))
    const says = before.says ?? outcome.says
    return and ? { yes: outcome.yes, no: before.no | outcome.no, says } : { yes: before.yes | outcome.yes, no: outcome.no, says }
  }

  #if(node: If, place: Place): Outcome {
    const [first, ...others] = [node, ...node.elif].map(({ clause, then }) => ({ clause, then }))
    let outcome = nowhere
    let rest = place
    let says: Outcome['says']
    for (const { clause, then } of [first!, ...others]) {
      const condition = this.#read(clause, rest)
      says ??= condition.says
      outcome = either(outcome, this.#read(then, narrowed(rest, condition.yes, condition.says)))
      rest = narrowed(rest, condition.no, condition.says)
    }
    outcome = either(outcome, node.else ? this.#read(node.else, rest) : { yes: rest.systems, no: 0 })
    return { ...outcome, says }
  }

  #case(node: Case, place: Place): Outcome {
    this.#inside(node.word, place)
    const says = this.#source.text.range(node.word.pos, node.word.end)
    const subject = this.#conditions.subject(node.word)
    let outcome = nowhere
    let rest = place
    let falls = 0
    for (const { pattern, body, terminator } of node.items) {
      const matching = this.#conditions.matches(subject, pattern)
      const here = this.#source.text.range(pattern[0]?.pos ?? body.pos, pattern.at(-1)?.end ?? body.pos)
      const start = falls ? narrowed(place, (rest.systems & matching.yes) | falls, says) : narrowed(rest, matching.yes, here)
      const end = this.#read(body, start)
      falls = terminator === ';&' ? end.yes | end.no : 0
      if (!falls) outcome = either(outcome, end)
      if (terminator !== ';;&') rest = narrowed(rest, matching.no, says)
    }
    return { ...either(outcome, { yes: rest.systems | falls, no: 0 }), says }
  }

  /** The body is read where it stands, and again for how it ends. */
  #function(node: FunctionNode, place: Place): Outcome {
    const outer = this.#returned
    this.#read(node.body, place)
    this.#returned = outer
    return everyOutcome(place)
  }

  /** How a function ends: `die` never does, `is_windows` succeeds on Windows. */
  #outcome(node: FunctionNode): Outcome {
    const known = this.#outcomes.get(node)
    if (known) return known
    this.#outcomes.set(node, everyOutcome(anywhere))
    const outer = this.#returned
    this.#returned = nowhere
    this.#silent++
    const end = this.#read(node.body, anywhere)
    this.#silent--
    const outcome = either(end, this.#returned)
    this.#returned = outer
    this.#outcomes.set(node, outcome)
    return outcome
  }

  #command(node: CommandNode, place: Place): Outcome {
    const before = this.#before
    this.#before = undefined
    this.#inside(node, place)
    if (!node.name) {
      this.#assign(node.prefix, place)
      return { yes: place.systems, no: 0 }
    }
    this.#assign(node.suffix, place)
    const words = this.#words(node)
    const range = this.#source.text.range(node.pos, node.end)
    // After `exit` nothing runs.
    if (words.length > 0 && place.systems !== 0) this.#add(this.#withOutput({ words, range, guards: place.guards }, node, before), node)
    const name = words[0]?.known ? words[0].text.value : undefined
    const called = name === undefined ? undefined : this.#scopes.functions.get(name)
    if (called) return { ...this.#outcome(called), says: range }
    return this.#builtin(node, name, words, place)
  }

  #assign(parts: readonly SyntaxNode[], place: Place): void {
    if (!this.#silent) for (const part of parts) if (part.type === 'Assignment') this.#conditions.assigned(part, place.systems)
  }

  /** How commands end that tell systems apart or never go on. */
  #builtin(node: CommandNode, name: string | undefined, words: readonly Word[], place: Place): Outcome {
    const says = this.#source.text.range(node.pos, node.end)
    const operands = node.suffix.filter(part => part.type === 'Word')
    switch (name) {
      case '[':
        return operands.at(-1)?.value === ']' ? { ...this.#conditions.command(operands.slice(0, -1), node.pos), says } : everyOutcome(place)
      case 'test':
        return { ...this.#conditions.command(operands, node.pos), says }
      case 'exit':
      case 'break':
      case 'continue':
        return nowhere
      case 'exec':
        return words.length > 1 ? nowhere : everyOutcome(place)
      case 'return': {
        const status = words[1]?.known ? words[1].text.value : undefined
        const returned = { yes: status === undefined || status === '0' ? place.systems : 0, no: status === '0' ? 0 : place.systems }
        this.#returned = either(this.#returned, returned)
        return nowhere
      }
      default:
        return everyOutcome(place)
    }
  }

  #withOutput(command: Command, node: CommandNode, before: SyntaxNode | undefined): Command {
    if (!this.#mayConfigure) return command
    const piped = before?.type === 'Command' ? printedBy(before, { ...command, words: this.#words(before) }, this.#constants.words) : undefined
    return { ...command, output: outputOf(command, node, this.#constants.words, piped) }
  }

  #words(node: CommandNode): Word[] {
    const words = node.name ? this.#constants.words.read(node.name) : []
    for (const part of node.suffix) {
      if (part.type === 'Word') words.push(...this.#constants.words.read(part))
      else if (part.type === 'Assignment') words.push(this.#assigned(part.pos, part.end, part.value.type === 'Word' ? part.value : undefined))
    }
    return words
  }

  /** `NAME=value` as an argument of `export` and the like. */
  #assigned(start: number, end: number, value: BashWord | undefined): Word {
    const { text } = this.#source
    const read = value && this.#constants.words.one(value)
    if (!value || !read?.known) return { text: text.slice(start, end), known: false, holes: [[value ? value.pos - start : 0, end - start]] }
    const pieces: Piece[] = [this.#source.piece(start, value.pos), [read.text.value, value.pos, value.end]]
    return { text: text.decode(pieces, [start, end]), known: true }
  }

  /** Adds a command, the commands that a function of the script makes of it, and the scripts it hands to shells. */
  #add(command: Command, node: CommandNode): void {
    if (this.#silent) return
    for (const each of this.#expanded(command, new Set())) {
      this.commands.push(each)
      this.#scriptsOf(each, node)
    }
  }

  #expanded(command: Command, calls: ReadonlySet<string>): Command[] {
    const [program, ...operands] = command.words
    const name = program?.known ? program.text.value : ''
    const called = this.#scopes.functions.get(name)
    const wrapped = called && calls.size < 8 && !calls.has(name) ? this.#wrapped.of(called) : []
    if (wrapped.length === 0) return [command]
    const inner = new Set(calls).add(name)
    return wrapped.flatMap(({ before, after, shifted }) => {
      const words = [...before, ...operands.slice(shifted), ...after]
      return words.length > 0 ? this.#expanded({ ...command, words }, inner) : []
    })
  }

  #scriptsOf(command: Command, node: CommandNode): void {
    const { words, guards } = command
    const name = words[0]?.known ? words[0].text.value : undefined
    if (name === 'eval' && words.length > 1) this.nested.push({ shell: 'bash', ...commandLine(words.slice(1)), guards })
    if (name === 'trap') {
      const operands = words[1]?.text.value === '--' ? words.slice(2) : words.slice(1)
      const [action] = operands
      if (action && operands.length > 1 && !/^-?$/.test(action.text.value) && !/^-[lp]/.test(action.text.value)) this.nested.push({ shell: 'bash', ...commandLine([action]), guards })
    }
    if (name === 'alias') for (const part of node.suffix) if (part.type === 'Assignment' && part.value.type === 'Word') this.#alias(part.value, guards)
    const input = node.redirects.findLast(feeds)
    const shell = input && shellOnInput(command)
    if (!shell) return
    const fed = input.type === 'HereDoc' ? this.#constants.words.document(input) : input.type === 'HereString' && input.target ? this.#constants.words.one(input.target) : undefined
    if (fed) this.nested.push({ ...shell, ...commandLine([fed]) })
  }

  /** `alias up='docker …'`: what follows it where it is used is not known here. */
  #alias(value: BashWord, guards: Command['guards']): void {
    const word = this.#constants.words.one(value)
    // Another name of a program asks for nothing.
    if (!word || !/\s/.test(word.text.value)) return
    const { length } = word.text.value
    const others: Word = { text: word.text.opaque('"$@"', [length, length]), known: true }
    this.nested.push({ shell: 'bash', ...commandLine([word, others]), guards })
  }

  /** Reads the substitutions in a node that is no command list. */
  #inside(node: SyntaxNode, place: Place): void {
    if (this.#depth >= deepest) return
    this.#depth++
    forEachChild(node, child => {
      switch (child.type) {
        case 'CompoundList':
        case 'Statement':
        case 'CommandExpansion':
        case 'ProcessSubstitution':
          this.#read(child, place)
          return
        default:
          this.#inside(child, place)
      }
    })
    this.#depth--
  }

  #substitution(node: Substitution, place: Place): void {
    const script = this.#scripts.inside(node, this.#source)
    if (!script) return
    if (script.source === undefined) this.list(script.commands, place)
    else if (!this.#silent) this.#decoded(node, script, script.source, place)
  }

  /** Backticks in backticks: the script is what is left when their backslashes are taken away. */
  #decoded(node: Substitution, script: ParsedScript, code: string, place: Place): void {
    const { text } = this.#source
    const pieces: Piece[] = []
    for (let at = node.pos + 1; at < node.end - 1; at++) {
      const next = text.value[at + 1]!
      const escape = text.value[at] === '\\' && at + 2 < node.end && ('$`\\'.includes(next) || (next === '"' && code.length < node.end - node.pos - 2))
      pieces.push(escape ? [next, at, at + 2] : this.#source.piece(at, at + 1))
      if (escape) at++
    }
    const written = [node.pos + 1, node.end - 1] as const
    const aligned = text.decode(pieces, written)
    const source = new Source(aligned.value === code ? aligned : text.opaque(code, written), [])
    const reader = new Reader(source, this.#scripts, script.commands, this.#scopes)
    reader.#depth = this.#depth
    reader.list(script.commands, place)
    this.commands.push(...reader.commands)
    this.nested.push(...reader.nested)
  }
}

function everyOutcome({ systems }: Place): Outcome {
  return { yes: systems, no: systems }
}

function either(a: Outcome, b: Outcome): Outcome {
  return { yes: a.yes | b.yes, no: a.no | b.no }
}

/** Whether a redirection is what a command reads. */
function feeds(redirect: Redirection): boolean {
  const descriptor = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : redirect.descriptor ? -1 : 0
  return descriptor === 0 && (redirect.type === 'HereDoc' || redirect.type === 'HereString' || redirect.operator === '<')
}


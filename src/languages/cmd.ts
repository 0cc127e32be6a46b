import type { Command, Guard, NestedScript, Output, Script, Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { splitArguments, textOf, wordOf, type Argument } from './cmd-argument.ts'
import { assignments, callsProgram } from './cmd-assignment.ts'
import { join, type Char } from './cmd-character.ts'
import { Budget, expandDelayed, Lines, sameValue, type Value } from './cmd-expansion.ts'
import type { ForNode, IfNode, ListNode, Node, Redirection, SimpleNode } from './cmd-node.ts'
import { assign, endLocal, inPipe, joinStates, sameState, setLocal, unknownState, withGuard, type State } from './cmd-state.ts'
import { labelName, Parser } from './cmd-syntax.ts'
import { CharReader } from './cmd-token.ts'
import { namesDaemonFile } from './daemon-path.ts'

/** Jumps backwards that each let one more thing be forgotten are rare; after these readings nothing is taken for granted. */
const mostReadings = 4

/**
 * Reads a batch file: its commands with their words as the programs receive them.
 *
 * cmd expands a line with what the lines before it assigned, so a script can only
 * be read in the order in which it runs. Where jumps lead backwards, that takes
 * what the reading itself finds out: it is repeated until it finds what it assumed.
 */
export function readCmd(text: Text): Script {
  let assumed: Flow = { entries: new Map(), values: new Map() }
  for (let readings = 0; readings < mostReadings; readings++) {
    const reading = new Reading(text, assumed)
    reading.run()
    if (reading.isAssumption(assumed)) return reading.script
    assumed = reading.flow
  }
  const reading = new Reading(text, undefined)
  reading.run()
  return reading.script
}

/** What a reading finds out about jumps, and the next one assumes. */
interface Flow {
  /** The state in which each label is jumped to; `*` is where a computed `goto` may lead. */
  readonly entries: ReadonlyMap<string, State>
  /** What the script assigns to each variable, wherever it does; `undefined` if that differs or is computed. */
  readonly values: ReadonlyMap<string, Value | undefined>
}

/** A command about to run. */
interface Invocation {
  /** In lower case. */
  readonly name: string
  /** The name as it is written, and what follows it. */
  readonly written: readonly Char[]
  readonly rest: readonly Char[]
  /** How many `call` stand before it. */
  readonly calls: number
  readonly output?: Redirection | undefined
}

/** Nobody writes `call call`. */
const mostCalls = 4

/** No path on Windows is longer by default. */
const longestPath = 260

/** A command that was found, before its words are made. */
interface Found {
  readonly words: readonly Argument[]
  readonly guards: readonly Guard[]
  readonly output?: Output | undefined
}

class Reading {
  readonly #text: Text
  readonly #assumed: Flow | undefined
  readonly #budget: Budget
  readonly #parser: Parser
  readonly #found: Found[] = []
  readonly #nested: Found[] = []
  readonly #entries = new Map<string, State>()
  readonly #values = new Map<string, Value | undefined>()
  readonly #labels = new Set<string>()
  /** What is known where nothing is. */
  readonly #unknown: State
  #state: State | undefined
  #calls = false
  /** Where the block that is read writes what its commands print; what it begins, the next one adds to. */
  #block: Redirection | undefined

  constructor(text: Text, assumed: Flow | undefined) {
    this.#text = text
    this.#assumed = assumed
    this.#budget = new Budget(text.value)
    this.#unknown = unknownState(/enabledelayedexpansion/i.test(text.value))
    this.#state = unknownState(false)
    const lines = new Lines(text.value, name => this.#state?.values.get(name), this.#budget)
    this.#parser = new Parser(text, new CharReader(() => lines.next()))
  }

  run(): void {
    for (let line = this.#parser.line(); line; line = this.#parser.line()) this.#state = this.#list(line, this.#state)
  }

  get flow(): Flow {
    return { entries: this.#entries, values: this.#values }
  }

  /** Whether what was assumed is what came out, as far as it was made use of. */
  isAssumption(assumed: Flow): boolean {
    const labels = [...this.#labels, '*']
    if (!labels.every(label => sameState(assumed.entries.get(label), this.#entries.get(label)))) return false
    return !this.#calls || [...this.#values].every(([name, value]) => assumed.values.has(name) && sameValue(value, assumed.values.get(name)))
  }

  get script(): Script {
    const range = ({ words }: Found): Range => this.#text.range(words[0]!.start, words.at(-1)!.end)
    const { problems, comments } = this.#parser
    return {
      commands: this.#found.map((found): Command => {
        const words = found.words.map((word): Word => wordOf(this.#text, word))
        return { words, range: range(found), guards: found.guards, output: found.output }
      }),
      nested: this.#nested.map(({ words, guards }): NestedScript => {
        const [{ chars, start, end }] = words as [Argument]
        const holes = chars.filter(char => char.hole).map(char => this.#text.range(char.start, char.end))
        return { shell: 'cmd', text: textOf(this.#text, chars, [start, end]), holes, guards }
      }),
      problems,
      comments
    }
  }

  /** Each of these takes the state before what it reads, and returns the one after it. */
  #node(node: Node, state: State | undefined): State | undefined {
    switch (node.kind) {
      case 'list': return this.#list(node, state)
      case 'if': return this.#if(node, state)
      case 'for': return this.#for(node, state)
      case 'label': return this.#label(node.name, state)
      case 'simple': return state && this.#simple(node, state)
    }
  }

  #list({ items, output }: ListNode, before: State | undefined): State | undefined {
    const outer = this.#block
    this.#block = output ?? outer
    const after = this.#items(items, before)
    this.#block = outer
    return after
  }

  #items(items: ListNode['items'], before: State | undefined): State | undefined {
    let state = before
    for (const [index, { operator, node }] of items.entries()) {
      if (operator === '|' || items[index + 1]?.operator === '|') this.#node(node, state && inPipe(state))
      else {
        const after = this.#node(node, state)
        state = operator === '&' ? after : joinStates(state, after)
      }
    }
    return state
  }

  /** Where only one way goes on, its condition holds for the rest of the script; otherwise what both ways agree on is left. */
  #if({ guard, then, otherwise }: IfNode, state: State | undefined): State | undefined {
    const holds = state && withGuard(state, guard)
    const fails = state && withGuard(state, guard && { ...guard, holds: !guard.holds })
    return joinStates(this.#list(then, holds), otherwise ? this.#list(otherwise, fails) : fails)
  }

  #for({ command, body, assigned }: ForNode, state: State | undefined): State | undefined {
    if (command) this.#list(command, state)
    const before = state && assigned.reduce((forgetting: State, name) => assign(forgetting, name, undefined), state)
    return joinStates(before, this.#list(body, before))
  }

  #label(name: string, state: State | undefined): State {
    this.#labels.add(name)
    if (!this.#assumed) return this.#unknown
    const { entries } = this.#assumed
    return joinStates(state, joinStates(entries.get(name), entries.get('*'))) ?? this.#unknown
  }

  #simple({ name, chars, nameLength, output }: SimpleNode, state: State): State | undefined {
    const expanded = (part: readonly Char[]): readonly Char[] =>
      state.delayed ? expandDelayed(part, variable => state.values.get(variable), this.#budget) : part
    return this.#run({ name, written: expanded(chars.slice(0, nameLength)), rest: expanded(chars.slice(nameLength)), calls: 0, output: output && { ...output, target: expanded(output.target) } }, state)
  }

  #run(invocation: Invocation, state: State): State | undefined {
    const { name, written, rest } = invocation
    if (name === 'call') return this.#call(invocation, state)
    if (name === 'start') return this.#start(splitArguments(rest), state)
    const silent = name === 'echo' || name === 'title' || name === 'prompt'
    this.#command([...splitArguments(written), ...splitArguments(silent ? [] : rest)], state, name === 'echo' ? this.#output(rest, invocation.output) : undefined)
    switch (name) {
      case 'set':
        return this.#set(rest, state)
      case 'setlocal': {
        const mode = /(en|dis)abledelayedexpansion/i.exec(join(rest))?.[1]
        return setLocal(state, mode ? mode.toLowerCase() === 'en' : state.delayed)
      }
      case 'endlocal':
        return endLocal(state)
      case 'goto':
        return this.#jump(rest, state)
      case 'exit':
        return undefined
      default:
        return state
    }
  }

  #command(words: readonly Argument[], state: State, output?: Output): void {
    if (words.length > 0) this.#found.push({ words, guards: state.guards, output })
  }

  /** `echo … > daemon.json`: quotes are printed as they are. */
  #output(chars: readonly Char[], own: Redirection | undefined): Output | undefined {
    const { target, appends } = own ?? this.#block ?? { target: [], appends: false }
    const path = target.length > longestPath ? undefined : splitArguments(target)[0]
    const word = path && wordOf(this.#text, path)
    const said = chars.slice(1)
    if (!word || !namesDaemonFile(word) || said.length === 0) return undefined
    if (!own && this.#block) this.#block = { target, appends: true }
    return { path: word, content: [wordOf(this.#text, { chars: said, start: said[0]!.start, end: said.at(-1)!.end, quoted: false })], appends }
  }

  #set(chars: readonly Char[], before: State): State {
    let state = before
    for (const { name, value } of assignments(chars)) {
      const key = name ?? '*'
      const agrees = !this.#values.has(key) || sameValue(this.#values.get(key), value)
      this.#values.set(key, agrees ? value : undefined)
      state = assign(state, name, value)
    }
    return state
  }

  #jump(chars: readonly Char[], state: State): undefined {
    const name = chars.some(char => char.hole) ? '*' : labelName(chars)
    if (name !== undefined && name !== 'eof') this.#entries.set(name, joinStates(this.#entries.get(name), state)!)
  }

  /** `call`: a label of this script, another script, or a program. */
  #call({ rest, calls }: Invocation, state: State): State | undefined {
    const start = rest.findIndex(char => char.hole || !/[\s,;=]/.test(char.value))
    if (start === -1 || calls >= mostCalls) return state
    const chars = expandDelayed(rest.slice(start), variable => state.values.get(variable), this.#budget, '%')
    if (chars[0]?.value === ':') {
      this.#jump(chars, state)
      return this.#afterCall(state)
    }
    const [program, ...words] = splitArguments(chars)
    if (!program) return state
    if (words.length === 0 && isCommandLine(program)) this.#nested.push({ words: [program], guards: state.guards })
    const blank = chars.findIndex(char => /[\s,;=]/.test(char.value))
    const [written, others] = blank === -1 ? [chars, []] : [chars.slice(0, blank), chars.slice(blank)]
    const name = join(written).toLowerCase()
    const after = this.#run({ name, written, rest: others, calls: calls + 1 }, state)
    return after && (name === 'set' || callsProgram(chars) ? after : assign(after, undefined, undefined))
  }

  /** A subroutine may assign what the script assigns anywhere. */
  #afterCall(state: State): State {
    this.#calls = true
    const values = this.#assumed?.values
    if (!values || values.has('*')) return assign(state, undefined, undefined)
    const kept = [...state.values].filter(([name, value]) => !values.has(name) || sameValue(values.get(name), value))
    return kept.length === state.values.size ? state : { ...state, values: new Map(kept) }
  }

  /** `start "title" /wait program …` */
  #start(written: readonly Argument[], state: State): State {
    let at = 0
    let title = true
    for (let word = written[at]; word; word = written[at]) {
      const option = !word.quoted && word.chars[0]?.value === '/'
      if (!option && !(word.quoted && title)) break
      at += option && /^\/(?:d|node|affinity|machine)$/i.test(join(word.chars)) ? 2 : 1
      title &&= option
    }
    const words = written.slice(at)
    const [program] = words
    if (program && words.length === 1 && isCommandLine(program)) this.#nested.push({ words, guards: state.guards })
    else this.#command(words, state)
    return state
  }
}

/** A whole command line in quotes. */
function isCommandLine({ quoted, chars }: Argument): boolean {
  return quoted && /^[\w.-]+\s/.test(join(chars.slice(0, 64)))
}

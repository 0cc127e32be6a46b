import type { Guard, Shell, Word } from '../command.ts'
import type { Range } from '../text.ts'
import { excludesWindows } from './javascript-guard.ts'
import { calleeName, memberName, originOf, unwrapped, type Origin } from './javascript-origin.ts'
import { valueOf } from './javascript-string.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'
import type { ListValue, StringValue, Value, Values } from './javascript-value.ts'
import type { Variables } from './javascript-variable.ts'
import type { Place } from './javascript-walk.ts'

/** A program that a script starts: words as they are, or a line that a shell reads. */
export type Start =
  | { readonly kind: 'words'; readonly words: readonly Word[]; readonly range: Range; readonly guards: readonly Guard[] }
  | { readonly kind: 'script'; readonly line: StringValue; readonly shell: Shell; readonly guards: readonly Guard[] }

/** How a function takes a program: one line for a shell, one line without a shell, or a program and its arguments. */
type Form = 'line' | 'argv' | 'line+argv' | 'variadic' | 'list'

const childProcess: Readonly<Record<string, Form>> = { exec: 'line', execSync: 'line', execFile: 'argv', execFileSync: 'argv', spawn: 'argv', spawnSync: 'argv' }

/** Functions that start programs, by module and name; the empty name is the module itself. */
const starters: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  child_process: childProcess,
  'child-process-promise': childProcess,
  'promisify-child-process': childProcess,
  'cross-spawn': { '': 'argv', sync: 'argv', spawn: 'argv' },
  'cross-spawn-promise': { '': 'argv' },
  '@expo/spawn-async': { '': 'argv' },
  'nano-spawn': { '': 'argv' },
  tinyexec: { x: 'argv', exec: 'argv' },
  teen_process: { exec: 'argv', spawn: 'argv' },
  execa: { '': 'argv', execa: 'argv', execaSync: 'argv', sync: 'argv', execaCommand: 'line', execaCommandSync: 'line', command: 'line', commandSync: 'line', shell: 'line', shellSync: 'line' },
  shelljs: { exec: 'line', cmd: 'variadic' },
  bun: { spawn: 'list', spawnSync: 'list' },
  '@actions/exec': { exec: 'line+argv', getExecOutput: 'line+argv' },
  'azure-pipelines-task-lib/task': { exec: 'line+argv', execSync: 'line+argv', execAsync: 'line+argv' }
}

const aliases: Readonly<Record<string, string>> = { 'azure-pipelines-task-lib': 'azure-pipelines-task-lib/task', 'vsts-task-lib': 'azure-pipelines-task-lib/task', 'vsts-task-lib/task': 'azure-pipelines-task-lib/task' }

/** Modules whose `$` reads a template as a command line. */
const templateModules = new Set(['zx', 'execa', 'bun', 'dax-sh', 'dax'])

/** Words in the names of functions that run what they are given, and of those that surely do not. */
const running = new Set(['run', 'runs', 'exec', 'execute', 'execa', 'spawn', 'shell', 'sh', 'bash', 'cmd', 'command', 'invoke', 'launch', 'system', 'process', 'proc', 'capture', 'powershell', 'pwsh'])
const talking = new Set([
  'expect', 'assert', 'mock', 'called', 'call', 'with', 'log', 'print', 'parse', 'format', 'escape', 'quote', 'to', 'test', 'tests', 'it', 'describe', 'create', 'register', 'contain', 'contains', 'include', 'includes', 'stub', 'error', 'warn',
  'message', 'help', 'usage', 'is', 'has', 'find', 'on', 'add', 'push', 'match', 'matches', 'equal', 'equals', 'example', 'highlight', 'copy', 'render', 'show', 'get', 'build', 'make', 'validate', 'check', 'can', 'should', 'skip', 'using', 'use'
])

/** Finds the programs that the calls of a script start. */
export class CallReader {
  readonly #syntax: Syntax
  readonly #values: Values
  readonly #variables: Variables

  constructor(syntax: Syntax, values: Values, variables: Variables) {
    this.#syntax = syntax
    this.#values = values
    this.#variables = variables
  }

  read({ node, guards }: Place): Start | undefined {
    if (guards.some(excludesWindows)) return undefined
    switch (node.type) {
      case 'TaggedTemplateExpression': return this.#template(node, guards)
      case 'NewExpression': return this.#denoCommand(node, guards)
      case 'CallExpression': return this.#call(node, guards)
      default: return undefined
    }
  }

  #template({ tag, quasi }: NodeOf<'TaggedTemplateExpression'>, guards: readonly Guard[]): Start | undefined {
    // `$({ options })` and `execa(options)` return a tag.
    const inner = unwrapped(tag)
    const callee = inner.type === 'CallExpression' ? unwrapped(inner.callee) : inner
    const value = this.#values.of(quasi)
    if (value.kind !== 'string') return undefined
    const origin = originOf(callee, this.#syntax)
    const name = calleeName(callee)
    const runs = origin ? templateModules.has(origin.module) : name === '$' && (callee.type !== 'Identifier' || !this.#syntax.variableOf(callee)?.defs.length)
    if (runs) return script(value, 'bash', guards)
    return (name === '$' || isRunner(name)) && startsWithDocker(value) ? script(value, 'bash', guards) : undefined
  }

  /** `new Deno.Command('docker', { args: […] })`. */
  #denoCommand(node: NodeOf<'NewExpression'>, guards: readonly Guard[]): Start | undefined {
    const origin = originOf(node.callee, this.#syntax)
    const [program, options] = node.arguments
    if (origin?.path !== 'Command' || !/^deno$/i.test(origin.module) || !program) return undefined
    const list = options && this.#property(options, 'args')
    return this.#words([this.#values.of(program), ...this.#listItems(list)], node.range, guards)
  }

  #call(node: NodeOf<'CallExpression'>, guards: readonly Guard[]): Start | undefined {
    const origin = originOf(node.callee, this.#syntax)
    const module = origin && (aliases[origin.module] ?? origin.module)
    if (module === 'azure-pipelines-task-lib/task' && origin!.path.startsWith('tool()')) return this.#tool(node, guards)
    const form = module !== undefined && Object.hasOwn(starters, module) ? starters[module]![origin!.path] : undefined
    if (form !== undefined) return this.#start(form, node, guards)
    return this.#wrapper(node, origin, guards)
  }

  #start(form: Form, node: NodeOf<'CallExpression'>, guards: readonly Guard[]): Start | undefined {
    const [first, second] = node.arguments
    if (!first || first.type === 'SpreadElement') return undefined
    const program = this.#values.of(first)
    if (form === 'list') return this.#words(program.kind === 'object' ? this.#listItems(program.properties.find(({ name }) => name === 'cmd')?.value) : this.#listItems(program), node.range, guards)
    if (program.kind !== 'string') return undefined
    if (form === 'line') return script(program, this.#shellOf(node) ?? shellOfLine(program), guards)
    if (form === 'variadic') return this.#words([program, ...this.#values.items(node.arguments.slice(1))], node.range, guards)
    const list = second && second.type !== 'SpreadElement' ? this.#values.of(second) : undefined
    const shell = form === 'argv' ? this.#shellOf(node) : undefined
    const args = list === undefined || list.kind === 'object' ? [] : list.kind === 'string' ? [list] : this.#listItems(list)
    if (form === 'line+argv') return this.#lineAndArguments(program, list, args, node.range, guards)
    if (shell === undefined) return this.#words([program, ...args], node.range, guards)
    const line = this.#values.joined([program, ...args], ' ', node.range)
    return line.kind === 'string' ? script(args.length === 0 ? program : line, shell === 'bash' ? shellOfLine(line) : shell, guards) : undefined
  }

  /** The first argument is a line that is split at blanks; it may hold arguments already. */
  #lineAndArguments(program: StringValue, list: Value | undefined, args: readonly Value[], range: Range, guards: readonly Guard[]): Start | undefined {
    const inLine = splitLine(program, this.#values)
    if (!inLine) return script(program, 'bash', guards)
    if (list?.kind !== 'string') return this.#words([...inLine, ...args], range, guards)
    const others = splitLine(list, this.#values)
    return others && this.#words([...inLine, ...others], range, guards)
  }

  /** `tl.tool('docker').arg([…]).line('…')`, chained or on a variable, at the call that runs it. */
  #tool(node: NodeOf<'CallExpression'>, guards: readonly Guard[]): Start | undefined {
    if (!/^exec(Async|Sync)?$/.test(calleeName(node.callee) ?? '')) return undefined
    const callee = unwrapped(node.callee)
    if (callee.type !== 'MemberExpression') return undefined
    const calls = this.#chain(callee.object)
    if (!calls) return undefined
    const values: Value[] = []
    for (const { call, certain } of calls) {
      const added = this.#toolArguments(call)
      const first = added[0]
      if (certain || first?.kind === 'string' && valueOf(first.parts).startsWith('-')) values.push(...added)
      else if (first) values.push({ kind: 'unknown', written: call.range })
    }
    return this.#words(values, node.range, guards)
  }

  #chain(receiver: Node): { call: NodeOf<'CallExpression'>; certain: boolean }[] | undefined {
    const calls: { call: NodeOf<'CallExpression'>; certain: boolean }[] = []
    let node = unwrapped(receiver)
    while (node.type === 'CallExpression') {
      calls.push({ call: node, certain: calleeName(node.callee) !== 'argIf' })
      const callee = unwrapped(node.callee)
      if (callee.type !== 'MemberExpression' || calleeName(callee) === 'tool') return calls.reverse()
      node = unwrapped(callee.object)
    }
    if (node.type !== 'Identifier') return undefined
    const initial = this.#variables.initialiser(node)
    const start = initial && this.#chain(initial)
    const additions = this.#variables.additions(node, ['arg', 'argIf', 'line'])
    return start && additions && [...start, ...additions.filter(addition => !addition.guards.some(excludesWindows)).map(({ call, certain }) => ({ call, certain: certain && calleeName(call.callee) !== 'argIf' })), ...calls.reverse()]
  }

  #toolArguments(call: NodeOf<'CallExpression'>): readonly Value[] {
    const name = calleeName(call.callee)
    const argument = call.arguments[name === 'argIf' ? 1 : 0]
    if (!argument || argument.type === 'SpreadElement') return []
    const value = this.#values.of(argument)
    if (name === 'line') return value.kind === 'string' ? splitLine(value, this.#values) ?? [{ kind: 'unknown', written: value.written }] : [value]
    return name === 'tool' || name === 'arg' || name === 'argIf' ? this.#listItems(value) : []
  }

  /** A function of the script's own that is named like one that runs programs, and is given `docker`. */
  #wrapper(node: NodeOf<'CallExpression'>, origin: Origin | undefined, guards: readonly Guard[]): Start | undefined {
    const [first, second] = node.arguments
    if (!first || first.type === 'SpreadElement' || !isRunner(calleeName(node.callee)) || this.#isRegularExpression(node.callee)) return undefined
    if (origin?.module === 'child_process') return undefined
    const value = this.#values.of(first)
    if (value.kind === 'list') return isDocker(value.items[0]) && value.items.length > 1 ? this.#words(value.items, node.range, guards) : undefined
    if (value.kind !== 'string') return undefined
    if (startsWithDocker(value)) return script(value, shellOfLine(value), guards)
    if (!isDocker(value) || !second || second.type === 'SpreadElement') return undefined
    const list = this.#values.of(second)
    if (list.kind === 'list') return list.items.length > 0 ? this.#words([value, ...list.items], node.range, guards) : undefined
    if (list.kind !== 'string') return undefined
    if (/\s/.test(valueOf(list.parts))) {
      const line = this.#values.joined([value, list], ' ', node.range)
      return line.kind === 'string' ? script(line, shellOfLine(line), guards) : undefined
    }
    const strings = this.#values.items(node.arguments.slice(1))
    const end = strings.findIndex(({ kind }) => kind === 'object')
    return this.#words([value, ...(end < 0 ? strings : strings.slice(0, end))], node.range, guards)
  }

  /** `/x/.exec('docker …')` runs nothing. */
  #isRegularExpression(callee: Node): boolean {
    const inner = unwrapped(callee)
    if (inner.type !== 'MemberExpression' || memberName(inner) !== 'exec') return false
    const object = unwrapped(inner.object)
    const source = object.type === 'Identifier' ? this.#variables.initialiser(object) ?? object : object
    if (source.type === 'Literal') return true
    if (source.type === 'NewExpression' || source.type === 'CallExpression') return calleeName(source.callee) === 'RegExp'
    return /(?:re|rx|regexp?|pattern|matcher)$/i.test(calleeName(object) ?? '')
  }

  #words(values: readonly Value[], range: Range, guards: readonly Guard[]): Start | undefined {
    const words = this.#values.words(values)
    return words.length > 0 ? { kind: 'words', words, range: this.#syntax.script.range(range[0], range[1]), guards } : undefined
  }

  #listItems(value: Value | undefined): readonly Value[] {
    if (!value) return []
    return value.kind === 'list' ? value.items : [value]
  }

  #property(options: Node, name: string): Value | undefined {
    const value = options.type === 'SpreadElement' ? undefined : this.#values.of(options)
    return value?.kind === 'object' ? value.properties.find(property => property.name === name)?.value : undefined
  }

  /** Which shell the options name; `undefined`: none. */
  #shellOf(node: NodeOf<'CallExpression'>): Shell | undefined {
    for (const argument of node.arguments.slice(1, 3)) {
      const shell = this.#property(argument, 'shell')
      if (shell?.kind === 'scalar' && shell.value === true) return 'bash'
      const name = shell?.kind === 'string' ? valueOf(shell.parts) : ''
      if (/pwsh|powershell/i.test(name)) return 'powershell'
      if (/(^|[\\/])cmd(\.exe)?$/i.test(name)) return 'cmd'
      if (name !== '') return 'bash'
    }
    return undefined
  }
}

const script = (line: StringValue, shell: Shell, guards: readonly Guard[]): Start => ({ kind: 'script', line, shell, guards })

/** Which shell reads a line depends on the machine; what only `cmd` has tells. */
function shellOfLine({ parts }: StringValue | ListValue & { parts?: never }): Shell {
  return /%\w+%|(?:^|[\s"'=,])[A-Za-z]:\\|\\\\\.\\pipe|\^\r?\n/.test(valueOf(parts ?? [])) ? 'cmd' : 'bash'
}

/** The words of a line without a shell; `undefined`: there are quotes in it. */
function splitLine(line: StringValue, values: Values): StringValue[] | undefined {
  // eslint-disable-next-line regexp/no-super-linear-move -- it cannot fail once it has begun
  return /["'\\]/.test(valueOf(line.parts)) ? undefined : values.split(line, /\s+/g).filter(({ parts }) => parts.length > 0)
}

const isDocker = (value: Value | undefined): boolean => value?.kind === 'string' && /^(?:.*[\\/])?docker(?:\.exe)?$/.test(valueOf(value.parts))

const startsWithDocker = ({ parts }: StringValue): boolean => /^\s*(?:sudo\s+)?docker(?:\.exe)?\s/.test(valueOf(parts))

/** `runCommand`, `execInShell`, `sh`: by the words that a name is made of. */
function isRunner(name: string | undefined): boolean {
  if (name === undefined) return false
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().split(/[\s_$]+/)
  return words.some(word => running.has(word)) && !words.some(word => talking.has(word))
}

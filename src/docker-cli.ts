/**
 * Reads the command line of the Docker CLI as the CLI itself does.
 *
 * The order of work is that of github.com/docker/cli at v28.2.2 and the packages it is built on: global flags up to the
 * first word that is none (cli/cobra.go, `HandleGlobalFlags`), then down the tree of commands (spf13/cobra, `Traverse`),
 * then the command's own flags (spf13/pflag, `parseArgs`), then the number of its arguments (cli/required.go).
 */

import { commandGrammar, longCommand, subcommand, type CommandGrammar, type FlagGrammar } from './docker-grammar.ts'
import { readFlags, type DockerFlag, type FlagReading } from './docker-flag.ts'
import { pluginCommand, withBuildxFlags } from './docker-plugin.ts'
import type { DockerWord } from './docker-word.ts'
import { parseGoBool } from './go-value.ts'

export { longCommand, type DockerFlag, type DockerWord }

/** What the CLI would refuse, in its words, and the word that is to blame. */
export interface DockerError { readonly message: string; readonly word: number }

/** A call of the Docker CLI in a script. Word numbers count from the first word after the program. */
export interface DockerInvocation {
  /** The command's full name as the CLI has it, aliases resolved: `container run`, `run`; undefined if it cannot be decided. */
  readonly command: string | undefined
  /** The command's own words. */
  readonly commandWords: number[]
  /** Flags before the command: `--host`, `--context`. */
  readonly globals: DockerFlag[]
  /** Flags of the command. */
  readonly flags: DockerFlag[]
  /** Positional arguments. */
  readonly args: number[]
  readonly error?: DockerError
  /** Whether words that are not known may hold more flags or arguments, so that the absence of one proves nothing. */
  readonly incomplete: boolean
}

/** What `docker argv…` is to the CLI; what is empty is absent. */
export interface DockerParse {
  command?: string
  /** Global flags by name, each with its value as the CLI prints it. */
  global?: [name: string, value: string][]
  flags?: [name: string, value: string][]
  args?: string[]
  error?: string
  /** What the CLI was doing when it refused the command line. */
  stage?: 'global' | 'traverse' | 'flags' | 'args'
}

/** Reads a command line, without `docker` itself, up to the first thing that the CLI refuses. */
export function parseDockerCommand(argv: readonly string[]): DockerParse {
  const words = argv.map((value) => ({ value, known: true }))
  const root = commandGrammar('')!
  const first = readFlags(root, words, argv.map((_, index) => index), { flagsFirst: true, stopAtError: true })
  if (first.error !== undefined) return { error: withUsage(first.error.message, root), stage: 'global' }
  const global = globalValues(first.flags)
  const { command, rest, error: early } = findCommand(root, words, first.args)
  if (early !== undefined) return { ...(global.length > 0 && { global }), error: early.message, stage: 'traverse' }
  const { flags, args, error } = readFlags(command, words, rest, { flagsFirst: command.flagsFirst, stopAtError: true })
  const refused = error?.message ?? unsupported(command, flags) ?? countArguments(command, words, args, [])?.message
  return {
    command: fullName(command),
    ...(global.length > 0 && { global }),
    ...(flags.length > 0 && { flags: flags.map(({ name, value }): [string, string] => [name, value!]) }),
    ...(args.length > 0 && error === undefined && { args: args.map((index) => argv[index]!) }),
    ...(refused !== undefined && { error: refused, stage: error === undefined ? 'args' : 'flags' }),
  }
}

/** Reads the words of a call, some of which may be computed at run time; undefined if it names no command. */
export function readDockerInvocation(words: readonly DockerWord[], program: 'docker' | 'docker-compose' = 'docker'): DockerInvocation | undefined {
  const all = words.map((_, index) => index)
  if (program === 'docker-compose') return pluginCommand('compose', words, [], all)
  const root = commandGrammar('')!
  const first = readFlags(root, words, all, { flagsFirst: true })
  const globals = first.flags
  if (first.error !== undefined) return { command: undefined, commandWords: [], globals, flags: [], args: [], error: first.error, incomplete: true }
  const [start, ...after] = first.args
  if (start === undefined) return first.incomplete ? { ...nothing, globals, incomplete: true } : undefined
  const name = words[start]!
  const known = name.known ? subcommand(root, name.value) : undefined
  if (known === undefined) {
    const plugin = name.known ? pluginCommand(name.value, words, [start], after) : undefined
    return plugin === undefined ? { ...nothing, globals, incomplete: true } : { ...plugin, globals, incomplete: plugin.incomplete || first.incomplete }
  }
  return { ...readCommand(words, first), globals }
}

const nothing = { command: undefined, commandWords: [], flags: [], args: [] }

function readCommand(words: readonly DockerWord[], first: FlagReading): Omit<DockerInvocation, 'globals'> {
  const found = findCommand(commandGrammar('')!, words, first.args)
  const { commandWords } = found
  const command = longCommand(found.command.path) === 'image build' ? withBuildxFlags(found.command) : found.command
  if (found.undecided) return { ...nothing, commandWords, incomplete: true }
  const read = readFlags(command, words, found.rest, { flagsFirst: command.flagsFirst })
  const { flags, args } = read
  const incomplete = first.incomplete || found.incomplete || read.incomplete
  const asksForHelp = flags.some(({ name }) => name === 'help')
  const error = found.error ?? read.error ?? (incomplete || asksForHelp || words.some(({ known, single }) => !known && !single) ? undefined : countArguments(command, words, args, commandWords))
  return { command: command.path, commandWords, flags, args, ...(error !== undefined && { error }), incomplete }
}

interface FoundCommand {
  readonly command: CommandGrammar
  readonly commandWords: number[]
  /** The words that the command reads itself. */
  readonly rest: readonly number[]
  readonly error?: DockerError
  /** Whether a word on the way may hold flags. */
  readonly incomplete: boolean
  /** Whether a word that is not known may name the command. */
  readonly undecided: boolean
}

/** Goes down the tree of commands. The flags of a group may stand before the command in it. */
function findCommand(root: CommandGrammar, words: readonly DockerWord[], order: readonly number[]): FoundCommand {
  let command = root, rest = order, incomplete = false
  const commandWords: number[] = []
  while (command.group) {
    const step = nextCommand(command, words, rest)
    const state = { command, commandWords, rest, incomplete }
    if (step.undecided) return { ...state, undecided: true }
    if (step.next === undefined) return { ...state, undecided: false }
    const { error, incomplete: unsure } = readFlags(command, words, rest.slice(0, step.at), { stopAtError: true })
    if (error !== undefined) return { ...state, error, undecided: false }
    commandWords.push(rest[step.at]!)
    incomplete ||= unsure
    command = step.next
    rest = rest.slice(step.at + 1)
  }
  return { command, commandWords, rest, incomplete, undecided: false }
}

interface Step { readonly at: number; readonly next?: CommandGrammar | undefined; readonly undecided?: boolean }

/** The first word that is neither a flag nor the value of one. Like the CLI, it takes every flag that it does not know for one with a value. */
function nextCommand(group: CommandGrammar, words: readonly DockerWord[], order: readonly number[]): Step {
  let inFlag = false
  for (const [at, index] of order.entries()) {
    const { value, known } = words[index]!
    if (!known && !value.startsWith('-')) {
      if (!inFlag) return { at, undecided: true }
      inFlag = false
    } else if (value.startsWith('--') && !value.includes('=')) inFlag = !isSwitch(group.flags.get(value.slice(2)))
    else if (/^-[^=]$/.test(value) && !isSwitch(group.shorts.get(value[1]!))) inFlag = true
    else if (inFlag) inFlag = false
    else if (!/^(-[^-]|--.)/.test(value)) return { at, next: subcommand(group, value) }
  }
  return { at: order.length }
}

/** Flags that are handed down from above are not known at this point. */
function isSwitch(flag: FlagGrammar | undefined): boolean {
  return flag?.type === 'bool' && !flag.persistent
}

/** What a plain engine does not support (cmd/docker/docker.go, `isSupported`). */
function unsupported(command: CommandGrammar, flags: readonly DockerFlag[]): string | undefined {
  const needs = 'is only supported on a Docker daemon with experimental features enabled'
  if (command.experimental) return `${fullName(command)} ${needs}`
  const names = [...new Set(flags.map(({ name }) => name))].filter((name) => command.allFlags.get(name)!.experimental)
  return names.length === 0 ? undefined : names.sort().map((name) => `"--${name}" ${needs}`).join('\n')
}

/** What is wrong with the number of arguments (cli/required.go), at the first one too many or else at the command. */
function countArguments(command: CommandGrammar, words: readonly DockerWord[], args: readonly number[], commandWords: readonly number[]): DockerError | undefined {
  const [least, most] = command.args
  const name = fullName(command)
  const wrong = (what: string, hint = 'Run', word = args[most ?? Infinity] ?? commandWords.at(-1) ?? 0): DockerError =>
    ({ message: `docker: ${what}\n\nUsage:  ${`${name} ${command.usage}`.replace(/ $/, command.usage === '' ? '' : ' ')}\n\n${hint} '${name} --help' for more information`, word })
  const plural = (count: number): string => `${count} ${count === 1 ? 'argument' : 'arguments'}`
  if (args.length >= least && args.length <= (most ?? Infinity)) return command.counted === 'scale' ? scaleError(command, words, args) : undefined
  if (args.some((index) => !words[index]!.known && !words[index]!.single)) return undefined
  if (command.counted === 'cobra') return { message: `accepts ${least} arg(s), received ${args.length}`, word: args[most!] ?? commandWords.at(-1) ?? 0 }
  if (command.group) return wrong(`unknown command: ${name} ${words[args[0]!]!.value}`)
  if (most === 0) return wrong(`'${name}' accepts no arguments`)
  if (most === null) return wrong(`'${name}' requires at least ${plural(least)}`, 'See')
  if (least === most) return wrong(`'${name}' requires ${plural(least)}`)
  if (least === 0) return wrong(`'${name}' requires at most ${plural(most)}`, 'SRun')
  return wrong(`'${name}' requires at least ${least} and at most ${plural(most)}`)
}

/** `docker service scale` wants `service=replicas` (cli/command/service/scale.go). */
function scaleError(command: CommandGrammar, words: readonly DockerWord[], args: readonly number[]): DockerError | undefined {
  const word = args.find((index) => words[index]!.known && !/^[^=]+=./s.test(words[index]!.value))
  if (word === undefined) return undefined
  const name = fullName(command)
  const message = `invalid scale specifier '${words[word]!.value}'.\nSee '${name} --help'.\n\nUsage:  ${name} ${command.usage}\n\nScale one or multiple replicated services`
  return { message, word }
}

function fullName({ path }: CommandGrammar): string {
  return path === '' ? 'docker' : `docker ${path}`
}

function withUsage(message: string, command: CommandGrammar): string {
  return `${message}\n\nUsage:  ${fullName(command)} ${command.usage}\n\nRun '${fullName(command)} --help' for more information`
}

/** Global flags as the CLI prints what they were set to, sorted by name; `--help` is none of its options. */
function globalValues(flags: readonly DockerFlag[]): [name: string, value: string][] {
  const values = new Map<string, string[]>()
  for (const { name, value } of flags) {
    const known = name === 'host' ? values.get(name) : undefined
    if (known) known.push(value!)
    else values.set(name, [value!])
  }
  values.delete('help')
  const types = commandGrammar('')!.flags
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, given]) => [name, printValue(name, types.get(name)!.type, given)])
}

function printValue(name: string, type: string, given: readonly string[]): string {
  if (type === 'list') return `[${given.join(' ')}]`
  const value = given.at(-1)!
  if (type === 'bool') return String(parseGoBool(value))
  return name.startsWith('tls') ? value.replace(/^(['"])(.*)\1$/s, '$2') : value
}

/** Which of Docker's programs a word names: with or without a path, quotes and `.exe`. */
export function dockerProgram(word: string): 'docker' | 'docker-compose' | undefined {
  const unquoted = /^(["'])(.*)\1$/s.exec(word)?.[2] ?? word
  const name = unquoted.slice(Math.max(unquoted.lastIndexOf('/'), unquoted.lastIndexOf('\\')) + 1)
  const onWindows = /\.exe$/i.test(name) || unquoted.includes('\\')
  const program = (onWindows ? name.toLowerCase() : name).replace(/\.exe$/, '')
  return program === 'docker' || program === 'docker-compose' ? program : undefined
}

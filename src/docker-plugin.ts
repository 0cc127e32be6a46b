import type { DockerInvocation } from './docker-cli.ts'
import { readFlags } from './docker-flag.ts'
import { commandGrammar, type CommandGrammar, type FlagGrammar } from './docker-grammar.ts'
import type { DockerWord } from './docker-word.ts'

/**
 * The flags of plugins before their own command. What stands after the command is read for buildx only: the grammar of
 * the CLI does not hold it. Compose: github.com/docker/compose, cmd/compose/compose.go, and the options of docker-compose 1.29;
 * buildx: github.com/docker/buildx, commands/root.go.
 */
const pluginFlags: Readonly<Record<string, readonly FlagGrammar[]>> = {
  compose: [
    ...taking('stringArray', ['file', 'f'], ['profile'], ['env-file']),
    ...taking('string', ['project-name', 'p'], ['project-directory'], ['workdir'], ['ansi'], ['progress'], ['context', 'c'], ['host', 'H'], ['log-level'], ['tlscacert'], ['tlscert'], ['tlskey']),
    ...taking('int', ['parallel']),
    ...taking('bool', ['all-resources'], ['compatibility'], ['dry-run'], ['insecure-registry'], ['no-ansi'], ['verbose'], ['skip-hostname-check'], ['tls'], ['tlsverify'], ['version', 'v'], ['help', 'h']),
  ],
  buildx: [...taking('string', ['builder']), ...taking('bool', ['debug', 'D'], ['help', 'h'])],
}

/** Flags that `docker buildx build` has beyond those of `docker image build` (github.com/docker/buildx, commands/build.go). */
const buildxBuildFlags = [
  ...taking('stringArray', ['allow'], ['annotation'], ['attest'], ['build-context'], ['cache-to'], ['no-cache-filter'], ['output', 'o'], ['policy'], ['secret'], ['ssh']),
  ...taking('string', ['builder'], ['call'], ['metadata-file'], ['print'], ['progress'], ['provenance'], ['sbom'], ['root']),
  ...taking('bool', ['check'], ['load'], ['push'], ['debug', 'D'])
]

/** Flags of `docker buildx create` (github.com/docker/buildx, commands/create.go). */
const buildxCreateFlags = [
  ...taking('stringArray', ['driver-opt'], ['platform']),
  ...taking('string', ['name'], ['driver'], ['node'], ['buildkitd-flags'], ['buildkitd-config'], ['config'], ['timeout']),
  ...taking('bool', ['append'], ['bootstrap'], ['leave'], ['use'], ['help', 'h'])
]

/** `docker build` with the flags of buildx too: which builder reads them depends on the machine. */
export function withBuildxFlags(command: CommandGrammar): CommandGrammar {
  let known = knownBuilds.get(command)
  if (!known) knownBuilds.set(command, (known = withFlags(command, buildxBuildFlags)))
  return known
}

const knownBuilds = new WeakMap<CommandGrammar, CommandGrammar>()

function withFlags(command: CommandGrammar, more: readonly FlagGrammar[]): CommandGrammar {
  const flags = new Map([...more.map((flag): [string, FlagGrammar] => [flag.name, flag]), ...command.allFlags])
  const shorts = new Map([...flags.values()].flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])))
  return { ...command, flags, shorts, allFlags: flags, allShorts: shorts }
}

function taking(type: string, ...names: readonly (readonly [name: string, short?: string])[]): FlagGrammar[] {
  return names.map(([name, short]) => ({ name, type, ...(short !== undefined && { short }) }))
}

/** The call of a plugin: its flags and its command; undefined if `name` names no plugin whose flags are known. What it refuses differs too much by version to say. */
export function pluginCommand(name: string, words: readonly DockerWord[], commandWords: readonly number[], order: readonly number[]): DockerInvocation | undefined {
  if (!Object.hasOwn(pluginFlags, name)) return undefined
  const { flags, args } = readFlags(grammarOf(pluginFlags[name]!), words, order, { flagsFirst: true })
  const call = { globals: [], flags, args: [], incomplete: true }
  const [word] = args
  if (word === undefined) return { command: name, commandWords: [...commandWords], ...call }
  const command = words[word]!.known ? `${name} ${words[word]!.value === 'b' ? 'build' : words[word]!.value}` : undefined
  const grammar = command === 'buildx build' ? withBuildxFlags(commandGrammar('image build')!) : command === 'buildx create' ? grammarOf(buildxCreateFlags) : undefined
  if (grammar) {
    const { flags: own, args: operands, incomplete } = readFlags({ ...grammar, flagsFirst: false }, words, args.slice(1), {})
    return { command, commandWords: [...commandWords, word], globals: [], flags: own, args: operands, incomplete }
  }
  return { command, commandWords: [...commandWords, ...(command === undefined ? [] : [word])], ...call }
}

function grammarOf(flags: readonly FlagGrammar[]): CommandGrammar {
  const none = new Map<string, FlagGrammar>()
  return withFlags({ path: '', usage: '', args: [0, null], counted: undefined, group: false, flagsFirst: true, experimental: false, flags: none, shorts: none, allFlags: none, allShorts: none }, flags)
}

import type { DockerInvocation } from './docker-cli.ts'
import { readFlags } from './docker-flag.ts'
import type { CommandGrammar, FlagGrammar } from './docker-grammar.ts'
import type { DockerWord } from './docker-word.ts'

/**
 * The flags of plugins before their own command. What stands after the command is not read: the grammar of the CLI
 * does not hold it. Compose: github.com/docker/compose, cmd/compose/compose.go, and the options of docker-compose 1.29;
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

function taking(type: string, ...names: readonly (readonly [name: string, short?: string])[]): FlagGrammar[] {
  return names.map(([name, short]) => ({ name, type, ...(short !== undefined && { short }) }))
}

/** The call of a plugin: its flags and its command; undefined if `name` names no plugin whose flags are known. What it refuses differs too much by version to say. */
export function pluginCommand(name: string, words: readonly DockerWord[], commandWords: readonly number[], order: readonly number[]): DockerInvocation | undefined {
  if (!Object.hasOwn(pluginFlags, name)) return undefined
  const { flags, args } = readFlags(pluginGrammar(name), words, order, { flagsFirst: true })
  const call = { globals: [], flags, args: [], incomplete: true }
  const [word] = args
  if (word === undefined) return { command: name, commandWords: [...commandWords], ...call }
  const command = words[word]!.known ? `${name} ${words[word]!.value}` : undefined
  return { command, commandWords: [...commandWords, ...(command === undefined ? [] : [word])], ...call }
}

function pluginGrammar(name: string): CommandGrammar {
  const flags = new Map(pluginFlags[name]!.map((flag) => [flag.name, flag]))
  const shorts = new Map([...flags.values()].flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])))
  return { path: name, usage: '', args: [0, null], counted: undefined, group: false, flagsFirst: true, experimental: false, flags, shorts, allFlags: flags, allShorts: shorts }
}

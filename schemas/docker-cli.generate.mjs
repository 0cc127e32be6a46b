// Writes schemas/docker-cli.json, the grammar of the Docker CLI's command line, from a description of its commands:
//   node schemas/docker-cli.generate.mjs flags.json
// The description holds what `docker … --help` and the CLI's own command tree say. What neither of them says is in the
// tables below, each with its place in github.com/docker/cli at v28.2.2. Nothing of the help's prose is kept.
import { readFileSync, writeFileSync } from 'node:fs'

/** How many positional arguments a command takes where its usage line does not say so: `Args:` in cli/command. */
const ARITY = {
  'image import': [1, null],
  'import': [1, null],
  'plugin create': [2, null],
  'volume update': [1, 1],
}

/** Commands that count or check their positional arguments with words of their own: cli/command/{context/use,service/scale}.go. */
const COUNTED_BY = { 'context use': 'cobra', 'service scale': 'scale' }

/** The usage line of a group of commands, where it is more than the command itself: cli/command/{manifest,stack,volume}/cmd.go. */
const GROUP_USAGE = { manifest: 'COMMAND', stack: '[OPTIONS]', volume: 'COMMAND' }

/** Flags that every subcommand has too: cli/cobra.go, cli/command/stack/cmd.go. */
const PERSISTENT = [' help', 'stack orchestrator']

/** What a flag checks beyond its type: the validators given to `NewListOpts`, `NewMapOpts` and the like, and opts/*.go. */
const CHECKS = [
  ['attach', /^(container )?(run|create) attach$/],
  ['bytes-per-second', / device-(read|write)-bps$/],
  ['cgroup-rule', / device-cgroup-rule$/],
  ['domain', / dns-search(-add)?$/],
  ['environment', / (env|env-add|build-arg)$|^service .* log-opt$/],
  ['extra-host', / (add-host|host-add)$|^service create host$/],
  ['generic-resource', / generic-resource(-add)?$/],
  ['ip', / dns(-add)?$/],
  ['label', / (container-)?label$|^service update (container-)?label-add$/],
  ['link', / link$/],
  ['operations-per-second', / device-(read|write)-iops$/],
  ['positive', /^service (create|update) health-(interval|timeout|start-period|start-interval)$/],
  ['reference', / tag$/],
  ['sysctl', /^(container )?(run|create) sysctl$/],
  ['unlimited', / memory-swap$/],
  ['weight-device', / blkio-weight-device$/],
]

const [file] = process.argv.slice(2)
const { cli, commands } = JSON.parse(readFileSync(file, 'utf8'))
const path = (name) => name.split(' ').slice(1).join(' ')

/** The tail of the usage line, which error messages quote: `[OPTIONS] NETWORK`. */
function usage(name, { usage, subcommands }) {
  if (name === '') return '[OPTIONS] COMMAND [ARG...]'
  if (subcommands.length > 0) return GROUP_USAGE[name] ?? ''
  const words = usage.trim().split(' ')
  const tail = words.slice(words.indexOf(name.split(' ').at(-1)) + 1).join(' ')
  return name === 'trust signer add' ? `${tail} ` : tail
}

/** The least and the greatest number of positional arguments (null: no greatest) that a usage line asks for. */
function arity(tail) {
  const names = tail.replace(/\[OPTIONS\]|^OPTIONS/, '').replaceAll(' | ', '|').match(/\[[^\s]* [^\]]*\]|\S+/g) ?? []
  const required = names.filter((name) => !name.startsWith('['))
  const unbounded = names.some((name) => name.includes('...') || name.includes(' '))
  return [required.length, unbounded ? null : names.length]
}

function flagEntry(command, name, flag) {
  if (flag.takesValue !== (flag.type !== 'bool')) throw new Error(`${command} --${name}: only a bool flag takes no value`)
  const key = `${command} ${name}`
  const list = flag.type === 'list' || flag.type === 'map'
  const check = CHECKS.find(([kind, pattern]) => pattern.test(key) && (list || kind === 'positive' || kind === 'unlimited'))?.[0]
  return {
    type: flag.type,
    ...(flag.short && { short: flag.short }),
    ...(check && { check }),
    ...(flag.repeatable && { repeat: true }),
    ...(flag.commaSeparated && { comma: true }),
    ...(PERSISTENT.includes(key) && { persistent: true }),
    ...(flag.shorthandDeprecated && { shortDeprecated: true }),
    ...(flag.hidden && { hidden: true }),
    ...((flag.deprecated || flag.deprecatedAnnotation) && { deprecated: true }),
    ...(flag.minApi && { api: flag.minApi }),
    ...(flag.ostype && { os: flag.ostype }),
    ...(flag.experimental && { experimental: true }),
    ...(flag.experimentalCli && { experimentalCli: true }),
    ...(flag.swarm !== undefined && { swarm: flag.swarm }),
  }
}

function commandEntry(fullName, command) {
  const name = path(fullName)
  const group = command.subcommands.length > 0
  const tail = usage(name, command)
  const flags = Object.fromEntries(Object.entries(command.flags).map(([flag, entry]) => [flag, flagEntry(name, flag, entry)]))
  const aliases = command.subcommands.flatMap((sub) => commands[`${fullName} ${sub}`].aliases.map((alias) => [alias, sub]))
  return {
    usage: tail,
    args: name === '' ? [0, null] : group ? [0, 0] : (ARITY[name] ?? arity(tail)),
    ...(COUNTED_BY[name] && { counted: COUNTED_BY[name] }),
    ...(group && { group: true }),
    ...(aliases.length > 0 && { aliases: Object.fromEntries(aliases) }),
    ...(!command.flagsAfterPositional && { flagsFirst: true }),
    ...(command.hidden && { hidden: true }),
    ...(command.minApi && { api: command.minApi }),
    ...(command.experimental && { experimental: true }),
    ...(command.swarm !== undefined && { swarm: command.swarm }),
    flags,
  }
}

/** `docker run` and `docker container run` have the same flags: the first refers to the second. */
function shareFlags(entries) {
  for (const [fullName, command] of Object.entries(commands)) {
    const name = path(fullName)
    const long = command.sameAs.map(path).find((other) => other !== name && other.includes(' ') && entries[other])
    if (name.includes(' ') && name !== 'builder build') continue
    if (long === undefined) continue
    if (JSON.stringify(entries[long].flags) !== JSON.stringify(entries[name].flags)) throw new Error(`${name} and ${long} differ`)
    delete entries[name].flags
    entries[name].like = long
  }
}

const entries = Object.fromEntries(Object.entries(commands).map(([name, command]) => [path(name), commandEntry(name, command)]))
shareFlags(entries)
const lines = Object.keys(entries).sort().map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entries[name])}`)
const version = /\d+\.\d+\.\d+/.exec(cli)[0]
writeFileSync(new URL('docker-cli.json', import.meta.url), `{"version": "${version}", "commands": {\n${lines.join(',\n')}\n}}\n`)

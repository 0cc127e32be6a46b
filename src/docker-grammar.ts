import schema from '../schemas/docker-cli.json' with { type: 'json' }

/** A flag of a Docker command, as `schemas/docker-cli.json` describes it. */
export interface FlagGrammar {
  readonly name: string
  /** The kind of value it takes, in the CLI's own words: `bool`, `list`, `mount`, … */
  readonly type: string
  readonly short?: string
  /** What the value is checked for beyond its type. */
  readonly check?: string
  /** Whether every subcommand has it too. */
  readonly persistent?: boolean
  readonly shortDeprecated?: boolean
  readonly experimental?: boolean
}

/** Everything the CLI knows of one command before it reads its words. */
export interface CommandGrammar {
  /** The words that name it, without `docker`: `network create`; empty for `docker` itself. */
  readonly path: string
  readonly usage: string
  readonly args: readonly [least: number, most: number | null]
  /** How positional arguments are checked if not by their number alone. */
  readonly counted: string | undefined
  readonly group: boolean
  /** Whether the first positional argument ends the flags. */
  readonly flagsFirst: boolean
  /** Whether it, or what it belongs to, needs an engine with experimental features. */
  readonly experimental: boolean
  /** Its own flags. */
  readonly flags: ReadonlyMap<string, FlagGrammar>
  readonly shorts: ReadonlyMap<string, FlagGrammar>
  /** Its own flags and those of the commands above it that are handed down. */
  readonly allFlags: ReadonlyMap<string, FlagGrammar>
  readonly allShorts: ReadonlyMap<string, FlagGrammar>
}

interface CommandEntry {
  readonly usage: string
  readonly args: readonly [number, number | null]
  readonly counted?: string
  readonly group?: boolean
  readonly aliases?: Readonly<Record<string, string>>
  readonly flagsFirst?: boolean
  readonly experimental?: boolean
  readonly like?: string
  readonly flags?: Readonly<Record<string, Omit<FlagGrammar, 'name'>>>
}

const entries = new Map(Object.entries(schema.commands as unknown as Record<string, CommandEntry>))
const commands = new Map<string, CommandGrammar>()

/** The grammar of the command that `path` names in full; its indexes are built when it is first asked for. */
export function commandGrammar(path: string): CommandGrammar | undefined {
  const built = commands.get(path)
  if (built !== undefined) return built
  const entry = entries.get(path)
  if (entry === undefined) return undefined
  const command = buildCommand(path, entry)
  commands.set(path, command)
  return command
}

/** The command that `word`, a name or an alias, names among those of `group`. */
export function subcommand(group: CommandGrammar, word: string): CommandGrammar | undefined {
  if (!group.group || word === '' || word.includes(' ')) return undefined
  const aliases = entries.get(group.path)?.aliases
  const name = aliases !== undefined && Object.hasOwn(aliases, word) ? aliases[word]! : word
  return commandGrammar(group.path === '' ? name : `${group.path} ${name}`)
}

/** The long form of a command: `container run` for `run`, `image build` for `build` and `builder build`. */
export function longCommand(command: string): string {
  return entries.get(command)?.like ?? command
}

function buildCommand(path: string, entry: CommandEntry): CommandGrammar {
  const parent = path === '' ? undefined : commandGrammar(path.slice(0, Math.max(0, path.lastIndexOf(' '))))
  const { flags, shorts } = ownFlags(entry)
  const allFlags = new Map(flags)
  const allShorts = new Map(shorts)
  for (const flag of parent?.allFlags.values() ?? []) {
    if (!flag.persistent || allFlags.has(flag.name)) continue
    allFlags.set(flag.name, flag)
    if (flag.short !== undefined) allShorts.set(flag.short, flag)
  }
  return {
    path, usage: entry.usage, args: entry.args, counted: entry.counted,
    group: entry.group ?? false,
    flagsFirst: entry.flagsFirst ?? false,
    experimental: (entry.experimental ?? false) || (parent?.experimental ?? false),
    flags, shorts, allFlags, allShorts,
  }
}

/** The flags a command defines itself. Those of `docker` that are handed down are not among them (spf13/cobra, `Command.Flags`). */
function ownFlags(entry: CommandEntry): Pick<CommandGrammar, 'flags' | 'shorts'> {
  const described = entry.flags ?? entries.get(entry.like ?? '')?.flags ?? {}
  const flags = new Map(Object.entries(described).map(([name, flag]) => [name, { name, ...flag }]))
  const shorts = new Map<string, FlagGrammar>()
  for (const flag of flags.values()) if (flag.short !== undefined) shorts.set(flag.short, flag)
  return { flags, shorts }
}

import { parseArgs } from 'node:util'
import type { BaselineAction } from './baseline-file.ts'
import { severities, type Severity } from './diagnostic.ts'
import type { FixMode } from './fixer.ts'
import type { Changes } from './git.ts'
import type { PlatformMode } from './linter.ts'
import { baselineActions, formatNames, options, platformModes } from './option.ts'
import type { Output } from './report-output.ts'
import type { RunOptions } from './run.ts'
import { readShard } from './shard.ts'
import type { ShardReport } from './shard-report.ts'
import { didYouMean } from './suggestion.ts'
import { parseTargets } from './target.ts'
import { UsageError } from './usage-error.ts'

/** What a command line asks for, with what the configuration says. */
export interface Settings extends RunOptions {
  readonly paths: readonly string[]
  /** What to do with the baseline, and where it is. */
  readonly baseline: { readonly action: BaselineAction; readonly path: string } | undefined
  readonly outputs: readonly Output[]
  /** `undefined`: no finding makes the exit status 1. */
  readonly failOn: Severity | undefined
  readonly show: Severity
  /** Whether to say what was read and where the time went. */
  readonly stats: boolean
  readonly color: boolean
  /** Whether what could not be found out is told too. */
  readonly verbose: boolean
  /** Which fixes are made, if any. */
  readonly fix: FixMode | undefined
  /** They are shown, not made. */
  readonly diff: boolean
  /** Where results are kept for the next run. */
  readonly cacheLocation: string | undefined
  /** What shards must have in common. */
  readonly common: Pick<ShardReport, 'options' | 'failOn'>
}

export function parseCommandLine(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: withValues(argv), options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(refusalOf(error as Error & { code?: string }))
  }
}

/** `--changed` alone means the last commit; Node knows no options that may do without their value. */
function withValues(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((argument, at) => (argument === '--changed' && (end < 0 || at < end) ? '--changed=' : argument))
}

/** Node's words for an option that cannot be taken, made ours. */
function refusalOf({ code, message }: Error & { code?: string }): string {
  const name = /'(--?[^' ]+)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const meant = didYouMean(name, Object.keys(options).map(option => `--${option}`))
    return `unknown option \`${name}\`${meant ? `; did you mean \`${meant}\`?` : '; see porthole --help'}`
  }
  return message.split('\n')[0]!
}

/** The options of a command line as they are given. */
export type Values = ReturnType<typeof parseCommandLine>['values']

export async function settingsOf(values: Values, positionals: readonly string[]): Promise<Settings> {
  const { configuration, rules } = await configurationOf(values)
  const targets = await statedTargets(values.target, positionals)
  const failOn = oneOf('fail-on', values['fail-on'] ?? (values.quiet ? 'error' : configuration.failOn ?? 'warning'), severities)
  parseTargets(targets ?? [])
  const diff = values.diff ?? false
  const fixes = values.fix ?? diff
  if (values['unsafe-fixes'] && !fixes) throw new UsageError('--unsafe-fixes needs --fix or --diff')
  if (diff && (values.format ?? values['output-file'] ?? values.baseline) !== undefined) throw new UsageError('--diff prints a diff and nothing else: it takes no --format, --output-file or --baseline')
  return {
    paths: positionals,
    composeFiles: values['compose-file'],
    baseline: values.baseline === undefined ? undefined : { action: oneOf<BaselineAction>('baseline', values.baseline, baselineActions), path: values['baseline-file'] ?? 'porthole-baseline.json' },
    targets,
    platform: values.platform === undefined ? undefined : oneOf<PlatformMode>('platform', values.platform, platformModes),
    rules,
    configuration,
    explainsPlatform: values['explain-platform'] ?? false,
    changes: changesOf(values, positionals),
    forceExclude: values['force-exclude'] ?? false,
    stats: values.stats ?? false,
    outputs: outputsOf(values.format ?? ['pretty'], values['output-file']),
    failOn: values['exit-zero'] ? undefined : failOn,
    common: { options: Object.fromEntries(commonOptions.flatMap(name => (values[name] === undefined ? [] : [[name, values[name]]]))), failOn },
    show: values.quiet ? 'error' : 'info',
    stdinFilename: values['stdin-filename'] ?? 'compose.yaml',
    color: usesColor(values),
    verbose: values.verbose ?? false,
    fix: fixes ? (values['unsafe-fixes'] ? 'all' : 'safe') : undefined,
    diff,
    allowsOutside: values['allow-outside'] ?? false,
    threads: await threadsOf(values.concurrency ?? 'auto'),
    cacheLocation: values['cache-location'] ?? (values.cache ? '.porthole-cache' : undefined),
    shard: values.shard === undefined ? undefined : readShard(values.shard) ?? badShard(values.shard)
  }
}

/** Options that decide what is found. */
const commonOptions = ['target', 'platform', 'compose-file', 'config', 'no-config', 'rule', 'changed', 'force-exclude', 'allow-outside'] as const

const badShard = (value: string): never => {
  throw new UsageError(`\`${value}\` is no shard; of 8, --shard takes 1/8 to 8/8`)
}

/** Options that `--shard` does not go with, and why. */
const unlikeShard: readonly (readonly [option: keyof Values, reason: string])[] = [
  ['fix', 'fixes are tried on all files together: fix without --shard'],
  ['diff', 'fixes are tried on all files together: use --diff without --shard'],
  ['watch', 'a shard is one of several runs that end; watch without --shard'],
  ['staged', 'what is staged is known on one machine only; --changed can be split'],
  ['baseline', 'a baseline is of all files: give it to porthole merge'],
  ['init', 'a configuration is for all files'],
  ['print-config', 'it prints what is configured for one file']
]

/** @throws {UsageError} if `--shard` does not go with what else is asked for */
export async function refuseShard(values: Values, positionals: readonly string[]): Promise<void> {
  const { commands } = await import('./help.ts')
  const command = positionals[0]
  if (commands.some(({ name }) => name === command)) throw new UsageError(`--shard splits what is linted; porthole ${command} does not take it`)
  for (const [option, reason] of unlikeShard) if (values[option] !== undefined) throw new UsageError(`--shard and --${option} exclude each other: ${reason}`)
  if (positionals.includes('-')) throw new UsageError('standard input is one file, and cannot be split')
}

/** The values of `--target`, with what the files name in place of `auto`. */
async function statedTargets(options: readonly string[] | undefined, paths: readonly string[]): Promise<readonly string[] | undefined> {
  if (!options?.some(option => option.includes('auto'))) return options
  const [{ projectTargets }, { asksForInference, withInferred }] = await Promise.all([import('./project-target.ts'), import('./target-inference.ts')])
  if (!asksForInference(options)) return options
  const inferred = await projectTargets(paths.length > 0 ? paths : ['.'])
  if (inferred.length === 0) process.stderr.write('porthole: nothing in these files names a version of Windows, so that --target auto adds none\n')
  const targets = withInferred(options, inferred.map(({ option }) => option))
  return targets.length > 0 ? targets : undefined
}

/** Node has helpers beside each thread: with two processors, two threads are no faster than one (bench/README.md). */
const automaticThreads = (processors: number): number => (processors < 4 ? 1 : processors - 1)

/** `--concurrency`: threads beside the one that starts them. */
async function threadsOf(value: string): Promise<number> {
  if (value === 'off') return 1
  if (value === 'auto') return automaticThreads((await import('node:os')).availableParallelism())
  if (/^[1-9]\d?$/.test(value)) return Number(value)
  throw new UsageError(`--concurrency takes auto, off or a number of threads up to 99, not \`${value}\``)
}

/** `--staged` and `--changed`. */
function changesOf({ staged, changed, watch }: Values, paths: readonly string[]): Changes | undefined {
  if (!staged && changed === undefined) return undefined
  if (staged && changed !== undefined) throw new UsageError('--staged and --changed exclude each other')
  if (watch) throw new UsageError('--watch looks at files, not at what git knows of them')
  if (paths.includes('-')) throw new UsageError('standard input is in no git repository')
  return staged ? { kind: 'staged' } : { kind: 'changed', since: changed || undefined }
}

/** What the configuration says, and `--rule`. Neither is loaded when there is none. */
export async function configurationOf(values: Values): Promise<Pick<RunOptions, 'configuration' | 'rules'>> {
  const [{ Configuration }, { findConfig, loadConfig }] = await Promise.all([import('./config.ts'), import('./config-file.ts')])
  const path = values['no-config'] ? undefined : values.config ?? findConfig(process.cwd())
  if (path === undefined && values.rule === undefined) return { configuration: Configuration.none, rules: new Map() }
  const [{ namesOf }, { knowledge }, { readRuleOptions }] = await Promise.all([import('./known-name.ts'), import('./knowledge.ts'), import('./config-reader.ts')])
  const names = namesOf(knowledge.rules, knowledge.matrix.rows)
  const { settings, faults } = readRuleOptions(values.rule ?? [], names)
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  return { configuration: path === undefined ? Configuration.none : await loadConfig(path, names), rules: settings }
}

/** `--format json --format sarif=report.sarif`; `--output-file` is where the last format without a file goes. */
function outputsOf(formats: readonly string[], outputFile: string | undefined): Output[] {
  const outputs = formats.map(format => {
    const [name = '', path] = format.split(/=(.*)/s, 2)
    return { format: oneOf('format', name, formatNames), path }
  })
  const last = outputs.findLastIndex(({ path }) => path === undefined)
  if (outputFile !== undefined && last < 0) throw new UsageError('--output-file needs a --format that has no file of its own')
  return outputs.map((output, index) => (index === last && outputFile !== undefined ? { ...output, path: outputFile } : output))
}

/** @throws {UsageError} if a value is none that an option takes */
export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find(candidate => candidate === value)
  if (found !== undefined) return found
  const meant = didYouMean(value, known)
  throw new UsageError(`unknown value \`${value}\` for --${option}; ${meant ? `did you mean \`${meant}\`?` : `known are ${known.join(', ')}`}`)
}

/** `--color` and `--no-color`, then the variables that others use (force-color.org, no-color.org, bixense.com/clicolors). */
function usesColor(values: Values): boolean {
  if (values['no-color']) return false
  if (values.color) return true
  const { FORCE_COLOR, NO_COLOR, CLICOLOR_FORCE, TERM } = process.env
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (CLICOLOR_FORCE !== undefined && CLICOLOR_FORCE !== '' && CLICOLOR_FORCE !== '0') return true
  return process.stdout.isTTY === true && TERM !== 'dumb'
}

import { parseArgs } from 'node:util'
import type { BaselineAction } from './baseline-file.ts'
import { isAtLeast, severities, type Severity } from './diagnostic.ts'
import type { FixMode } from './fixer.ts'
import { printable, type Formatter, type LintedFile, type Report, type RunError } from './formatter.ts'
import type { Changes } from './git.ts'
import type { PlatformMode } from './linter.ts'
import { baselineActions, formatNames, options, platformModes } from './option.ts'
import { Lines } from './position.ts'
import type { ResultCache } from './result-cache.ts'
import type { RunObserver, RunOptions } from './run.ts'
import { readShard } from './shard.ts'
import type { ShardReport } from './shard-report.ts'
import { didYouMean } from './suggestion.ts'
import { namesWindows, parseTargets, TargetError, type Target } from './target.ts'
import type { Range } from './text.ts'
import { version } from './about.ts'

/** Exit statuses: nothing found, findings, the job could not be done. */
const nothingFound = 0
const findings = 1
const failure = 2

/** A command line that cannot be understood, in words for the user. */
class UsageError extends Error {
  override readonly name = 'UsageError'
}

const formatters: Readonly<Record<(typeof formatNames)[number], () => Promise<{ default: Formatter }>>> = {
  pretty: () => import('./formatters/pretty.ts'),
  compact: () => import('./formatters/compact.ts'),
  json: () => import('./formatters/json.ts'),
  jsonl: () => import('./formatters/jsonl.ts'),
  sarif: () => import('./formatters/sarif.ts'),
  github: () => import('./formatters/github.ts'),
  gitlab: () => import('./formatters/gitlab.ts'),
  junit: () => import('./formatters/junit.ts'),
  checkstyle: () => import('./formatters/checkstyle.ts'),
  rdjson: () => import('./formatters/rdjson.ts'),
  rdjsonl: () => import('./formatters/rdjsonl.ts'),
  azure: () => import('./formatters/azure.ts'),
  teamcity: () => import('./formatters/teamcity.ts'),
  markdown: () => import('./formatters/markdown.ts')
}

/** A format, and the file that it is written to if not to standard output. */
interface Output {
  readonly format: keyof typeof formatters
  readonly path: string | undefined
}

interface Settings extends RunOptions {
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

/** Run the command line `argv` (without node and script) and return the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  // Clients of a language server append options of their own.
  if (argv[0] === 'lsp') return await serve()
  try {
    const { values, positionals } = parseCommandLine(argv)
    if (values.help) return print((await import('./help.ts')).help)
    if (values.version) return print(`${version}\n`)
    const [command, ...operands] = positionals
    if (values.shard !== undefined) await refuseShard(values, positionals)
    if (command === 'merge') return await merge(operands, values)
    if (command === 'explain') return print((await import('./explain.ts')).explain(operands, UsageError))
    if (command === 'matrix') return print((await import('./matrix-table.ts')).matrixTable(targetsOf(values.target ?? []), operands, UsageError))
    if (command === 'targets') return await listTargets(operands, values)
    if (command === 'inspect') return await inspect(operands, values['allow-outside'] ?? false)
    if (command === 'completions') return print((await import('./completion.ts')).completionScript(operands, UsageError))
    if (command === 'why') return await why(operands, values)
    if (command === 'diff') return await compare(operands, values)
    if (command === 'interop') return await interop(operands, values)
    if (command === 'migrate') return await migrate(operands, values)
    const settings = await settingsOf(values, positionals)
    if (values.init) return await initialise(positionals)
    if (values['print-config'] !== undefined) return print(await printedConfig(values['print-config'], settings))
    return values.watch ? await watchPaths(values, settings) : await lintPaths(settings)
  } catch (error) {
    return refuse(error)
  }
}

/** Tells of what the user can mend; anything else is a fault of ours. */
function refuse(error: unknown): number {
  if (!(error instanceof UsageError) && !(error instanceof TargetError) && !['ConfigError', 'BaselineFileError', 'CacheError', 'MergeError', 'MigrateError', 'GitError', 'InitError'].includes((error as Error).name)) throw error
  process.stderr.write(`porthole: ${(error as Error).message}\n`)
  return failure
}

function parseCommandLine(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
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

type Values = ReturnType<typeof parseCommandLine>['values']

async function settingsOf(values: Values, positionals: readonly string[]): Promise<Settings> {
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

async function refuseShard(values: Values, positionals: readonly string[]): Promise<void> {
  const { commands } = await import('./help.ts')
  const command = positionals[0]
  if (commands.some(({ name }) => name === command)) throw new UsageError(`--shard splits what is linted; porthole ${command} does not take it`)
  for (const [option, reason] of unlikeShard) if (values[option] !== undefined) throw new UsageError(`--shard and --${option} exclude each other: ${reason}`)
  if (positionals.includes('-')) throw new UsageError('standard input is one file, and cannot be split')
}

/** Options of `porthole merge`. */
const mergeOptions: readonly string[] = ['format', 'output-file', 'fail-on', 'exit-zero', 'quiet', 'verbose', 'baseline', 'baseline-file', 'color', 'no-color']

/** `porthole merge <reports…>`: the report and the exit status of the whole run, from those of its shards. */
async function merge(paths: readonly string[], values: Values): Promise<number> {
  const foreign = Object.keys(values).find(name => !mergeOptions.includes(name))
  if (foreign !== undefined) throw new UsageError(`porthole merge takes no --${foreign}: what was found is in the reports`)
  if (paths.length === 0) throw new UsageError('name the reports of all shards, or the folder with them: porthole merge <reports…>')
  const { mergeReports } = await import('./merge.ts')
  const settings = await settingsOf({ ...values, 'no-config': true }, [])
  const { report: { files, errors, targets }, failOn } = mergeReports(paths)
  const isStated = values['exit-zero'] ?? values.quiet ?? values['fail-on'] !== undefined
  return await conclude({ files, errors, targets }, isStated ? settings : { ...settings, failOn }, process.stdout)
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
async function configurationOf(values: Values): Promise<Pick<RunOptions, 'configuration' | 'rules'>> {
  const [{ Configuration }, { findConfig, loadConfig }] = await Promise.all([import('./config.ts'), import('./config-file.ts')])
  const path = values['no-config'] ? undefined : values.config ?? findConfig(process.cwd())
  if (path === undefined && values.rule === undefined) return { configuration: Configuration.none, rules: new Map() }
  const [{ namesOf }, { knowledge }, { readRuleOptions }] = await Promise.all([import('./known-name.ts'), import('./knowledge.ts'), import('./config-reader.ts')])
  const names = namesOf(knowledge.rules, knowledge.matrix.rows)
  const { settings, faults } = readRuleOptions(values.rule ?? [], names)
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
  return { configuration: path === undefined ? Configuration.none : await loadConfig(path, names), rules: settings }
}

/** What is configured for a file, as JSON. */
async function printedConfig(path: string, { configuration, targets, platform, rules, failOn }: Settings): Promise<string> {
  const [{ printableConfig }, { configPath }] = await Promise.all([import('./config.ts'), import('./config-file.ts')])
  const text = printableConfig(configPath(path), configuration, { ...(targets ? { targets } : {}), ...(platform ? { platform } : {}), ...(rules.size > 0 ? { rules } : {}), ...(failOn ? { failOn } : {}) })
  return text.endsWith('\n') ? text : `${text}\n`
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

const targetsOf = (names: readonly string[]): Target[] => parseTargets(names)

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
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

async function lintPaths(settings: Settings): Promise<number> {
  if (namesNothing(settings)) throw nothingNamed()
  const statistics = settings.stats ? new (await import('./run-statistics.ts')).RunStatistics() : undefined
  const progress = showsProgress(settings) ? new (await import('./progress.ts')).Progress(process.stderr) : undefined
  const observers: RunObserver[] = [...(statistics ? [statistics] : []), ...(progress ? [progress] : [])]
  const cache = settings.cacheLocation === undefined ? undefined : new (await import('./result-cache.ts')).ResultCache(settings.cacheLocation)
  const run: RunOptions = { ...settings, observers, cache }
  const { lintFiles } = await import('./run.ts')
  const fixing = settings.fix && (await (await import('./fix-run.ts')).fixFiles(settings.paths, run, settings.fix).finally(() => progress?.end()))
  const result = fixing ? fixing.left : await lintFiles(settings.paths, run).finally(() => progress?.end())
  statistics?.linted()
  if (fixing) {
    if (settings.diff) print(fixing.diff())
    else fixing.write()
    process.stderr.write(fixing.summary(settings.diff ? 'would fix' : 'fixed'))
  }
  if (fixing && settings.diff) {
    printErrors(result.errors)
    return result.errors.length > 0 ? failure : fixing.isNeeded ? findings : nothingFound
  }
  const shard = settings.shard && (await import('./shard-report.ts')).shardReport(settings.shard, result, settings.common.options, settings.common.failOn)
  const status = await conclude({ ...result, shard }, settings, fixing?.hasInput ? process.stderr : process.stdout)
  for (const path of result.withheld) process.stderr.write(`porthole: ${printable(path)} is outside of the project and was not read; --allow-outside reads it\n`)
  if (statistics) process.stderr.write(statistics.text())
  if (cache) saveCache(cache)
  return status
}

/** Tell what was found, and return the exit status. */
async function conclude({ files: found, errors, targets, shard }: Omit<Report, 'version'>, settings: Settings, stream: NodeJS.WriteStream): Promise<number> {
  const files = await withoutKnown(found, targets, settings)
  await printReport({ version, targets, files, errors, shard }, settings, stream)
  printErrors(errors)
  printNotes(files, settings)
  if (errors.length > 0) return failure
  const { failOn } = settings
  return failOn !== undefined && files.some(file => file.diagnostics.some(({ severity }) => isAtLeast(severity, failOn))) ? findings : nothingFound
}

/** A cache that cannot be written costs time, and nothing else. */
function saveCache(cache: ResultCache): void {
  try {
    cache.save()
  } catch (error) {
    process.stderr.write(`porthole: ${(error as Error).message}\n`)
  }
}

/** `porthole targets [paths…]`: the targets in force and where each comes from, and those that files name. */
async function listTargets(paths: readonly string[], values: Values): Promise<number> {
  const [{ projectTargets }, { targetsText }, { configuration }] = await Promise.all([import('./project-target.ts'), import('./target-list.ts'), configurationOf(values)])
  const inferred = await projectTargets(paths.length > 0 ? paths : ['.'])
  return print(targetsText(values.target, configuration.targetLayers, inferred))
}

/** Lints again whenever something changes; a configuration that has become faulty is told, and ends nothing. */
async function watchPaths(values: Values, settings: Settings): Promise<number> {
  const { paths, composeFiles = [], outputs, baseline, cacheLocation } = settings
  if (paths.includes('-')) throw new UsageError('standard input cannot be watched')
  if (namesNothing(settings)) throw nothingNamed()
  const { watch } = await import('./watch.ts')
  return await watch({
    paths: [...paths, ...composeFiles],
    more: values.config === undefined ? [] : [values.config],
    written: [...outputs.flatMap(({ path }) => path ?? []), ...(baseline ? [baseline.path] : []), ...(cacheLocation === undefined ? [] : [cacheLocation])],
    round: async () => await settingsOf(values, paths).then(lintPaths).catch(refuse),
    polls: values.poll ?? false
  })
}

const namesNothing = ({ paths, composeFiles, changes }: Settings): boolean => paths.length === 0 && composeFiles === undefined && changes === undefined

const nothingNamed = (): UsageError => new UsageError('nothing to lint; name files, folders or patterns, or see porthole --help')

/** Only people at a terminal wait; what else is printed there meanwhile would be overwritten. */
const showsProgress = ({ explainsPlatform }: Settings): boolean =>
  process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI && !explainsPlatform

/** `porthole --init`: a configuration that fits the files of this folder. */
async function initialise(paths: readonly string[]): Promise<number> {
  if (paths.length > 0) throw new UsageError('--init looks at the folder that it is run in, and takes no paths')
  const { writeInitialConfig } = await import('./init.ts')
  process.stderr.write(await writeInitialConfig(process.cwd()))
  return nothingFound
}


/** `porthole lsp`: a language server on standard input and output; the process ends when its client leaves. */
async function serve(): Promise<number> {
  const { startServer } = await import('./server.ts')
  startServer()
  return nothingFound
}

/** `porthole inspect <paths…>`: what files ask of Docker, as JSON. */
async function inspect(paths: readonly string[], allowsOutside: boolean): Promise<number> {
  if (paths.length === 0) throw new UsageError('name files: porthole inspect <files…>')
  const { inspectFiles } = await import('./inspect.ts')
  const { text, errors } = await inspectFiles(paths, allowsOutside)
  print(text)
  printErrors(errors)
  return errors.length > 0 ? failure : nothingFound
}

/** `porthole why <text|-> [paths…]`: from what Docker said to the setting that made it say so. */
async function why([text, ...paths]: readonly string[], values: Values): Promise<number> {
  if (text === undefined) throw new UsageError('give the text of an error, or - for standard input: porthole why "<text>" [paths…]')
  const { causesOf, whyText } = await import('./why.ts')
  const { knowledge } = await import('./knowledge.ts')
  const output = text === '-' ? await standardInput() : text
  const causes = causesOf(output, knowledge.matrix)
  const { lintFiles } = await import('./run.ts')
  const { files, errors } = await lintFiles(paths.length > 0 ? paths : ['.'], await settingsOf(values, paths))
  print(whyText(causes, files, output))
  // Where nothing was asked to be read, nothing need be there.
  if (paths.length > 0 && errors.length > 0) {
    printErrors(errors)
    return failure
  }
  return causes.length > 0 ? nothingFound : findings
}

async function standardInput(): Promise<string> {
  const { readStandardInput } = await import('./files.ts')
  try {
    return (await readStandardInput()).text
  } catch (error) {
    throw new UsageError(`standard input: ${(error as Error).message}`)
  }
}

/** `porthole diff --from <target> --to <target> <paths…>`: what a move changes; findings are what gets worse. */
async function compare(paths: readonly string[], values: Values): Promise<number> {
  const { changesOf, comparisonJson, comparisonText, moveTargets } = await import('./comparison.ts')
  const stated = values.from === undefined || values.to === undefined ? [] : moveTargets(values.from, values.to)
  const [from, to] = stated.map(option => parseTargets([option]))
  if (from?.length !== 1 || to?.length !== 1) throw new UsageError('name one target each: porthole diff --from ws2019,engine@20.10 --to ws2025 <paths…>, or --from ws2022 --to host=azure')
  const format = oneOf('format', values.format?.[0] ?? 'pretty', ['pretty', 'json'])
  const { lintFiles } = await import('./run.ts')
  const { files, errors } = await lintFiles(paths.length > 0 ? paths : ['.'], { ...(await settingsOf(values, [])), targets: stated })
  const labels = [from[0]!.label, to[0]!.label] as const
  const changes = changesOf(files, ...labels)
  print((format === 'json' ? comparisonJson : comparisonText)(changes, ...labels))
  printErrors(errors)
  if (errors.length > 0) return failure
  return changes.some(({ direction }) => direction === 'worse') && !values['exit-zero'] ? findings : nothingFound
}

/** `porthole migrate [paths…]`: an overlay that makes a compose project one that Windows takes. */
async function migrate(paths: readonly string[], values: Values): Promise<number> {
  const { targets = [], platform = 'windows' } = await settingsOf(values, paths)
  const { migrateFiles } = await import('./migrate.ts')
  const { stdout, stderr, isComplete } = await migrateFiles({
    paths: paths.length > 0 ? paths : ['.'], output: values['output-file'], overwrites: values.force ?? false, showsChecklist: values.checklist ?? false, allowsOutside: values['allow-outside'] ?? false,
    targets: parseTargets(targets), statedTargets: namesWindows(targets), platform
  })
  print(stdout)
  process.stderr.write(stderr)
  return isComplete || values['exit-zero'] ? nothingFound : findings
}

/** `porthole interop [tool] [paths…]`: what switches off the rules of other linters that ask for what Windows does not take. */
async function interop([tool, ...paths]: readonly string[], values: Values): Promise<number> {
  const { interopConfiguration, interopOverview } = await import('./interop.ts')
  if (tool === undefined) return print(interopOverview())
  const { systemSubjects } = await import('./system-subject.ts')
  const { platform = 'windows' } = await settingsOf(values, paths)
  try {
    const { stdout, stderr } = interopConfiguration(tool, await systemSubjects(paths.length > 0 ? paths : ['.'], platform))
    process.stderr.write(stderr)
    return print(stdout)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(error.message)
  }
}

/** What the baseline does not know. */
async function withoutKnown(files: readonly LintedFile[], targets: Report['targets'], { baseline }: Settings): Promise<readonly LintedFile[]> {
  if (!baseline) return files
  const { applyBaseline } = await import('./baseline-file.ts')
  return applyBaseline(baseline.action, baseline.path, files, targets.map(({ label }) => label))
}

/** Where standard output is taken by the fixed text, the report goes to `stream`. */
async function printReport(report: Report, { outputs, color, show }: Settings, stream: NodeJS.WriteStream): Promise<void> {
  for (const { format, path } of outputs) {
    const { default: formatter } = await formatters[format]()
    const rules = formatter.describesRules ? (await import('./rule-description.ts')).ruleDescriptions() : undefined
    const text = formatter.format({ ...report, rules }, { color: color && format === 'pretty' && path === undefined, show, width: process.stdout.columns ?? 120 })
    if (path === undefined) stream.write(text)
    else await writeReport(path, text)
  }
}

async function writeReport(path: string, text: string): Promise<void> {
  const [{ mkdirSync, writeFileSync }, { dirname }] = await Promise.all([import('node:fs'), import('node:path')])
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`)
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return nothingFound
}

function printErrors(errors: readonly RunError[]): void {
  for (const { path, message } of errors) process.stderr.write(`porthole: ${path === undefined ? '' : `${printable(path)}: `}${printable(message)}\n`)
}

const placeIn = (path: string, text: string, [start]: Range): string => {
  const { line, column } = new Lines(text).position(start)
  return `${path}:${line}:${column}`
}

/** What is no finding, but should be known: files without Docker, findings left out and why. */
function printNotes(files: readonly LintedFile[], settings: Settings): void {
  if (files.length === 0 && settings.shard) process.stderr.write(`porthole: shard ${settings.shard.index}/${settings.shard.count} has no file that speaks of Docker\n`)
  else if (files.length === 0 && settings.changes) process.stderr.write(`porthole: nothing that is ${settings.changes.kind} speaks of Docker\n`)
  const foreign = files.filter(({ language }) => language === undefined)
  if (foreign.length > 0 && !settings.explainsPlatform) process.stderr.write(`porthole: nothing that speaks of Docker in ${foreign.length > 3 ? `${foreign.length} files` : foreign.map(({ path }) => printable(path)).join(', ')}\n`)
  const leftOut = files.flatMap(file => file.leftOut)
  const count = (reason: string): number => leftOut.filter(entry => entry.reason === reason).reduce((sum, { diagnostics }) => sum + diagnostics, 0)
  const parts = [
    [count('declared-linux'), 'in what declares Linux'],
    [count('linux'), 'in what is evidently for Linux'],
    [count('undecided'), 'where nothing says which system it is for (--platform windows reports them)']
  ].filter(([number]) => number !== 0).map(([number, where]) => `${number} ${where}`)
  const gaps = files.flatMap(({ path, text, gaps: own = [] }) => own.map(gap => ({ path, text, ...gap })))
  for (const { path, text, message, range } of settings.verbose ? gaps : []) process.stderr.write(`${placeIn(path, text, range)} ${message}\n`)
  if (parts.length > 0) process.stderr.write(`porthole: left out ${parts.join(', ')}; --explain-platform shows the evidence\n`)
}

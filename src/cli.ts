import { parseArgs } from 'node:util'
import type { BaselineAction } from './baseline-file.ts'
import { isAtLeast, severities, type Severity } from './diagnostic.ts'
import type { Formatter, LintedFile, Report, RunError } from './formatter.ts'
import type { Changes } from './git.ts'
import type { PlatformMode } from './linter.ts'
import { baselineActions, formatNames, options, platformModes } from './option.ts'
import { Lines } from './position.ts'
import type { RunObserver, RunOptions } from './run.ts'
import { didYouMean } from './suggestion.ts'
import { parseTargets, TargetError, type Target } from './target.ts'
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
    if (command === 'explain') return print((await import('./explain.ts')).explain(operands, UsageError))
    if (command === 'matrix') return print((await import('./matrix-table.ts')).matrixTable(targetsOf(values.target ?? []), operands))
    if (command === 'targets') return print(targetsText(targetsOf(values.target ?? []), values.target !== undefined))
    if (command === 'completions') return print((await import('./completion.ts')).completionScript(operands, UsageError))
    if (command === 'inspect') return await inspect(operands)
    if (command === 'why') return await why(operands, values)
    if (command === 'diff') return await compare(operands, values)
    const settings = await settingsOf(values, positionals)
    if (values.init) return await initialise(positionals)
    if (values['print-config'] !== undefined) return print(await printedConfig(values['print-config'], settings))
    return await lintPaths(settings)
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof TargetError) && !['ConfigError', 'BaselineFileError', 'GitError', 'InitError'].includes((error as Error).name)) throw error
    process.stderr.write(`porthole: ${(error as Error).message}\n`)
    return failure
  }
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
  const failOn = values['fail-on'] ?? (values.quiet ? 'error' : configuration.failOn ?? 'warning')
  parseTargets(values.target ?? [])
  return {
    paths: positionals,
    composeFiles: values['compose-file'],
    baseline: values.baseline === undefined ? undefined : { action: oneOf<BaselineAction>('baseline', values.baseline, baselineActions), path: values['baseline-file'] ?? 'porthole-baseline.json' },
    targets: values.target,
    platform: values.platform === undefined ? undefined : oneOf<PlatformMode>('platform', values.platform, platformModes),
    rules,
    configuration,
    explainsPlatform: values['explain-platform'] ?? false,
    changes: changesOf(values, positionals),
    forceExclude: values['force-exclude'] ?? false,
    stats: values.stats ?? false,
    outputs: outputsOf(values.format ?? ['pretty'], values['output-file']),
    failOn: values['exit-zero'] ? undefined : oneOf('fail-on', failOn, severities),
    show: values.quiet ? 'error' : 'info',
    stdinFilename: values['stdin-filename'] ?? 'compose.yaml',
    color: usesColor(values),
    verbose: values.verbose ?? false
  }
}

/** `--staged` and `--changed`. */
function changesOf({ staged, changed }: Values, paths: readonly string[]): Changes | undefined {
  if (!staged && changed === undefined) return undefined
  if (staged && changed !== undefined) throw new UsageError('--staged and --changed exclude each other')
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
  const { changes, stats } = settings
  if (settings.paths.length === 0 && settings.composeFiles === undefined && !changes) throw new UsageError('nothing to lint; name files, folders or patterns, or see porthole --help')
  const statistics = stats ? new (await import('./run-statistics.ts')).RunStatistics() : undefined
  const progress = showsProgress(settings) ? new (await import('./progress.ts')).Progress(process.stderr) : undefined
  const observers: RunObserver[] = [...(statistics ? [statistics] : []), ...(progress ? [progress] : [])]
  const { lintFiles } = await import('./run.ts')
  const { files: found, errors, targets } = await lintFiles(settings.paths, { ...settings, observers }).finally(() => progress?.end())
  statistics?.linted()
  const files = await withoutKnown(found, targets, settings)
  const report: Report = { version, targets, files, errors }
  await printReport(report, settings)
  printErrors(errors)
  printNotes(files, settings)
  if (statistics) process.stderr.write(statistics.text())
  if (errors.length > 0) return failure
  const { failOn } = settings
  return failOn !== undefined && files.some(file => file.diagnostics.some(({ severity }) => isAtLeast(severity, failOn))) ? findings : nothingFound
}

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

/** The targets in force, and where they come from. */
const targetsText = (targets: readonly Target[], areStated: boolean): string =>
  targets.map(({ label, windows, engine }) => `${label.padEnd(10)} ${windows.name} (build ${windows.build}), Docker Engine ${engine.join('.')}, ${areStated ? 'from --target' : 'by default'}\n`).join('')

/** `porthole lsp`: a language server on standard input and output; the process ends when its client leaves. */
async function serve(): Promise<number> {
  const { startServer } = await import('./server.ts')
  startServer()
  return nothingFound
}

/** `porthole inspect <paths…>`: what files ask of Docker, as JSON. */
async function inspect(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) throw new UsageError('name files: porthole inspect <files…>')
  const { inspectFiles } = await import('./inspect.ts')
  const { text, errors } = await inspectFiles(paths)
  print(text)
  printErrors(errors)
  return errors.length > 0 ? failure : nothingFound
}

/** `porthole why <text|-> [paths…]`: from what Docker said to the setting that made it say so. */
async function why([text, ...paths]: readonly string[], values: Values): Promise<number> {
  if (text === undefined) throw new UsageError('give the text of an error, or - for standard input: porthole why "<text>" [paths…]')
  const { causesOf, whyText } = await import('./why.ts')
  const { knowledge } = await import('./knowledge.ts')
  const output = text === '-' ? (await import('node:fs')).readFileSync(0, 'utf8') : text
  const causes = causesOf(output, knowledge.matrix)
  const { lintFiles } = await import('./run.ts')
  const { files } = await lintFiles(paths.length > 0 ? paths : ['.'], await settingsOf(values, []))
  print(whyText(causes, files))
  return causes.length > 0 ? nothingFound : findings
}

/** `porthole diff --from <target> --to <target> <paths…>`: what a move changes. */
async function compare(paths: readonly string[], values: Values): Promise<number> {
  const [from, to] = [values.from, values.to].map(option => (option === undefined ? [] : parseTargets([option])))
  if (from?.length !== 1 || to?.length !== 1) throw new UsageError('name one target each: porthole diff --from ws2019,engine@20.10 --to ws2025 <paths…>')
  const { lintFiles } = await import('./run.ts')
  const { comparisonText } = await import('./comparison.ts')
  const { files, errors } = await lintFiles(paths.length > 0 ? paths : ['.'], { ...(await settingsOf(values, [])), targets: [values.from!, values.to!] })
  print(comparisonText(files, from[0]!.label, to[0]!.label))
  printErrors(errors)
  return errors.length > 0 ? failure : nothingFound
}

/** What the baseline does not know. */
async function withoutKnown(files: readonly LintedFile[], targets: readonly Target[], { baseline }: Settings): Promise<readonly LintedFile[]> {
  if (!baseline) return files
  const { applyBaseline } = await import('./baseline-file.ts')
  return applyBaseline(baseline.action, baseline.path, files, targets.map(({ label }) => label))
}

async function printReport(report: Report, { outputs, color, show }: Settings): Promise<void> {
  for (const { format, path } of outputs) {
    const { default: formatter } = await formatters[format]()
    const rules = formatter.describesRules ? (await import('./rule-description.ts')).ruleDescriptions() : undefined
    const text = formatter.format({ ...report, rules }, { color: color && format === 'pretty' && path === undefined, show, width: process.stdout.columns ?? 120 })
    if (path === undefined) print(text)
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
  for (const { path, message } of errors) process.stderr.write(`porthole: ${path === undefined ? '' : `${path}: `}${message}\n`)
}

const placeIn = (path: string, text: string, [start]: Range): string => {
  const { line, column } = new Lines(text).position(start)
  return `${path}:${line}:${column}`
}

/** What is no finding, but should be known: files without Docker, findings left out and why. */
function printNotes(files: readonly LintedFile[], settings: Settings): void {
  if (files.length === 0 && settings.changes) process.stderr.write(`porthole: nothing that is ${settings.changes.kind} speaks of Docker\n`)
  const foreign = files.filter(({ language }) => language === undefined)
  if (foreign.length > 0 && !settings.explainsPlatform) process.stderr.write(`porthole: nothing that speaks of Docker in ${foreign.length > 3 ? `${foreign.length} files` : foreign.map(({ path }) => path).join(', ')}\n`)
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

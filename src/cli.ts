import { version } from './about.ts'
import { isAtLeast } from './diagnostic.ts'
import { printable, type LintedFile, type Report } from './formatter.ts'
import { printErrors, printNotes, printReport } from './report-output.ts'
import type { ResultCache } from './result-cache.ts'
import type { RunObserver, RunOptions } from './run.ts'
import { configurationOf, oneOf, parseCommandLine, refuseShard, settingsOf, type Settings, type Values } from './settings.ts'
import { namesWindows, parseTargets, TargetError } from './target.ts'
import { UsageError } from './usage-error.ts'

/** Exit statuses: nothing found, findings, the job could not be done. */
const nothingFound = 0
const findings = 1
const failure = 2

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
    if (command === 'matrix') return print((await import('./matrix-table.ts')).matrixTable(parseTargets(values.target ?? []), operands, UsageError))
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

/** What is configured for a file, as JSON. */
async function printedConfig(path: string, { configuration, targets, platform, rules, failOn }: Settings): Promise<string> {
  const [{ printableConfig }, { configPath }] = await Promise.all([import('./config.ts'), import('./config-file.ts')])
  const text = printableConfig(configPath(path), configuration, { ...(targets ? { targets } : {}), ...(platform ? { platform } : {}), ...(rules.size > 0 ? { rules } : {}), ...(failOn ? { failOn } : {}) })
  return text.endsWith('\n') ? text : `${text}\n`
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

function print(text: string): number {
  process.stdout.write(text)
  return nothingFound
}

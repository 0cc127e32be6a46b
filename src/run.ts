import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { withSeverities, type Configuration, type RuleSettings } from './config.ts'
import { configPath } from './config-file.ts'
import type { Diagnostic } from './diagnostic.ts'
import { parseDotenv } from './dotenv.ts'
import { findFiles, isFile, readOptional, readSource, shownPath } from './files.ts'
import type { LintedFile, RunError } from './formatter.ts'
import { knowledge } from './knowledge.ts'
import { namesOf } from './known-name.ts'
import { lint, type LintOptions, type LintResult, type PlatformMode } from './linter.ts'
import { Lines } from './position.ts'
import { decode, type SourceFile } from './source-file.ts'
import { namesWindows, parseTargets, type Target } from './target.ts'

/** What is asked for on the command line, before what the configuration says; `undefined`: nothing. */
export interface RunOptions {
  readonly targets?: readonly string[] | undefined
  readonly platform?: PlatformMode | undefined
  readonly rules: RuleSettings
  readonly configuration: Configuration
  readonly stdinFilename: string
  readonly explainsPlatform: boolean
}

/** What a run found. */
export interface RunResult {
  readonly files: LintedFile[]
  readonly errors: RunError[]
  /** The targets that any of the files was judged for. */
  readonly targets: readonly Target[]
}

/** How a file is judged: the command line first, then the configuration, then by default. */
function lintOptions(path: string, { targets, platform, configuration }: RunOptions): LintOptions & { readonly rules: RuleSettings } {
  const own = configuration.for(configPath(path))
  const names = targets ?? own.targets ?? []
  return { targets: parseTargets(names), statedTargets: namesWindows(names), platform: platform ?? own.platform ?? 'windows', rules: own.rules }
}

/** Lint what a command line names; faults of one file leave the others alone. */
export async function lintFiles(paths: readonly string[], options: RunOptions): Promise<RunResult> {
  const files: LintedFile[] = []
  const errors: RunError[] = []
  const named = paths.filter(path => path !== '-')
  if (named.length < paths.length) await lintOne(options.stdinFilename, () => decode(readFileSync(0)), options, files, errors)
  const list = await findFiles(named, path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))))
  errors.push(...list.errors)
  const searched: LintedFile[] = []
  const seen = new Set(list.files)
  const isSkipped = (path: string): boolean => !list.named.has(path) && options.configuration.ignores(configPath(path))
  for (const path of list.files.filter(file => !isSkipped(file))) for (const other of await lintOne(shownPath(path), () => readSource(path), options, list.named.has(path) ? files : searched, errors)) {
    // A file that a script hands to Docker is meant for Docker, whatever it is called.
    const referred = [resolve(dirname(path), other), resolve(other)].find(isFile)
    if (referred === undefined || seen.has(referred)) continue
    seen.add(referred)
    await lintOne(shownPath(referred), () => readSource(referred), options, searched, errors, 'compose')
  }
  // Of what was found in folders and by patterns, only what speaks of Docker counts as read.
  const read = files.concat(searched.filter(({ language }) => language !== undefined))
  if (read.length === 0 && errors.length === 0) errors.push({ ...(named.length === 1 ? { path: named[0] } : {}), message: 'no Docker configuration found' })
  const targets = new Map(read.flatMap(({ path }) => lintOptions(path, options).targets).map(target => [target.label, target]))
  return { files: read.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), errors, targets: targets.size > 0 ? [...targets.values()] : parseTargets(options.targets ?? []) }
}

/** Lint a file, and return the paths of those that it hands to Docker. */
async function lintOne(path: string, read: () => SourceFile, options: RunOptions, files: LintedFile[], errors: RunError[], as?: string): Promise<string[]> {
  try {
    const { text } = read()
    const environment = parseDotenv(readOptional(join(dirname(resolve(path)), '.env')) ?? '')
    const settings = lintOptions(path, options)
    const found = await lint(path, text, knowledge, settings, { environment, language: as })
    const { language, leftOut, subjects, references } = found
    const { kept, suppressed } = await withoutSuppressed(found, text, settings)
    const diagnostics = withSeverities(kept, [options.rules, settings.rules])
    if (options.explainsPlatform) process.stderr.write(subjects.map(({ name, platform, range }) => explanation(path, text, name, platform, range)).join(''))
    files.push({ path, text, language, diagnostics, leftOut, suppressed })
    return references.map(({ value }) => value)
  } catch (error) {
    errors.push({ path, message: (error as Error).message })
    return []
  }
}

/** What is left when the comments of a file have been heard; what is wrong with these is added. */
async function withoutSuppressed({ diagnostics, comments, leftOut }: LintResult, text: string, { targets, statedTargets }: LintOptions): Promise<{ kept: readonly Diagnostic[]; suppressed: LintedFile['suppressed'] & object }> {
  if (!comments.some(comment => comment.value.includes('porthole-'))) return { kept: diagnostics, suppressed: [] }
  const { applySuppressions } = await import('./suppression.ts')
  const { rules, matrix } = knowledge
  const unjudged = new Set(statedTargets ? [] : matrix.rows.filter(row => row.statedTarget).flatMap(({ rule, feature }) => [rule, feature]))
  const complete = leftOut.every(({ reason }) => reason === 'declared-linux')
  const today = new Date().toISOString().slice(0, 10)
  const { kept, suppressed, problems } = applySuppressions(diagnostics, comments, text, today, { ...namesOf(rules, matrix.rows), targets: targets.map(({ label }) => label), unjudged, complete })
  return { kept: [...kept, ...problems].sort((a, b) => a.range[0] - b.range[0]), suppressed }
}

/** Why a service is thought to be for a system. */
function explanation(path: string, text: string, name: string, platform: { os: string; evidence: readonly { says: string; range: readonly [number, number] }[] }, range: readonly [number, number]): string {
  const lines = new Lines(text)
  const place = (offset: number): string => `${path}:${lines.position(offset).line}:${lines.position(offset).column}`
  const verdict = platform.os === 'unknown' ? 'undecided: nothing says which system it is for' : `for ${platform.os === 'windows' ? 'Windows' : 'Linux'}`
  return [`${place(range[0])} \`${name}\` is ${verdict}`, ...platform.evidence.map(({ says, range: where }) => `  ${place(where[0])} ${says}`), ''].join('\n')
}

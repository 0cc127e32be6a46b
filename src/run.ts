import type { Configuration, RuleSettings } from './config.ts'
import { configPath } from './config-file.ts'
import { lintOptions } from './file-result.ts'
import { findFiles, readSource, readStandardInput, shownPath, type FileList } from './files.ts'
import { byPath, type LintedFile, type RunError } from './formatter.ts'
import type { ChangedFiles, Changes } from './git.ts'
import { fileNamedBy, JointLint, settingsFor } from './joint-lint.ts'
import { knowledge } from './knowledge.ts'
import type { PlatformMode } from './linter.ts'
import type { ResultCache } from './result-cache.ts'
import { isOfShard, type Shard } from './shard.ts'
import { parseTargets, type Target } from './target.ts'

/** What is asked for on the command line, before what the configuration says; `undefined`: nothing. */
export interface RunOptions {
  readonly targets?: readonly string[] | undefined
  readonly platform?: PlatformMode | undefined
  readonly rules: RuleSettings
  readonly configuration: Configuration
  readonly stdinFilename: string
  readonly explainsPlatform: boolean
  /** Compose files that are laid over each other, in order. */
  readonly composeFiles?: readonly string[] | undefined
  /** Texts that files have in place of those on the disk, by their paths as shown. */
  readonly texts?: ReadonlyMap<string, string> | undefined
  /** Whether files that others name are read wherever they are. */
  readonly allowsOutside?: boolean | undefined
  /** Lint only what git knows to be changed. */
  readonly changes?: Changes | undefined
  /** Whether what the configuration ignores is left out even where it is named. */
  readonly forceExclude?: boolean
  /** Lint only the files of this part; the others are read where they bear on these. */
  readonly shard?: Shard | undefined
  readonly observers?: readonly RunObserver[]
  /** How many threads there may be; one if it is missing. */
  readonly threads?: number | undefined
  /** What earlier runs found. */
  readonly cache?: ResultCache | undefined
}

/** Is told how a run goes on. */
export interface RunObserver {
  /** The files to read are known. */
  found?(files: number): void
  /** The configuration leaves a file out. */
  ignores?(path: string): void
  /** A file is about to be read. */
  starts?(path: string): void
  /** It was read as this language; `undefined`: nothing in it speaks of Docker. */
  ends?(path: string, language: string | undefined, characters: number): void
}

/** What a run found. */
export interface RunResult {
  readonly files: LintedFile[]
  readonly errors: RunError[]
  /** The targets that any of the files was judged for. */
  readonly targets: readonly Target[]
  /** The first file that was judged for each of them, by label. */
  readonly firstJudged: ReadonlyMap<string, string>
  /** All files that were found, those of other shards too, as they are shown. */
  readonly found: readonly string[]
  /** What is wrong where no shard has a file; `undefined`: nothing. */
  readonly noneFound: RunError | undefined
  /** Files that nobody named, but another file. */
  readonly referred: ReadonlySet<string>
  /** Files outside of the project that were not read, as they are shown. */
  readonly withheld: readonly string[]
}

/** Lint what a command line names; faults of one file leave the others alone. */
export async function lintFiles(paths: readonly string[], options: RunOptions): Promise<RunResult> {
  const run = new JointLint(options)
  return await lintWith(run, paths, options).finally(() => run.end())
}

async function lintWith(run: JointLint, paths: readonly string[], options: RunOptions): Promise<RunResult> {
  const { composeFiles = [], observers = [], changes, shard } = options
  const isOwn = (path: string): boolean => shard === undefined || isOfShard(path, shard)
  const named = [...paths, ...composeFiles].filter(path => path !== '-')
  if (paths.includes('-')) await run.lint(options.stdinFilename, readStandardInput, { isNamed: true })
  const list = await filesOf(named, options)
  const withheld = list.withheld.map(path => shownPath(path)).filter(isOwn)
  run.errors.push(...list.errors.filter(({ path = '' }) => isOwn(path)))
  const isIgnored = (path: string): boolean => (options.forceExclude || !list.named.has(path)) && options.configuration.ignores(configPath(path))
  const ignored = new Set(list.files.filter(isIgnored))
  const found = list.files.filter(file => !ignored.has(file))
  for (const observer of observers) {
    observer.found?.(shard ? found.filter(path => isOwn(shownPath(path))).length : found.length)
    for (const path of ignored) observer.ignores?.(shownPath(path))
  }
  const seen = new Set(list.files)
  const referred = new Set<string>()
  await run.share(found.filter(path => isOwn(shownPath(path))))
  for (const path of found) {
    const readSourceFile = list.staged?.get(path) ?? (() => readSource(path))
    for (const other of await run.lint(shownPath(path), readSourceFile, { isNamed: list.named.has(path) })) {
      // A file that a script hands to Docker is meant for Docker, whatever it is called.
      const file = fileNamedBy(path, other)
      if (file === undefined || seen.has(file) || changes) continue
      seen.add(file)
      const shown = shownPath(file)
      if (run.mayRead(file, path)) {
        referred.add(shown)
        await run.lint(shown, () => readSource(file), { isNamed: false, language: 'compose' })
      } else if (isOwn(shown)) withheld.push(shown)
    }
  }
  await run.finish()
  const { files, errors } = run
  const mayBeNone = changes !== undefined || (options.forceExclude && ignored.size > 0)
  const noneFound = mayBeNone ? undefined : { ...(named.length === 1 ? { path: named[0] } : {}), message: 'no Docker configuration found' }
  const isForOthers = shard !== undefined && (found.length > 0 || list.errors.length > 0)
  if (files.length === 0 && errors.length === 0 && noneFound && !isForOthers) errors.push(noneFound)
  files.sort(byPath)
  errors.sort(byPath)
  const targets = new Map<string, Target>()
  const firstJudged = new Map<string, string>()
  for (const { path } of files) for (const target of lintOptions(settingsFor(path, options)).targets) {
    if (!targets.has(target.label)) firstJudged.set(target.label, path)
    targets.set(target.label, target)
  }
  return { referred, withheld, files, errors, targets: targets.size > 0 ? [...targets.values()] : parseTargets(options.targets ?? []), firstJudged, found: found.map(path => shownPath(path)), noneFound }
}

/** The files that a command line names, or those of them that git knows to be changed. */
async function filesOf(paths: readonly string[], { changes, allowsOutside }: RunOptions): Promise<FileList & Partial<ChangedFiles>> {
  const wanted = (path: string): boolean => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/')))
  if (!changes) return await findFiles(paths, wanted, { allowsOutside: allowsOutside ?? false })
  const { changedFiles } = await import('./git.ts')
  return await changedFiles(changes, paths, wanted)
}

import { dirname, join, resolve, sep } from 'node:path'
import { languagesOf, mayBearOnOthers } from './bearing.ts'
import { withSeverities, type Configuration, type RuleSettings } from './config.ts'
import { configPath } from './config-file.ts'
import type { Diagnostic } from './diagnostic.ts'
import { readDotenv } from './env-file.ts'
import { findFiles, isFile, isReachable, readOptional, readSource, readStandardInput, shownPath, type FileList } from './files.ts'
import type { LintedFile, RunError } from './formatter.ts'
import type { ChangedFiles, Changes } from './git.ts'
import type { Environment } from './languages/compose-interpolation.ts'
import { knowledge } from './knowledge.ts'
import type { Gap } from './language.ts'
import { lintReading, read, type LintOptions, type LintResult, type PlatformMode, type ReadFile } from './linter.ts'
import { Lines } from './position.ts'
import type { SourceFile } from './source-file.ts'
import type { ProjectFacts } from './project-facts.ts'
import { isLaidOver } from './project-layer.ts'
import { isOfShard, type Shard } from './shard.ts'
import { namesWindows, parseTargets, type Target } from './target.ts'
import { Workspace } from './workspace.ts'

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

/** How a file is judged: the command line first, then the configuration, then by default. */
function lintOptions(path: string, { targets, platform, configuration }: RunOptions): LintOptions & { readonly rules: RuleSettings } {
  const own = configuration.for(configPath(path))
  return { ...targetsOf(targets ?? own.targets ?? []), platform: platform ?? own.platform ?? 'windows', rules: own.rules }
}

/** Targets by the options that ask for them; verdicts are kept for each such list. */
const knownTargets = new Map<string, Pick<LintOptions, 'targets' | 'statedTargets'>>()

function targetsOf(names: readonly string[]): Pick<LintOptions, 'targets' | 'statedTargets'> {
  const key = names.join(' ')
  let known = knownTargets.get(key)
  if (!known) knownTargets.set(key, (known = { targets: parseTargets(names), statedTargets: namesWindows(names) }))
  return known
}

/** Lint what a command line names; faults of one file leave the others alone. */
export async function lintFiles(paths: readonly string[], options: RunOptions): Promise<RunResult> {
  const run = new Run(options)
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
  for (const path of found) {
    const readSourceFile = list.staged?.get(path) ?? (() => readSource(path))
    for (const other of await run.lint(shownPath(path), readSourceFile, { isNamed: list.named.has(path) })) {
      // A file that a script hands to Docker is meant for Docker, whatever it is called.
      const file = [resolve(dirname(path), other), resolve(other)].find(isFile)
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
  for (const { path } of files) for (const target of lintOptions(path, options).targets) {
    if (!targets.has(target.label)) firstJudged.set(target.label, path)
    targets.set(target.label, target)
  }
  return { referred, withheld, files, errors, targets: targets.size > 0 ? [...targets.values()] : parseTargets(options.targets ?? []), firstJudged, found: found.map(path => shownPath(path)), noneFound }
}

interface Placed { readonly path?: string | undefined }

const byPath = ({ path: a = '' }: Placed, { path: b = '' }: Placed): number => (a < b ? -1 : a > b ? 1 : 0)

/** The files that a command line names, or those of them that git knows to be changed. */
async function filesOf(paths: readonly string[], { changes, allowsOutside }: RunOptions): Promise<FileList & Partial<ChangedFiles>> {
  const wanted = (path: string): boolean => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/')))
  if (!changes) return await findFiles(paths, wanted, { allowsOutside: allowsOutside ?? false })
  const { changedFiles } = await import('./git.ts')
  return await changedFiles(changes, paths, wanted)
}

/** How a file came into a run. */
interface Admission {
  /** Whether the command line names it, so that it counts even if nothing in it speaks of Docker. */
  readonly isNamed: boolean
  /** The language that it is known to be in. */
  readonly language?: string
}

type SourceReader = () => SourceFile | Promise<SourceFile>

/** The text of a file, and what was read in it; `undefined`: nothing in it speaks of Docker. */
interface ReadSource {
  readonly text: string
  readonly file: ReadFile | undefined
}

/** A file of another shard that was looked at, and not read. */
interface PassedOver {
  readonly path: string
  readonly readSourceFile: SourceReader
  readonly language: string | undefined
}

/** A file that was read, and is to be judged. */
interface Judged {
  readonly path: string
  readonly text: string
  readonly file: ReadFile
}

/** Of how many files what was read is kept, so that they need not be read twice; keeping all would take memory without end. */
const mostKept = 200

/** Files as they are read and judged, one after the other. */
class Run {
  readonly files: LintedFile[] = []
  readonly errors: RunError[] = []
  readonly #options: RunOptions
  readonly #workspace = new Workspace()
  /** What was read in the first files that leave something open, for when others know more of them. */
  readonly #open = new Map<string, ReadFile>()
  readonly #known = new Set<string>()
  readonly #composeFiles: { readonly path: string; readonly takesFromOthers: boolean }[] = []
  readonly #namedProjects: string[][] = []
  readonly #gaps: (Gap & { readonly path: string })[] = []
  readonly #explanations = new Map<string, string>()
  /** Texts of files to which findings in others may point. */
  readonly #makers = new Map<string, string>()
  /** Files of other shards that do not seem to bear on those of this one, by their absolute paths. */
  readonly #passedOver = new Map<string, PassedOver>()

  constructor(options: RunOptions) {
    environments.clear()
    this.#options = options
  }

  /** Lint a file, and return the paths of those that it hands to Docker. One of another shard is only looked at. */
  async lint(path: string, readSourceFile: SourceReader, admission: Admission): Promise<string[]> {
    if (!this.#isOwn(path)) return await this.#lookAt({ path, readSourceFile, language: admission.language })
    const { observers = [] } = this.#options
    for (const observer of observers) observer.starts?.(path)
    const source = await this.#read(path, readSourceFile, admission.language)
    if (!source) return []
    const references = await this.#admit(path, source, admission)
    for (const observer of observers) observer.ends?.(path, source.file?.language, source.text.length)
    return references
  }

  async #admit(path: string, source: ReadSource, { isNamed }: Admission): Promise<string[]> {
    const { text, file } = source
    if (!file) {
      // Of what was found in folders and by patterns, only what speaks of Docker counts as read.
      if (isNamed) this.files.push({ path, text, language: undefined, diagnostics: [], leftOut: [], suppressed: [], gaps: [] })
      return []
    }
    this.#noteProjects(path, file)
    this.files.push(await this.#judge({ path, text, file }))
    if (this.#open.size < mostKept && this.#workspace.mayKnowMoreOf(path)) this.#open.set(path, file)
    return (file.reading.references ?? []).map(({ value }) => value)
  }

  #isOwn(path: string): boolean {
    const { shard } = this.#options
    return shard === undefined || isOfShard(path, shard)
  }

  /** Read a file of another shard if it may bear on those of this one. */
  async #lookAt(other: PassedOver): Promise<string[]> {
    const { path, readSourceFile, language } = other
    const text = await Promise.resolve().then(readSourceFile).then(source => source.text, () => undefined)
    const languages = text === undefined ? [] : languagesOf(path, text, language)
    // What may be read is seen from the first compose file, too.
    const isPartOfProject = languages.includes('compose') && (this.#composeFiles.length === 0 || isLaidOver(absolute(path), readOptional))
    if (text !== undefined && (isPartOfProject || mayBearOnOthers(languages, text))) return await this.#learn(path, text, language)
    this.#passedOver.set(absolute(path), other)
    return []
  }

  /** Read a file that was passed over after all; `false`: it was not. */
  async #catchUp(path: string): Promise<boolean> {
    const other = this.#passedOver.get(absolute(path))
    if (!other) return false
    this.#passedOver.delete(absolute(path))
    const text = await Promise.resolve().then(other.readSourceFile).then(source => source.text, () => undefined)
    if (text !== undefined) await this.#learn(other.path, text, other.language)
    return true
  }

  /** What a file of another shard says of others. What is wrong with it is told where it is linted. */
  async #learn(path: string, text: string, language: string | undefined): Promise<string[]> {
    const { file } = (await this.#read(path, () => ({ text }), language, [])) ?? {}
    if (!file) return []
    this.#noteProjects(path, file)
    return (file.reading.references ?? []).map(({ value }) => value)
  }

  /** Whether a file that another one names may be read. */
  mayRead(path: string, from: string): boolean {
    return this.#options.allowsOutside === true || isReachable(path, from)
  }

  /** Take compose files for one project. */
  layOver(files: readonly string[]): void {
    this.#namedProjects.push(files.map(absolute))
  }

  /** Compose files, and those that commands lay over each other. */
  #noteProjects(path: string, { language, reading: { takesFromOthers = false, projects = [] } }: ReadFile): void {
    if (language === 'compose') this.#composeFiles.push({ path: absolute(path), takesFromOthers })
    for (const project of projects) {
      const files = project.map(({ value }) => [resolve(dirname(path), value), resolve(value)].find(isFile))
      if (files.every(file => file !== undefined)) this.layOver(files)
    }
  }

  /** Read the projects that are made of several files. */
  async #joinProjects(): Promise<void> {
    const files = this.#composeFiles
    const readNear = (path: string): string | undefined => (this.mayRead(path, files[0]!.path) ? this.#options.texts?.get(shownPath(path)) ?? readOptional(path) : undefined)
    const stated = (this.#options.composeFiles ?? []).map(absolute)
    if (stated.length + this.#namedProjects.length === 0 && !files.some(({ path, takesFromOthers }) => takesFromOthers || isLaidOver(path, readNear))) return
    const { projectsOf } = await import('./project-search.ts')
    const { facts, gaps } = projectsOf([...files].sort(byPath), this.#namedProjects, readNear, shownPath, stated)
    for (const project of facts) {
      this.#workspace.addProject(project)
      await this.#catchUpWith(project)
    }
    for (const { path, message, range } of gaps) this.#gaps.push({ path: shownPath(path), message, range })
  }

  /** Read what files of other shards say of the services of a project that files of this one are part of. */
  async #catchUpWith({ layers, services }: ProjectFacts): Promise<void> {
    if (this.#passedOver.size === 0) return
    const members = new Set([...layers, ...services.flatMap(({ places }) => [...places.keys()])])
    if ([...members].some(path => this.#isOwn(path))) for (const path of members) await this.#catchUp(path)
  }

  /** Once all files are read: judge those anew of which others know more. */
  async finish(): Promise<void> {
    if (this.#composeFiles.length > 0) await this.#joinProjects()
    for (const [dockerfile, builders] of this.#workspace.dockerfiles) {
      if (this.#known.has(dockerfile) || !builders.some(path => this.#isOwn(path)) || (await this.#catchUp(dockerfile))) continue
      if (this.mayRead(resolve(dockerfile), resolve(builders[0]!)) && isFile(resolve(dockerfile))) await this.#consult(dockerfile)
    }
    const withGaps = new Set(this.#gaps.map(({ path }) => path))
    for (const [at, { path, text, language }] of this.files.entries()) {
      if (!withGaps.has(path) && !this.#workspace.knowsMoreOf(path)) continue
      const file = this.#open.get(path) ?? (await readText(path, text, language))
      if (file) this.files[at] = await this.#judge({ path, text, file })
    }
    for (const explanation of this.#explanations.values()) process.stderr.write(explanation)
  }

  async #read(path: string, readSourceFile: () => Pick<SourceFile, 'text'> | Promise<SourceFile>, language: string | undefined, errors: RunError[] = this.errors): Promise<ReadSource | undefined> {
    this.#known.add(path)
    try {
      const text = this.#options.texts?.get(path) ?? (await readSourceFile()).text
      const file = await readText(path, text, language)
      if (file) this.#workspace.add(path, file.language, file.reading)
      if (file?.reading.intents.some(({ verb, build }) => verb === 'network.create' || build)) this.#makers.set(path, text)
      return { text, file }
    } catch (error) {
      errors.push({ path, message: (error as Error).message })
      return undefined
    }
  }

  /** Read a Dockerfile for what it says of others; one that cannot be read leaves a gap with these. */
  async #consult(path: string): Promise<void> {
    this.#known.add(path)
    try {
      const file = await readText(path, readSource(resolve(path)).text, 'dockerfile')
      if (file) this.#workspace.add(path, file.language, file.reading)
    } catch {
      // Nobody has asked for it.
    }
  }

  async #judge({ path, text, file }: Judged): Promise<LintedFile> {
    const settings = lintOptions(path, this.#options)
    const found = lintReading({ ...file, reading: this.#workspace.join(path, file.reading) }, knowledge, settings)
    const { language, leftOut, subjects } = found
    const gaps = [...found.gaps, ...this.#gaps.filter(gap => gap.path === path)]
    const { kept, suppressed } = await withoutSuppressed(found, text, settings)
    const diagnostics = withSeverities(kept, [this.#options.rules, settings.rules])
    if (this.#options.explainsPlatform) this.#explanations.set(path, subjects.map(({ name, platform, range }) => explanation(path, text, name, platform, range)).join(''))
    return { path, text, language, diagnostics, leftOut, suppressed, gaps, others: this.#textsOf(diagnostics) }
  }

  /** Texts of the other files that diagnostics point to. */
  #textsOf(diagnostics: readonly Diagnostic[]): Map<string, string> {
    const paths = new Set(diagnostics.flatMap(({ related }) => related.flatMap(({ path }) => path ?? [])))
    return new Map([...paths].flatMap(path => (this.#makers.has(path) ? [[path, this.#makers.get(path)!]] : [])))
  }
}

/** Read a text with the variables of the `.env` file beside it. */
function readText(path: string, text: string, language: string | undefined): Promise<ReadFile | undefined> {
  return read(path, text, knowledge, { environment: environmentOf(dirname(resolve(path))), language })
}

/** Variables of the `.env` files beside compose files, by folder, as the run at hand has found them. */
const environments = new Map<string, Environment>()

function environmentOf(folder: string): Environment {
  let environment = environments.get(folder)
  if (!environment) environments.set(folder, (environment = readDotenv(readOptional(join(folder, '.env')) ?? '')))
  return environment
}

/** An absolute path with `/`. */
const absolute = (path: string): string => resolve(path).replaceAll(sep, '/')

/** What is left when the comments of a file have been heard; what is wrong with these is added. */
async function withoutSuppressed(found: LintResult, text: string, options: LintOptions): Promise<{ kept: readonly Diagnostic[]; suppressed: LintedFile['suppressed'] & object }> {
  if (!found.comments.some(comment => comment.value.includes('porthole-'))) return { kept: found.diagnostics, suppressed: [] }
  const { hear } = await import('./hearing.ts')
  const { kept, suppressed, problems } = hear(found, text, options)
  return { kept: [...kept, ...problems].sort((a, b) => a.range[0] - b.range[0]), suppressed }
}

/** Why a service is thought to be for a system. */
function explanation(path: string, text: string, name: string, platform: { os: string; evidence: readonly { says: string; range: readonly [number, number] }[] }, range: readonly [number, number]): string {
  const lines = new Lines(text)
  const place = (offset: number): string => `${path}:${lines.position(offset).line}:${lines.position(offset).column}`
  const verdict = platform.os === 'unknown' ? 'undecided: nothing says which system it is for' : `for ${platform.os === 'windows' ? 'Windows' : 'Linux'}`
  return [`${place(range[0])} \`${name}\` is ${verdict}`, ...platform.evidence.map(({ says, range: where }) => `  ${place(where[0])} ${says}`), ''].join('\n')
}

import { dirname, resolve, sep } from 'node:path'
import { languagesOf, mayBearOnOthers } from './bearing.ts'
import { configPath } from './config-file.ts'
import type { Diagnostic } from './diagnostic.ts'
import { factsOf, type FileFacts } from './file-facts.ts'
import { fileResult, findingsOf, lintOptions, readInput, type FileInput, type FileResult, type FileSettings, type Findings } from './file-result.ts'
import { isFile, isReachable, readOptional, readSource, shownPath } from './files.ts'
import { FolderVariables } from './folder-variables.ts'
import { byPath, type LintedFile, type RunError } from './formatter.ts'
import { knowledge } from './knowledge.ts'
import type { EntryPoint, Gap, Subject } from './language.ts'
import { lintReading, type ReadFile } from './linter.ts'
import { Lines } from './position.ts'
import type { ProjectFacts } from './project-facts.ts'
import { isLaidOver } from './project-layer.ts'
import type { RunOptions } from './run.ts'
import { isOfShard } from './shard.ts'
import type { SourceFile } from './source-file.ts'
import type { WorkerPool } from './worker-pool.ts'
import { Workspace } from './workspace.ts'

/** How a file is judged: the command line first, then the configuration, then by default. */
export function settingsFor(path: string, { targets, platform, rules, configuration }: RunOptions): FileSettings {
  const own = configuration.for(configPath(path))
  return { targets: targets ?? own.targets ?? [], platform: platform ?? own.platform ?? 'windows', rules: [rules, own.rules] }
}

/** How a file came into a run. */
interface Admission {
  /** Whether the command line names it, so that it counts even if nothing in it speaks of Docker. */
  readonly isNamed: boolean
  /** The language that it is known to be in. */
  readonly language?: string
}

export type SourceReader = () => SourceFile | Promise<SourceFile>

/** What is found in a file by itself; `undefined`: nothing in it speaks of Docker. */
interface Outcome {
  readonly text: string
  readonly result: FileResult | undefined
  /** What was read, where that was done here. */
  readonly file?: ReadFile | undefined
}

/** A file that was read, and its language. */
type ReadText = Pick<LintedFile, 'path' | 'text' | 'language'>

/** A file of another shard that was looked at, and not read. */
interface PassedOver {
  readonly path: string
  readonly readSourceFile: SourceReader
  readonly language: string | undefined
}

/** Of how many files what was read is kept, so that they need not be read twice; keeping all would take memory without end. */
const mostKept = 200

/** A thread that has fewer files to read takes longer to start than it saves. */
const filesPerThread = 500

/**
 * Lints files one after the other, each by itself, and judges those again in
 * the end of which the others know more.
 */
export class JointLint {
  readonly files: LintedFile[] = []
  readonly errors: RunError[] = []
  readonly #options: RunOptions
  readonly #workspace = new Workspace()
  /** What was read in the first files that leave something open, for when others know more of them. */
  readonly #open = new Map<string, ReadFile>()
  readonly #known = new Set<string>()
  readonly #composeFiles: { readonly path: string; readonly takesFromOthers: boolean }[] = []
  readonly #namedProjects: string[][] = []
  /** What reads compose files, as scripts say, by their absolute paths. */
  readonly #entryPoints = new Map<string, Set<EntryPoint>>()
  readonly #gaps: (Gap & { readonly path: string })[] = []
  readonly #explanations = new Map<string, string>()
  /** Texts of files to which findings in others may point. */
  readonly #texts = new Map<string, string>()
  readonly #variables = new FolderVariables()
  #pool: WorkerPool | undefined
  /** Files of other shards that do not seem to bear on those of this one, by their absolute paths. */
  readonly #passedOver = new Map<string, PassedOver>()
  /** Those that do. */
  readonly #learned: ReadText[] = []

  constructor(options: RunOptions) {
    this.#options = options
  }

  /** Have threads begin with files of the disk, where that is worth while. */
  async share(files: readonly string[]): Promise<void> {
    const { threads = 1, texts, changes, explainsPlatform, cache } = this.#options
    const count = Math.min(threads, Math.floor(files.length / filesPerThread))
    if (count < 2 || texts || changes || explainsPlatform || (cache && !cache.isEmpty)) return
    const { WorkerPool } = await import('./worker-pool.ts')
    this.#pool = new WorkerPool(files.map(absolute => ({ absolute, path: shownPath(absolute), settings: settingsFor(shownPath(absolute), this.#options) })), count)
  }

  /** Lint a file, and return the paths of those that it hands to Docker. One of another shard is only looked at. */
  async lint(path: string, readSourceFile: SourceReader, admission: Admission): Promise<string[]> {
    if (!this.#isOwn(path)) return await this.#lookAt({ path, readSourceFile, language: admission.language })
    const { observers = [] } = this.#options
    for (const observer of observers) observer.starts?.(path)
    const outcome = await this.#outcome(path, readSourceFile, admission.language)
    if (!outcome) return []
    this.#admit(path, outcome, admission)
    const { text, result } = outcome
    for (const observer of observers) observer.ends?.(path, result?.facts.language, text.length)
    return pathsOf(result?.facts)
  }

  async #outcome(path: string, readSourceFile: SourceReader, language: string | undefined): Promise<Outcome | undefined> {
    this.#known.add(path)
    try {
      const answer = await this.#pool?.take(path)
      if (answer && 'error' in answer) throw new Error(answer.error)
      const text = answer?.text ?? this.#options.texts?.get(path) ?? (await readSourceFile()).text
      const input = this.#input(path, text, language)
      return { text, ...(answer ? this.#keep(input, answer.result) : await this.#find(input)) }
    } catch (error) {
      this.errors.push({ path, message: (error as Error).message })
      return undefined
    }
  }

  /** What is found in a file, now or by an earlier run. */
  async #find(input: FileInput): Promise<Pick<Outcome, 'result' | 'file'>> {
    const { cache, explainsPlatform } = this.#options
    const settings = settingsFor(input.path, this.#options)
    const known = explainsPlatform ? undefined : cache?.get(input, settings)
    if (known) return known
    const found = await fileResult(input, settings)
    if (found && explainsPlatform) this.#explain(input.path, input.text, found.subjects)
    return { ...this.#keep(input, found), file: found?.file }
  }

  #keep(input: FileInput, result: FileResult | undefined): Pick<Outcome, 'result'> {
    this.#options.cache?.set(input, settingsFor(input.path, this.#options), { result })
    return { result }
  }

  #input(path: string, text: string, language: string | undefined): FileInput {
    return { path, text, dotenv: this.#variables.beside(path), language }
  }

  /** Whether scripts hand a file to `docker stack deploy`, and to nothing else. */
  #isStack(path: string): boolean {
    if (this.#entryPoints.size === 0) return false
    const entryPoints = this.#entryPoints.get(absolute(path))
    return entryPoints !== undefined && entryPoints.has('stack') && !entryPoints.has('compose')
  }

  #admit(path: string, { text, result, file }: Outcome, { isNamed }: Admission): void {
    if (!result) {
      // Of what was found in folders and by patterns, only what speaks of Docker counts as read.
      if (isNamed) this.files.push({ path, text, language: undefined, diagnostics: [], leftOut: [], suppressed: [], gaps: [] })
      return
    }
    const { facts, findings } = result
    this.#workspace.add(path, facts)
    this.#texts.set(path, text)
    this.#noteProjects(path, facts)
    this.files.push(this.#linted(path, text, facts.language, findings))
    if (file && facts.questions && this.#open.size < mostKept) this.#open.set(path, file)
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
    this.#known.add(path)
    const file = await readInput(this.#input(path, text, language))
    if (!file) return []
    const facts = factsOf(path, file.language, file.reading)
    this.#workspace.add(path, facts)
    this.#texts.set(path, text)
    this.#learned.push({ path, text, language: file.language })
    this.#noteProjects(path, facts)
    return pathsOf(facts)
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
  #noteProjects(path: string, { language, takesFromOthers, projects, references }: FileFacts): void {
    for (const { path: other, entryPoint } of references) {
      const found = fileNamedBy(path, other)
      if (found !== undefined) this.#entryPoints.set(absolute(found), new Set([...(this.#entryPoints.get(absolute(found)) ?? []), entryPoint]))
    }
    if (language === 'compose') this.#composeFiles.push({ path: absolute(path), takesFromOthers })
    for (const project of projects) {
      const files = project.map(other => fileNamedBy(path, other))
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
    for (const path of [...this.#namedProjects.flat(), ...(this.#options.composeFiles ?? [])]) await this.#catchUp(path)
    if (this.#composeFiles.length > 0) await this.#joinProjects()
    await this.#consultDockerfiles()
    await this.#replaceStacks()
    await this.#addServices()
    await this.#judgeAgain()
    for (const explanation of this.#explanations.values()) process.stderr.write(explanation)
  }

  /** End what goes on in other threads. */
  end(): void {
    this.#pool?.end()
  }

  /** Read the Dockerfiles that services are built from, and nobody has named. */
  async #consultDockerfiles(): Promise<void> {
    for (const [dockerfile, builders] of this.#workspace.dockerfiles) {
      if (this.#known.has(dockerfile) || !builders.some(path => this.#isOwn(path)) || (await this.#catchUp(dockerfile))) continue
      if (this.mayRead(resolve(dockerfile), resolve(builders[0]!)) && isFile(resolve(dockerfile))) await this.#consult(dockerfile)
    }
  }

  /** Files that turn out to be for `docker stack deploy` say something else of themselves. */
  async #replaceStacks(): Promise<void> {
    for (const read of this.#composeRead) {
      if (!this.#isStack(read.path)) continue
      this.#open.delete(read.path)
      const file = await this.#readAgain(read)
      if (file) this.#workspace.replace(read.path, factsOf(read.path, file.language, file.reading))
    }
  }

  async #addServices(): Promise<void> {
    for (const read of this.#composeRead) {
      const file = this.#workspace.isInProject(read.path) ? await this.#readAgain(read) : undefined
      if (file) this.#workspace.addServices(read.path, file.reading)
    }
  }

  /** Compose files, those of other shards too. */
  get #composeRead(): readonly ReadText[] {
    return [...this.files, ...this.#learned].filter(({ language }) => language === 'compose')
  }

  async #judgeAgain(): Promise<void> {
    const withGaps = new Set(this.#gaps.map(({ path }) => path))
    for (const [at, linted] of this.files.entries()) {
      const { path, text } = linted
      const file = withGaps.has(path) || this.#workspace.knowsMoreOf(path) || this.#isStack(path) ? await this.#readAgain(linted) : undefined
      if (file) this.files[at] = await this.#judge(path, text, file)
    }
  }

  async #readAgain({ path, text, language }: ReadText): Promise<ReadFile | undefined> {
    return this.#open.get(path) ?? (await readInput({ ...this.#input(path, text, language), entryPoint: this.#isStack(path) ? 'stack' : undefined }))
  }

  /** Read a Dockerfile for what it says of others; one that cannot be read leaves a gap with these. */
  async #consult(path: string): Promise<void> {
    this.#known.add(path)
    try {
      const result = await fileResult(this.#input(path, readSource(resolve(path)).text, 'dockerfile'), settingsFor(path, this.#options))
      if (result) this.#workspace.add(path, result.facts)
    } catch {
      // Nobody has asked for it.
    }
  }

  /** Judge a file with all that others know of it. */
  async #judge(path: string, text: string, file: ReadFile): Promise<LintedFile> {
    const settings = settingsFor(path, this.#options)
    const reading = this.#workspace.join(path, file.reading)
    const findings = await findingsOf(lintReading({ ...file, reading }, knowledge, lintOptions(settings)), text, settings)
    if (this.#options.explainsPlatform) this.#explain(path, text, reading.subjects)
    return this.#linted(path, text, file.language, { ...findings, gaps: [...findings.gaps, ...this.#gaps.filter(gap => gap.path === path)] })
  }

  #linted(path: string, text: string, language: string, { diagnostics, leftOut, suppressed, gaps }: Findings): LintedFile {
    return { path, text, language, diagnostics, leftOut, suppressed, gaps, others: this.#textsOf(diagnostics) }
  }

  #explain(path: string, text: string, subjects: readonly Subject[]): void {
    this.#explanations.set(path, subjects.map(({ name, platform, range }) => explanation(path, text, name, platform, range)).join(''))
  }

  /** Texts of the other files that diagnostics point to. */
  #textsOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, string> {
    const paths = new Set(diagnostics.flatMap(({ related }) => related.flatMap(({ path }) => path ?? [])))
    return paths.size === 0 ? noTexts : new Map([...paths].flatMap(path => (this.#texts.has(path) ? [[path, this.#texts.get(path)!]] : [])))
  }
}

const noTexts: ReadonlyMap<string, string> = new Map()

/** The file that another one names: seen from its folder, or from where the program runs. */
export const fileNamedBy = (path: string, other: string): string | undefined => [resolve(dirname(path), other), resolve(other)].find(isFile)

/** An absolute path with `/`. */
const absolute = (path: string): string => resolve(path).replaceAll(sep, '/')

/** Why a service is thought to be for a system. */
function explanation(path: string, text: string, name: string, platform: { os: string; evidence: readonly { says: string; range: readonly [number, number] }[] }, range: readonly [number, number]): string {
  const lines = new Lines(text)
  const place = (offset: number): string => `${path}:${lines.position(offset).line}:${lines.position(offset).column}`
  const verdict = platform.os === 'unknown' ? 'undecided: nothing says which system it is for' : `for ${platform.os === 'windows' ? 'Windows' : 'Linux'}`
  return [`${place(range[0])} \`${name}\` is ${verdict}`, ...platform.evidence.map(({ says, range: where }) => `  ${place(where[0])} ${says}`), ''].join('\n')
}

const pathsOf = (facts: FileFacts | undefined): string[] => (facts?.references ?? []).map(({ path }) => path)

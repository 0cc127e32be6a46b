import { withSeverities, type Configuration } from './config.ts'
import type { Diagnostic } from './diagnostic.ts'
import { readDotenv } from './env-file.ts'
import { hear } from './hearing.ts'
import { knowledge } from './knowledge.ts'
import type { Environment } from './languages/compose-interpolation.ts'
import type { Surroundings } from './language.ts'
import { lintReading, nothing, read, type LintOptions, type LintResult, type ReadFile } from './linter.ts'
import { Neighbours } from './server-neighbours.ts'
import type { ServerConfigurations } from './server-configuration.ts'
import type { OpenDocuments, ServerDocument } from './server-document.ts'
import type { ServerSettings } from './server-settings.ts'
import { besideUri, fileSystemOf, pathOf, uriOf } from './server-uri.ts'
import { namesWindows, parseTargets } from './target.ts'

/** The files beyond the editor. */
export interface Disk {
  /** The text of a file that need not be there. */
  read(uri: string): string | undefined
  /** Something that changes when the file does; `undefined`: there is none. */
  stamp(uri: string): string | undefined
  /** The files in a folder and below that `wanted` takes. */
  find(folder: string, wanted: (path: string) => boolean): Promise<readonly string[]>
  /** The configuration that holds for a file. Throws if there is one that cannot be used. */
  configuration(uri: string): Promise<Configuration>
}

/** What was found in one state of a document, and on what grounds. */
export interface Inspection {
  readonly path: string
  readonly options: LintOptions
  readonly surroundings: Surroundings
  /** All that was found. */
  readonly found: LintResult
  /** What is left of it to tell, when comments and configuration have been heard. */
  readonly diagnostics: readonly Diagnostic[]
}

interface Memory { readonly revision: number; readonly epoch: number; readonly inspection: Promise<Inspection> }

/** Lints documents, each state of them once. */
export class Inspector {
  readonly #documents: OpenDocuments
  readonly #settings: ServerSettings
  readonly #configurations: ServerConfigurations
  readonly #disk: Disk
  readonly #memory = new WeakMap<ServerDocument, Memory>()
  readonly #neighbours = new Map<string, Neighbours>()
  #epoch = 0

  constructor(documents: OpenDocuments, settings: ServerSettings, configurations: ServerConfigurations, disk: Disk) {
    this.#documents = documents
    this.#settings = settings
    this.#configurations = configurations
    this.#disk = disk
  }

  /** The files of the editor's folders, by their URIs; whoever knows them says so. */
  files: () => Promise<readonly string[]> = async () => []

  /** A document has changed; whether something rests on it that was told of another. */
  isConsulted({ uri }: ServerDocument): boolean {
    return this.#neighboursIn(fileSystemOf(uri)).isConsulted(pathOf(uri))
  }

  /** Documents that others rest on have changed. */
  reconsider(): void {
    this.#epoch++
  }

  /** Counts the times when what surrounds the documents has changed. */
  get epoch(): number {
    return this.#epoch
  }

  /** What surrounds the documents has changed: settings, files on disk. */
  forget(): void {
    this.#configurations.forget()
    this.#epoch++
  }

  /** What is found in a document as it is when the answer comes. */
  async inspect(document: ServerDocument): Promise<Inspection> {
    for (;;) {
      const memory = this.#recall(document)
      const inspection = await memory.inspection
      if (memory.revision === document.revision && memory.epoch === this.#epoch) return inspection
    }
  }

  /** The text of a file, as the editor has it or else the disk. */
  textOf(uri: string): string | undefined {
    return this.#documents.get(uri)?.text ?? this.#disk.read(uri)
  }

  #recall(document: ServerDocument): Memory {
    const known = this.#memory.get(document)
    if (known?.revision === document.revision && known.epoch === this.#epoch) return known
    const memory = { revision: document.revision, epoch: this.#epoch, inspection: this.judge(document) }
    this.#memory.set(document, memory)
    return memory
  }

  /** What is found in a document, or would be if it had another text. */
  async judge({ uri, languageId, text: current }: ServerDocument, text = current): Promise<Inspection> {
    const path = pathOf(uri)
    const [editor, configuration] = await Promise.all([this.#settings.for(uri), this.#configurations.for(uri)])
    const own = configuration.for(path)
    const names = editor.targets ?? own.targets ?? []
    const options = { targets: parseTargets(names), statedTargets: namesWindows(names), platform: editor.platform ?? own.platform ?? 'windows' }
    const { file, surroundings } = await readAs(path, text, languageId, this.#environmentOf(uri))
    const found = file ? lintReading({ ...file, reading: await this.#neighboursIn(fileSystemOf(uri)).join(path, file) }, knowledge, options) : nothing
    const { kept, problems } = hear(found, text, options)
    const diagnostics = configuration.ignores(path) ? [] : withSeverities([...kept, ...problems].sort((a, b) => a.range[0] - b.range[0]), [own.rules])
    return { path, options, surroundings, found, diagnostics }
  }

  #neighboursIn(fileSystem: string): Neighbours {
    let neighbours = this.#neighbours.get(fileSystem)
    if (!neighbours) this.#neighbours.set(fileSystem, (neighbours = new Neighbours({ text: path => this.textOf(uriOf(path, fileSystem)), files: async () => (await this.files()).filter(uri => fileSystemOf(uri) === fileSystem).map(pathOf) })))
    return neighbours
  }

  #environmentOf(uri: string): Environment {
    const dotenv = besideUri(uri, '.env')
    return readDotenv((dotenv !== undefined && this.textOf(dotenv)) || '')
  }
}

/** Reads a text by its path or, if that says nothing, by what the editor takes it for. */
async function readAs(path: string, text: string, languageId: string, environment: Environment): Promise<{ file: ReadFile | undefined; surroundings: Surroundings }> {
  const byPath = await read(path, text, knowledge, { environment })
  const language = byPath ? undefined : languageOf(path, text, languageId)
  if (language === undefined) return { file: byPath, surroundings: { environment } }
  const surroundings = { environment, language }
  return { file: await read(path, text, knowledge, surroundings), surroundings }
}

/** What editors call the notations; of the first, people say it of one file by hand. */
const languageIds: Readonly<Record<string, string>> = {
  dockercompose: 'compose', 'docker-compose': 'compose', 'yaml.docker-compose': 'compose', yaml: 'compose', yml: 'compose',
  dockerfile: 'dockerfile', containerfile: 'dockerfile',
  shellscript: 'bash', sh: 'bash', bash: 'bash', zsh: 'bash', ksh: 'bash',
  powershell: 'powershell', ps1: 'powershell',
  bat: 'cmd', dosbatch: 'cmd', batch: 'cmd'
}

/** Shells with a grammar of their own, which editors call shell scripts too. */
const otherShell = /\.(fish|csh|tcsh|nu|elv|xonsh)$/i
const otherShebang = /^#!.*\b(fish|t?csh|nu|elvish|xonsh)\b/

/** The language of a file whose path says nothing, by what the editor takes it for. */
function languageOf(path: string, text: string, languageId: string): string | undefined {
  const language = Object.hasOwn(languageIds, languageId) ? languageIds[languageId] : undefined
  // Most YAML files are for others, and their names do not say so.
  if (/^ya?ml$/.test(languageId) && knowledge.languages.some(known => known.mayBe(path))) return undefined
  return language === 'bash' && (otherShell.test(path) || otherShebang.test(text)) ? undefined : language
}

import { readDotenv } from './env-file.ts'
import { knowledge } from './knowledge.ts'
import type { Reading } from './language.ts'
import { read, type ReadFile } from './linter.ts'
import { folderOf, joinPath } from './compose-path.ts'
import { factsOf, type Questions } from './file-facts.ts'
import { Workspace } from './workspace.ts'

/** What is around a document: texts by absolute paths with `/`, as the editor has them or else the disk. */
export interface Surroundings {
  text(path: string): string | undefined
  /** The files of the editor's folders, by their paths. */
  files(): Promise<readonly string[]>
}

interface Known { readonly text: string; readonly file: ReadFile | undefined }

/** More files than this are not looked through for the networks that they make. */
const mostFiles = 2_000

/** Nor are longer ones: nobody writes such scripts. */
const longestMaker = 256 * 1024

/** A cheap look at whether a file may make a network. */
const makesNetwork = /network['"\]),\s]{1,20}create|createNetwork|^networks:/im

/** The files around a document that bear on it, each state of them read once. */
export class Neighbours {
  readonly #surroundings: Surroundings
  readonly #known = new Map<string, Known>()
  readonly #consulted = new Set<string>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Whether something that was told of another document rests on this file. */
  isConsulted(path: string): boolean {
    return this.#consulted.has(path)
  }

  /** A reading with what other files know of it. */
  async join(path: string, { language, reading }: ReadFile): Promise<Reading> {
    const workspace = new Workspace()
    const facts = factsOf(path, language, reading)
    workspace.add(path, facts)
    if (language === 'compose') await this.#addProjects(path, reading, workspace)
    if (facts.questions) await this.#addOthers(path, facts.questions, workspace)
    return workspace.join(path, reading)
  }

  /** The projects that a compose file is part of, and the files that they are made of. */
  async #addProjects(path: string, reading: Reading, workspace: Workspace): Promise<void> {
    const [{ isLaidOver }, { projectsOf }] = await Promise.all([import('./project-layer.ts'), import('./project-search.ts')])
    const { takesFromOthers = false } = reading
    const text = (other: string): string | undefined => this.#text(other)
    if (!takesFromOthers && !isLaidOver(path, text)) return
    const { facts } = projectsOf([{ path, takesFromOthers }], [], text, other => other)
    workspace.addServices(path, reading)
    for (const project of facts) {
      workspace.addProject(project)
      for (const layer of project.layers) await this.#add(layer, 'compose', workspace, path)
    }
  }

  /** Dockerfiles that are built from, and files that make the networks that are joined. */
  async #addOthers(path: string, { dockerfiles, networks, needsSwarm }: Questions, workspace: Workspace): Promise<void> {
    for (const dockerfile of dockerfiles) await this.#add(dockerfile, 'dockerfile', workspace, path)
    if (networks.length === 0 && !needsSwarm) return
    const bears = (text: string): boolean => (makesNetwork.test(text) && networks.some(name => text.includes(name))) || (needsSwarm && /\bswarm\b/.test(text))
    for (const other of (await this.#surroundings.files()).slice(0, mostFiles)) {
      const text = other === path ? undefined : this.#text(other)
      if (text && text.length < longestMaker && bears(text)) await this.#add(other, undefined, workspace, path)
    }
  }

  async #add(path: string, language: string | undefined, workspace: Workspace, own: string): Promise<void> {
    if (path === own) return
    const file = await this.#file(path, language)
    if (!file) return
    workspace.add(path, factsOf(path, file.language, file.reading))
    if (file.language === 'compose') workspace.addServices(path, file.reading)
  }

  #text(path: string): string | undefined {
    this.#consulted.add(path)
    return this.#surroundings.text(path)
  }

  async #file(path: string, language: string | undefined): Promise<ReadFile | undefined> {
    const text = this.#text(path)
    const known = this.#known.get(path)
    if (!text) return undefined
    if (known?.text === text) return known.file
    const environment = readDotenv(this.#surroundings.text(joinPath(folderOf(path), '.env')) ?? '')
    // What goes wrong with a neighbour is told where it is open itself.
    const file = await read(path, text, knowledge, { environment, language }).catch(() => undefined)
    this.#known.set(path, { text, file })
    return file
  }
}

import { resolve } from 'node:path'
import type { Origin } from './compose-project.ts'
import { readOptional, shownPath } from './files.ts'
import { Lines } from './position.ts'

/** Files as a project names them, seen from its folder, and the lines of those that were read. */
export class ProjectFiles {
  readonly #folder: string
  readonly #mayRead: (path: string) => boolean
  readonly #texts = new Map<string, string | undefined>()
  readonly #lines = new Map<string, Lines>()

  constructor(folder: string, mayRead: (path: string) => boolean = () => true) {
    this.#folder = folder
    this.#mayRead = mayRead
  }

  read(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.isWithheld(path) ? undefined : readOptional(resolve(this.#folder, path)))
    return this.#texts.get(path)
  }

  /** Whether a file may not be read, as it is outside of the project. */
  isWithheld(path: string): boolean {
    return !this.#mayRead(resolve(this.#folder, path))
  }

  /** `path:line:column`; empty for what nobody has written. */
  place({ path, range }: Origin): string {
    if (path === '') return ''
    let lines = this.#lines.get(path)
    if (!lines) this.#lines.set(path, (lines = new Lines(this.read(path) ?? '')))
    const { line, column } = lines.position(range[0])
    return `${this.shown(path)}:${line}:${column}`
  }

  shown(path: string): string {
    return shownPath(resolve(this.#folder, path))
  }
}

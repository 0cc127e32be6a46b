import { resolve } from 'node:path'
import type { Origin } from './compose-project.ts'
import { readOptional, shownPath } from './files.ts'
import { Lines } from './position.ts'

/** Files as a project names them, seen from its folder, and the lines of those that were read. */
export class ProjectFiles {
  readonly #folder: string
  readonly #texts = new Map<string, string | undefined>()
  readonly #lines = new Map<string, Lines>()

  constructor(folder: string) {
    this.#folder = folder
  }

  read(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, readOptional(resolve(this.#folder, path)))
    return this.#texts.get(path)
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

import { join, resolve } from 'node:path'
import type { Origin } from './compose-project.ts'
import { isReachable, readOptional, shownPath } from './files.ts'
import { Lines } from './position.ts'

/** Files as a project names them, seen from its folder, and the lines of those that were read. */
export class ProjectFiles {
  readonly #folder: string
  readonly #isAllowed: (path: string) => boolean
  readonly #texts = new Map<string, string | undefined>()
  readonly #lines = new Map<string, Lines>()

  /** `isAllowed` tells of absolute paths that may be read though they are outside of the project. */
  constructor(folder: string, isAllowed: (path: string) => boolean) {
    this.#folder = folder
    this.#isAllowed = isAllowed
  }

  read(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.isWithheld(path) ? undefined : readOptional(resolve(this.#folder, path)))
    return this.#texts.get(path)
  }

  isWithheld(path: string): boolean {
    const absolute = resolve(this.#folder, path)
    return !this.#isAllowed(absolute) && !isReachable(absolute, join(this.#folder, 'compose.yaml'))
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

import { dirname, join, resolve } from 'node:path'
import { readOptional } from './files.ts'

/** Texts of the `.env` files beside compose files, each read once. */
export class FolderVariables {
  readonly #texts = new Map<string, string>()

  /** The text of the one beside a file; empty if there is none. */
  beside(path: string): string {
    const folder = dirname(resolve(path))
    let text = this.#texts.get(folder)
    if (text === undefined) this.#texts.set(folder, (text = readOptional(join(folder, '.env')) ?? ''))
    return text
  }
}

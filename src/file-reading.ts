import { readInput } from './file-result.ts'
import { readSource, shownPath } from './files.ts'
import { FolderVariables } from './folder-variables.ts'
import type { Reading } from './language.ts'

/** A file, and what the language that it is in makes of it. */
export interface FileReading {
  readonly absolute: string
  readonly text: string
  /** `undefined`: none that speaks of Docker. */
  readonly language: string | undefined
  readonly reading: Reading | undefined
}

/** @throws {Error} where the file cannot be read */
export async function readFile(absolute: string): Promise<FileReading> {
  const { text } = readSource(absolute)
  const file = await readInput({ path: shownPath(absolute), text, dotenv: new FolderVariables().beside(absolute) })
  return { absolute, text, language: file?.language, reading: file?.reading }
}

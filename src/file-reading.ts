import { dirname, resolve } from 'node:path'
import { readDotenv } from './env-file.ts'
import { readOptional, readSource, shownPath } from './files.ts'
import { knowledge } from './knowledge.ts'
import type { Reading } from './language.ts'
import { Text } from './text.ts'

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
  const path = shownPath(absolute)
  const environment = readDotenv(readOptional(resolve(dirname(absolute), '.env')) ?? '')
  for (const language of knowledge.languages) {
    if (!language.mayBe(path) || !language.recognises(path, text)) continue
    const reading = await language.read(Text.file(text), knowledge.matrix, path, { environment })
    if (reading) return { absolute, text, language: language.id, reading }
  }
  return { absolute, text, language: undefined, reading: undefined }
}

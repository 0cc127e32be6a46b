import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findConfig } from './config-file.ts'
import { initialConfig } from './config-template.ts'
import { readFile } from './file-reading.ts'
import { findFiles, shownPath } from './files.ts'
import { knowledge } from './knowledge.ts'
import { projectTargets } from './project-target.ts'
import { defaultTargets } from './target.ts'

/** A configuration that cannot be written, in words for the user. */
export class InitError extends Error {
  override readonly name = 'InitError'
}

const name = 'porthole.config.yaml'

/**
 * Look at the files of a folder and write a configuration there that fits
 * them; returns what is to be said about it.
 *
 * @throws {InitError} if there is a configuration, which is never overwritten
 */
export async function writeInitialConfig(folder: string): Promise<string> {
  // One further up may be made narrower here.
  const present = findConfig(folder)
  if (present !== undefined && dirname(present) === folder) throw new InitError(`${basename(present)} ${basename(present) === 'package.json' ? 'has a configuration' : 'is there'} already; --init does not change it`)
  const [{ paths, counts }, inferred] = await Promise.all([survey(folder), projectTargets(['.'])])
  try {
    writeFileSync(join(folder, name), initialConfig(paths, counts, inferred.length > 0 ? inferred.map(({ option }) => option) : defaultTargets), { flag: 'wx' })
  } catch (error) {
    throw new InitError(`cannot write ${name}: ${(error as Error).message}`)
  }
  const reasons = inferred.map(({ option, places: [first] }) => `${option}: ${first!.place} names ${first!.name}`)
  return [`wrote ${name}`, ...(reasons.length > 0 ? reasons : [`no file names a version of Windows; the targets are the default, ${defaultTargets.join(', ')}`])].map(line => `porthole: ${line}\n`).join('')
}

interface Survey {
  readonly paths: readonly string[]
  readonly counts: { readonly windows: number; readonly linux: number; readonly undecided: number }
}

/** What the files that speak of Docker are for; what cannot be read says nothing. */
async function survey(folder: string): Promise<Survey> {
  const paths: string[] = []
  const counts = { windows: 0, linux: 0, undecided: 0 }
  const { files } = await findFiles(['.'], path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))), { cwd: folder })
  for (const file of files) {
    const { reading } = await readFile(file).catch(() => ({ reading: undefined }))
    if (!reading) continue
    paths.push(shownPath(file, folder))
    for (const { platform } of reading.subjects) counts[platform.os === 'unknown' ? 'undecided' : platform.os]++
  }
  return { paths, counts }
}

import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findConfig } from './config-file.ts'
import { initialConfig } from './config-template.ts'
import { findFiles, readSource, shownPath } from './files.ts'
import { imagePlatform } from './image.ts'
import { knowledge } from './knowledge.ts'
import { lint } from './linter.ts'
import { Lines } from './position.ts'
import { defaultTargets, parseTargets, windowsVersions } from './target.ts'

/** A configuration that cannot be written, in words for the user. */
export class InitError extends Error {
  override readonly name = 'InitError'
}

const name = 'porthole.config.yaml'

/** A place that names a version of Windows. */
interface Mention {
  readonly target: string
  readonly where: string
}

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
  const { paths, counts, mentions } = await survey(folder)
  const found = windowsVersions.map(({ id }) => id).filter(id => mentions.some(({ target }) => target === id))
  try {
    writeFileSync(join(folder, name), initialConfig(paths, counts, found.length > 0 ? found : defaultTargets), { flag: 'wx' })
  } catch (error) {
    throw new InitError(`cannot write ${name}: ${(error as Error).message}`)
  }
  const reasons = found.map(id => `${id}: named in ${mentions.find(({ target }) => target === id)!.where}`)
  return [`wrote ${name}`, ...(found.length > 0 ? reasons : [`no file names a version of Windows; the targets are the default, ${defaultTargets.join(', ')}`])].map(line => `porthole: ${line}\n`).join('')
}

interface Survey {
  readonly paths: readonly string[]
  readonly counts: { readonly windows: number; readonly linux: number; readonly undecided: number }
  readonly mentions: readonly Mention[]
}

/** What the files that speak of Docker are for. */
async function survey(folder: string): Promise<Survey> {
  const paths: string[] = []
  const counts = { windows: 0, linux: 0, undecided: 0 }
  const mentions: Mention[] = []
  const { files } = await findFiles(['.'], path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))), { cwd: folder })
  for (const file of files) {
    const path = shownPath(file, folder)
    const text = textOf(file)
    if (text === undefined) continue
    const { language, subjects } = await lint(path, text, knowledge, { targets: parseTargets([]), platform: 'windows' }, { environment: new Map() })
    if (language === undefined) continue
    paths.push(path)
    for (const { platform } of subjects) counts[platform.os === 'unknown' ? 'undecided' : platform.os]++
    mentions.push(...mentionsIn(path, text, language))
  }
  return { paths, counts, mentions }
}

/** A file that cannot be read says nothing; linting will tell. */
function textOf(path: string): string | undefined {
  try {
    return readSource(path).text
  } catch {
    return undefined
  }
}

const runnerLabel = /(?<![\w.-])windows-(20\d\d)(?![\w.-])/g
const imageReference = /(?:^\s*FROM\s+(?:--\S+\s+)*|\bimage:\s*["']?)([^\s"'#]+)/gim
const longTermRelease = /(?<![a-z0-9])ltsc20\d\d(?![a-z0-9])/gi

/** Images and machines of CI that stand for a version of Windows. */
function mentionsIn(path: string, text: string, language: string): Mention[] {
  const code = text.replace(/^[ \t]*#.*$/gm, comment => ' '.repeat(comment.length))
  const lines = new Lines(text)
  const builds = [
    ...[...code.matchAll(imageReference)].map(match => [match.index + match[0].length - match[1]!.length, imagePlatform(match[1]!)?.build] as const),
    ...(/^(?:compose|dockerfile)$/.test(language) ? [...code.matchAll(longTermRelease)].map(match => [match.index, imagePlatform(`mcr.microsoft.com/windows:${match[0]}`)?.build] as const) : []),
    ...(language === 'workflow' ? [...code.matchAll(runnerLabel)].map(match => [match.index, imagePlatform(`mcr.microsoft.com/windows:ltsc${match[1]}`)?.build] as const) : [])
  ]
  return builds.flatMap(([offset, build]) => {
    const version = windowsVersions.find(known => known.build === build)
    return version === undefined ? [] : [{ target: version.id, where: `${path}:${lines.position(offset).line}` }]
  })
}

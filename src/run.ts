import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseDotenv } from './dotenv.ts'
import { findFiles, isFile, readOptional, readSource, shownPath } from './files.ts'
import type { LintedFile, RunError } from './formatter.ts'
import { knowledge } from './knowledge.ts'
import { lint, type LintOptions } from './linter.ts'
import { Lines } from './position.ts'
import { decode, type SourceFile } from './source-file.ts'

export interface RunOptions extends LintOptions {
  readonly stdinFilename: string
  readonly explainsPlatform: boolean
}

/** Lint what a command line names; faults of one file leave the others alone. */
export async function lintFiles(paths: readonly string[], options: RunOptions): Promise<{ files: LintedFile[]; errors: RunError[] }> {
  const files: LintedFile[] = []
  const errors: RunError[] = []
  const named = paths.filter(path => path !== '-')
  if (named.length < paths.length) await lintOne(options.stdinFilename, () => decode(readFileSync(0)), options, files, errors)
  const list = await findFiles(named, path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))))
  errors.push(...list.errors)
  const searched: LintedFile[] = []
  const seen = new Set(list.files)
  for (const path of list.files) for (const other of await lintOne(shownPath(path), () => readSource(path), options, list.named.has(path) ? files : searched, errors)) {
    // A file that a script hands to Docker is meant for Docker, whatever it is called.
    const referred = [resolve(dirname(path), other), resolve(other)].find(isFile)
    if (referred === undefined || seen.has(referred)) continue
    seen.add(referred)
    await lintOne(shownPath(referred), () => readSource(referred), options, searched, errors, 'compose')
  }
  // Of what was found in folders and by patterns, only what speaks of Docker counts as read.
  const read = files.concat(searched.filter(({ language }) => language !== undefined))
  if (read.length === 0 && errors.length === 0) errors.push({ ...(named.length === 1 ? { path: named[0] } : {}), message: 'no Docker configuration found' })
  return { files: read.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), errors }
}

/** Lint a file, and return the paths of those that it hands to Docker. */
async function lintOne(path: string, read: () => SourceFile, options: RunOptions, files: LintedFile[], errors: RunError[], as?: string): Promise<string[]> {
  try {
    const { text } = read()
    const environment = parseDotenv(readOptional(join(dirname(resolve(path)), '.env')) ?? '')
    const { language, diagnostics, leftOut, subjects, references } = await lint(path, text, knowledge, options, { environment, language: as })
    if (options.explainsPlatform) process.stderr.write(subjects.map(({ name, platform, range }) => explanation(path, text, name, platform, range)).join(''))
    files.push({ path, text, language, diagnostics, leftOut })
    return references.map(({ value }) => value)
  } catch (error) {
    errors.push({ path, message: (error as Error).message })
    return []
  }
}

/** Why a service is thought to be for a system. */
function explanation(path: string, text: string, name: string, platform: { os: string; evidence: readonly { says: string; range: readonly [number, number] }[] }, range: readonly [number, number]): string {
  const lines = new Lines(text)
  const place = (offset: number): string => `${path}:${lines.position(offset).line}:${lines.position(offset).column}`
  const verdict = platform.os === 'unknown' ? 'undecided: nothing says which system it is for' : `for ${platform.os === 'windows' ? 'Windows' : 'Linux'}`
  return [`${place(range[0])} \`${name}\` is ${verdict}`, ...platform.evidence.map(({ says, range: where }) => `  ${place(where[0])} ${says}`), ''].join('\n')
}

import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { RunError } from './formatter.ts'
import { decode, maximumFileSize, NotTextError, type SourceFile } from './source-file.ts'

/** Files to lint, and what was named but could not be found. */
export interface FileList {
  /** Absolute paths, in order, each once. */
  readonly files: readonly string[]
  /** Files that were named one by one, not found in a folder or by a pattern. */
  readonly named: ReadonlySet<string>
  readonly errors: readonly RunError[]
}

/** Folders in which nothing is written by hand. */
export const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn'])

/**
 * The files that the arguments of a command line name: files, folders (searched
 * for files that `wanted` takes, dot-folders too, without what git ignores) and patterns.
 */
export async function findFiles(paths: readonly string[], wanted: (path: string) => boolean, cwd = process.cwd()): Promise<FileList> {
  const files = new Set<string>()
  const named = new Set<string>()
  const errors: RunError[] = []
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const kind = kindOf(absolute)
    if (kind === 'file') {
      files.add(absolute)
      named.add(absolute)
    } else if (kind === 'folder') for (const file of await filesBelow(absolute, wanted, errors, cwd)) files.add(file)
    else if (kind === 'other') errors.push({ path, message: 'is neither a file nor a folder' })
    else if (/[*?{}[\]!()]/.test(path)) await addMatches(path, wanted, cwd, files, errors)
    else errors.push({ path, message: kind })
  }
  return { files: [...files].sort(), named, errors }
}

/** What is at a path, or in words why nothing is. */
function kindOf(path: string): string {
  try {
    const stat = statSync(path)
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other'
  } catch (error) {
    return reasonOf(error)
  }
}

export const isFile = (path: string): boolean => kindOf(path) === 'file'

async function addMatches(pattern: string, wanted: (path: string) => boolean, cwd: string, files: Set<string>, errors: RunError[]): Promise<void> {
  const { default: glob } = await import('fast-glob')
  const matches = await glob(isAbsolute(pattern) ? pattern : pattern.replaceAll('\\', '/'), { cwd, absolute: true, dot: true, ignore: ['**/node_modules/**', '**/.git/**'], followSymbolicLinks: false, suppressErrors: true })
  const found = matches.filter(wanted)
  if (matches.length === 0) errors.push({ path: pattern, message: 'matches no file' })
  for (const match of found) files.add(resolve(match))
}

interface IgnoreRules {
  readonly folder: string
  readonly ignores: (path: string) => { ignored: boolean; unignored: boolean }
}

/** Files in a folder and below, by the rules of every `.gitignore` from the top of the repository down. */
async function filesBelow(folder: string, wanted: (path: string) => boolean, errors: RunError[], cwd: string): Promise<string[]> {
  const found: string[] = []
  const visited = new Set<string>()
  const visit = async (path: string, rules: readonly IgnoreRules[]): Promise<void> => {
    const real = realpathSync(path)
    if (visited.has(real)) return
    visited.add(real)
    let entries: Dirent[]
    try {
      entries = readdirSync(path, { withFileTypes: true })
    } catch (error) {
      errors.push({ path: shownPath(path, cwd), message: reasonOf(error) })
      return
    }
    const inForce = entries.some(entry => entry.name === '.gitignore') ? [...rules, ...(await ignoreRules(path))] : rules
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = join(path, entry.name)
      const isFolder = entry.isDirectory()
      if (isFolder ? skippedFolders.has(entry.name) : !wanted(child)) continue
      if (isIgnored(child, isFolder, inForce)) continue
      if (isFolder) await visit(child, inForce)
      else if (entry.isFile() || (entry.isSymbolicLink() && kindOf(child) === 'file')) found.push(child)
    }
  }
  await visit(folder, await rulesAbove(folder))
  return found
}

/** The rules of the folders above, up to the top of the repository. */
async function rulesAbove(folder: string): Promise<IgnoreRules[]> {
  const above: string[] = []
  for (let path = folder; !isRepository(path); path = dirname(path)) {
    if (dirname(path) === path) return []
    above.unshift(dirname(path))
  }
  const rules = await Promise.all(above.map(ignoreRules))
  return rules.flat()
}

const isRepository = (path: string): boolean => exists(join(path, '.git'))

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

async function ignoreRules(folder: string): Promise<IgnoreRules[]> {
  let source: string
  try {
    source = readFileSync(join(folder, '.gitignore'), 'utf8')
  } catch {
    return []
  }
  const { default: ignore } = await import('ignore')
  const rules = ignore().add(source)
  return [{ folder, ignores: path => rules.test(path) }]
}

function isIgnored(path: string, isFolder: boolean, rules: readonly IgnoreRules[]): boolean {
  let ignored = false
  for (const { folder, ignores } of rules) {
    const below = relative(folder, path).replaceAll(sep, '/')
    if (below === '' || below.startsWith('../')) continue
    const verdict = ignores(isFolder ? `${below}/` : below)
    if (verdict.ignored) ignored = true
    else if (verdict.unignored) ignored = false
  }
  return ignored
}

/**
 * The text of a file.
 *
 * @throws {Error} with a message for the user if it cannot be read or is no text
 */
export function readSource(path: string): SourceFile {
  let bytes: Uint8Array
  try {
    if (statSync(path).size > maximumFileSize) throw new NotTextError(`is larger than ${maximumFileSize / 1024 / 1024} MB`)
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof NotTextError) throw error
    throw new Error(reasonOf(error), { cause: error })
  }
  return decode(bytes)
}

/** The text of a file that need not be there. */
export function readOptional(path: string): string | undefined {
  try {
    return decode(readFileSync(path)).text
  } catch {
    return undefined
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'is a folder', ELOOP: 'is a symbolic link that leads to itself', EMFILE: 'too many open files', ENAMETOOLONG: 'has too long a name'
}

/** Why something cannot be read or written, in words for the user. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code !== undefined && reasons[code]) || message
}

/** A path as it is shown: relative to the working folder, with `/`. */
export function shownPath(path: string, cwd = process.cwd()): string {
  const shown = relative(cwd, path).replaceAll(sep, '/')
  return shown === '' ? '.' : shown
}

import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { RunError } from './formatter.ts'
import { decode, NotTextError, readableSize, type SourceFile } from './source-file.ts'

/** Files to lint, and what was named but could not be found. */
export interface FileList {
  /** Absolute paths, in order, each once. */
  readonly files: readonly string[]
  /** Files that were named one by one, not found in a folder or by a pattern. */
  readonly named: ReadonlySet<string>
  /** Links that lead out of the project, and are not followed. */
  readonly withheld: readonly string[]
  readonly errors: readonly RunError[]
}

/** Folders in which nothing is written by hand. */
export const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn'])

/**
 * The files that the arguments of a command line name: files, folders (searched
 * for files that `wanted` takes, dot-folders too, without what git ignores) and patterns.
 */
export async function findFiles(paths: readonly string[], wanted: (path: string) => boolean, { cwd = process.cwd(), allowsOutside = false }: { readonly cwd?: string; readonly allowsOutside?: boolean } = {}): Promise<FileList> {
  const files = new Set<string>()
  const named = new Set<string>()
  /** Files in folders that are no links. */
  const plain = new Set<string>()
  const errors: RunError[] = []
  for (const path of paths) {
    const absolute = resolve(cwd, path)
    const kind = kindOf(absolute)
    if (kind === 'file') {
      files.add(absolute)
      named.add(absolute)
    } else if (kind === 'folder') {
      for (const { path: file, isLink } of await filesBelow(absolute, wanted, errors, cwd)) {
        files.add(file)
        if (!isLink) plain.add(file)
      }
    } else if (kind === 'other') errors.push({ path, message: 'is neither a file nor a folder' })
    else if (/[*?{}[\]!()]/.test(path)) await addMatches(path, wanted, cwd, files, errors)
    else errors.push({ path, message: kind })
  }
  const isWithheld = (path: string): boolean => !allowsOutside && !named.has(path) && !plain.has(path) && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !isReachable(path, path, cwd)
  const withheld = new Set([...files].filter(isWithheld))
  return { files: [...files].filter(path => !withheld.has(path)).sort(), named, withheld: [...withheld].sort(), errors }
}

/**
 * Whether a file may be read though the command line does not name it: it is in
 * the project, or in the folder of the file that names it. Links are followed.
 */
export function isReachable(path: string, from: string, cwd = process.cwd()): boolean {
  const real = realPath(path)
  return [projectFolder(cwd), dirname(from)].some(folder => {
    const below = relative(realPath(folder), real)
    return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)
  })
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

/** The top of the repository that a folder is in; without one, the folder itself. */
function projectFolder(folder: string): string {
  for (let path = folder; ; path = dirname(path)) {
    if (isRepository(path)) return path
    if (dirname(path) === path) return folder
  }
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

interface FoundFile {
  readonly path: string
  readonly isLink: boolean
}

/** Files in a folder and below, by the rules of every `.gitignore` from the top of the repository down. */
async function filesBelow(folder: string, wanted: (path: string) => boolean, errors: RunError[], cwd: string): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  const visited = new Set<string>()
  const visit = async (path: string, rules: readonly IgnoreRules[]): Promise<void> => {
    let entries: Dirent[]
    try {
      const real = realpathSync.native(path)
      if (visited.has(real)) return
      visited.add(real)
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
      else if (entry.isFile() || (entry.isSymbolicLink() && kindOf(child) === 'file')) found.push({ path: child, isLink: !entry.isFile() })
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
    source = readBytes(join(folder, '.gitignore')).toString('utf8')
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
  try {
    return decode(readBytes(path))
  } catch (error) {
    if (error instanceof NotTextError) throw error
    throw new Error(reasonOf(error), { cause: error })
  }
}

/**
 * The bytes of a file. What is no file is not waited for: a pipe has nothing to
 * say before somebody writes, and a device never ends.
 *
 * @throws {NotTextError} if it is none, or too large
 */
export function readBytes(path: string): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) throw new NotTextError(reasons['EISDIR']!)
    if (!stat.isFile()) throw new NotTextError('is neither a file nor a folder')
    readableSize(stat.size)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * The text on standard input.
 *
 * @throws {Error} with a message for the user if it cannot be read or is no text
 */
export async function readStandardInput(): Promise<SourceFile> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of process.stdin) {
      size = readableSize(size + (chunk as Buffer).length)
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    if (error instanceof NotTextError) throw error
    throw new Error(reasonOf(error), { cause: error })
  }
  return decode(Buffer.concat(chunks))
}

/** The text of a file that need not be there. */
export function readOptional(path: string): string | undefined {
  try {
    // To be told of a missing file by an error costs more than to ask.
    return statSync(path, { throwIfNoEntry: false }) && decode(readBytes(path)).text
  } catch {
    return undefined
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'is a folder', ENXIO: 'is neither a file nor a folder', EBADF: 'is closed', ELOOP: 'is a symbolic link that leads to itself', EMFILE: 'too many open files', ENAMETOOLONG: 'has too long a name'
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

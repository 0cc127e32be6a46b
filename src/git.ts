import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isFile, type FileList } from './files.ts'
import { decode, maximumFileSize, NotTextError, type SourceFile } from './source-file.ts'

/** A repository that cannot be asked, in words for the user. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** Which files of a git repository are asked for: those in the index, or all that differ from a commit. */
export type Changes = { readonly kind: 'staged' } | { readonly kind: 'changed'; readonly since: string | undefined }

/** Files that git knows to be changed. */
export interface ChangedFiles extends FileList {
  /** The staged text of files that hold something else in the working tree. */
  readonly staged: ReadonlyMap<string, () => Promise<SourceFile>>
}

/**
 * The changed files that the arguments of a command line name (without any: those of the working folder and below) and
 * `wanted` takes. Files that are deleted, symbolic links and submodules hold no text to lint; a renamed file is a new one.
 *
 * @throws {GitError} if git is missing, there is no repository, or it does not know the commit
 */
export async function changedFiles(changes: Changes, paths: readonly string[], wanted: (path: string) => boolean, cwd = process.cwd()): Promise<ChangedFiles> {
  const root = await repositoryRoot(changes.kind, cwd)
  const where = ['--', ...(paths.length > 0 ? paths : ['.']).map(path => pathspec(path, cwd))]
  const found = changes.kind === 'staged' ? await stagedFiles(where, cwd) : await filesSince(changes.since, where, cwd)
  const files = found.map(path => resolve(root, path)).filter(wanted).sort()
  const differing = changes.kind === 'staged' && files.length > 0 ? await unstagedFiles(cwd) : []
  const staged = new Map(differing.map(path => [resolve(root, path), () => stagedText(path, cwd)]))
  return { files: files.filter(path => staged.has(path) || isFile(path)), named: new Set(), withheld: [], errors: [], staged }
}

/** A path stands for itself whatever is in it; a pattern is one for git too. */
const pathspec = (path: string, cwd: string): string =>
  /[*?{}[\]!()]/.test(path) && !existsSync(resolve(cwd, path)) ? `:(glob)${path.replaceAll('\\', '/')}` : `:(literal)${path}`

/** The files of the index that differ from the last commit. */
const stagedFiles = async (where: readonly string[], cwd: string): Promise<string[]> =>
  regularFiles(await git(['diff', '--cached', '--raw', '--no-abbrev', ...listing, ...where], cwd))

/** The files that hold something else in the working tree than in the index. */
const unstagedFiles = async (cwd: string): Promise<string[]> => names(await git(['diff', '--name-only', ...listing], cwd))

/** The files of the working tree that differ from a commit, and those that git does not know. */
async function filesSince(since: string | undefined, where: readonly string[], cwd: string): Promise<string[]> {
  const base = since === undefined ? await lastCommit(cwd) : await forkPoint(since, cwd)
  const [tracked, unknown] = await Promise.all([
    git(['diff', '--raw', '--no-abbrev', ...listing, base, ...where], cwd),
    git(['ls-files', '-z', '--others', '--exclude-standard', '--full-name', ...where], cwd)
  ])
  return [...new Set([...regularFiles(tracked), ...names(unknown)])]
}

/** Every path in one piece, whatever is configured; submodules hold no text. */
const listing = ['-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=all']

const names = (output: string): string[] => output.split('\0').filter(name => name !== '')

/** The paths of a listing in which text stands now: `:100644 100755 <id> <id> M\0path\0`, of mode 100644 or 100755. */
function regularFiles(output: string): string[] {
  const fields = output.split('\0')
  return fields.flatMap((field, at) => (at % 2 === 0 && /^:\d{6} 100\d{3} \S+ \S+ [AMT]/.test(field) ? [fields[at + 1]!] : []))
}

async function lastCommit(cwd: string): Promise<string> {
  const commit = await tryGit(['rev-parse', '--verify', '--quiet', 'HEAD'], cwd)
  // Before the first commit everything is new: what differs from an empty tree.
  return commit?.trim() ?? (await git(['hash-object', '-t', 'tree', '--stdin'], cwd)).trim()
}

/** Where this branch left a ref: what others have added there since is no change of ours. */
async function forkPoint(ref: string, cwd: string): Promise<string> {
  const commit = (await tryGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], cwd))?.trim()
  if (commit === undefined) throw new GitError(`--changed: git knows no commit \`${ref}\`; in a shallow clone it has to be fetched first`)
  // Without a common commit, as in shallow clones, the ref itself is all there is to compare with.
  return (await tryGit(['merge-base', commit, 'HEAD'], cwd))?.trim() ?? commit
}

/** What is staged, with the line ends that a checkout gives it. */
async function stagedText(path: string, cwd: string): Promise<SourceFile> {
  const bytes = await run(['cat-file', '--filters', `:${path}`], cwd).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') throw new NotTextError(`is larger than ${maximumFileSize / 1024 / 1024} MB`)
    throw error
  })
  return decode(bytes)
}

/** The top of the working tree. */
async function repositoryRoot(option: string, cwd: string): Promise<string> {
  try {
    const [inside, up] = (await run(['rev-parse', '--is-inside-work-tree', '--show-cdup'], cwd)).toString().split('\n')
    if (inside === 'true') return resolve(cwd, up!)
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer }
    if (code === 'ENOENT') throw new GitError(`--${option} needs git, which was not found`)
    const said = String(stderr ?? '').split('\n')[0]!
    if (!said.includes('not a git repository')) throw new GitError(`--${option}: git says: ${said || (error as Error).message}`)
  }
  throw new GitError(`--${option} needs a git repository, and ${cwd} is in none`)
}

async function git(args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(args, cwd)).toString()
  } catch (error) {
    throw new GitError(`git ${args[0]} failed: ${String((error as { stderr?: Buffer }).stderr ?? '').trim() || (error as Error).message}`)
  }
}

const tryGit = (args: readonly string[], cwd: string): Promise<string | undefined> => run(args, cwd).then(String, () => undefined)

function run(args: readonly string[], cwd: string): Promise<Buffer> {
  return new Promise((done, fail) => {
    const environment = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }
    const child = execFile('git', ['-c', 'diff.relative=false', ...args], { cwd, env: environment, encoding: 'buffer', maxBuffer: args[0] === 'cat-file' ? maximumFileSize : 256 * 1024 * 1024, windowsHide: true }, (error, stdout, stderr) => {
      if (error) fail(Object.assign(error, { stderr }))
      else done(stdout)
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end()
  })
}

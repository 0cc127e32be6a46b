import { readdirSync, statSync, watch as watchFolder, type Dirent, type FSWatcher } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { configNames } from './config.ts'
import { isFile, skippedFolders } from './files.ts'
import { knowledge } from './knowledge.ts'

/** How long to wait after a change: editors and checkouts make several. */
const delay = 100
/** How often to look where the system does not tell of changes. */
const pollingInterval = 1000

/** What to watch, and what to do when it changes. */
export interface WatchOptions {
  /** Files, folders and patterns, as on the command line. */
  readonly paths: readonly string[]
  /** Files that count too: a configuration that was named. */
  readonly more: readonly string[]
  /** Files that a round writes itself. */
  readonly written: readonly string[]
  /** Lints once and returns the exit status. */
  readonly round: () => Promise<number>
  /** Look for changes instead of being told of them. */
  readonly polls: boolean
}

/**
 * Lints now and whenever something changes, until it is interrupted; returns
 * the status of the last round. What begins and ends a round is said on standard
 * error, in lines that editors look for.
 */
export async function watch(options: WatchOptions): Promise<number> {
  const changes = new Changes(options)
  const interruption = new Promise<void>(done => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done())
  })
  let isOver = false
  void interruption.then(() => (isOver = true))
  let status = 0
  for (let round = 0; !isOver; round++) {
    changes.follow()
    // A terminal shows the newest round only; a log keeps them all.
    if (round > 0 && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H')
    process.stderr.write('porthole: linting\n')
    status = await options.round()
    process.stderr.write(`porthole: watching for changes (status ${status})\n`)
    await Promise.race([changes.next(), interruption])
  }
  changes.stop()
  return status
}

/** Changes of files that a run reads. */
class Changes {
  readonly #roots: Roots
  readonly #named: ReadonlySet<string>
  readonly #written: ReadonlySet<string>
  readonly #watchers = new Map<string, FSWatcher>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #poll: ReturnType<typeof setInterval> | undefined
  #stamps = ''
  #isDirty = false
  #tell: () => void = () => {}

  constructor({ paths, more, written, polls }: WatchOptions) {
    const named = [...paths, ...more].map(path => resolve(path))
    this.#named = new Set(named)
    this.#written = new Set(written.map(path => resolve(path)))
    this.#roots = rootsOf(paths, named.filter(isFile))
    if (polls) this.#startPolling()
  }

  /** Listens in all folders that there are now. */
  follow(): void {
    if (this.#poll) return
    const folders = [...this.#folders()]
    for (const [folder, watcher] of this.#watchers) if (!folders.includes(folder)) {
      watcher.close()
      this.#watchers.delete(folder)
    }
    try {
      for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#listen(folder))
    } catch (error) {
      // There is no such thing here, or no more of it: inotify has a limit.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      process.stderr.write(`porthole: the system does not tell of changes (${(error as Error).message}); looking every second\n`)
      this.#startPolling()
    }
  }

  /** Resolves at the first change that has not been told yet, when a while has passed without another. */
  async next(): Promise<void> {
    if (!this.#isDirty) await new Promise<void>(done => (this.#tell = done))
    this.#isDirty = false
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#poll)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #listen(folder: string): FSWatcher {
    const watcher = watchFolder(folder, (_event, name) => {
      const path = name === null ? undefined : join(folder, name)
      if (path === undefined || this.#counts(path, folder)) this.#notice()
    })
    watcher.on('error', () => this.#notice())
    return watcher
  }

  /** Whether a run may read what stands at a path in a folder, or find something in it. */
  #counts(path: string, folder: string): boolean {
    if (this.#written.has(path)) return false
    if (this.#named.has(path) || ['.env', 'package.json', ...configNames].includes(basename(path))) return true
    if (!this.#roots.searched.some(root => folder === root || folder.startsWith(`${root}${sep}`))) return false
    return basename(path) === '.gitignore' || knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))) || isFolder(path)
  }

  #notice(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#isDirty = true
      this.#tell()
    }, delay)
  }

  #startPolling(): void {
    this.stop()
    this.#stamps = this.#look()
    this.#poll = setInterval(() => {
      const stamps = this.#look()
      if (stamps !== this.#stamps) this.#notice()
      this.#stamps = stamps
    }, pollingInterval)
  }

  #look(): string {
    const stamps: string[] = []
    for (const folder of this.#folders()) for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name)
      if (!entry.isDirectory() && this.#counts(path, folder)) stamps.push(stampOf(path))
    }
    return stamps.join('\n')
  }

  *#folders(): Generator<string> {
    yield* this.#roots.plain
    for (const root of this.#roots.searched) yield* foldersBelow(root)
  }
}

/** The folders to listen in. */
interface Roots {
  /** Those in which everything counts, also below. */
  readonly searched: readonly string[]
  /** Those in which only certain files do. */
  readonly plain: readonly string[]
}

const wildcard = /[*?{}[\]!()]/

function rootsOf(paths: readonly string[], files: readonly string[]): Roots {
  const searched: string[] = []
  const plain = files.map(file => dirname(file))
  // Configurations hold below the folder they stand in.
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    plain.push(folder)
    if (isFolder(join(folder, '.git')) || dirname(folder) === folder) break
  }
  for (const path of paths.filter(each => !files.includes(resolve(each)))) {
    if (isFolder(path)) searched.push(resolve(path))
    else if (wildcard.test(path)) searched.push(folderBefore(path))
    else plain.push(dirname(resolve(path)))
  }
  return { searched, plain }
}

/** The folder of a pattern before its first wildcard. */
function folderBefore(pattern: string): string {
  const parts = pattern.split(/[\\/]/)
  return resolve(parts.slice(0, parts.findIndex(part => wildcard.test(part))).join('/') || '.')
}

function* foldersBelow(folder: string): Generator<string> {
  yield folder
  for (const entry of entriesOf(folder)) if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* foldersBelow(join(folder, entry.name))
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // It is gone, or not ours to read.
    return []
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path)
    return `${path} ${mtimeMs} ${size}`
  } catch {
    return path
  }
}

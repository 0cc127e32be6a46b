import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { shownPath } from './files.ts'
import { knowledge } from './knowledge.ts'
import type { LintOptions } from './linter.ts'
import { migrate, MigrationError, type Migration, type Task } from './migration.ts'
import { ProjectFiles } from './project-files.ts'

/** What `porthole migrate` is told. */
export interface MigrateOptions extends LintOptions {
  /** Compose files, laid over each other in this order, or a folder that has some. */
  readonly paths: readonly string[]
  /** Where the overlay goes; `-`: to standard output; `undefined`: beside the first file. */
  readonly output: string | undefined
  readonly overwrites: boolean
  readonly showsChecklist: boolean
  /** Whether files outside of the project are read. */
  readonly allowsOutside: boolean
}

export interface MigrateResult {
  readonly stdout: string
  readonly stderr: string
  /** Whether everything is done. */
  readonly isComplete: boolean
}

/** A migration that cannot be made, in words for the user. */
export class MigrateError extends Error {
  override readonly name = 'MigrateError'
}

/**
 * Writes the overlay of a compose project.
 *
 * @throws {MigrateError}
 */
export async function migrateFiles(options: MigrateOptions): Promise<MigrateResult> {
  const [first = '.'] = options.paths
  const isFolder = statSync(first, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder && options.paths.length > 1) throw new MigrateError('name compose files, or one folder')
  const folder = resolve(isFolder ? first : dirname(first))
  const files = new ProjectFiles(folder, path => options.allowsOutside || options.paths.some(named => resolve(named) === path))
  const composeFiles = isFolder ? [] : options.paths.map(path => slashed(relative(folder, resolve(path))))
  const project = { files, folder: slashed(folder), environment: homeOfUser(), composeFiles }
  const name = overlayName(options, folder, composeFiles)
  const migration = await migrated(() => migrate(project, slashed(relative(folder, name)), knowledge, options), files)
  const view = new MigrationView(migration, files, slashed(relative(folder, name)))
  const stderr = [...migration.gaps.map(gap => `porthole: ${files.place(gap)}: ${gap.message}; it is left out\n`)]
  const isComplete = migration.tasks.length === 0
  const checklist = options.showsChecklist ? view.checklist : ''
  if (migration.overlay.isEmpty) return { stdout: checklist, stderr: [...stderr, `porthole: no overlay is needed${view.leftToDo}\n`].join(''), isComplete }
  if (options.output === '-') return { stdout: view.overlay, stderr: [...stderr, checklist].join(''), isComplete }
  write(name, view.overlay, options.overwrites)
  return { stdout: checklist, stderr: [...stderr, `porthole: wrote ${shownPath(name)}, which changes ${counted(migration.changes, 'setting')}${view.leftToDo}\n`].join(''), isComplete }
}

const slashed = (path: string): string => path.replaceAll(sep, '/')

/** Nothing else of the environment bears on what is written: it is not the machine's that runs it. */
function homeOfUser(): ReadonlyMap<string, string> {
  const home = process.env.HOME ?? process.env.USERPROFILE
  return new Map(home === undefined ? [] : [['HOME', home]])
}

/** `compose.windows.yaml` for `compose.yaml`. */
function overlayName({ output }: MigrateOptions, folder: string, composeFiles: readonly string[]): string {
  if (output !== undefined && output !== '-') return resolve(output)
  const [, stem = 'compose', extension = '.yaml'] = /^(.+?)(\.ya?ml)$/i.exec(basename(composeFiles[0] ?? 'compose.yaml')) ?? []
  return join(folder, `${stem}.windows${extension}`)
}

async function migrated(run: () => Promise<Migration>, files: ProjectFiles): Promise<Migration> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    const problems = error.problems.map(problem => `${files.place(problem)} ${problem.message}`.trim())
    throw new MigrateError([error.message, ...problems].join('\n'))
  }
}

function write(path: string, text: string, overwrites: boolean): void {
  if (!overwrites && existsSync(path)) throw new MigrateError(`${shownPath(path)} exists already; --force overwrites it, --output-file names another`)
  try {
    writeFileSync(path, text, { flag: overwrites ? 'w' : 'wx' })
  } catch (error) {
    throw new MigrateError(`cannot write ${shownPath(path)}: ${(error as Error).message}`)
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const headings: Readonly<Record<Task['kind'], string>> = {
  open: 'Left to you: Windows does not take it, and what to do instead is yours to say',
  lost: 'Taken away by the overlay: see that nothing is missed',
  image: 'Images: Windows containers need images for Windows',
  linux: 'For Linux: these run on a Linux engine only'
}

/** A migration in words. */
class MigrationView {
  readonly #migration: Migration
  readonly #files: ProjectFiles
  readonly #name: string

  constructor(migration: Migration, files: ProjectFiles, name: string) {
    this.#migration = migration
    this.#files = files
    this.#name = name
  }

  /** The overlay with what there is to know about it at its top. */
  get overlay(): string {
    const { files, overlay } = this.#migration
    const header = [
      `What Docker on Windows needs changed in ${files.join(' and ')}. Use them together:`,
      `  docker compose ${[...files, this.#name].map(file => `-f ${file}`).join(' ')} up`,
      // docs.docker.com/reference/compose-file/merge: since 2.24.4 for `!override`.
      'Docker Compose 2.24.4 or newer understands !reset and !override. Made by `porthole migrate`.'
    ]
    return `${[...header, ...this.#sections('', ({ title, tasks }) => ['', `${title}:`, ...tasks])].map(line => `# ${line}`.trimEnd()).join('\n')}\n\n${overlay.text}`
  }

  /** What is to be done by hand, as Markdown. */
  get checklist(): string {
    const sections = this.#sections('[ ] ', ({ title, tasks }) => [`## ${title}`, '', ...tasks, ''])
    return `${['# To Windows', '', ...(sections.length > 0 ? sections : ['Nothing is left to do.', ''])].join('\n').trimEnd()}\n`
  }

  get leftToDo(): string {
    const { tasks } = this.#migration
    return tasks.length === 0 ? '; nothing is left to do' : `; ${counted(tasks.length, 'point')} on the checklist (--checklist)`
  }

  #sections(box: string, lines: (section: { title: string; tasks: readonly string[] }) => readonly string[]): string[] {
    return (Object.keys(headings) as Task['kind'][]).flatMap(kind => {
      const tasks = this.#migration.tasks.filter(task => task.kind === kind).map(task => `- ${box}${this.#taskText(task)}`)
      return tasks.length > 0 ? lines({ title: headings[kind], tasks: [...new Set(tasks)] }) : []
    })
  }

  #taskText({ subject, message, instead, feature, ...origin }: Task): string {
    const text = `${this.#files.place(origin)} \`${subject}\`: ${message}${instead === undefined ? '' : ` ${instead}`}${feature === undefined ? '' : ` (${feature})`}`
    return text.replace(/\s+/g, ' ').trim()
  }
}

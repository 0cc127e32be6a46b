import { basename, dirname, resolve, sep } from 'node:path'
import { version } from './about.ts'
import type { ComposeProject, Origin, ProjectNode } from './compose-project.ts'
import { readFile, type FileReading } from './file-reading.ts'
import { findFiles, shownPath } from './files.ts'
import type { RunError } from './formatter.ts'
import type { Intent, Setting } from './intent.ts'
import { knowledge } from './knowledge.ts'
import { Lines } from './position.ts'
import { ProjectFiles } from './project-files.ts'
import type { Range } from './text.ts'

/**
 * What porthole makes of files, as JSON: the intents of each, and the projects
 * that compose files make together.
 *
 * A project is shown as `docker compose config --format json` shows it, so that
 * the two can be laid side by side; where its values are written stands beside
 * it, in `origins` by JSON pointer, as `path:line:column`.
 */
export async function inspectFiles(paths: readonly string[], allowsOutside = false): Promise<{ text: string; errors: readonly RunError[] }> {
  const found = await findFiles(paths, path => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/'))), { allowsOutside })
  const errors = [...found.errors]
  const read: FileReading[] = []
  for (const path of inOrder(found.files, paths)) {
    try {
      const file = await readFile(path)
      if (file.language !== undefined || found.named.has(path)) read.push(file)
    } catch (error) {
      errors.push({ path: shownPath(path), message: (error as Error).message })
    }
  }
  const compose = read.filter(({ language }) => language === 'compose').map(({ absolute }) => absolute)
  const projects = compose.length === 0 ? [] : await readProjects(compose, found.named, allowsOutside)
  return { text: `${JSON.stringify({ version, files: read.map(shownFile), projects }, null, 2)}\n`, errors }
}

/** Files as they are named, then the others. */
function inOrder(files: readonly string[], paths: readonly string[]): string[] {
  const named = paths.map(path => resolve(path)).filter(path => files.includes(path))
  return [...new Set([...named, ...files])]
}

interface ShownRange {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

function shownFile({ absolute, text, language, reading }: FileReading): unknown {
  const lines = new Lines(text)
  const range = ([start, end]: Range): ShownRange => {
    const [first, last] = [lines.position(start), lines.position(end)]
    return { line: first.line, column: first.column, endLine: last.line, endColumn: last.column }
  }
  return {
    path: shownPath(absolute),
    language: language ?? null,
    intents: reading?.intents.map(intent => shownIntent(intent, range)) ?? [],
    problems: reading?.problems.map(({ rule, message, range: where }) => ({ rule, message, range: range(where) })) ?? []
  }
}

const shownIntent = ({ verb, name, settings, context, platform, range: where }: Intent, range: (range: Range) => ShownRange): unknown => ({
  verb,
  ...(name ? { name: name.value } : {}),
  range: range(where),
  platform: platform.os,
  context: Object.fromEntries(Object.entries(context).map(([key, values]) => [key, values ?? null])),
  settings: settings.map(setting => shownSetting(setting, range))
})

/** `null` is a value that is computed when the file is run. */
const shownSetting = ({ row, value, whole, range: where, usedAt }: Setting, range: (range: Range) => ShownRange): unknown => ({
  feature: row.feature,
  value: value ?? null,
  ...(whole !== undefined && whole !== value ? { whole } : {}),
  range: range(where),
  ...(usedAt ? { usedAt: range(usedAt) } : {})
})

/** Names under which compose finds files by itself. */
const ownName = /^(?:docker-)?compose(?:\.override)?\.ya?ml$/

/**
 * The projects of compose files: of a folder in which all files have names that
 * compose looks for, what it finds there; files that are named on the command
 * line together are laid over each other, as by `-f`; others are alone.
 */
async function readProjects(paths: readonly string[], named: ReadonlySet<string>, allowsOutside: boolean): Promise<unknown[]> {
  const { readProject } = await import('./compose-project.ts')
  return [...byFolder(paths)].flatMap(([folder, files]) => {
    const others = files.filter(path => !ownName.test(basename(path)))
    const layers = others.length === 0 ? [[]] : files.every(path => named.has(path)) ? [files] : [...(others.length < files.length ? [[]] : []), ...others.map(path => [path])]
    const root = folder.replaceAll(sep, '/')
    return layers.map(layer => {
      const sources = new ProjectFiles(folder, path => allowsOutside || named.has(path))
      const project = readProject({ files: sources, folder: root, environment: environmentOfUser(), composeFiles: layer.map(path => basename(path)) })
      return shownProject(project, sources)
    })
  })
}

function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const path of paths) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path])
  return folders
}

function environmentOfUser(): Map<string, string> {
  const { USERPROFILE, ...variables } = process.env
  return new Map(Object.entries({ ...(USERPROFILE === undefined ? {} : { HOME: USERPROFILE, USERPROFILE }), ...variables }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

function shownProject({ project, name, files, problems, gaps }: ComposeProject, sources: ProjectFiles): unknown {
  const origins: Record<string, string> = {}
  const implied: string[] = []
  if (project) collectOrigins(project, '', sources, origins, implied)
  const noted = (notes: readonly (Origin & { message: string })[]): unknown[] => notes.map(note => ({ message: note.message, at: sources.place(note) }))
  return {
    name: name?.value ?? null,
    files: files.map(file => sources.shown(file)),
    project: project ? plainOf(project) : null,
    origins,
    implied,
    problems: noted(problems),
    gaps: noted(gaps)
  }
}

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Where every value that is no collection, and every empty collection, is written; and what nobody has written. */
function collectOrigins(node: ProjectNode, at: string, sources: ProjectFiles, origins: Record<string, string>, implied: string[]): void {
  if (node.kind === 'map' && node.entries.size > 0) for (const [name, { value }] of node.entries) collectOrigins(value, `${at}/${pointer(name)}`, sources, origins, implied)
  else if (node.kind === 'list' && node.items.length > 0) node.items.forEach((item, index) => collectOrigins(item, `${at}/${index}`, sources, origins, implied))
  else {
    const place = sources.place(node.origin)
    if (place !== '') origins[at] = place
    if (node.isImplied) implied.push(at)
  }
}

function plainOf(node: ProjectNode): unknown {
  if (node.kind === 'scalar') return node.value
  return node.kind === 'list' ? node.items.map(plainOf) : Object.fromEntries([...node.entries].map(([name, { value }]) => [name, plainOf(value)]))
}

import { basename, dirname, join, resolve, sep } from 'node:path'
import { interpolate } from './languages/compose-interpolation.ts'
import { readProject, type Origin, type ProjectMap } from './compose-project.ts'
import { parseDotenv } from './dotenv.ts'
import { isFile, readOptional, shownPath } from './files.ts'
import { factsOf, type ProjectFacts } from './project-facts.ts'
import { Text } from './text.ts'

/** Compose files that make a project together. */
export interface ProjectFiles {
  /** Absolute. */
  readonly folder: string
  /** Absolute, in the order in which they are laid over each other; none: what compose finds in the folder. */
  readonly files: readonly string[]
}

const ownNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrideNames = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml']

/** Whether compose finds a file by itself. */
const isOwn = (path: string): boolean => ownNames.includes(basename(path)) || overrideNames.includes(basename(path))

/** Whether a file is one of several that compose finds by itself in its folder. */
export function isLaidOver(path: string): boolean {
  const folder = dirname(path)
  return isOwn(path) && (overrideNames.some(name => isFile(join(folder, name))) || /^\s*(?:export\s+)?COMPOSE_FILE\s*=/m.test(readOptional(join(folder, '.env')) ?? ''))
}

/**
 * The projects that compose files are part of: what compose finds by itself in
 * their folders, what commands lay over each other, and files that take parts
 * from others.
 */
export function projectsOf(composeFiles: readonly { readonly path: string; readonly takesFromOthers: boolean }[], named: readonly (readonly string[])[], isReadable: (path: string) => boolean): ProjectFacts[] {
  const members = new Set(named.flat())
  const requests = new Map<string, ProjectFiles>()
  const add = (request: ProjectFiles): unknown => requests.set([request.folder, ...request.files].join('\0'), request)
  for (const files of named) add({ folder: dirname(files[0]!), files })
  for (const { path, takesFromOthers } of composeFiles) {
    const folder = dirname(path)
    if (isOwn(path) && (takesFromOthers || members.has(path) || isLaidOver(path))) add({ folder, files: [] })
    else if (takesFromOthers && !members.has(path)) add({ folder, files: [path] })
  }
  return [...requests.values()].flatMap(request => readFacts(request, isReadable) ?? [])
}

/** What a project says; `undefined` where compose would refuse it, or it cannot be known. */
function readFacts({ folder, files }: ProjectFiles, isReadable: (path: string) => boolean): ProjectFacts | undefined {
  const texts = new Map<string, string | undefined>()
  const read = (path: string): string | undefined => {
    const absolute = resolve(folder, path)
    if (!texts.has(absolute)) texts.set(absolute, isReadable(absolute) ? readOptional(absolute) : undefined)
    return texts.get(absolute)
  }
  const environment = parseDotenv(readOptional(join(folder, '.env')) ?? '')
  const request = { files: { read }, folder: folder.replaceAll(sep, '/'), environment: new Map<string, string>(), composeFiles: files.map(file => file.replaceAll(sep, '/')), profiles: ['*'] }
  // Whoever runs compose sets what the files leave open: a number or a switch, most likely, where nothing is refused.
  let project: ProjectMap | undefined
  for (const unset of ['', '1', 'true']) project ??= readProject({ ...request, unset }).project
  const isKnown = ({ path, range }: Origin): boolean => interpolate(Text.file(read(path)?.slice(...range) ?? ''), environment).known
  return project && factsOf(project, path => shownPath(resolve(folder, path)), isKnown)
}

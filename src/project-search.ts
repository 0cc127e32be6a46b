import { interpolate } from './languages/compose-interpolation.ts'
import { folderOf, joinPath } from './compose-path.ts'
import { readProject, type ComposeProject, type Origin, type ProjectGap, type ProjectRequest } from './compose-project.ts'
import { readDotenv } from './env-file.ts'
import type { Gap } from './language.ts'
import { isLaidOver, isOwn, type ReadText } from './project-layer.ts'
import { factsOf, type ProjectFacts } from './project-facts.ts'
import { Text } from './text.ts'

/** Compose files that make a project together. Paths are absolute, with `/`. */
export interface ProjectFiles {
  readonly folder: string
  /** In the order in which they are laid over each other; none: what compose finds in the folder. */
  readonly files: readonly string[]
}

/** The projects that were read, and what could not be found out, by absolute path. */
export interface Projects {
  readonly facts: readonly ProjectFacts[]
  readonly gaps: readonly (Gap & { readonly path: string })[]
}

/**
 * The projects that compose files are part of: what compose finds by itself in
 * their folders, what commands lay over each other (`named`), and files that
 * take parts from others. `stated` is a project that the user asks for: its
 * files are part of no other.
 */
export function projectsOf(composeFiles: readonly { readonly path: string; readonly takesFromOthers: boolean }[], named: readonly (readonly string[])[], read: ReadText, shown: (path: string) => string, stated: readonly string[] = []): Projects {
  const members = new Set(named.flat())
  const only = new Set(stated)
  const requests = new Map<string, ProjectFiles>()
  const add = (request: ProjectFiles): unknown => requests.set([request.folder, ...request.files].join('\0'), request)
  for (const files of stated.length > 0 ? [stated, ...named] : named) add({ folder: folderOf(files[0]!), files })
  for (const { path, takesFromOthers } of composeFiles.filter(file => !only.has(file.path))) {
    const folder = folderOf(path)
    if (isOwn(path) && (takesFromOthers || members.has(path) || isLaidOver(path, read))) add({ folder, files: [] })
    else if (takesFromOthers && !members.has(path)) add({ folder, files: [path] })
  }
  const found = [...requests.values()].map(request => readFacts(request, read, shown))
  return { facts: found.flatMap(({ facts }) => facts ?? []), gaps: found.flatMap(({ gaps }) => gaps) }
}

function readFacts({ folder, files }: ProjectFiles, read: ReadText, shown: (path: string) => string): { facts: ProjectFacts | undefined; gaps: Projects['gaps'] } {
  const texts = new Map<string, string | undefined>()
  const text = (path: string): string | undefined => {
    const absolute = joinPath(folder, path)
    if (!texts.has(absolute)) texts.set(absolute, read(absolute))
    return texts.get(absolute)
  }
  const { project, files: layers, problems, gaps } = presumedProject({ files: { read: text }, folder, environment: new Map(), composeFiles: files, profiles: ['*'], leavesServiceFiles: true })
  const environment = readDotenv(text('.env') ?? '')
  const isKnown = ({ path, range }: Origin): boolean => interpolate(Text.file(text(path)?.slice(...range) ?? ''), environment).known
  const placed = (notes: readonly ProjectGap[], prefix = ''): Projects['gaps'] => notes.flatMap(({ path, range, message }) => (path === '' ? [] : [{ path: joinPath(folder, path), range, message: `${prefix}${message.split('\n')[0]}` }]))
  return {
    facts: project && factsOf(project, layers, path => shown(joinPath(folder, path)), isKnown),
    gaps: project ? placed(gaps) : placed(problems, 'The files of this project are judged one by one, for they could not be laid over each other: ')
  }
}

/** A project whose variables hold a number, nothing or a switch where nobody sets them, whichever is not refused: whoever runs compose sets them. */
function presumedProject(request: ProjectRequest): ComposeProject {
  let project = readProject({ ...request, unset: '1' })
  for (const unset of ['', 'true']) if (!project.project) project = readProject({ ...request, unset })
  return project
}

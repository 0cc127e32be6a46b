import { cleanPath } from './compose-canonical.ts'
import { child, mapEntries, PathTable, scalar, stringAt, withEntries, type Path, type ProjectNode } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'

/** Whether a path says by itself where it leads, on Windows or elsewhere. */
export const isAbsolute = (path: string): boolean => path.startsWith('/') || isWindowsAbsolute(path)

const isWindowsAbsolute = (path: string): boolean => /^(?:[^/\\]:[\\/]|[\\/]{2})/.test(path)

/** A path seen from a folder; absolute ones stay as they are. */
export function joinPath(folder: string, path: string): string {
  return isAbsolute(path) ? path : cleanAbsolute(`${folder}/${path}`)
}

/** A path without `.`, `..` and doubled separators; the drive stays in front. */
export function cleanAbsolute(path: string): string {
  const drive = /^[a-z]:(?=[\\/])/i.exec(path)?.[0]
  return drive === undefined ? cleanPath(path) : drive + cleanPath(path.slice(drive.length).replaceAll('\\', '/'))
}

export const folderOf = (path: string): string => {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at)
}

export const baseOf = (path: string): string => path.replace(/(?<![\\/])[\\/]+$/, '').replace(/^.*[\\/]/, '')

/** A repository or an image that compose fetches: docker/compose pkg/remote. */
export const isRemote = (path: string): boolean => /^(?:oci:\/\/|(?:https?|git|ssh):\/\/|git@|github\.com\/)/.test(path)

export interface Folders {
  /** From where paths are seen. */
  readonly folder: string
  /** What `~` stands for; `undefined`: it stays. */
  readonly home: string | undefined
}

/**
 * A tree with its paths made absolute (compose-spec/compose-go paths/resolve.go).
 *
 * @throws {Refusal}
 */
export function withAbsolutePaths(node: ProjectNode, folders: Folders, path: Path = []): ProjectNode {
  const resolve = resolvers.at(path)
  if (resolve) return resolve(node, folders)
  if (node.kind === 'map') return mapEntries(node, (value, name) => withAbsolutePaths(value, folders, [...path, name]))
  return node.kind === 'list' ? { ...node, items: node.items.map(item => withAbsolutePaths(item, folders, [...path, '[]'])) } : node
}

type Resolver = (node: ProjectNode, folders: Folders) => ProjectNode

const expandHome = (path: string, { home }: Folders): string => (path.startsWith('~') && home !== undefined ? cleanAbsolute(`${home}/${path.slice(1)}`) : path)

/** A string by its new value, and lists of strings. */
const changed = (change: (path: string, folders: Folders) => string): Resolver => {
  const resolver: Resolver = (node, folders) => {
    if (node.kind === 'list') return { ...node, items: node.items.map(item => resolver(item, folders)) }
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return node
    const value = change(node.value, folders)
    return value === node.value ? node : { ...scalar(value, node.origin, node.isImplied) }
  }
  return resolver
}

const absolute = changed((path, folders) => {
  const expanded = expandHome(path, folders)
  return expanded === '' || expanded.startsWith('/') ? expanded : joinPath(folders.folder, expanded)
})

const absoluteAnywhere = changed((path, folders) => joinPath(folders.folder, expandHome(path, folders)))

const context = changed((path, folders) => {
  if (path.includes('://') || path.startsWith('service:') || /^(?:https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/.test(path)) return path
  const expanded = expandHome(path, folders)
  return expanded === '' ? '' : joinPath(folders.folder, expanded)
})

const extended = changed((path, folders) => (isRemote(path) ? path : joinPath(folders.folder, expandHome(path, folders))))

const mount: Resolver = (node, folders) => {
  if (node.kind !== 'map' || stringAt(node, 'type') !== 'bind') return node
  const source = child(node, 'source') ?? refuse('invalid mount config for type "bind": field Source must not be empty', node.origin)
  return withEntries(node, { source: absoluteAnywhere(source, folders) })
}

const volume: Resolver = (node, folders) => {
  const options = child(node, 'driver_opts')
  const device = child(options, 'device')
  if (node.kind !== 'map' || options?.kind !== 'map' || !device || stringAt(node, 'driver') !== 'local' || stringAt(options, 'o') !== 'bind') return node
  return withEntries(node, { driver_opts: withEntries(options, { device: absoluteAnywhere(device, folders) }) })
}

const resolvers = new PathTable<Resolver>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': absoluteAnywhere,
  'services.*.env_file.*.path': absolute,
  'services.*.label_file.*': absolute,
  'services.*.extends.file': extended,
  'services.*.develop.watch.*.path': absolute,
  'services.*.volumes.*': mount,
  'configs.*.file': absoluteAnywhere,
  'secrets.*.file': absoluteAnywhere,
  'volumes.*': volume
})

import { canonical, withoutEmptyServers } from './compose-canonical.ts'
import { checkStructure, checkValues } from './compose-check.ts'
import { readDocuments, type ComposeDocument } from './compose-document.ts'
import { extendService, merge, withUniqueItems, without } from './compose-merge.ts'
import { child, goString, isEqual, isNull, map, withEntries, type Origin, type Path, type ProjectMap, type ProjectNode } from './compose-node.ts'
import { withDefaultValues, withEnvironmentValues } from './compose-normalize.ts'
import { folderOf, isRemote, joinPath, withAbsolutePaths } from './compose-path.ts'
import { refuse, type ProjectGap } from './compose-refusal.ts'
import { readEnvFile } from './env-file.ts'
import type { Environment } from './languages/compose-interpolation.ts'

/** The files of a project; the only thing that is asked of the world. */
export interface Files {
  /**
   * The text of a file; `undefined`: there is none. Paths are seen from the
   * project's folder, with `/`; those of files elsewhere are absolute.
   */
  read(path: string): string | undefined
  /** Whether a file may be there that must not be read. */
  isWithheld?(path: string): boolean
}

/** The folder from which the files of a project are seen, and what could not be found out about them. */
export class ProjectRoot {
  readonly gaps: ProjectGap[] = []
  readonly home: string | undefined
  /** The value of variables that nobody sets. */
  readonly unset: string
  readonly #files: Files
  readonly #folder: string
  #reads = 0

  constructor(files: Files, folder: string, home: string | undefined, unset = '') {
    this.unset = unset
    this.#files = files
    this.#folder = folder
    this.home = home
  }

  read(path: string): string | undefined {
    return this.#files.read(this.shown(path))
  }

  /** The text of a compose file; those that include each other may be read again and again, and so only so often. */
  readCompose(path: string): string | undefined {
    return this.#reads++ < maximumReads ? this.read(path) : undefined
  }

  /** Whether a file that cannot be read is known not to exist: only what is in the folder is all there. */
  knows(path: string): boolean {
    return this.shown(path) !== path && this.#reads <= maximumReads && !this.#files.isWithheld?.(this.shown(path))
  }

  /** A path as it is shown: seen from the folder, if it is in it. */
  shown(path: string): string {
    const start = this.#folder === '/' ? '/' : `${this.#folder}/`
    return path.startsWith(start) ? path.slice(start.length) : path
  }

  gap(message: string, { path, range }: Origin): undefined {
    this.gaps.push({ message, path, range })
  }
}

const maximumReads = 1000

/** How deeply files include and services extend each other. */
const maximumChain = 100

/** A set of files that are laid over each other, and what they see. */
export interface Layer {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** From where paths in them are seen. */
  readonly folder: string
  readonly environment: Environment
  /** Files in which this one is included. */
  readonly included: readonly string[]
}

/**
 * The tree that files laid over each other make (compose-spec/compose-go
 * loader/loader.go, loadYamlModel).
 *
 * @throws {Refusal}
 */
export function loadLayer(layer: Layer, root: ProjectRoot): ProjectMap | undefined {
  let tree: ProjectMap | undefined
  for (const file of layer.files) tree = new FileLoader(file, layer, root).load(tree)
  if (!tree) return undefined
  const whole = withDefaultValues(tree) as ProjectMap
  checkValues(whole)
  return withEnvironmentValues(withAbsolutePaths(whole, { folder: layer.folder, home: root.home }) as ProjectMap, layer.environment)
}

class FileLoader {
  readonly #file: string
  readonly #layer: Layer
  readonly #root: ProjectRoot

  constructor(file: string, layer: Layer, root: ProjectRoot) {
    this.#file = file
    this.#layer = layer
    this.#root = root
  }

  /** The file, laid over what is there already. */
  load(below: ProjectMap | undefined): ProjectMap | undefined {
    const path = this.#root.shown(this.#file)
    const source = this.#root.readCompose(this.#file)
    if (source === undefined) {
      if (this.#root.knows(this.#file)) return refuse(`open ${this.#file}: no such file or directory`, { path, range: [0, 0] })
      this.#root.gap(`${this.#file} is not at hand`, { path, range: [0, 0] })
      return below
    }
    let tree = below
    for (const document of readDocuments(path, source, this.#layer.environment, this.#root.unset)) tree = this.#layOver(tree, document)
    return tree
  }

  #layOver(below: ProjectMap | undefined, document: ComposeDocument): ProjectMap {
    const extended = new Extensions(this.#file, this.#layer, this.#root).apply(document)
    const base = below && without(below, document.resets)
    const whole = this.#withIncludes(extended)
    const merged = withUniqueItems(base ? merge(base, whole) : whole) as ProjectMap
    checkStructure(merged)
    return withUniqueItems(withoutEmptyServers(canonical(withEntries(merged, { version: undefined })) as ProjectMap)) as ProjectMap
  }

  #withIncludes(tree: ProjectMap): ProjectMap {
    const include = child(tree, 'include')
    if (!include) return tree
    if (include.kind !== 'list') return isNull(include) ? withEntries(tree, { include: undefined }) : refuse('`include` must be a list', include.origin)
    let whole = withEntries(tree, { include: undefined })
    for (const item of include.items) {
      const included = new Inclusion(item, [...this.#layer.included, this.#file], this.#layer, this.#root).load()
      if (included) whole = withResources(whole, included)
    }
    return whole
  }
}

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']

/** What another file declares, as part of this one; nothing may be declared by both in two ways. */
function withResources(tree: ProjectMap, included: ProjectMap): ProjectMap {
  let whole = tree
  for (const section of sections) {
    const resources = child(included, section)
    if (resources?.kind !== 'map') continue
    const known = child(whole, section)
    const own = known?.kind === 'map' ? known : map([], resources)
    for (const [name, { value }] of resources.entries) {
      const conflict = own.entries.get(name)
      if (conflict && !isEqual(conflict.value, value)) refuse(`${section}.${name} conflicts with imported resource`, conflict.key)
    }
    whole = withEntries(whole, { [section]: map([...resources.entries, ...own.entries], own) })
  }
  return whole
}

/** One entry of `include`: other files that are read as a project of their own. */
class Inclusion {
  readonly #item: ProjectNode
  readonly #above: readonly string[]
  readonly #layer: Layer
  readonly #root: ProjectRoot

  constructor(item: ProjectNode, above: readonly string[], layer: Layer, root: ProjectRoot) {
    this.#item = item
    this.#above = above
    this.#layer = layer
    this.#root = root
  }

  load(): ProjectMap | undefined {
    const written = this.#item.kind === 'map' ? child(this.#item, 'path') : this.#item
    const paths = stringsOf(written)
    const first = paths[0]
    if (!first) return undefined
    const remote = paths.find(({ value }) => isRemote(value))
    if (remote) return this.#root.gap(`\`${remote.value}\` is fetched when compose runs`, remote.origin)
    const files = paths.map(({ value }) => joinPath(this.#layer.folder, value))
    if (this.#above.includes(files[0]!)) return refuse(`include cycle detected: ${[...this.#above, files[0]!].join(' includes ')}`, first.origin)
    if (this.#above.length > maximumChain) return this.#root.gap('files include each other too deeply', first.origin)
    const missing = files.findIndex(file => this.#root.read(file) === undefined)
    if (missing >= 0) return this.#missing(files[missing]!, paths[missing]!.origin)
    const directory = stringsOf(child(this.#item, 'project_directory'))[0]?.value
    const folder = directory === undefined || directory === '' ? folderOf(files[0]!) : joinPath(this.#layer.folder, directory)
    return loadLayer({ files, folder, environment: this.#environment(folder), included: this.#above }, this.#root)
  }

  /** What is set around wins over the files of the inclusion. */
  #environment(folder: string): Environment {
    const named = stringsOf(child(this.#item, 'env_file'))
    const files = named.length > 0 ? named.filter(({ value }) => value !== '/dev/null').map(({ value, origin }) => ({ path: joinPath(this.#layer.folder, value), origin })) : [{ path: joinPath(folder, '.env'), origin: undefined }]
    return readEnvironment(files, this.#layer.environment, this.#root)
  }

  #missing(file: string, origin: Origin): undefined {
    if (this.#root.knows(file)) return refuse(`open ${file}: no such file or directory`, origin)
    return this.#root.gap(`${file} is not at hand`, origin)
  }
}

/** Files of variables, later ones over earlier ones, below the variables that are set already. */
export function readEnvironment(files: readonly { readonly path: string; readonly origin: Origin | undefined }[], above: Environment, root: ProjectRoot): Environment {
  const variables = new Map<string, string>()
  for (const { path, origin } of files) {
    const source = root.read(path)
    if (source === undefined) {
      if (origin && root.knows(path)) return refuse(`couldn't find env file: ${path}`, origin)
      if (origin) root.gap(`${path} is not at hand`, origin)
      continue
    }
    const { variables: read, problem } = readEnvFile(source, name => above.get(name) ?? variables.get(name))
    if (problem) return refuse(`failed to read ${path}: ${problem.message}`, { path: root.shown(path), range: problem.range })
    for (const [name, { value }] of read) variables.set(name, value)
  }
  return new Map([...variables, ...above])
}

function stringsOf(node: ProjectNode | undefined): { value: string; origin: Origin }[] {
  if (node?.kind === 'list') return node.items.flatMap(stringsOf)
  return node?.kind === 'scalar' && typeof node.value === 'string' ? [{ value: node.value, origin: node.origin }] : []
}

/** Services of a file, and what it takes away. */
interface Base {
  readonly services: ProjectMap
  readonly resets: readonly Path[]
}

/** Services that extend others (compose-go loader/extends.go). */
class Extensions {
  readonly #file: string
  readonly #layer: Layer
  readonly #root: ProjectRoot
  readonly #known = new Map<ProjectMap, Map<string, ProjectNode>>()
  readonly #read = new Map<string, Base | undefined>()

  constructor(file: string, layer: Layer, root: ProjectRoot) {
    this.#file = file
    this.#layer = layer
    this.#root = root
  }

  apply({ root, resets }: ComposeDocument): ProjectMap {
    const services = child(root, 'services')
    if (!services || isNull(services)) return root
    if (services.kind !== 'map') return refuse('services must be a mapping', services.origin)
    const base = { services, resets }
    return withEntries(root, { services: map([...services.entries].map(([name, { key }]) => [name, { key, value: this.#service(name, base, this.#file, []) }]), services) })
  }

  #service(name: string, base: Base, file: string, chain: readonly string[]): ProjectNode {
    const known = this.#known.get(base.services)?.get(name)
    if (known) return known
    const extended = this.#extended(name, base, file, chain)
    const all = this.#known.get(base.services)
    if (all) all.set(name, extended)
    else this.#known.set(base.services, new Map([[name, extended]]))
    return extended
  }

  #extended(name: string, { services, resets }: Base, file: string, chain: readonly string[]): ProjectNode {
    const service = child(services, name)!
    if (isNull(service)) return service
    if (service.kind !== 'map') return refuse(`services.${name} must be a mapping`, service.origin)
    const extension = child(service, 'extends')
    if (!extension) return service
    const link = `${name} in ${file}`
    if (chain.includes(link)) return refuse(`Circular reference: ${[...chain, link].join(' extends ')}`, extension.origin)
    if (chain.length > maximumChain) return this.#root.gap('services extend each other too deeply', extension.origin) ?? withEntries(service, { extends: undefined })
    const other = this.#other(name, extension, { services, resets }, file)
    if (!other) return withEntries(service, { extends: undefined })
    const base = this.#service(other.name, other.base, other.file, [...chain, link])
    if (isNull(base)) return service
    return withEntries(extendService(withoutAt(base, name, [...resets, ...(other.base.services === services ? [] : other.base.resets)]), service) as ProjectMap, { extends: undefined })
  }

  /** The service that is extended; `undefined`: it is not at hand. */
  #other(name: string, extension: ProjectNode, base: Base, file: string): { name: string; base: Base; file: string } | undefined {
    const service = extension.kind === 'map' ? child(extension, 'service') : extension
    if (service?.kind !== 'scalar' || typeof service.value !== 'string') return refuse(`extends.${name}.service is required`, extension.origin)
    const written = child(extension, 'file')
    if (isNull(written)) {
      if (!child(base.services, service.value)) return refuse(`cannot extend service "${name}" in ${file}: service "${service.value}" not found`, service.origin)
      return { name: service.value, base, file }
    }
    const path = goString(written!)
    if (isRemote(path)) return this.#root.gap(`\`${path}\` is fetched when compose runs`, written!.origin)
    const absolute = joinPath(this.#layer.folder, path)
    const read = this.#read.has(absolute) ? this.#read.get(absolute) : this.#servicesIn(absolute, name, written!)
    this.#read.set(absolute, read)
    if (!read) return undefined
    if (!child(read.services, service.value)) return refuse(`cannot extend service "${name}" in ${file}: service "${service.value}" not found in ${path}`, service.origin)
    return { name: service.value, base: read, file: absolute }
  }

  /** The services of another file in their long forms, their paths seen from there. */
  #servicesIn(file: string, name: string, written: ProjectNode): Base | undefined {
    const source = this.#root.readCompose(file)
    if (source === undefined) {
      if (this.#root.knows(file)) return refuse(`open ${file}: no such file or directory`, written.origin)
      return this.#root.gap(`${file} is not at hand`, written.origin)
    }
    let tree: ProjectMap | undefined
    const resets: Path[] = []
    for (const document of readDocuments(this.#root.shown(file), source, this.#layer.environment, this.#root.unset)) {
      resets.push(...document.resets)
      const merged = withUniqueItems(tree ? merge(without(tree, document.resets), document.root) : document.root)
      tree = withUniqueItems(withoutEmptyServers(canonical(merged) as ProjectMap)) as ProjectMap
    }
    const services = child(tree && withAbsolutePaths(tree, { folder: folderOf(file), home: this.#root.home }), 'services')
    if (!services) return refuse(`cannot extend service "${name}" in ${file}: no services section`, written.origin)
    return services.kind === 'map' ? { services, resets } : refuse(`cannot extend service "${name}" in ${file}: services must be a mapping`, services.origin)
  }
}

const withoutAt = (service: ProjectNode, name: string, resets: readonly Path[]): ProjectNode => without(service, resets, ['services', name])


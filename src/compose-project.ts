import { checkConsistency, checkContainerNames } from './compose-check.ts'
import { composeConfig, typedProject } from './compose-config.ts'
import { withVariables, writtenNames } from './compose-document.ts'
import { loadLayer, readEnvironment, ProjectRoot, type Files } from './compose-loader.ts'
import { child, entriesAt, goString, isNull, itemsAt, map, scalar, stringAt, withEntries, type Origin, type ProjectEntry, type ProjectMap, type ProjectNode, type Written } from './compose-node.ts'
import { normalized } from './compose-normalize.ts'
import { baseOf, cleanAbsolute, folderOf, isRemote, joinPath } from './compose-path.ts'
import { refuse, Refusal, type ProjectGap, type ProjectProblem } from './compose-refusal.ts'
import { parseGoBool } from './go-value.ts'
import { readEnvFile, readRawEnvFile } from './env-file.ts'
import type { Environment } from './languages/compose-interpolation.ts'

export { composeConfig, type Files, type ProjectGap, type ProjectProblem }
export type { Origin, ProjectEntry, ProjectList, ProjectMap, ProjectNode, ProjectScalar, Written } from './compose-node.ts'

/** What `docker compose` is told. */
export interface ProjectRequest {
  readonly files: Files
  /** The folder in which compose is run, absolute, with `/`. */
  readonly folder: string
  /** Variables of whoever runs compose. */
  readonly environment: Environment
  /** `-f`, in order; none: what compose looks for by itself. */
  readonly composeFiles?: readonly string[]
  /** `--profile` */
  readonly profiles?: readonly string[]
  /** `--env-file`, in order. */
  readonly envFiles?: readonly string[]
  /** `--project-name` */
  readonly projectName?: string | undefined
  /** `--project-directory` */
  readonly projectFolder?: string | undefined
  /** What variables are presumed to hold that nobody sets; nothing, as for compose itself, if it is missing. */
  readonly unset?: string | undefined
  /** Whether files of variables and labels stay what they are: names of files. */
  readonly leavesServiceFiles?: boolean
}

/** A project as compose sees it, or why it refuses it. */
export interface ComposeProject {
  /** `undefined`: compose refuses it, or no file of it is at hand. */
  readonly project: ProjectMap | undefined
  readonly name: Written<string> | undefined
  /** The files that are laid over each other, as they are shown in origins. */
  readonly files: readonly string[]
  /** Why compose refuses the project. */
  readonly problems: readonly ProjectProblem[]
  /** What is left out, for it cannot be known. */
  readonly gaps: readonly ProjectGap[]
}

/**
 * The project that `docker compose config` makes of its files: override files,
 * `include`, `extends`, variables, long forms, defaults. Each value keeps the
 * file and the place where it is written. Never throws.
 */
export function readProject(request: ProjectRequest): ComposeProject {
  const folder = cleanAbsolute(request.folder)
  const root = new ProjectRoot(request.files, folder, request.environment.get('HOME'), request.unset)
  const reader = new ProjectReader({ ...request, folder }, root)
  try {
    const read = reader.read()
    return { project: read?.project, name: read?.name, files: reader.files.map(file => root.shown(file)), problems: [], gaps: root.gaps }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { project: undefined, name: undefined, files: reader.files.map(file => root.shown(file)), problems: error.problems, gaps: root.gaps }
  }
}

/** Options of `docker compose` that bear on the project, as they stand on a command line. */
export function projectOptions(args: readonly string[]): Pick<ProjectRequest, 'composeFiles' | 'profiles' | 'envFiles' | 'projectName' | 'projectFolder'> {
  const values = new Map<string, string[]>()
  for (let at = 0; at < args.length; at++) {
    const [, flag = '', attached] = /^(--[\w-]+(?![\w-])|-[fp])(?:=?([^]+))?$/.exec(args[at]!) ?? []
    const name = ({ '-f': '--file', '-p': '--project-name' } as Record<string, string>)[flag] ?? flag
    if (['--file', '--profile', '--env-file', '--project-name', '--project-directory'].includes(name)) values.set(name, [...(values.get(name) ?? []), attached ?? args[++at] ?? ''])
  }
  return {
    composeFiles: values.get('--file') ?? [], profiles: values.get('--profile') ?? [], envFiles: values.get('--env-file') ?? [],
    projectName: values.get('--project-name')?.at(-1), projectFolder: values.get('--project-directory')?.at(-1)
  }
}

/** Names of files that compose looks for, the first found wins (compose-go cli/options.go). */
const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrideNames = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml']

class ProjectReader {
  files: readonly string[] = []
  readonly #request: ProjectRequest
  readonly #root: ProjectRoot

  constructor(request: ProjectRequest, root: ProjectRoot) {
    this.#request = request
    this.#root = root
  }

  read(): { project: ProjectMap; name: Written<string> } | undefined {
    const { composeFiles = [], folder, projectFolder } = this.#request
    const start = projectFolder === undefined ? composeFiles[0] === undefined || isRemote(composeFiles[0]) ? folder : folderOf(joinPath(folder, composeFiles[0])) : joinPath(folder, projectFolder)
    const outer = this.#environment(start, this.#request.environment)
    this.files = this.#composeFiles(outer)
    const first = this.files[0]
    if (first === undefined) return undefined
    const directory = projectFolder === undefined ? folderOf(first) : start
    const environment = this.#environment(directory, outer)
    const name = this.#name(directory, environment)
    const named = new Map([...environment, ['COMPOSE_PROJECT_NAME', name.value]])
    const tree = loadLayer({ files: this.files, folder: directory, environment: named, included: [] }, this.#root)
    if (!tree) return this.#root.gaps.length > 0 ? undefined : refuse('empty compose file', { path: this.#root.shown(first), range: [0, 0] })
    return { project: this.#finished(normalized(tree, name.value, named), name, named), name }
  }

  #environment(directory: string, above: Environment): Environment {
    const named = this.#request.envFiles?.length ? this.#request.envFiles : (above.get('COMPOSE_ENV_FILES') ?? '').split(',').filter(file => file !== '')
    if (named.length > 0) return readEnvironment(named.map(file => ({ path: joinPath(this.#request.folder, file), origin: { path: file, range: [0, 0] } })), above, this.#root)
    if (parseGoBool(above.get('COMPOSE_DISABLE_ENV_FILE') ?? '') === true) return above
    return readEnvironment([{ path: joinPath(directory, '.env'), origin: undefined }], above, this.#root)
  }

  #composeFiles(environment: Environment): string[] {
    const { composeFiles = [], folder } = this.#request
    const separator = environment.get('COMPOSE_PATH_SEPARATOR') || (/^[a-z]:/i.test(folder) ? ';' : ':')
    const listed = composeFiles.length > 0 ? composeFiles : environment.has('COMPOSE_FILE') ? environment.get('COMPOSE_FILE')!.split(separator) : undefined
    if (!listed) return this.#defaultFiles()
    return listed.flatMap(file => {
      const origin = { path: file, range: [0, 0] } as const
      if (file === '-' || isRemote(file)) return this.#root.gap(`\`${file}\` is not at hand`, origin) ?? []
      const path = joinPath(folder, file)
      if (this.#root.read(path) !== undefined) return path
      return this.#root.knows(path) ? refuse(`open ${path}: no such file or directory`, origin) : this.#root.gap(`${path} is not at hand`, origin) ?? []
    })
  }

  /** Compose looks in the folder, then in those above it. */
  #defaultFiles(): string[] {
    const exists = (path: string): boolean => this.#root.read(path) !== undefined
    for (let folder = this.#request.folder; ; folder = folderOf(folder)) {
      const found = fileNames.map(name => joinPath(folder, name)).find(exists)
      const override = found && overrideNames.map(name => joinPath(folder, name)).find(exists)
      if (found) return [found, ...(override ? [override] : [])]
      if (folder === folderOf(folder) || !folder.includes('/')) return refuse('no configuration file provided: not found', { path: '', range: [0, 0] })
    }
  }

  #name(directory: string, environment: Environment): Written<string> {
    const given = this.#request.projectName || environment.get('COMPOSE_PROJECT_NAME')
    const nowhere: Origin = { path: '', range: [0, 0] }
    if (given) return normalizedName(given) === given ? { value: given, ...nowhere } : refuse(`invalid project name "${given}": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number`, nowhere)
    const written = this.files.flatMap(file => writtenNames(this.#root.shown(file), this.#root.read(file) ?? '')).filter(name => !isNull(name) && goString(name) !== '').at(-1)
    if (!written) return { value: normalizedName(baseOf(directory)) || refuse('project name must not be empty', nowhere), ...nowhere }
    const name = normalizedName(goString(withVariables(written, environment)))
    return { value: name === '' ? refuse('project name must not be empty', written.origin) : name, ...written.origin }
  }

  /** Values of their types, services of active profiles, variables of files, and what is used. */
  #finished(tree: ProjectMap, name: Written<string>, environment: Environment): ProjectMap {
    const profiles = this.#request.profiles?.length ? this.#request.profiles : (environment.get('COMPOSE_PROFILES') ?? '').split(',').map(profile => profile.trim())
    const typed = typedProject(tree)
    const services = entriesAt(typed, 'services')
    const enabled = services.filter(([, { value }]) => isEnabled(value, profiles))
    const names = new Set(enabled.map(([service]) => service))
    const active = withEntries(typed, { services: map(enabled, child(typed, 'services') ?? typed) })
    checkConsistency(active, new Set(services.map(([service]) => service).filter(service => !names.has(service))))
    const resolver = new ServiceFiles(environment, this.#root)
    const resolved = withEntries(active, { services: map(enabled.map(([service, { key, value }]) => [service, { key, value: this.#request.leavesServiceFiles ? value : resolver.resolve(value, key) }]), child(active, 'services')!) })
    checkContainerNames(resolved)
    const used = withoutUnused(resolved)
    return { ...used, entries: new Map<string, ProjectEntry>([['name', { key: name, value: scalar(name.value, name, name.path === '') }], ...used.entries]) }
  }
}

/** compose-go loader/loader.go, NormalizeProjectName. */
const normalizedName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_-]/g, '').replace(/^[_-]+/, '')

function isEnabled(service: ProjectNode, profiles: readonly string[]): boolean {
  const own = itemsAt(service, 'profiles').map(goString)
  return own.length === 0 || profiles.some(profile => profile === '*' || own.includes(profile))
}

/** Files of variables and labels that services name; once read, they are no longer shown. */
class ServiceFiles {
  readonly #environment: Environment
  readonly #root: ProjectRoot

  constructor(environment: Environment, root: ProjectRoot) {
    this.#environment = environment
    this.#root = root
  }

  resolve(service: ProjectNode, key: Origin): ProjectNode {
    if (service.kind !== 'map') return service
    const variables = this.#variables(service)
    const labels = this.#labels(service)
    return withEntries(service, {
      env_file: undefined, label_file: undefined,
      environment: variables.size > 0 ? map(variables, child(service, 'environment') ?? { origin: key, isImplied: true }) : undefined,
      labels: labels.size > 0 ? map(labels, child(service, 'labels') ?? { origin: key, isImplied: true }) : undefined
    })
  }

  /** What the service itself says wins, even that a variable has no value. */
  #variables(service: ProjectMap): Map<string, ProjectEntry> {
    const own = new Map(entriesAt(service, 'environment'))
    const all = new Map([...own].filter(([, { value }]) => !isNull(value)))
    for (const file of itemsAt(service, 'env_file')) {
      const path = child(file, 'path')
      if (!path) continue
      const required = child(file, 'required')
      const known = (name: string): string | undefined => this.#environment.get(name) ?? this.#valueOf(own.get(name)) ?? this.#valueOf(all.get(name))
      for (const [name, entry] of this.#read(path, required === undefined, stringAt(file, 'format'), known)) all.set(name, entry)
    }
    return new Map([...all, ...own])
  }

  #labels(service: ProjectMap): Map<string, ProjectEntry> {
    const labels = new Map<string, ProjectEntry>()
    for (const path of itemsAt(service, 'label_file')) for (const [name, entry] of this.#read(path, true, undefined, label => this.#valueOf(labels.get(label)))) labels.set(name, entry)
    return new Map([...labels, ...entriesAt(service, 'labels')])
  }

  #valueOf(entry: ProjectEntry | undefined): string | undefined {
    return entry && !isNull(entry.value) ? goString(entry.value) : undefined
  }

  #read(path: ProjectNode, isRequired: boolean, format: string | undefined, lookup: (name: string) => string | undefined): [string, ProjectEntry][] {
    const file = goString(path)
    const source = this.#root.read(file)
    if (source === undefined) {
      if (!this.#root.knows(file)) this.#root.gap(`${file} is not at hand`, path.origin)
      else if (isRequired) refuse(`env file ${file} not found`, path.origin)
      return []
    }
    if (format !== undefined && format !== 'raw' && format !== '.env') return refuse(`unsupported env_file format "${format}"`, path.origin)
    const shown = this.#root.shown(file)
    const { variables, problem } = format === 'raw' ? readRawEnvFile(source, lookup) : readEnvFile(source, lookup)
    if (problem) return refuse(`failed to read ${file}: ${problem.message}`, { path: shown, range: problem.range })
    return [...variables].map(([name, text]) => {
      const origin = { path: shown, range: text.whole }
      return [name, { key: origin, value: { ...scalar(text.value, origin), text } }]
    })
  }
}

/** Networks, volumes and so on without those that no service uses. */
function withoutUnused(project: ProjectMap): ProjectMap {
  const services = entriesAt(project, 'services').map(([, { value }]) => value)
  const sources = (key: string, ...path: readonly string[]): string[] => services.flatMap(service => itemsAt(service, ...path, key).map(item => stringAt(item, 'source') ?? ''))
  const used: Readonly<Record<string, readonly string[]>> = {
    networks: services.flatMap(service => entriesAt(service, 'networks').map(([name]) => name)),
    volumes: services.flatMap(service => itemsAt(service, 'volumes').filter(volume => stringAt(volume, 'type') === 'volume').map(volume => stringAt(volume, 'source') ?? '')),
    secrets: [...sources('secrets'), ...sources('secrets', 'build')],
    configs: sources('configs'),
    models: services.flatMap(service => entriesAt(service, 'models').map(([name]) => name))
  }
  return withEntries(project, Object.fromEntries(Object.entries(used).map(([section, names]) => {
    const wanted = new Set(names)
    const kept = entriesAt(project, section).filter(([name]) => wanted.has(name))
    return [section, kept.length > 0 ? map(kept, child(project, section)!) : undefined]
  })))
}

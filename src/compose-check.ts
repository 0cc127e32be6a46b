import { validate } from './generated/compose-validator.js'
import { child, entriesAt, goString, isNull, itemsAt, kindOf, PathTable, plain, stringAt, type Origin, type Path, type ProjectMap, type ProjectNode } from './compose-node.ts'
import { refuse, Refusal, type ProjectProblem } from './compose-refusal.ts'
import { isIpAddress } from './go-value.ts'

/**
 * The structure of a tree: keys that exist, values of the right type (compose-spec/compose-go schema).
 *
 * @throws {Refusal} with all faults
 */
export function checkStructure(root: ProjectMap): void {
  if (validate(plain(withoutExtensions(root, [])))) return
  const problems = (validate.errors ?? []).map(({ instancePath, keyword, params }): ProjectProblem => {
    const path = instancePath.split('/').slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    return { message: `${path.join('.')} ${faultOf(keyword, params)}`.trim(), ...placeOf(root, path, keyword === 'additionalProperties' ? String(params['additionalProperty']) : undefined) }
  })
  validate.errors = null
  throw new Refusal(...problems)
}

/** Maps whose names are those of things, so that one may start with `x-`. */
const namesOfThings = new PathTable<true>({ services: true, volumes: true, networks: true, secrets: true, configs: true, models: true, 'services.*.depends_on': true })

/** A tree without the keys that mean nothing to compose. */
function withoutExtensions(node: ProjectNode, path: Path): ProjectNode {
  if (node.kind === 'scalar') return node
  if (node.kind === 'list') return { ...node, items: node.items.map(item => withoutExtensions(item, [...path, '[]'])) }
  const kept = [...node.entries].filter(([name]) => !name.startsWith('x-') || namesOfThings.at(path))
  return { ...node, entries: new Map(kept.map(([name, { key, value }]) => [name, { key, value: withoutExtensions(value, [...path, name]) }])) }
}

function faultOf(keyword: string, params: Readonly<Record<string, unknown>>): string {
  switch (keyword) {
    case 'additionalProperties': return `additional properties '${String(params['additionalProperty'])}' not allowed`
    case 'required': return `missing property '${String(params['missingProperty'])}'`
    case 'uniqueItems': return `items at ${String(params['j'])} and ${String(params['i'])} are equal`
    case 'type': return `must be a ${[params['type']].flat().map(type => (type === 'object' ? 'mapping' : String(type))).join(' or ')}`
    default: return `does not match ${keyword} ${Object.values(params).map(String).join(', ')}`
  }
}

/** Where a path is written; of a key that is too much, the key. */
function placeOf(root: ProjectNode, path: readonly string[], name: string | undefined): Origin {
  let node = root
  let key: Origin | undefined
  for (const segment of path) {
    const entry = node.kind === 'map' ? node.entries.get(segment) : undefined
    const next = entry?.value ?? (node.kind === 'list' ? node.items[Number(segment)] : undefined)
    if (!next) break
    key = entry?.key
    node = next
  }
  const extra = name !== undefined && node.kind === 'map' ? node.entries.get(name)?.key : undefined
  return extra ?? (isNull(node) ? key : undefined) ?? node.origin
}

/**
 * What compose checks of the merged tree before it makes paths absolute (compose-go validation/validation.go).
 *
 * @throws {Refusal}
 */
export function checkValues(node: ProjectNode, path: Path = []): void {
  const check = checks.at(path)
  if (check) check(node, path)
  else if (node.kind === 'map') for (const [name, { value }] of node.entries) checkValues(value, [...path, name])
  else if (node.kind === 'list') for (const item of node.items) checkValues(item, [...path, '[]'])
}

type Check = (node: ProjectNode, path: Path) => void

const checkVolume: Check = (node, path) => {
  const external = child(node, 'external')
  if (node.kind !== 'map' || external?.kind !== 'scalar' || external.value !== true) return
  for (const [name, { key }] of node.entries) if (name !== 'name' && name !== 'external' && !name.startsWith('x-')) refuse(`${path.join('.')}: conflicting parameters "external" and "${name}" specified`, key)
}

const checkFileObject = (...keys: readonly string[]): Check => (node, path) => {
  if (node.kind !== 'map') return refuse(`${path.join('.')}: unexpected type ${kindOf(node)}`, node.origin)
  const present = keys.filter(key => node.entries.has(key))
  if (present.length > 1) refuse(`${path.join('.')}: ${keys.join('|')} attributes are mutually exclusive`, node.entries.get(present[1]!)!.key)
  if (present.length === 0 && !node.entries.has('driver') && !node.entries.has('external')) refuse(`${path.join('.')}: one of ${keys.join('|')} must be set`, node.origin)
}

const checkAddress: Check = (node, path) => {
  const address = child(node, 'host_ip')
  if (address && !isIpAddress(goString(address))) refuse(`${path.join('.')}: invalid ip address: ${goString(address)}`, address.origin)
}

const checkPath: Check = (node, path) => {
  if (goString(node) === '') refuse(`${path.join('.')}: value can't be blank`, node.origin)
}

const checkDevices: Check = (node, path) => {
  if (child(node, 'count') && child(node, 'device_ids')) refuse(`${path.join('.')}: "count" and "device_ids" attributes are exclusive`, node.origin)
}

const checks = new PathTable<Check>({
  'volumes.*': checkVolume,
  'configs.*': checkFileObject('file', 'environment', 'content'),
  'secrets.*': checkFileObject('file', 'environment'),
  'services.*.ports.*': checkAddress,
  'services.*.develop.watch.*.path': checkPath,
  'services.*.deploy.resources.reservations.devices.*': checkDevices,
  'services.*.gpus.*': checkDevices
})

/**
 * Whether the parts of a project fit together (compose-go loader/validate.go).
 * `disabled` are the services that no active profile enables.
 *
 * @throws {Refusal}
 */
export function checkConsistency(project: ProjectMap, disabled: ReadonlySet<string>): void {
  const consistency = new Consistency(project, disabled)
  for (const [name, { key, value }] of entriesAt(project, 'services')) consistency.checkService(name, value, key)
  consistency.checkSecrets()
  consistency.checkCycles()
}

const notExisting = 'invalid compose project'

class Consistency {
  readonly #project: ProjectMap
  readonly #disabled: ReadonlySet<string>

  constructor(project: ProjectMap, disabled: ReadonlySet<string>) {
    this.#project = project
    this.#disabled = disabled
  }

  checkService(name: string, service: ProjectNode, key: Origin): void {
    const build = child(service, 'build')
    if (!build && !child(service, 'image') && !child(service, 'provider')) refuse(`service "${name}" has neither an image nor a build context specified: ${notExisting}`, key)
    if (build) this.#checkBuild(name, service, build)
    this.#checkNetworks(name, service)
    this.#checkHealth(service)
    this.#checkDependencies(name, service)
    this.#checkResources(name, service)
    this.#checkScale(name, service)
    this.#checkMounts(name, service)
    for (const watch of itemsAt(service, 'develop', 'watch')) {
      if (!child(watch, 'target') && !['rebuild', 'restart'].includes(stringAt(watch, 'action') ?? '')) refuse(`services.${name}.develop.watch: target is required for non-rebuild actions: ${notExisting}`, watch.origin)
    }
  }

  checkSecrets(): void {
    for (const [name, { key, value }] of entriesAt(this.#project, 'secrets')) {
      if (!child(value, 'external') && !child(value, 'file') && !child(value, 'environment')) refuse(`secret "${name}" must declare either \`file\` or \`environment\`: ${notExisting}`, key)
    }
  }

  /** Services that wait for each other. */
  checkCycles(): void {
    const done = new Set<string>()
    const visit = (name: string, path: readonly string[]): void => {
      if (done.has(name)) return
      for (const [next, { key }] of entriesAt(this.#project, 'services', name, 'depends_on')) {
        const above = [...path, name]
        if (above.includes(next)) refuse(`dependency cycle detected: ${[...above.slice(above.indexOf(next)), next].join(' -> ')}`, key)
        if (this.#has('services', next) && path.length < 1000) visit(next, above)
      }
      done.add(name)
    }
    for (const [name] of entriesAt(this.#project, 'services')) visit(name, [])
  }

  #has(section: string, name: string): boolean {
    return child(this.#project, section, name) !== undefined
  }

  #checkBuild(name: string, service: ProjectNode, build: ProjectNode): void {
    const inline = child(build, 'dockerfile_inline')
    if (inline && child(build, 'dockerfile')) refuse(`service "${name}" declares mutualy exclusive dockerfile and dockerfile_inline: ${notExisting}`, inline.origin)
    for (const [context, { value }] of entriesAt(build, 'additional_contexts')) {
      const target = /^service:([^]*)$/.exec(goString(value))?.[1]
      if (target === undefined) continue
      if (!this.#has('services', target)) refuse(`service "${name}" declares unknown service "${target}" as additional contexts ${context}`, value.origin)
      if (!child(this.#project, 'services', target, 'build')) refuse(`service "${name}" declares non-buildable service "${target}" as additional contexts ${context}`, value.origin)
    }
    const platform = child(service, 'platform')
    const platforms = itemsAt(build, 'platforms').map(goString)
    if (platform && platforms.length > 0 && !platforms.includes(goString(platform))) refuse(`service.build.platforms MUST include service.platform "${goString(platform)}": ${notExisting}`, platform.origin)
    this.#checkSources(name, itemsAt(build, 'secrets'), 'secrets', 'build secret')
  }

  #checkNetworks(name: string, service: ProjectNode): void {
    const networks = entriesAt(service, 'networks')
    const mode = child(service, 'network_mode')
    if (mode && networks.length > 0) refuse(`service ${name} declares mutually exclusive \`network_mode\` and \`networks\`: ${notExisting}`, mode.origin)
    for (const [network, { key }] of networks) if (!this.#has('networks', network)) refuse(`service "${name}" refers to undefined network ${network}: ${notExisting}`, key)
    for (const [model, { key }] of entriesAt(service, 'models')) if (!this.#has('models', model)) refuse(`service "${name}" refers to undefined model ${model}: ${notExisting}`, key)
  }

  #checkHealth(service: ProjectNode): void {
    const first = itemsAt(service, 'healthcheck', 'test')[0]
    if (first && !['CMD', 'CMD-SHELL', 'NONE'].includes(goString(first))) refuse('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"', first.origin)
  }

  #checkDependencies(name: string, service: ProjectNode): void {
    for (const [other, { key, value }] of entriesAt(service, 'depends_on')) {
      const required = child(value, 'required')
      const isOptional = required?.kind === 'scalar' && required.value === false
      if (!this.#has('services', other) && !(isOptional && this.#disabled.has(other))) refuse(`service "${name}" depends on undefined service "${other}": ${notExisting}`, key)
    }
  }

  #checkResources(name: string, service: ProjectNode): void {
    for (const volume of itemsAt(service, 'volumes')) {
      const source = child(volume, 'source')
      if (source && stringAt(volume, 'type') === 'volume' && !this.#has('volumes', goString(source))) refuse(`service "${name}" refers to undefined volume ${goString(source)}: ${notExisting}`, source.origin)
    }
    this.#checkSources(name, itemsAt(service, 'configs'), 'configs', 'config')
    this.#checkSources(name, itemsAt(service, 'secrets'), 'secrets', 'secret')
  }

  #checkSources(name: string, items: readonly ProjectNode[], section: string, what: string): void {
    for (const item of items) {
      const source = stringAt(item, 'source') ?? ''
      if (!this.#has(section, source)) refuse(`service "${name}" refers to undefined ${what} ${source}: ${notExisting}`, child(item, 'source')?.origin ?? item.origin)
    }
  }

  #checkScale(name: string, service: ProjectNode): void {
    const [scale, replicas] = [numberAt(service, 'scale'), numberAt(service, 'deploy', 'replicas')]
    if (scale && replicas && scale.value !== replicas.value) refuse(`services.${name}: can't set distinct values on 'scale' and 'deploy.replicas': ${notExisting}`, scale.origin)
    for (const [key, number] of [['scale', scale], ['deploy.replicas', replicas]] as const) if (number && number.value < 0) refuse(`services.${name}.${key}: must be greater than or equal to 0`, number.origin)
    for (const [key, ...path] of [['cpus', 'limits', 'cpus'], ['mem_limit', 'limits', 'memory'], ['mem_reservation', 'reservations', 'memory'], ['pids_limit', 'limits', 'pids']] as const) {
      const [own, deployed] = [numberAt(service, key), numberAt(service, 'deploy', 'resources', ...path)]
      if (own && own.value !== 0 && child(service, 'deploy', 'resources', path[0]) && own.value !== (deployed?.value ?? 0)) refuse(`services.${name}: can't set distinct values on '${key}' and 'deploy.resources.${path.join('.')}': ${notExisting}`, own.origin)
    }
    const container = child(service, 'container_name')
    if (container && ((scale ?? replicas)?.value ?? 1) > 1) refuse(`services.${scale ? 'scale' : 'deploy.replicas'}: can't set container_name and ${name} as container name must be unique: ${notExisting}`, container.origin)
  }

  #checkMounts(name: string, service: ProjectNode): void {
    const mounts = new Map<string, string>()
    const mount = (target: string, at: string, origin: Origin): void => {
      const other = mounts.get(target)
      if (other !== undefined) refuse(`${at}: target ${target} already mounted as ${other}`, origin)
      mounts.set(target, at)
    }
    itemsAt(service, 'tmpfs').forEach((item, index) => mount(goString(item).split(':', 1)[0]!, `services.${name}.tmpfs[${index}]`, item.origin))
    itemsAt(service, 'volumes').forEach((item, index) => mount(stringAt(item, 'target') ?? '', `services.${name}.volumes[${index}]`, child(item, 'target')?.origin ?? item.origin))
  }
}

function numberAt(service: ProjectNode, ...path: readonly string[]): { value: number; origin: Origin } | undefined {
  const node = child(service, ...path)
  return node?.kind === 'scalar' && node.value !== null ? { value: Number(node.value), origin: node.origin } : undefined
}

/**
 * Names of containers, of which each is given once.
 *
 * @throws {Refusal}
 */
export function checkContainerNames(project: ProjectMap): void {
  const names = new Map<string, string>()
  for (const [service, { value }] of entriesAt(project, 'services')) {
    const name = child(value, 'container_name')
    if (!name) continue
    const other = names.get(goString(name))
    if (other !== undefined) refuse(`services.${service}: container name "${goString(name)}" is already in use by service ${other}`, name.origin)
    names.set(goString(name), service)
  }
}

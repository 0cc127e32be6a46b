import { cleanPath, withDefaults } from './compose-canonical.ts'
import { child, goString, impliedMap, isNull, itemsAt, kindOf, list, map, mapEntries, PathTable, scalar, stringAt, withEntries, type Origin, type Path, type ProjectMap, type ProjectNode, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'
import type { Environment } from './languages/compose-interpolation.ts'

/** What compose adds where nothing is written (compose-spec/compose-go transform/defaults.go). */
export function withDefaultValues(node: ProjectNode, path: Path = []): ProjectNode {
  const defaults = defaultsOf.at(path)
  if (defaults) return defaults(node, path)
  if (node.kind === 'map') return mapEntries(node, (value, name) => withDefaultValues(value, [...path, name]))
  return node.kind === 'list' ? { ...node, items: node.items.map(item => withDefaultValues(item, [...path, '[]'])) } : node
}

type Change = (node: ProjectNode, path: Path) => ProjectNode

const ofMap = (values: (node: ProjectMap) => Readonly<Record<string, ProjectNode>>): Change => node => (node.kind === 'map' ? withDefaults(node, values(node)) : node)

const deviceRequest: Change = (node, path) => {
  if (node.kind !== 'map') return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for device request`, node.origin)
  return node.entries.has('count') || node.entries.has('device_ids') ? node : withDefaults(node, { count: scalar('all', node.origin, true) })
}

const defaultsOf = new PathTable<Change>({
  'services.*.build': ofMap(({ origin }) => ({ context: scalar('.', origin, true) })),
  'services.*.secrets.*': ofMap(node => ({ target: scalar(`/run/secrets/${stringAt(node, 'source') ?? ''}`, node.origin, true) })),
  'services.*.ports.*': ofMap(({ origin }) => ({ protocol: scalar('tcp', origin, true), mode: scalar('ingress', origin, true) })),
  'services.*.deploy.resources.reservations.devices.*': deviceRequest,
  'services.*.gpus.*': deviceRequest
})

/** `- NAME` in a list takes its value from the environment of the file that it stands in (compose-go loader/environment.go). */
export function withEnvironmentValues(root: ProjectMap, environment: Environment): ProjectMap {
  const services = child(root, 'services')
  if (services?.kind !== 'map') return root
  return withEntries(root, {
    services: mapEntries(services, service => {
      const variables = child(service, 'environment')
      if (service.kind !== 'map' || variables?.kind !== 'list') return service
      return withEntries(service, { environment: list(variables.items.filter(item => item.kind === 'scalar' && typeof item.value === 'string').map(item => valued(item as ProjectScalar, environment) ?? item), variables) })
    })
  })
}

/** `NAME` as `NAME=value`. */
function valued(item: ProjectScalar, environment: Environment): ProjectScalar | undefined {
  const name = String(item.value)
  const value = name.includes('=') ? undefined : environment.get(name)
  return value === undefined ? undefined : { ...scalar(`${name}=${value}`, item.origin), pair: { name, key: item.pair?.key ?? item.origin, value: scalar(value, item.origin) } }
}

/**
 * A project with what compose adds by itself: the network `default`, names of
 * networks and volumes, dependencies that other settings imply (compose-go
 * loader/normalize.go).
 *
 * @throws {Refusal}
 */
export function normalized(root: ProjectMap, name: string, environment: Environment): ProjectMap {
  let project = withNetworks(root)
  const services = child(project, 'services')
  if (services?.kind === 'map') project = withEntries(project, { services: mapEntries(services, service => (service.kind === 'map' ? normalizedService(service, environment) : service)) })
  for (const section of ['networks', 'volumes', 'configs', 'secrets']) {
    const resources = child(project, section)
    if (resources?.kind === 'map') project = withEntries(project, { [section]: mapEntries(resources, (resource, key, origin) => named(resource, key, origin, name)) })
  }
  return project
}

function named(resource: ProjectNode, key: string, origin: Origin, project: string): ProjectNode {
  const written = resource.kind === 'map' ? resource : impliedMap({}, origin)
  if (!isNull(child(written, 'name'))) return written
  const external = child(written, 'external')
  const isExternal = external?.kind === 'scalar' && external.value === true
  return withEntries(written, { name: scalar(isExternal ? key : `${project}_${key}`, origin, true) })
}

function withNetworks(root: ProjectMap): ProjectMap {
  const services = child(root, 'services')
  let user: Origin | undefined
  const attached = services?.kind !== 'map' ? services : mapEntries(services, (service, _, key) => {
    if (service.kind !== 'map' || service.entries.has('provider') || service.entries.has('network_mode')) return service
    const networks = child(service, 'networks')
    const names = networks?.kind === 'map' ? networks.entries : undefined
    if (names && names.size > 0) {
      if (names.has('default')) user ??= names.get('default')!.key
      return service
    }
    user ??= key
    return withEntries(service, { networks: impliedMap({ default: scalar(null, key, true) }, key) })
  })
  const networks = child(root, 'networks')
  const known = networks?.kind === 'map' ? networks : undefined
  return withEntries(root, {
    ...(attached ? { services: attached } : {}),
    ...(user && !known?.entries.has('default') ? { networks: withEntries(known ?? impliedMap({}, user), { default: scalar(null, user, true) }) } : {})
  })
}

function normalizedService(service: ProjectMap, environment: Environment): ProjectMap {
  const build = child(service, 'build')
  const variables = child(service, 'environment')
  const policy = child(service, 'pull_policy')
  const volumes = child(service, 'volumes')
  const dependencies = dependenciesOf(service)
  return withEntries(service, {
    ...(policy && goString(policy) === 'if_not_present' ? { pull_policy: scalar('missing', policy.origin) } : {}),
    ...(build?.kind === 'map' ? { build: normalizedBuild(build, environment) } : {}),
    ...(variables ? { environment: resolved(variables, environment, true) } : {}),
    ...(volumes?.kind === 'list' ? { volumes: list(volumes.items.map(withCleanTarget), volumes) } : {}),
    ...(dependencies.entries.size > 0 ? { depends_on: dependencies } : {})
  })
}

function withCleanTarget(volume: ProjectNode): ProjectNode {
  const target = child(volume, 'target')
  if (volume.kind !== 'map' || target?.kind !== 'scalar' || typeof target.value !== 'string') return volume
  const clean = cleanPath(target.value)
  return clean === target.value ? volume : withEntries(volume, { target: { ...target, value: clean } })
}

function normalizedBuild(build: ProjectMap, environment: Environment): ProjectMap {
  const { origin } = build
  const args = child(build, 'args')
  const hasDockerfile = !isNull(child(build, 'dockerfile')) || !isNull(child(build, 'dockerfile_inline'))
  return withEntries(build, {
    ...(isNull(child(build, 'context')) ? { context: scalar('.', origin, true) } : {}),
    ...(hasDockerfile ? {} : { dockerfile: scalar('Dockerfile', origin, true) }),
    ...(args ? { args: resolved(args, environment, false) } : {})
  })
}

/** Variables without a value take it from the environment. */
function resolved(variables: ProjectNode, environment: Environment, keepsUnset: boolean): ProjectNode {
  if (variables.kind === 'list') {
    return list(variables.items.flatMap(item => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value.includes('=')) return item
      return valued(item, environment) ?? (keepsUnset ? item : [])
    }), variables)
  }
  if (variables.kind !== 'map') return variables
  return map([...variables.entries].flatMap(([name, entry]) => {
    if (!isNull(entry.value)) return [[name, entry] as const]
    const value = environment.get(name)
    return value !== undefined ? [[name, { key: entry.key, value: scalar(value, entry.key) }] as const] : keepsUnset ? [[name, entry] as const] : []
  }), variables)
}

/** Settings whose value `service:name` means that the other service starts first. */
const namespaces = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']

function dependenciesOf(service: ProjectMap): ProjectMap {
  const written = child(service, 'depends_on')
  const links = itemsAt(service, 'links').map(link => {
    const parts = goString(link).split(':')
    return { name: parts.length === 2 ? parts[0]! : goString(link), origin: link.origin, restart: true }
  })
  const shared = namespaces.flatMap(key => {
    const value = child(service, key)
    const name = /^service:([^]*)$/.exec(value ? goString(value) : '')?.[1]
    return name === undefined ? [] : [{ name, origin: value!.origin, restart: true }]
  })
  const volumesFrom = itemsAt(service, 'volumes_from').filter(item => !goString(item).startsWith('container:')).map(item => ({ name: goString(item).split(':', 1)[0]!, origin: item.origin, restart: false }))
  const implied = [...links, ...shared, ...volumesFrom].map(({ name, origin, restart }) => [name, impliedMap({
    condition: scalar('service_started', origin, true), restart: scalar(restart, origin, true), required: scalar(true, origin, true)
  }, origin)] as const)
  return withDefaults(written?.kind === 'map' ? written : impliedMap({}, implied[0]?.[1].origin ?? service.origin), Object.fromEntries(implied.reverse()))
}

import { child, goString, impliedMap, isNull, kindOf, list, map, mapEntries, part, PathTable, scalar, withEntries, type Path, type ProjectMap, type ProjectNode, type ProjectScalar } from './compose-node.ts'
import { dependency } from './compose-merge.ts'
import { parsePorts } from './compose-port.ts'
import { refuse } from './compose-refusal.ts'
import { mountOptions, parseVolume } from './compose-volume.ts'

/**
 * A tree with every short form in its long form (compose-spec/compose-go
 * transform/canonical.go).
 *
 * @throws {Refusal}
 */
export function canonical(node: ProjectNode, path: Path = []): ProjectNode {
  const special = forms.at(path)
  return special ? special(node, path) : inside(node, path)
}

function inside(node: ProjectNode, path: Path): ProjectNode {
  if (node.kind === 'map') return mapEntries(node, (value, name) => canonical(value, [...path, name]))
  return node.kind === 'list' ? { ...node, items: node.items.map(item => canonical(item, [...path, '[]'])) } : node
}

type Form = (node: ProjectNode, path: Path) => ProjectNode

/** The form of a string; maps stand as they are. */
const ofString = (form: (node: ProjectScalar) => ProjectNode, what: string, looksInside = false): Form => (node, path) => {
  if (node.kind === 'scalar' && typeof node.value === 'string') return form(node)
  if (node.kind === 'map') return looksInside ? inside(node, path) : node
  return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for ${what}`, node.origin)
}

const single = (name: string): ((node: ProjectScalar) => ProjectMap) => node => ({ ...impliedMap({ [name]: node }, node.origin), isImplied: false })

const stringOrList: Form = node => (node.kind === 'scalar' && typeof node.value === 'string' ? list([node], node) : node)

const namesOrMap: Form = node => {
  if (node.kind !== 'list') return node
  return map(node.items.map(item => [goString(item), { key: item.origin, value: scalar(null, item.origin) }]), node)
}

/** Strings are kept, and all else becomes one. */
const asString: Form = node => (node.kind === 'scalar' && typeof node.value === 'string' ? node : scalar(goString(node), node.origin))

const dependsOn: Form = (node, path) => {
  if (node.kind === 'list') return map(node.items.map(item => [goString(item), { key: item.origin, value: dependency(item) }]), node)
  if (node.kind !== 'map') return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for depend_on`, node.origin)
  return mapEntries(node, (value, name, key) => {
    if (value.kind !== 'map') return refuse(`${path.join('.')}.${name}: unsupported value`, value.origin)
    return withDefaults(value, { condition: scalar('service_started', key, true), required: scalar(true, key, true) })
  })
}

/** A map that has what it lacks. */
export function withDefaults(node: ProjectMap, values: Readonly<Record<string, ProjectNode>>): ProjectMap {
  return withEntries(node, Object.fromEntries(Object.entries(values).filter(([name]) => !node.entries.has(name))))
}

const envFiles: Form = (node, path) => {
  const items = node.kind === 'list' ? node.items : node.kind === 'scalar' && typeof node.value === 'string' ? [node] : refuse(`${path.join('.')}: invalid type ${kindOf(node)} for env_file`, node.origin)
  return list(items.map(item => {
    const required = { required: scalar(true, item.origin, true) }
    return item.kind === 'map' ? withDefaults(item, required) : item.kind === 'scalar' ? withDefaults(single('path')(item), required) : item
  }), node)
}

const keyValues: Form = (node, path) => {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return refuse(`${path.join('.')}: invalid type ${kindOf(node)}`, node.origin)
  return map(node.items.map(item => {
    const text = goString(item)
    const equals = text.indexOf('=')
    if (equals < 0 || item.kind !== 'scalar') return refuse(`${path.join('.')}: invalid value ${text}, expected key=value`, item.origin)
    return [text.slice(0, equals), { key: item.pair?.key ?? part(item, 0, equals).origin, value: item.pair?.value ?? part(item, equals + 1, text.length) }]
  }), node)
}

const gpus: Form = (node, path) => {
  if (node.kind === 'list') return inside(node, path)
  if (node.kind === 'scalar' && typeof node.value === 'string') return list([{ ...impliedMap({ count: scalar('all', node.origin) }, node.origin), isImplied: false }], node)
  return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for gpus`, node.origin)
}

const device = (node: ProjectScalar): ProjectNode => {
  const [source = '', target, permissions, ...rest] = String(node.value).split(':')
  if (rest.length > 0) return refuse(`confusing device mapping, please use long syntax: ${String(node.value)}`, node.origin)
  const end = source.length
  const written = target !== undefined && target !== ''
  return {
    ...impliedMap({
      source: part(node, 0, end),
      target: written ? part(node, end + 1, end + 1 + target.length) : { ...part(node, 0, end), isImplied: true },
      permissions: permissions === undefined ? scalar('rwm', node.origin, true) : part(node, end + 2 + target!.length, String(node.value).length)
    }, node.origin), isImplied: false
  }
}

const mount = (node: ProjectScalar): ProjectNode => {
  const parts = parseVolume(node)
  const { readOnly, nocopy, propagation, selinux, type } = mountOptions(parts)
  const target = parts.target && { ...parts.target, value: cleanPath(String(parts.target.value)) }
  const bindOptions = { ...(propagation ? { propagation } : {}), ...(selinux ? { selinux } : {}) }
  const hasBind = type === 'bind' || Object.keys(bindOptions).length > 0
  return {
    ...impliedMap({
      type: scalar(type, parts.source?.origin ?? node.origin, true),
      ...(parts.source ? { source: parts.source } : {}),
      ...(target ? { target } : {}),
      ...(readOnly ? { read_only: readOnly } : {}),
      ...(hasBind ? { bind: impliedMap({ ...(type === 'bind' ? { create_host_path: scalar(true, node.origin, true) } : {}), ...bindOptions }, node.origin) } : {}),
      ...(type === 'volume' || nocopy ? { volume: impliedMap(nocopy ? { nocopy } : {}, node.origin) } : {})
    }, node.origin), isImplied: false
  }
}

/** Go's path.Clean. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith('/')
  const parts: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..' || (!isRooted && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(name)
    else parts.pop()
  }
  return isRooted ? `/${parts.join('/')}` : parts.join('/') || '.'
}

/** More ports are published by no project. */
const maximumPorts = 100_000

const ports: Form = (node, path) => {
  if (node.kind !== 'list') return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for port`, node.origin)
  let count = 0
  return list(node.items.flatMap(item => {
    if (item.kind === 'map') return [item]
    if (item.kind !== 'scalar' || item.isFloat || item.value === null || typeof item.value === 'boolean') return refuse(`${path.join('.')}: invalid type ${kindOf(item)} for port`, item.origin)
    const parsed = parsePorts(item)
    count += parsed.length
    return count > maximumPorts ? refuse(`${path.join('.')}: more ports than can be read`, item.origin) : parsed
  }), node)
}

const ssh: Form = (node, path) => {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return refuse(`${path.join('.')}: invalid type ${kindOf(node)} for ssh`, node.origin)
  return map(node.items.map(item => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return refuse(`invalid ssh key type ${kindOf(item)}`, item.origin)
    const equals = item.value.indexOf('=')
    if (equals < 0 && item.value !== 'default') return refuse(`invalid ssh key "${item.value}"`, item.origin)
    const key = equals < 0 ? item : part(item, 0, equals)
    return [String(key.value), { key: key.origin, value: equals < 0 ? scalar(null, item.origin, true) : part(item, equals + 1, item.value.length) }]
  }), node)
}

const ulimit: Form = (node, path) => (node.kind === 'map' || (node.kind === 'scalar' && typeof node.value === 'number') ? node : refuse(`${path.join('.')}: invalid type ${kindOf(node)} for external`, node.origin))

const external: Form = (node, path) => {
  if (isNull(node)) return node
  if (node.kind !== 'map') return refuse(`${path.join('.')} must be a mapping`, node.origin)
  const resource = inside(node, path) as ProjectMap
  const written = child(resource, 'external')
  if (written?.kind !== 'map') return resource
  const [name, other] = [child(resource, 'name'), child(written, 'name')]
  if (name && other && goString(name) !== goString(other)) return refuse(`${path.join('.')}: name and external.name conflict; only use name`, other.origin)
  return withEntries(resource, { external: scalar(true, written.origin), ...(name || !other ? {} : { name: other }) })
}

const fileMount = ofString(single('source'), 'file mount')

const forms = new PathTable<Form>({
  'services.*.build.secrets.*': fileMount,
  'services.*.build.provenance': asString,
  'services.*.build.sbom': asString,
  'services.*.build.additional_contexts': keyValues,
  'services.*.depends_on': dependsOn,
  'services.*.env_file': envFiles,
  'services.*.label_file': stringOrList,
  'services.*.extends': ofString(single('service'), 'extends', true),
  'services.*.gpus': gpus,
  'services.*.networks': namesOrMap,
  'services.*.models': namesOrMap,
  'services.*.volumes.*': ofString(mount, 'service volume mount'),
  'services.*.dns': stringOrList,
  'services.*.devices.*': ofString(device, 'service volume mount'),
  'services.*.secrets.*': fileMount,
  'services.*.configs.*': fileMount,
  'services.*.ports': ports,
  'services.*.build': ofString(single('context'), 'build', true),
  'services.*.build.ssh': ssh,
  'services.*.ulimits.*': ulimit,
  'services.*.build.ulimits.*': ulimit,
  'services.*.develop.watch.*.ignore': stringOrList,
  'services.*.develop.watch.*.include': stringOrList,
  'volumes.*': external,
  'networks.*': external,
  'secrets.*': external,
  'configs.*': external,
  'include.*': ofString(single('path'), 'include')
})

/** Empty servers are none (compose-go loader/omitEmpty.go). */
export function withoutEmptyServers(root: ProjectMap): ProjectMap {
  const services = child(root, 'services')
  if (services?.kind !== 'map') return root
  return withEntries(root, {
    services: mapEntries(services, service => {
      const dns = child(service, 'dns')
      if (service.kind !== 'map' || dns?.kind !== 'list') return service
      return withEntries(service, { dns: list(dns.items.filter(item => item.kind !== 'scalar' || (item.value !== null && item.value !== '')), dns) })
    })
  })
}

import { child, goString, isNull, kindOf, list, map, PathTable, scalar, type Path, type ProjectEntry, type ProjectList, type ProjectMap, type ProjectNode, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'
import { parseVolume } from './compose-volume.ts'

/**
 * A tree laid over another one, by the rules of compose-spec/compose-go
 * override/merge.go: maps are merged, lists appended, what is neither is replaced.
 *
 * @throws {Refusal} where a map meets a list or the like
 */
export function merge(base: ProjectNode, over: ProjectNode, path: Path = []): ProjectNode {
  const special = specials.at(path)
  if (special) return special(base, over, path)
  if (isNull(over)) return base
  if (base.kind === 'scalar') return over
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path)
  if (base.kind === 'list' && over.kind === 'list') return list([...base.items, ...over.items], over)
  return refuse(`cannot override ${path.join('.')}`, over.origin)
}

function mergeMaps(base: ProjectMap, over: ProjectMap, path: Path): ProjectMap {
  const entries = new Map(base.entries)
  for (const [name, entry] of over.entries) {
    const known = entries.get(name)
    entries.set(name, known ? { key: entry.key, value: merge(known.value, entry.value, [...path, name]) } : entry)
  }
  return map(entries, over)
}

/** A service laid over the one that it extends (compose-go override/extends.go). */
export const extendService = (base: ProjectNode, service: ProjectNode): ProjectNode => merge(base, service, ['services', 'x'])

type Merger = (base: ProjectNode, over: ProjectNode, path: Path) => ProjectNode

const replace: Merger = (_, over) => over
const append: Merger = (base, over) => list([...sequence(base), ...sequence(over)], over)
const mergeMappings: Merger = (base, over, path) => mergeMaps(mapping(base), mapping(over), path)

const appendNew: Merger = (base, over) => {
  const first = sequence(base)
  const known = new Set(first.map(scalarValue))
  return list([...first, ...sequence(over).filter(item => item.kind !== 'scalar' || !known.has(item.value))], over)
}

const mergeBuild: Merger = (base, over, path) => {
  const build = (node: ProjectNode): ProjectMap => (node.kind === 'map' ? node : map(typeof scalarValue(node) === 'string' ? [['context', { key: node.origin, value: node }]] : [], node))
  return mergeMaps(build(base), build(over), path)
}

const mergeDependencies: Merger = (base, over, path) => mergeMaps(mapping(base, dependency), mapping(over, dependency), path)

/** Options of a log driver mean nothing to another one. */
const mergeLogging: Merger = (base, over, path) => {
  if (base.kind !== 'map' || over.kind !== 'map') return over
  const [driver, other] = [child(base, 'driver'), child(over, 'driver')]
  return driver && other && scalarValue(driver) !== scalarValue(other) ? over : mergeMaps(base, over, path)
}

/** Pools of addresses are one if they have one subnet. */
const mergePools: Merger = (base, over, path) => {
  if (base.kind !== 'list' || over.kind !== 'list') return refuse(`${path.join('.')}: unexpected type`, over.origin)
  const pools: ProjectMap[] = []
  const indexOf = (subnet: unknown): number => pools.findIndex(pool => subnetOf(pool) === subnet)
  for (const original of base.items) {
    let right = mapping(original)
    for (const override of over.items) {
      const left = mapping(override)
      if (subnetOf(left) !== subnetOf(right) && indexOf(subnetOf(left)) < 0) {
        pools.push(left)
        continue
      }
      right = mergeMaps(right, left, path)
      const index = indexOf(subnetOf(right))
      if (index >= 0) pools[index] = right
      else pools.push(right)
    }
  }
  return list(pools, over)
}

const subnetOf = (pool: ProjectMap): unknown => {
  const subnet = child(pool, 'subnet')
  return subnet && scalarValue(subnet)
}

const specials = new PathTable<Merger>({
  'networks.*.ipam.config': mergePools,
  'networks.*.labels': append,
  'volumes.*.labels': append,
  'services.*.annotations': append,
  'services.*.build': mergeBuild,
  'services.*.build.args': append,
  'services.*.build.additional_contexts': append,
  'services.*.build.extra_hosts': appendNew,
  'services.*.build.labels': append,
  'services.*.command': replace,
  'services.*.depends_on': mergeDependencies,
  'services.*.deploy.labels': append,
  'services.*.dns': append,
  'services.*.dns_opt': append,
  'services.*.dns_search': append,
  'services.*.entrypoint': replace,
  'services.*.env_file': append,
  'services.*.label_file': append,
  'services.*.environment': append,
  'services.*.extra_hosts': appendNew,
  'services.*.healthcheck.test': replace,
  'services.*.labels': append,
  'services.*.volumes.*.volume.labels': append,
  'services.*.logging': mergeLogging,
  'services.*.models': mergeMappings,
  'services.*.networks': mergeMappings,
  'services.*.sysctls': append,
  'services.*.tmpfs': append,
  'services.*.ulimits.*': replace
})

const scalarValue = (node: ProjectNode): unknown => (node.kind === 'scalar' ? node.value : undefined)

/** A map as a list of `key=value`, in the order of the alphabet. */
function sequence(node: ProjectNode): ProjectNode[] {
  if (node.kind === 'list') return [...node.items]
  if (node.kind === 'scalar') return typeof node.value === 'string' ? [node] : []
  const pairs = [...node.entries].flatMap(([name, { key, value }]) => (value.kind === 'list' ? value.items : [value]).map(item => pair(name, key, item)))
  return pairs.sort((a, b) => compare(String(a.value), String(b.value)))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function pair(name: string, key: ProjectEntry['key'], value: ProjectNode): ProjectScalar {
  const written = isNull(value) ? name : `${name}=${goString(value)}`
  return value.kind === 'scalar' ? { ...scalar(written, isNull(value) ? key : value.origin), pair: { name, key, value } } : scalar(written, value.origin)
}

/** A list of names as a map. */
function mapping(node: ProjectNode, valueOf: (name: ProjectNode) => ProjectNode = name => scalar(null, name.origin)): ProjectMap {
  if (node.kind === 'map') return node
  const names = node.kind === 'list' ? node.items : []
  return map(names.map(name => [String(scalarValue(name) ?? refuse(`unexpected type ${kindOf(name)}`, name.origin)), { key: name.origin, value: valueOf(name) }]), node)
}

/** What a service in the short form of `depends_on` stands for. */
export const dependency = ({ origin }: ProjectNode): ProjectMap => map([
  ['condition', { key: origin, value: scalar('service_started', origin, true) }],
  ['required', { key: origin, value: scalar(true, origin, true) }]
], { origin, isImplied: true })

/**
 * Lists in which a later item takes the place of an earlier one that is about
 * the same thing (compose-go override/uncity.go).
 */
export function withUniqueItems(node: ProjectNode, path: Path = []): ProjectNode {
  if (node.kind === 'map') return { ...node, entries: new Map([...node.entries].map(([name, { key, value }]) => [name, { key, value: withUniqueItems(value, [...path, name]) }])) }
  const subject = node.kind === 'list' ? subjects.at(path) : undefined
  return node.kind === 'list' && subject ? uniqueItems(node, subject, path) : node
}

function uniqueItems(node: ProjectList, subject: Subject, path: Path): ProjectList {
  const items = new Map<string, ProjectNode>()
  node.items.forEach((item, index) => items.set(subject(item, `${path.join('.')}.[${index}]`), item))
  return list([...items.values()], node)
}

/** What an item is about. */
type Subject = (item: ProjectNode, at: string) => string

const key: Subject = (item, at) => {
  const value = scalarValue(item)
  return typeof value === 'string' ? value.split('=', 1)[0]! : refuse(`${at}: unexpected type ${kindOf(item)}`, item.origin)
}

const target = (what: string, ofString: (value: string) => string): Subject => (item, at) => {
  if (item.kind === 'scalar') return typeof item.value === 'string' ? ofString(item.value) : ''
  const found = child(item, 'target')
  return found && typeof scalarValue(found) === 'string' ? String(scalarValue(found)) : refuse(`service ${what} ${at} is missing a mount target`, item.origin)
}

const volume: Subject = (item, at) => (item.kind === 'scalar' && typeof item.value === 'string' ? String(parseVolume(item).target?.value ?? '') : target('volume', value => value)(item, at))
const device = target('device', value => value.split(':')[1] ?? value)

const exposed: Subject = (item, at) => {
  const value = scalarValue(item)
  return typeof value === 'string' || (typeof value === 'number' && !(item as ProjectScalar).isFloat) ? String(value) : refuse(`${at}: unsupported expose value`, item.origin)
}

const mounted = (folder: string): Subject => item => {
  if (item.kind === 'scalar') return `${folder}/${String(item.value)}`
  const [source, target] = [child(item, 'source'), child(item, 'target')]
  return target ? goString(target) : `${folder}/${source ? goString(source) : ''}`
}

const port: Subject = (item, at) => {
  if (item.kind === 'scalar') return item.isFloat ? '' : String(item.value)
  const target = child(item, 'target') ?? refuse(`service ports ${at} is missing a target port`, item.origin)
  const published = child(item, 'published')
  const host = child(item, 'host_ip')
  const protocol = child(item, 'protocol')
  // A number is not the same as a string to Go, so that `published: 80` and `published: "80"` are two.
  return JSON.stringify([host ? goString(host) : '0.0.0.0', published && scalarValue(published), scalarValue(target), protocol ? goString(protocol) : 'tcp'])
}

const envFile: Subject = (item, at) => {
  if (item.kind === 'scalar') return String(item.value)
  return String(scalarValue(child(item, 'path') ?? refuse(`environment path attribute ${at} is missing`, item.origin)))
}

const subjects = new PathTable<Subject>({
  'networks.*.labels': key,
  'networks.*.ipam.options': key,
  'services.*.annotations': key,
  'services.*.build.args': key,
  'services.*.build.additional_contexts': key,
  'services.*.build.platform': key,
  'services.*.build.tags': key,
  'services.*.build.labels': key,
  'services.*.cap_add': key,
  'services.*.cap_drop': key,
  'services.*.devices': device,
  'services.*.configs': mounted(''),
  'services.*.deploy.labels': key,
  'services.*.dns': key,
  'services.*.dns_opt': key,
  'services.*.dns_search': key,
  'services.*.environment': key,
  'services.*.env_file': envFile,
  'services.*.expose': exposed,
  'services.*.labels': key,
  'services.*.links': key,
  'services.*.networks.*.aliases': key,
  'services.*.networks.*.link_local_ips': key,
  'services.*.ports': port,
  'services.*.profiles': key,
  'services.*.secrets': mounted('/run/secrets'),
  'services.*.sysctls': key,
  'services.*.tmpfs': key,
  'services.*.volumes': volume
})

/** What `!reset` and `!override` take away (compose-go loader/reset.go); of a list, nothing. */
export function without(node: ProjectNode, paths: readonly Path[], path: Path = []): ProjectNode {
  return paths.length === 0 ? node : withoutPaths(node, new Set(paths.map(pathKey)), path)
}

const pathKey = (path: Path): string => JSON.stringify(path)

function withoutPaths(node: ProjectNode, taken: ReadonlySet<string>, path: Path): ProjectNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(item => withoutPaths(item, taken, [...path, '[]'])) }
  if (node.kind !== 'map') return node
  const kept = [...node.entries].filter(([name]) => !taken.has(pathKey([...path, name])))
  return { ...node, entries: new Map(kept.map(([name, { key, value }]) => [name, { key, value: withoutPaths(value, taken, [...path, name]) }])) }
}

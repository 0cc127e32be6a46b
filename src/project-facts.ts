import { child, entriesAt, goString, itemsAt, type Origin, type ProjectMap, type ProjectNode } from './compose-node.ts'
import { natNetwork, noNetwork, unknownNetwork, type Network, type NetworkUse, type Place } from './network.ts'
import type { Range } from './text.ts'

/** A service of a merged project. */
export interface ProjectService {
  readonly name: string
  /** Where something of it is written: offsets, by path. */
  readonly places: ReadonlyMap<string, readonly number[]>
  /** Networks by the names that the project has for them. */
  readonly networks: ReadonlyMap<string, NetworkUse>
  /** `undefined`: it says nothing of it, or it is not known. */
  readonly isolation: string | undefined
}

/** What the files of a compose project say together. */
export interface ProjectFacts {
  readonly services: readonly ProjectService[]
  readonly networks: ReadonlyMap<string, NetworkUse>
  /** Whether anything that is written in a range of a file is still there when all files are laid over each other. */
  isInForce(path: string, range: Range): boolean
  /** Whether something stands at a path of names, `networks.lan.driver`. */
  has(path: readonly string[]): boolean
  /** The files that are laid over each other. */
  readonly layers: ReadonlySet<string>
  /** Whether it is made of a file, or of parts of it. */
  holds(path: string): boolean
}

/**
 * The facts of a project. `shown` makes paths of origins those of the run;
 * `isKnown` tells whether what is written in a place holds no variable that
 * nobody sets.
 */
export function factsOf(project: ProjectMap, files: readonly string[], shown: (path: string) => string, isKnown: (origin: Origin) => boolean): ProjectFacts {
  const layers = new Set(files.map(shown))
  const places = placesOf(project, shown)
  const inForce = new Map([...places].map(([path, ranges]) => [path, new RangeSet(ranges)]))
  const networks = new Map(entriesAt(project, 'networks').map(([name, { key, value }]) => [name, networkOf(name, value, { path: shown(key.path), range: key.range }, isKnown)]))
  const nodes = new Map(entriesAt(project, 'services').map(([name, { value }]) => [name, value]))
  return {
    services: [...nodes].map(([name, node]) => ({ name, places: offsetsOf(placesOf(node, shown)), networks: joinedNetworks(name, nodes, networks, isKnown, []), isolation: known(child(node, 'isolation'), isKnown) })),
    networks,
    isInForce: (path, range) => inForce.get(path)?.touches(range) ?? false,
    has: ([section, name, ...path]) => hasPath(child(project, section ?? '', name ?? ''), path),
    layers,
    holds: path => layers.has(path) || places.has(path)
  }
}

function networkOf(name: string, node: ProjectNode, madeAt: Place, isKnown: (origin: Origin) => boolean): NetworkUse {
  const dockerName = known(child(node, 'name'), isKnown)
  if (child(node, 'external')) return dockerName === 'nat' ? { key: name, name: 'nat', network: natNetwork, range: madeAt.range } : { key: name, name: dockerName, network: unknownNetwork('external'), isElsewhere: true, range: madeAt.range }
  const driver = child(node, 'driver')
  const subnets = itemsAt(node, 'ipam', 'config').flatMap(item => child(item, 'subnet') ?? [])
  const internal = child(node, 'internal')
  const network: Network = {
    // moby daemon/network.go: an empty driver is nat.
    driver: driver ? known(driver, isKnown) === '' ? 'nat' : known(driver, isKnown) : 'nat',
    subnet: subnets.length > 0 ? 'with' : 'without',
    subnets: subnets.every(subnet => known(subnet, isKnown) !== undefined) ? subnets.map(goString) : undefined,
    internal: internal ? known(internal, isKnown) : 'false',
    kind: 'user-defined',
    madeAt
  }
  return { key: name, network, range: madeAt.range, ...(child(node, 'name')?.isImplied ? {} : { name: dockerName }) }
}

function joinedNetworks(name: string, services: ReadonlyMap<string, ProjectNode>, networks: ReadonlyMap<string, NetworkUse>, isKnown: (origin: Origin) => boolean, seen: readonly string[]): ReadonlyMap<string, NetworkUse> {
  const service = services.get(name)
  const mode = child(service, 'network_mode')
  if (!mode) return new Map(entriesAt(service, 'networks').map(([key, entry]) => [key, networks.get(key) ?? { key, network: unknownNetwork('external'), range: entry.key.range }]))
  const value = known(mode, isKnown)
  const range = mode.origin.range
  const other = value?.startsWith('service:') ? value.slice('service:'.length) : undefined
  if (other !== undefined && services.has(other) && !seen.includes(other)) return joinedNetworks(other, services, networks, isKnown, [...seen, name])
  if (value === 'nat' || value === 'default') return new Map([['', { network: natNetwork, name: 'nat', range }]])
  if (value === 'none') return new Map([['', { network: noNetwork, name: value, range }]])
  return new Map([['', { network: unknownNetwork('unknown'), range, ...(value !== undefined && !value.includes(':') ? { name: value, isElsewhere: true } : {}) }]])
}

/** The value of a scalar as a string; `undefined` where it is none, or hangs on variables that nobody sets. */
const known = (node: ProjectNode | undefined, isKnown: (origin: Origin) => boolean): string | undefined => (node?.kind === 'scalar' && isKnown(node.origin) ? goString(node) : undefined)

/** All places where a node and what is in it are written, by path. */
function placesOf(root: ProjectNode, shown: (path: string) => string): Map<string, Range[]> {
  const places = new Map<string, Range[]>()
  const paths = new Map<string, string>()
  const add = ({ path, range }: Origin): void => {
    if (path === '') return
    if (!paths.has(path)) paths.set(path, shown(path))
    const ranges = places.get(paths.get(path)!)
    if (ranges) ranges.push(range)
    else places.set(paths.get(path)!, [range])
  }
  const visit = (node: ProjectNode): void => {
    if (node.kind === 'map') for (const { key, value } of node.entries.values()) {
      if (!value.isImplied) add(key)
      visit(value)
    }
    else if (node.kind === 'list') node.items.forEach(visit)
    if (!node.isImplied && (node.kind === 'scalar' || isEmpty(node))) add(node.origin)
  }
  visit(root)
  return places
}

/** Ranges, asked for what touches them. */
class RangeSet {
  readonly #starts: readonly number[]
  /** For every range the farthest end of those that start no later. */
  readonly #ends: number[] = []

  constructor(ranges: readonly Range[]) {
    const sorted = [...ranges].sort((a, b) => a[0] - b[0])
    this.#starts = sorted.map(([start]) => start)
    // A range without length, such as a value that is not written, stands for its place.
    for (const [start, end] of sorted) this.#ends.push(Math.max(end, start + 1, this.#ends.at(-1) ?? 0))
  }

  touches([start, end]: Range): boolean {
    const stop = Math.max(end, start + 1)
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! < stop) low = middle + 1
      else high = middle
    }
    return low > 0 && this.#ends[low - 1]! > start
  }
}

const isEmpty = (node: ProjectNode): boolean => (node.kind === 'map' ? node.entries.size === 0 : node.kind === 'list' && node.items.length === 0)

const offsetsOf = (places: ReadonlyMap<string, readonly Range[]>): Map<string, number[]> => new Map([...places].map(([path, ranges]) => [path, ranges.map(([start]) => start)]))

/** Whether something stands at a path; lists are looked through. */
function hasPath(node: ProjectNode | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return node !== undefined && !node.isImplied
  if (node?.kind === 'list') return node.items.some(item => hasPath(item, [name, ...rest]))
  return hasPath(child(node, name), rest)
}


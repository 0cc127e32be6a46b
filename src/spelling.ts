import { compileValuePattern, type Answer } from './value-pattern.ts'

/**
 * A path to a value in a tree, as rows of the matrix write it:
 * `networks.*.ipam.config[].subnet`, `networks.*.driver_opts["a.b"]`,
 * `services.*.environment.<proxy-variable>`. `*` is any name, `[]` any item.
 */
export type PathPattern = string

/** A part of a path: a name, or `[]` for an item of a list. */
export type PathSegment = string

/**
 * @throws {RangeError} if it is no path
 */
export function parsePath(path: PathPattern): PathSegment[] {
  const segments: PathSegment[] = []
  const part = /\.?([^.[\]"]+)|(\[\])|\["([^"]+)"\]/y
  while (part.lastIndex < path.length) {
    const at = part.lastIndex
    const match = part.exec(path)
    if (!match) throw new RangeError(`not a path at ${at}: ${path}`)
    segments.push(match[1] ?? match[2] ?? match[3]!)
  }
  return segments
}

interface Node<T> {
  readonly id: number
  readonly names: Map<string, Node<T>>
  readonly patterns: { readonly matches: (name: string) => Answer; readonly node: Node<T> }[]
  readonly found: T[]
}

let nodes = 0
const newNode = <T>(): Node<T> => ({ id: nodes++, names: new Map(), patterns: [], found: [] })

/** What stands at the paths of a tree, found by walking down both at once. */
export class PathIndex<T> {
  readonly #root = newNode<T>()
  #start: PathPosition<T> | undefined

  add(path: PathPattern, entry: T): void {
    let node = this.#root
    for (const segment of parsePath(path)) node = childFor(node, segment)
    node.found.push(entry)
    this.#start = undefined
  }

  get start(): PathPosition<T> {
    return (this.#start ??= new PathPosition([this.#root]))
  }
}

function childFor<T>(node: Node<T>, segment: PathSegment): Node<T> {
  const isPattern = segment.includes('*') || segment.startsWith('<')
  const known = node.names.get(segment)
  if (known) return known
  const child = newNode<T>()
  node.names.set(segment, child)
  if (isPattern) node.patterns.push({ matches: compileValuePattern(segment), node: child })
  return child
}

/** A place in a `PathIndex`, reached by the segments taken so far. */
export class PathPosition<T> {
  /** What stands exactly here. */
  readonly found: readonly T[]
  readonly #nodes: readonly Node<T>[]
  /** Places below by the nodes that lead there, each made once. */
  readonly #below = new Map<string, PathPosition<T>>()
  readonly #steps = new Map<PathSegment, PathPosition<T> | undefined>()

  constructor(nodes: readonly Node<T>[]) {
    this.#nodes = nodes
    this.found = nodes.flatMap(node => node.found)
  }

  /** The place below, or `undefined` if nothing is there. */
  step(segment: PathSegment): PathPosition<T> | undefined {
    const known = this.#steps.get(segment)
    if (known || this.#steps.has(segment)) return known
    const below = this.#stepTo(segment)
    // Names of services and variables may be any.
    if (this.#steps.size >= 1000) this.#steps.clear()
    this.#steps.set(segment, below)
    return below
  }

  #stepTo(segment: PathSegment): PathPosition<T> | undefined {
    const next: Node<T>[] = []
    let key = ''
    for (const node of this.#nodes) {
      const exact = node.names.get(segment)
      if (exact) next.push(exact)
      if (exact) key += `${exact.id} `
      if (segment === '[]') continue
      for (const { matches, node: child } of node.patterns) if (child !== exact && matches(segment)) {
        next.push(child)
        key += `${child.id} `
      }
    }
    if (next.length === 0) return undefined
    let below = this.#below.get(key)
    if (!below) this.#below.set(key, (below = new PathPosition(next)))
    return below
  }
}

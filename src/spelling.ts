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
  readonly names: Map<string, Node<T>>
  readonly patterns: { readonly matches: (name: string) => Answer; readonly node: Node<T> }[]
  readonly found: T[]
}

const newNode = <T>(): Node<T> => ({ names: new Map(), patterns: [], found: [] })

/** What stands at the paths of a tree, found by walking down both at once. */
export class PathIndex<T> {
  readonly #root = newNode<T>()

  add(path: PathPattern, entry: T): void {
    let node = this.#root
    for (const segment of parsePath(path)) node = childFor(node, segment)
    node.found.push(entry)
  }

  get start(): PathPosition<T> {
    return new PathPosition([this.#root])
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
  readonly #nodes: readonly Node<T>[]

  constructor(nodes: readonly Node<T>[]) {
    this.#nodes = nodes
  }

  /** The place below, or `undefined` if nothing is there. */
  step(segment: PathSegment): PathPosition<T> | undefined {
    const next: Node<T>[] = []
    for (const node of this.#nodes) {
      const exact = node.names.get(segment)
      if (exact) next.push(exact)
      if (segment === '[]') continue
      for (const { matches, node: child } of node.patterns) if (child !== exact && matches(segment)) next.push(child)
    }
    return next.length > 0 ? new PathPosition(next) : undefined
  }

  /** What stands exactly here. */
  get found(): readonly T[] {
    return this.#nodes.flatMap(node => node.found)
  }
}

import { goString } from './compose-node.ts'
import type { Origin, ProjectMap, ProjectNode, ProjectScalar } from './compose-project.ts'
import { Text } from './text.ts'
import { readYaml } from './yaml-reader.ts'

/** Names of keys and indexes of items, from the root of a project on. */
export type ProjectPath = readonly (string | number)[]

/** What is written at an origin. */
export type SourceAt = (origin: Origin) => string

/**
 * A merged project as one compose file in its long forms, so that what reads
 * compose files can judge it; each place in it knows which part it shows.
 */
export class ProjectDocument {
  readonly #parts: string[] = []
  readonly #places: { readonly offset: number; readonly path: ProjectPath }[] = []
  readonly #sourceAt: SourceAt
  #length = 0

  constructor(project: ProjectMap, sourceAt: SourceAt) {
    this.#sourceAt = sourceAt
    this.#write(project, [])
  }

  get text(): string {
    return this.#parts.join('')
  }

  /** The part that is shown at an offset: the last one that begins at it or before. */
  pathAt(offset: number): ProjectPath {
    let [low, high] = [0, this.#places.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#places[middle]!.offset <= offset) low = middle + 1
      else high = middle
    }
    return this.#places[low - 1]?.path ?? []
  }

  #put(text: string): void {
    this.#parts.push(text)
    this.#length += text.length
  }

  #write(node: ProjectNode, path: ProjectPath): void {
    if (node.kind === 'scalar') return this.#put(this.#scalar(node))
    const isMap = node.kind === 'map'
    const children = isMap ? [...node.entries].map(([name, { value }]) => [name, value] as const) : node.items.map((item, index) => [index, item] as const)
    this.#put(isMap ? '{' : '[')
    children.forEach(([name, value], index) => {
      this.#put(index > 0 ? ',\n' : '\n')
      this.#places.push({ offset: this.#length, path: [...path, name] })
      if (isMap) this.#put(`${JSON.stringify(name)}: `)
      this.#write(value, [...path, name])
    })
    this.#put(isMap ? '}' : ']')
  }

  /** Paths that are seen from a folder stay so: where the project is, does not matter. */
  #scalar(node: ProjectScalar): string {
    if (typeof node.value !== 'string') return goString(node) === '<nil>' ? 'null' : goString(node)
    const source = node.value.startsWith('/') && !node.isImplied ? this.#sourceAt(node.origin) : ''
    const written = scalarIn(source) ?? ''
    return JSON.stringify(/^[.~]|\$/.test(written) ? written : node.value.replaceAll('$', '$$$$'))
  }
}

/** The characters of a scalar on one line; `undefined`: the source is something else. */
export function scalarIn(source: string): string | undefined {
  if (source === '' || source.includes('\n')) return undefined
  const [document, ...others] = readYaml(Text.file(source))
  if (others.length > 0 || document?.root?.kind !== 'scalar' || document.problems.length > 0) return undefined
  return document.root.range[1] === source.length ? document.root.text.value : undefined
}

/** The node at a path. */
export function nodeAt(project: ProjectNode, path: ProjectPath): ProjectNode | undefined {
  let node: ProjectNode | undefined = project
  for (const segment of path) node = node?.kind === 'map' ? node.entries.get(String(segment))?.value : node?.kind === 'list' ? node.items[Number(segment)] : undefined
  return node
}

/** Where a path is written: the key of an entry, or an item; of what nobody has written, what it is added to. */
export function originAt(project: ProjectNode, path: ProjectPath): Origin {
  let node: ProjectNode | undefined = project
  let origin = project.origin
  for (const segment of path) {
    const entry: { key: Origin; value: ProjectNode } | undefined = node?.kind === 'map' ? node.entries.get(String(segment)) : undefined
    node = entry?.value ?? (node?.kind === 'list' ? node.items[Number(segment)] : undefined)
    if (!node) break
    origin = entry?.key ?? node.origin
  }
  return origin
}

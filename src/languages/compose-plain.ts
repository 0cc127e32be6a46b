import { isMergeKey, nameOf, resolve, type YamlList, type YamlMap, type YamlNode, type YamlScalar } from '../yaml-tree.ts'

/** A part of a compose file as plain data, for a validator, and where it is written. */
export interface Plain {
  readonly value: unknown
  /** Where it is written, aliases resolved; `undefined` for an empty value. */
  readonly node: YamlScalar | YamlMap | YamlList | undefined
  /** What is below it: by name, or by place in a list. */
  readonly children: ReadonlyMap<string, PlainChild>
  /** How many values a validator visits, aliases counted each time they are followed. */
  readonly size: number
  /** Nothing can be said of it: it is taken away by `!reset`, or not known before something else has read the file. */
  readonly isOpaque: boolean
}

export interface PlainChild {
  /** `undefined` for an item of a list. */
  readonly key?: YamlScalar
  readonly plain: Plain
}

export interface PlainDocument {
  readonly root: Plain
  /** Keys that YAML reads as something else than text. */
  readonly nonTextKeys: readonly YamlScalar[]
  /** Keys that are already written before in the same map. */
  readonly repeatedKeys: readonly YamlScalar[]
}

/** Beyond this many values every alias is followed once only, and the others are opaque. */
const maximumSize = 200_000

/** Aliases may lead deeper than the document itself is. */
const maximumDepth = 200

/**
 * A document as plain data: each written node is made into a value once, and
 * shared where aliases and merge keys use it. Keys that start with `x-` are
 * left out, and so is what is opaque.
 */
export function plainDocument(root: YamlNode | undefined): PlainDocument {
  const builder = new PlainBuilder(true)
  const whole = builder.build(root, 0)
  const { nonTextKeys, repeatedKeys } = builder
  return { root: whole.size <= maximumSize ? whole : new PlainBuilder(false).build(root, 0), nonTextKeys, repeatedKeys }
}

/** Whether Docker Compose computes a scalar when it runs: it has a variable, and not `$$` alone. */
export const isComputed = ({ node }: Plain): boolean => node?.kind === 'scalar' && node.text.value.includes('$') && node.text.value.replaceAll('$$', '').includes('$')

const noChildren: ReadonlyMap<string, PlainChild> = new Map()
const empty: Plain = { value: null, node: undefined, children: noChildren, size: 1, isOpaque: false }

class PlainBuilder {
  readonly nonTextKeys: YamlScalar[] = []
  readonly repeatedKeys: YamlScalar[] = []
  readonly #built = new Map<YamlNode, Plain>()
  readonly #sharesAliases: boolean
  /** Bounds how many entries merge keys copy. */
  #fuel = maximumSize

  constructor(sharesAliases: boolean) {
    this.#sharesAliases = sharesAliases
  }

  build(written: YamlNode | undefined, depth: number): Plain {
    const node = resolve(written)?.node
    if (!node) return written ? opaque(undefined) : empty
    const built = this.#built.get(node)
    if (built) return this.#sharesAliases || node.kind === 'scalar' ? built : opaque(node)
    const plain = isOpaque(node) || depth > maximumDepth ? opaque(node) : this.#plain(node, depth)
    this.#built.set(node, plain)
    return plain
  }

  #plain(node: YamlScalar | YamlMap | YamlList, depth: number): Plain {
    if (node.kind === 'scalar') return { value: node.value, node, children: noChildren, size: 1, isOpaque: false }
    return node.kind === 'list' ? this.#list(node, depth) : this.#map(node, depth)
  }

  #list(node: YamlList, depth: number): Plain {
    const items = node.items.map(item => this.build(item, depth + 1)).filter(plain => !plain.isOpaque)
    return { value: items.map(({ value }) => value), node, children: new Map(items.map((plain, index) => [String(index), { plain }])), size: sizeOf(items), isOpaque: false }
  }

  #map(node: YamlMap, depth: number): Plain {
    const children = new Map<string, PlainChild>()
    const sources: YamlNode[] = []
    const names = new Set<string>()
    for (const { key, value } of node.pairs) {
      const name = nameOf(key)
      if (names.has(name)) this.repeatedKeys.push(key)
      names.add(name)
      if (isMergeKey(key)) sources.push(...mergeSources(value))
      else if (!name.startsWith('x-')) {
        if (key.plain && typeof key.value !== 'string') this.nonTextKeys.push(key)
        children.set(name, { key, plain: this.build(value, depth + 1) })
      }
    }
    for (const source of sources) this.#merge(source, children, depth)
    return { value: objectOf(children), node, children, size: sizeOf([...children.values()].map(({ plain }) => plain)), isOpaque: false }
  }

  #merge(source: YamlNode, into: Map<string, PlainChild>, depth: number): void {
    const { children } = this.build(source, depth + 1)
    for (const [name, child] of children) {
      if (this.#fuel-- <= 0) return
      if (!into.has(name)) into.set(name, child)
    }
  }
}

const opaque = (node: Plain['node']): Plain => ({ value: null, node, children: noChildren, size: 1, isOpaque: true })

function isOpaque(node: YamlScalar | YamlMap | YamlList): boolean {
  if (node.tag?.value === '!reset') return true
  if (node.kind === 'scalar') return (node.tag !== undefined && node.tag.value !== '!override') || isOtherNumber(node)
  // `{{ … }}`: a file that a template engine has yet to write.
  return node.kind === 'map' && node.pairs.length === 0 && node.range[1] - node.range[0] > 4
}

/** Numbers of YAML 1.1 that Go still reads and YAML 1.2 does not: `1_000`, `0b11`. */
export const isOtherNumber = ({ plain, value }: YamlScalar): boolean => plain && typeof value === 'string' && /^[-+]?(0b[01_]+|0[ox][\da-f_]+|\d[\d_]*)$/i.test(value)

function mergeSources(value: YamlNode | undefined): YamlNode[] {
  const node = resolve(value)?.node
  if (node?.kind === 'list') return node.items.filter(item => item !== undefined)
  return node ? [node] : []
}

/** Without a prototype, so that a key is what the file says and nothing else. */
function objectOf(children: ReadonlyMap<string, PlainChild>): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>
  for (const [name, { plain }] of children) if (!plain.isOpaque) object[name] = plain.value
  return object
}

const sizeOf = (children: readonly Plain[]): number => children.reduce((sum, { size }) => sum + size, 1)

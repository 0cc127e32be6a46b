import type { Range, Text } from '../text.ts'
import { entriesOf, targetOf, type YamlEntry, type YamlList, type YamlMap, type YamlNode, type YamlScalar } from '../yaml-tree.ts'
import { interpolate, type Environment } from './compose-interpolation.ts'

/** A value of a compose file in the long form of the Compose Specification, whichever form is written. */
export type ComposeValue = ComposeScalar | ComposeTree

export interface ComposeScalar {
  readonly kind: 'scalar'
  /** `undefined`: computed when compose runs. */
  readonly value: string | undefined
  readonly range: Range
}

export interface ComposeTree {
  readonly kind: 'tree'
  /** Entries of a map by name, items of a list by the name `[]`. */
  children(): readonly ComposeChild[]
  readonly range: Range
}

export interface ComposeChild {
  readonly name: string
  readonly value: ComposeValue | undefined
  /** What asks for it: key and value where the value is a scalar, else the key; the item of a list. */
  readonly range: Range
  readonly nameRange: Range
  /** What compose asks the engine for with the value of which this is a part, in the engine's own syntax. */
  readonly whole?: string | undefined
  /** The alias or merge key through which it comes here. */
  readonly usedAt?: Range | undefined
}

/** Reads nodes of the YAML tree as values of compose. */
export class ComposeReader {
  readonly #environment: Environment
  readonly #refused = new Map<number, { readonly message: string; readonly range: Range }>()
  #fuel: number
  #unread: Range | undefined

  /** `fuel` bounds how many nodes are visited, aliases counted each time they are followed. */
  constructor(environment: Environment, fuel: number) {
    this.#environment = environment
    this.#fuel = fuel
  }

  /** A reader of a file of this length, which visits all that is written in it, and of what aliases repeat no more than anybody needs. */
  static ofLength(length: number, environment: Environment): ComposeReader {
    return new ComposeReader(environment, 500_000 + 2 * length)
  }

  /** Where reading has stopped, if it has. */
  get unread(): Range | undefined {
    return this.#unread
  }

  /** Values whose interpolation compose refuses, found so far. */
  get refused(): readonly { readonly message: string; readonly range: Range }[] {
    return [...this.#refused.values()]
  }

  text(scalar: YamlScalar): { text: Text; known: boolean } {
    const { text, known, problem } = interpolate(scalar.text, this.#environment)
    if (problem && !this.#refused.has(problem.range[0])) this.#refused.set(problem.range[0], problem)
    return { text, known }
  }

  scalar(node: YamlScalar): ComposeScalar {
    if (!node.characters.includes('$')) return new Scalar(node, node.characters)
    const { text, known } = this.text(node)
    return new Scalar(node, known ? text.value : undefined)
  }

  /** The entries of a map, those that `!reset` takes away left out. */
  entries(node: YamlNode | undefined): readonly YamlEntry[] {
    if (!this.#visits(node)) return []
    const all = entriesOf(node)
    const entries = all.some(isReset) ? all.filter(entry => !isReset(entry)) : all
    this.#fuel -= entries.length + 1
    return entries
  }

  items(node: YamlNode | undefined): { node: YamlNode; usedAt?: Range | undefined }[] {
    const list = targetOf(node)
    if (list?.kind !== 'list' || !this.#visits(node)) return []
    this.#fuel -= list.items.length + 1
    const usedAt = node?.kind === 'alias' ? node.range : undefined
    const items: { node: YamlNode; usedAt?: Range | undefined }[] = []
    for (const item of list.items) if (item && item.tag?.value !== '!reset') items.push({ node: item, usedAt })
    return items
  }

  #visits(node: YamlNode | undefined): boolean {
    if (this.#fuel > 0) return true
    if (node && node.kind !== 'scalar') this.#unread ??= node.range
    return false
  }

  /** A node as it stands, in no special form. */
  value(node: YamlNode | undefined, form: FormOf): ComposeValue | undefined {
    const resolved = targetOf(node)
    if (!resolved) return undefined
    return resolved.kind === 'scalar' ? this.scalar(resolved) : new Tree(this, node, resolved, form)
  }

  /** An entry of a map. */
  child(entry: YamlEntry, read: ReadForm): ComposeChild {
    return new EntryChild(this, entry, read)
  }

  item(node: YamlNode, read: ReadForm, usedAt?: Range): ComposeChild {
    return new ItemChild(this, node, read, usedAt ?? (node.kind === 'alias' ? node.range : undefined))
  }
}

const isReset = ({ value }: YamlEntry): boolean => value?.tag?.value === '!reset'

class Scalar implements ComposeScalar {
  readonly kind = 'scalar'
  readonly value: string | undefined
  readonly #node: YamlScalar

  constructor(node: YamlScalar, value: string | undefined) {
    this.value = value
    this.#node = node
  }

  get range(): Range {
    return this.#node.range
  }
}

class Tree implements ComposeTree {
  readonly kind = 'tree'
  readonly #reader: ComposeReader
  readonly #written: YamlNode | undefined
  readonly #node: YamlMap | YamlList
  readonly #form: FormOf
  #children: readonly ComposeChild[] | undefined

  constructor(reader: ComposeReader, written: YamlNode | undefined, node: YamlMap | YamlList, form: FormOf) {
    this.#reader = reader
    this.#written = written
    this.#node = node
    this.#form = form
  }

  get range(): Range {
    return this.#node.range
  }

  children(): readonly ComposeChild[] {
    return (this.#children ??= this.#node.kind === 'map'
      ? this.#reader.entries(this.#written).map(entry => this.#reader.child(entry, this.#form(entry.name)))
      : this.#reader.items(this.#written).map(item => this.#reader.item(item.node, this.#form('[]'), item.usedAt)))
  }
}

/** A tree whose children are computed when they are first asked for. */
export function treeOf(range: Range, compute: () => readonly ComposeChild[]): ComposeTree {
  let children: readonly ComposeChild[] | undefined
  return { kind: 'tree', range, children: () => (children ??= compute()) }
}

/** A child whose value is read when somebody asks; but what has a variable at once, since compose may refuse it. */
abstract class LazyChild {
  readonly #reader: ComposeReader
  readonly #read: ReadForm
  readonly written: YamlNode | undefined
  #value: ComposeValue | undefined
  #isRead = false

  constructor(reader: ComposeReader, written: YamlNode | undefined, read: ReadForm) {
    this.#reader = reader
    this.#read = read
    this.written = written
    const node = targetOf(written)
    if (node?.kind === 'scalar' && node.characters.includes('$')) void this.value
  }

  get value(): ComposeValue | undefined {
    if (!this.#isRead) {
      this.#value = this.#read(this.#reader, this.written)
      this.#isRead = true
    }
    return this.#value
  }
}

class EntryChild extends LazyChild implements ComposeChild {
  readonly name: string
  readonly #entry: YamlEntry

  constructor(reader: ComposeReader, entry: YamlEntry, read: ReadForm) {
    super(reader, entry.value, read)
    this.name = entry.name
    this.#entry = entry
  }

  get nameRange(): Range {
    return this.#entry.key.range
  }

  /** Reported where it is written: through an alias that is not at the key. */
  get range(): Range {
    const written = this.#scalar
    if (!written) return this.nameRange
    return written.kind === 'alias' ? this.value?.range ?? this.nameRange : joined(this.nameRange, written.range)
  }

  get usedAt(): Range | undefined {
    const written = this.#scalar
    return this.#entry.usedAt ?? (written?.kind === 'alias' ? joined(this.nameRange, written.range) : undefined)
  }

  /** What is written, if it stands for a scalar. */
  get #scalar(): YamlNode | undefined {
    return targetOf(this.written)?.kind === 'scalar' ? this.written : undefined
  }
}

class ItemChild extends LazyChild implements ComposeChild {
  readonly name = '[]'
  readonly usedAt: Range | undefined

  constructor(reader: ComposeReader, node: YamlNode, read: ReadForm, usedAt: Range | undefined) {
    super(reader, node, read)
    this.usedAt = usedAt
  }

  get range(): Range {
    return (targetOf(this.written) ?? this.written!).range
  }

  get nameRange(): Range {
    return this.range
  }
}

/** How a node at some place is read. */
export type ReadForm = (reader: ComposeReader, node: YamlNode | undefined) => ComposeValue | undefined

/** How the child of a given name is read. */
export type FormOf = (name: string) => ReadForm

/** A pair on one place; a value far below its key is left out. */
const joined = (key: Range, value: Range): Range => (value[0] >= key[1] ? [key[0], value[1]] : key)

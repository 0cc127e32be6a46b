import type { Environment } from './languages/compose-interpolation.ts'
import { interpolate } from './languages/compose-interpolation.ts'
import { cast } from './compose-cast.ts'
import { scalar, type Origin, type Path, type ProjectEntry, type ProjectMap, type ProjectNode, type ProjectScalar, type ScalarValue } from './compose-node.ts'
import { refuse, Refusal } from './compose-refusal.ts'
import { Text, type Range } from './text.ts'
import { readYaml } from './yaml-reader.ts'
import { isMergeKey, nameOf, type YamlDocument, type YamlMap, type YamlNode, type YamlScalar } from './yaml-tree.ts'

/** One document of a compose file: its values, and what `!reset` and `!override` take away from what it is merged into. */
export interface ComposeDocument {
  readonly root: ProjectMap
  readonly resets: readonly Path[]
}

/** Aliases may make a document much larger than its file. */
const maximumNodes = 200_000
const maximumDepth = 200

/**
 * The documents of a compose file with variables replaced and values cast, as
 * compose-spec/compose-go loader.go reads them.
 *
 * @throws {Refusal} where Docker Compose refuses the file
 */
export function readDocuments(path: string, source: string, environment: Environment, unset = ''): ComposeDocument[] {
  return yamlDocuments(path, source).map(document => {
    const builder = new DocumentBuilder(path)
    const root = builder.build(document.root, [], 0)
    if (root?.kind !== 'map') return refuse('top-level object must be a mapping', { path, range: document.root?.range ?? [0, 0] })
    return { root: replaceVariables(root, [], environment, unset) as ProjectMap, resets: builder.resets }
  })
}

/** What names a project: the top level key `name` of every document, as it is written. */
export function writtenNames(path: string, source: string): ProjectScalar[] {
  return yamlDocuments(path, source).flatMap(({ root }) => {
    const value = root?.kind === 'map' ? root.pairs.find(({ key }) => nameOf(key) === 'name')?.value : undefined
    return value?.kind === 'scalar' ? [scalarNode(value, path)] : []
  })
}

function yamlDocuments(path: string, source: string): YamlDocument[] {
  // A file of comments is one document without a root to the library, and none to compose.
  const text = source.replace(/^\uFEFF/, '')
  if (!/^[ \t]*[^ \t\r\n#]/m.test(text)) return []
  const directive = /^%YAML[ \t]+(?![ \t]|1\.1(?:\s|$)).*/m.exec(text)
  if (directive && !/^(?!%|#|\s*$)/m.test(text.slice(0, directive.index))) return refuse('found incompatible YAML document', { path, range: [directive.index, directive.index + directive[0].length] })
  const documents = readYaml(Text.file(text))
  const problems = documents.flatMap(document => document.problems)
  if (problems.length > 0) throw new Refusal(...problems.map(({ message, range }) => ({ message: `yaml: ${message}`, path, range })))
  return documents
}

class DocumentBuilder {
  readonly resets: Path[] = []
  readonly #path: string
  #fuel = maximumNodes

  constructor(path: string) {
    this.#path = path
  }

  /** `undefined`: taken away by `!reset`. */
  build(written: YamlNode | undefined, path: Path, depth: number, at: Range = [0, 0]): ProjectNode | undefined {
    if (this.#fuel-- <= 0 || depth > maximumDepth) return refuse('compose file exceeds maximum node visit limit', this.#origin(written?.range ?? at))
    if (written?.tag?.value === '!reset') return this.#reset(path)
    const node = written?.kind === 'alias' ? written.target ?? refuse(`unknown anchor '${written.name}' referenced`, this.#origin(written.range)) : written
    if (!node) return scalar(null, this.#origin(at))
    if (node.tag?.value === '!reset') return this.#reset(path)
    if (node.tag?.value === '!override') this.resets.push(path)
    if (node.kind === 'scalar') return scalarNode(node, this.#path)
    if (node.kind === 'map') return this.#map(node, path, depth)
    const items = node.items.flatMap(item => this.build(item, [...path, '[]'], depth + 1, node.range) ?? [])
    return { kind: 'list', items, origin: this.#origin(node.range) }
  }

  #reset(path: Path): undefined {
    this.resets.push(path)
  }

  #map(node: YamlMap, path: Path, depth: number): ProjectMap {
    const entries = new Map<string, ProjectEntry>()
    const merged: YamlNode[] = []
    const names = new Set<string>()
    for (const { key, value } of node.pairs) {
      const name = nameOf(key)
      if (names.has(name)) refuse(`mapping key "${name}" already defined`, this.#origin(key.range))
      names.add(name)
      if (isMergeKey(key)) merged.push(...this.#mergeSources(value, key))
      else this.#add(entries, key, value, path, depth)
    }
    for (const source of merged) this.#merge(source, entries, path, depth)
    return { kind: 'map', entries, origin: this.#origin(node.range) }
  }

  #add(entries: Map<string, ProjectEntry>, key: YamlScalar, value: YamlNode | undefined, path: Path, depth: number): void {
    const name = nameOf(key)
    if (typeof goValue(key).value !== 'string') refuse(`non-string key ${path.length === 0 ? 'at top level' : `in ${path.join('.')}`}: ${name}`, this.#origin(key.range))
    const built = this.build(value, [...path, name], depth + 1, key.range)
    if (built) entries.set(name, { key: this.#origin(key.range), value: built })
  }

  /** What the map has of its own wins, then what is merged first. */
  #merge(source: YamlNode, into: Map<string, ProjectEntry>, path: Path, depth: number): void {
    const built = this.build(source, path, depth + 1)
    if (built === undefined) return
    if (built.kind !== 'map') refuse('map merge requires map or sequence of maps as the value', this.#origin(source.range))
    else for (const [name, entry] of built.entries) if (!into.has(name)) into.set(name, entry)
  }

  #mergeSources(value: YamlNode | undefined, key: YamlScalar): YamlNode[] {
    const node = value?.kind === 'alias' ? value.target : value
    if (node?.kind === 'map') return [value!]
    if (node?.kind !== 'list') return refuse('map merge requires map or sequence of maps as the value', this.#origin(value?.range ?? key.range))
    return node.items.map(item => item ?? refuse('map merge requires map or sequence of maps as the value', this.#origin(node.range)))
  }

  #origin(range: Range): Origin {
    return { path: this.#path, range }
  }
}

function scalarNode(node: YamlScalar, path: string): ProjectScalar {
  const { value, isFloat } = goValue(node)
  return { kind: 'scalar', value, origin: { path, range: node.range }, text: node.text, ...(isFloat ? { isFloat } : {}) }
}

/** A scalar by the rules of yaml.v3, which has octal `010`, `0b1` and `1_000`, and no `yes`. */
function goValue({ text: { value: text }, plain, tag }: YamlScalar): { value: ScalarValue; isFloat?: boolean } {
  const isTyped = tag !== undefined && /^!!|^tag:yaml\.org/.test(tag.value)
  if ((!plain && !isTyped) || (isTyped && tag.value.endsWith('str')) || (tag?.value === '!')) return { value: text }
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { value: null }
  if (/^(?:true|True|TRUE)$/.test(text)) return { value: true }
  if (/^(?:false|False|FALSE)$/.test(text)) return { value: false }
  const digits = text.replaceAll('_', '')
  if (/^[-+]?(?:0|[1-9]\d*)$/.test(digits)) return tag?.value === '!!float' ? { value: Number(digits), isFloat: true } : { value: Number(digits) }
  const prefixed = /^([-+]?)0(?:(b)([01]+)|(o)?([0-7]+)|(x)([\da-f]+))$/i.exec(digits)
  if (prefixed) {
    const [, sign, binary, bits, , octal, , hexadecimal] = prefixed
    const number = parseInt(bits ?? octal ?? hexadecimal ?? '0', binary ? 2 : octal === undefined ? 16 : 8)
    return { value: sign === '-' ? -number : number }
  }
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return { value: Number(digits), isFloat: true }
  return { value: text }
}

/** compose-go interpolation.go: every string, and no key; then strings of some places become what they are to be. */
function replaceVariables(node: ProjectNode, path: Path, environment: Environment, unset: string): ProjectNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(item => replaceVariables(item, [...path, '[]'], environment, unset)) }
  if (node.kind === 'map') return { ...node, entries: new Map([...node.entries].map(([name, { key, value }]) => [name, { key, value: replaceVariables(value, [...path, name], environment, unset) }])) }
  return typeof node.value === 'string' ? cast(withVariables(node, environment, unset), path) : node
}

/** A string with its variables replaced, those that nobody sets by `unset`. */
export function withVariables(node: ProjectScalar, environment: Environment, unset = ''): ProjectScalar {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node
  const written = node.text ?? Text.file(node.value)
  const { text, problem } = interpolate(written, environment, unset)
  if (problem) return refuse(problem.message, { path: node.origin.path, range: node.text ? problem.range : node.origin.range })
  return { ...scalar(text.value, node.origin), ...(node.text ? { text } : {}) }
}

import { isAlias, isMap, isScalar, isSeq, Lexer, parseAllDocuments, type Document, type Node, type Scalar } from 'yaml'
import type { Range, Spanned, Text } from './text.ts'
import { indexWithin } from './text-search.ts'
import { scalarText } from './yaml-scalar.ts'
import type { YamlAlias, YamlDocument, YamlNode, YamlPair, YamlProblem, YamlScalar } from './yaml-tree.ts'

/** Deeper documents are not written by people, and overflow the stack of the YAML library. */
const maximumDepth = 200

/** How many documents of a stream are read. */
const maximumDocuments = 100

/**
 * The documents of a YAML stream. What is not YAML is reported as a problem
 * at its place, and as much as could be read is still returned.
 */
export function readYaml(file: Text): YamlDocument[] {
  const tooDeep = deepNesting(file.value)
  if (tooDeep !== undefined) return [{ ...nothing, problems: [depthProblem(file, tooDeep)] }]
  const parsed = parsedDocuments(file.value)
  if (!parsed) return [{ ...nothing, problems: [problemAt(file, 0, 'nested too deep to be read')] }]
  const documents = parsed.slice(0, maximumDocuments).map((document, index): YamlDocument => {
    const builder = new TreeBuilder(file)
    const root = builder.build(document.contents as Node | null)
    return {
      root,
      problems: [...document.errors.map(error => problemOf(file, error)), ...(builder.tooDeep === undefined ? [] : [depthProblem(file, builder.tooDeep)])],
      comments: index === 0 ? commentsOf(file) : [],
      aliased: builder.aliased
    }
  })
  const next = parsed[maximumDocuments]
  return next ? [...documents, { ...nothing, problems: [problemAt(file, next.range[0], `only the first ${maximumDocuments} documents are read`)] }] : documents
}

/** `undefined`: what nests within a line, as in `a: b: c:`, has overflowed the stack of the library. */
function parsedDocuments(source: string): Document.Parsed[] | undefined {
  try {
    const parsed = parseAllDocuments(source, { keepSourceTokens: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent', strict: false })
    return Array.isArray(parsed) ? parsed : []
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** A document that is not read. */
const nothing: YamlDocument = { root: undefined, problems: [], comments: [], aliased: new Set() }

const problemAt = (file: Text, at: number, message: string): YamlProblem => ({ message, range: file.range(at, Math.min(at + 1, file.value.length)) })

const depthProblem = (file: Text, at: number): YamlProblem => problemAt(file, at, `nested deeper than ${maximumDepth} levels`)

/**
 * Offset at which collections nest deeper than anybody writes; a bound on the
 * work, cheaply found. A bracket opens one where a value may start, and within
 * another; the escapes of terminals have many that are never closed.
 */
function deepNesting(source: string): number | undefined {
  let flow = 0
  let lineStart = true
  let mayOpen = true
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    if (character === '\n') lineStart = true
    else if (lineStart && character !== ' ') {
      lineStart = false
      const indent = at - source.lastIndexOf('\n', at) - 1
      // `- - - - a` nests within a line, and so does each blank of indentation at most.
      const dashes = /^(?:- )*/.exec(source.slice(at, at + 2 * maximumDepth + 2))![0].length / 2
      if (indent > 20 * maximumDepth || dashes > maximumDepth) return at
    }
    if (flow > 0 && mayOpen && (character === '"' || character === "'")) at = quotedEnd(source, at) - 1
    const isOpening: boolean = (character === '[' || character === '{') && (mayOpen || flow > 0)
    if (isOpening) flow++
    else if ((character === ']' || character === '}') && flow > 0) flow--
    if (flow > maximumDepth) return at
    if (character === '\n') mayOpen = true
    else if (character === ' ' || character === '\t') mayOpen ||= ':-?'.includes(source[at - 1] ?? '\n')
    else if (character !== '\r') mayOpen = isOpening || (flow > 0 && (character === ':' || character === ','))
  }
  return undefined
}

const quoted = /"[^"\\]*(?:\\[^][^"\\]*)*"?|'[^']*'?/y

function quotedEnd(source: string, at: number): number {
  quoted.lastIndex = at
  quoted.test(source)
  return quoted.lastIndex
}

function problemOf(file: Text, error: { message: string; pos: [number, number] }): YamlProblem {
  const start = Math.min(error.pos[0], file.value.length)
  const end = Math.max(start, Math.min(error.pos[1], file.value.length))
  const lineEnd = indexWithin(file.value, '\n', start, end)
  return { message: error.message.replace(/\.$/, ''), range: file.range(start, lineEnd < 0 ? end : lineEnd) }
}

/** What the lexer of the library says before the characters of a scalar; and before a document, and where a flow collection breaks off. */
const scalarMark = '\u001F'
const marks = new Set([scalarMark, '\u0002', '\u0018'])

/** Comments that may speak to us. */
function commentsOf(file: Text): Text[] {
  if (!file.value.includes('porthole-')) return []
  const comments: Text[] = []
  let at = 0
  let isScalar = false
  for (const token of new Lexer().lex(file.value)) {
    if (!isScalar && marks.has(token)) {
      isScalar = token === scalarMark
      continue
    }
    if (!isScalar && token.startsWith('#') && token.includes('porthole-')) comments.push(file.slice(at, at + token.length))
    isScalar = false
    at += token.length
  }
  return comments
}

class TreeBuilder {
  readonly aliased = new Set<YamlNode>()
  /** Offset of a node that is nested too deep. */
  tooDeep: number | undefined
  readonly #file: Text
  readonly #anchors = new Map<string, Exclude<YamlNode, YamlAlias>>()

  constructor(file: Text) {
    this.#file = file
  }

  build(node: Node | null | undefined, depth = 0): YamlNode | undefined {
    if (!node?.range) return undefined
    if (depth > maximumDepth) {
      this.tooDeep ??= node.range[0]
      return undefined
    }
    const range = this.#file.range(node.range[0], this.#endOf(node))
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source)
      if (target) this.aliased.add(target)
      return { kind: 'alias', name: node.source, target, range }
    }
    const built = this.#collection(node, range, depth) ?? this.#scalar(node, range)
    if (built && node.anchor) this.#anchors.set(node.anchor, built)
    return built
  }

  #collection(node: Node, range: Range, depth: number): Exclude<YamlNode, YamlAlias | YamlScalar> | undefined {
    const tag = this.#tag(node)
    if (isMap(node)) {
      const pairs: YamlPair[] = []
      for (const pair of node.items) {
        const key = this.build(pair.key as Node | null, depth + 1)
        const value = this.build(pair.value as Node | null, depth + 1)
        // A key that is an alias or a collection names nothing that Docker knows.
        if (key?.kind === 'scalar') pairs.push({ key, value })
      }
      const end = pairs.at(-1)
      return { kind: 'map', pairs, range: node.flow || !end ? range : [range[0], (end.value ?? end.key).range[1]], tag }
    }
    if (isSeq(node)) {
      const items = node.items.map(item => this.build(item as Node | null, depth + 1))
      return { kind: 'list', items, range: node.flow ? range : [range[0], items.findLast(item => item)?.range[1] ?? range[0] + 1], tag }
    }
    return undefined
  }

  #scalar(node: Node, range: Range): YamlScalar | undefined {
    if (!isScalar(node)) return undefined
    // An empty node (`key:`) is no value at all.
    if (!node.srcToken) return undefined
    return new ScalarNode(this.#file, node, range, this.#endOf(node), this.#tag(node))
  }

  /** Where a scalar or a flow collection ends; the line breaks after a block scalar are not part of what it says. */
  #endOf(node: Node): number {
    const [start, end] = node.range!
    return isScalar(node) && node.srcToken?.type === 'block-scalar' ? start + this.#file.value.slice(start, end).trimEnd().length : end
  }

  /** The tag that stands before a node; the library keeps its name, not its place. */
  #tag(node: Node): Spanned | undefined {
    if (!node.tag?.startsWith('!')) return undefined
    const start = node.range![0]
    const before = this.#file.value.slice(Math.max(0, start - 200), start)
    const at = before.lastIndexOf(node.tag)
    if (at < 0) return { value: node.tag, range: this.#file.range(start, start) }
    const from = start - before.length + at
    return { value: node.tag, range: this.#file.range(from, from + node.tag.length) }
  }
}

/** A scalar whose characters are placed only when somebody asks. */
class ScalarNode implements YamlScalar {
  readonly kind = 'scalar'
  readonly value: YamlScalar['value']
  readonly plain: boolean
  readonly range: Range
  readonly tag: Spanned | undefined
  readonly #file: Text
  readonly #node: Scalar
  readonly #end: number
  #text: Text | undefined

  constructor(file: Text, node: Scalar, range: Range, end: number, tag: Spanned | undefined) {
    this.#file = file
    this.#node = node
    this.#end = end
    this.value = scalarValue(node)
    this.plain = node.type === 'PLAIN'
    this.range = range
    this.tag = tag
  }

  get text(): Text {
    return (this.#text ??= scalarText(this.#file, this.#node, this.#end))
  }

  get characters(): string {
    return this.text.value
  }
}

const scalarValue = ({ value, source }: Scalar): YamlScalar['value'] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : source ?? String(value)


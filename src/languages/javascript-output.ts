import type { Output, Word } from '../command.ts'
import { namesDaemonFile } from './daemon-path.ts'
import { holeCharacter } from './hole.ts'
import { originOf, unwrapped } from './javascript-origin.ts'
import { isKnown, valueOf, type Part } from './javascript-string.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'
import type { Value, Values } from './javascript-value.ts'
import type { Variables } from './javascript-variable.ts'

const modules = /^(?:fs|fs\/promises|fs-extra|graceful-fs|bun|deno)$/
const writers = /^(?:promises\.)?(?:(?:write|append|output)(?:Text)?File(?:Sync)?|write|(?:write|output)J(?:son|SON)(?:Sync)?)$/

/** Recognizes the calls by which scripts write the engine's configuration. */
export class OutputReader {
  readonly #syntax: Syntax
  readonly #values: Values
  readonly #variables: Variables
  /** Whether the script names such a file at all. */
  readonly #mayConfigure: boolean

  constructor(syntax: Syntax, values: Values, variables: Variables) {
    this.#syntax = syntax
    this.#values = values
    this.#variables = variables
    this.#mayConfigure = /daemon\.json/i.test(syntax.script.value)
  }

  /** `fs.writeFileSync('daemon.json', '…')` */
  read(node: NodeOf<'CallExpression'>): Output | undefined {
    const [target, content] = node.arguments
    if (!this.#mayConfigure || !target || !content || content.type === 'SpreadElement') return undefined
    const origin = originOf(node.callee, this.#syntax)
    if (!origin || !modules.test(origin.module.toLowerCase()) || !writers.test(origin.path)) return undefined
    const path = this.#pathOf(target)
    const text = path && namesDaemonFile(path) ? this.#contentOf(content, /json/i.test(origin.path)) : undefined
    return path && text && { path, content: [text], appends: origin.path.includes('append') }
  }

  /** Of `path.join(folder, 'daemon.json')` the end is what matters. */
  #pathOf(target: Node): Word | undefined {
    const node = this.#meaning(target)
    const last = node.type === 'CallExpression' && /^(?:posix\.|win32\.)?(?:join|resolve)$/.test(originOf(node.callee, this.#syntax)?.path ?? '') ? node.arguments.at(-1) : undefined
    const value = this.#values.of(last ?? node)
    return value.kind === 'string' ? this.#values.word(value) : undefined
  }

  #contentOf(content: Node, isValue: boolean): Word | undefined {
    const node = this.#meaning(content)
    const isJson = node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && node.callee.object.type === 'Identifier' && node.callee.object.name === 'JSON'
    const given = isJson ? node.arguments[0] : isValue ? node : undefined
    const value = this.#values.of(given ?? node)
    const parts = given ? jsonParts(value) : value.kind === 'string' ? value.parts : undefined
    return parts && this.#values.word({ kind: 'string', parts, written: value.written })
  }

  /** What a constant stands for. */
  #meaning(expression: Node): Node {
    const node = unwrapped(expression)
    return node.type === 'Identifier' ? unwrapped(this.#variables.initialiser(node) ?? node) : node
  }
}

/** How deep tables may stand in tables, and how many parts they may have: constants can be used very many times. */
const deepest = 12
const mostParts = 5000

/** A value as `JSON.stringify` writes it, each part where it is written. */
function jsonParts(value: Value, fuel = { parts: mostParts }, depth = 0): Part[] {
  const [start, end] = value.written
  const inside = (inner: Value): Part[] => (depth < deepest && --fuel.parts > 0 ? jsonParts(inner, fuel, depth + 1) : [part('null')])
  const part = (decoded: string, from = start, to = end): Part => ({ decoded, start: from, end: to, known: true })
  switch (value.kind) {
    case 'object':
      return [part('{', start, start), ...value.properties.flatMap(({ name, nameRange, value: inner }) => [part(JSON.stringify(name), ...nameRange), part(': ', nameRange[1], nameRange[1]), ...inside(inner), part(', ', inner.written[1], inner.written[1])]), part('}', end, end)]
    case 'list':
      return [part('[', start, start), ...value.items.flatMap(item => [...inside(item), part(', ', item.written[1], item.written[1])]), part(']', end, end)]
    case 'string':
      return [part(isKnown(value.parts) ? JSON.stringify(valueOf(value.parts)) : JSON.stringify(holeCharacter))]
    case 'scalar':
      return [part(String(value.value))]
    default:
      return [part(JSON.stringify(holeCharacter))]
  }
}

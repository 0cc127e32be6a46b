import type { Word } from '../command.ts'
import type { Range } from '../text.ts'
import { excludesWindows, proofOf } from './javascript-guard.ts'
import { calleeName, memberName, originOf, stringOf, unwrapped } from './javascript-origin.ts'
import { holeAt, isKnown, literalParts, sliceOf, valueOf, wordOf, type Part } from './javascript-string.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'
import type { Variables } from './javascript-variable.ts'

/** What an expression is, as far as the file tells. */
export type Value = StringValue | ScalarValue | ListValue | ObjectValue | UnknownValue

export interface StringValue {
  readonly kind: 'string'
  readonly parts: readonly Part[]
  readonly written: Range
}

/** A number, `true`, `null` … */
export interface ScalarValue {
  readonly kind: 'scalar'
  readonly value: number | boolean | bigint | null | undefined
  readonly written: Range
}

/** An array; an unknown item may stand for any number of them. */
export interface ListValue {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly written: Range
}

export interface ObjectValue {
  readonly kind: 'object'
  readonly properties: readonly Property[]
  /** Whether there may be more properties than these. */
  readonly isOpen: boolean
  readonly written: Range
}

export interface Property {
  readonly name: string
  readonly nameRange: Range
  /** Key and value as written. */
  readonly range: Range
  readonly value: Value
}

export interface UnknownValue {
  readonly kind: 'unknown'
  readonly written: Range
}

const deepest = 100
/** The most items of a list and parts of a string. */
const longest = 5000

/** Works out values of expressions from the constants of a script. */
export class Values {
  readonly syntax: Syntax
  readonly #variables: Variables
  /** Bounds all work on one file. */
  #fuel: number

  constructor(syntax: Syntax, variables: Variables, fuel = 200_000) {
    this.syntax = syntax
    this.#variables = variables
    this.#fuel = fuel
  }

  /** The value of an expression, at the place where it is written. */
  of(expression: Node, depth = 0): Value {
    const node = unwrapped(expression)
    const unknown: UnknownValue = { kind: 'unknown', written: node.range }
    if (depth > deepest || --this.#fuel < 0) return unknown
    switch (node.type) {
      case 'Literal': return this.#literal(node)
      case 'TemplateLiteral': return this.#template(node, depth)
      case 'BinaryExpression': return node.operator === '+' ? this.#concatenation(node, depth) : unknown
      case 'Identifier': return this.#identifier(node, depth)
      case 'ArrayExpression': return { kind: 'list', items: this.#items(node.elements, depth), written: node.range }
      case 'ObjectExpression': return this.#object(node, depth)
      case 'MemberExpression': return this.#member(node, depth)
      case 'ConditionalExpression': return this.#conditional(node, depth)
      case 'LogicalExpression': return this.#alternative(node, depth)
      case 'CallExpression': return this.#call(node, depth)
      case 'UnaryExpression': return node.operator === '-' || node.operator === '!' ? this.#unary(node, depth) : unknown
      default: return unknown
    }
  }

  /** The words that values are as arguments of a program. */
  words(values: readonly Value[]): Word[] {
    return values.flatMap(value => this.word(value))
  }

  word(value: Value): Word {
    return wordOf(this.syntax.script, this.parts(value), value.written)
  }

  /** The characters of a value in a string. */
  parts(value: Value): readonly Part[] {
    if (value.kind === 'string') return value.parts
    const [start, end] = value.written
    return value.kind === 'scalar' ? [{ decoded: String(value.value), start, end, known: true }] : [holeAt(value.written)]
  }

  /** Values of a call's arguments or an array's elements, spread out. */
  #items(elements: readonly (Node | null)[], depth: number): Value[] {
    const items: Value[] = []
    for (const element of elements) {
      if (!element) continue
      for (const item of element.type === 'SpreadElement' ? this.#spread(element.argument, element.range, depth) : [this.#used(element, depth)]) items.push(item)
      this.#fuel -= 1
      if (items.length > longest || this.#fuel < 0) return [{ kind: 'unknown', written: element.range }]
    }
    return items
  }

  items(elements: readonly (Node | null)[]): Value[] {
    return this.#items(elements, 0)
  }

  /** A value at the place where it is used, if it is one word; lists and objects stay where they are written. */
  #used(expression: Node, depth: number): Value {
    const value = this.of(expression, depth + 1)
    if (contains(expression.range, value.written)) return value
    if (value.kind === 'scalar' || value.kind === 'unknown') return { ...value, written: expression.range }
    return value.kind === 'string' ? { kind: 'string', parts: this.#partsAt(value, expression.range), written: expression.range } : value
  }

  /** A string that is written elsewhere: each of its characters stands for the whole of the place. */
  #partsAt(value: Value, [start, end]: Range): readonly Part[] {
    const parts = this.parts(value)
    return isKnown(parts) ? [{ decoded: valueOf(parts), start, end, known: true }] : [holeAt([start, end])]
  }

  /** `...[a, b]`, `...(condition ? ['--flag'] : [])`: what may be there, if it can stand anywhere. */
  #spread(expression: Node, written: Range, depth: number): readonly Value[] {
    const node = unwrapped(expression)
    const unknown: readonly Value[] = [{ kind: 'unknown', written }]
    const choices = node.type === 'ConditionalExpression' ? [node.consequent, node.alternate] : node.type === 'LogicalExpression' && node.operator === '&&' ? [node.right] : undefined
    if (choices && node.type === 'ConditionalExpression') {
      const chosen = this.#onWindows(node)
      if (chosen) return this.#spread(chosen, written, depth + 1)
    }
    if (choices && node.type === 'LogicalExpression') {
      const { whenTrue } = proofOf(node.left, this.syntax)
      if (whenTrue.some(excludesWindows)) return []
    }
    if (!choices) {
      const value = this.of(node, depth + 1)
      return value.kind === 'list' ? value.items : unknown
    }
    const values = choices.map(choice => this.of(choice, depth + 1))
    if (!values.every(value => value.kind === 'list')) return unknown
    const filled = (values as ListValue[]).filter(({ items }) => items.length > 0)
    return filled.length === 0 ? [] : filled.length === 1 && this.#isFlag(filled[0]!.items[0]!) ? filled[0]!.items : unknown
  }

  /** What may be left out without a change to the meaning of the words after it. */
  #isFlag(value: Value): boolean {
    return value.kind === 'string' && /^--?\w/.test(valueOf(value.parts))
  }

  /** The branch that Windows takes. */
  #onWindows({ test, consequent, alternate }: NodeOf<'ConditionalExpression'>): Node | undefined {
    const { whenTrue, whenFalse } = proofOf(test, this.syntax)
    if (whenFalse.some(excludesWindows)) return consequent
    return whenTrue.some(excludesWindows) ? alternate : undefined
  }

  #literal(node: NodeOf<'Literal'>): Value {
    if ('regex' in node) return { kind: 'unknown', written: node.range }
    if (typeof node.value !== 'string') return { kind: 'scalar', value: node.value as ScalarValue['value'], written: node.range }
    const [start, end] = node.range
    const parts = literalParts(this.syntax.script.value, start + 1, end - 1, false)
    return { kind: 'string', parts: valueOf(parts) === node.value ? parts : [{ decoded: node.value, start, end, known: true }], written: node.range }
  }

  #template(node: NodeOf<'TemplateLiteral'>, depth: number): Value {
    const source = this.syntax.script.value
    const parts: Part[] = []
    node.quasis.forEach(({ range, tail, value }, index) => {
      const from = range[0] + 1
      const to = range[1] - (tail ? 1 : 2)
      const literal = literalParts(source, from, to, true)
      parts.push(...(valueOf(literal) === value.cooked ? literal : [{ decoded: value.cooked ?? '', start: from, end: to, known: value.cooked !== null }]))
      const expression = node.expressions[index]
      if (expression && !tail) parts.push(...this.#partsAt(this.of(expression, depth + 1), [to, node.quasis[index + 1]!.range[0] + 1]))
    })
    return { kind: 'string', parts, written: node.range }
  }

  #concatenation(node: NodeOf<'BinaryExpression'>, depth: number): Value {
    const operands: Node[] = []
    let left: Node = node
    while (left.type === 'BinaryExpression' && left.operator === '+') {
      operands.push(left.right)
      left = left.left
    }
    operands.push(left)
    const values = operands.reverse().map(operand => this.#used(operand, depth))
    if (!values.some(({ kind }) => kind === 'string')) return { kind: 'unknown', written: node.range }
    const parts = values.flatMap(value => this.parts(value))
    return parts.length > longest ? { kind: 'unknown', written: node.range } : { kind: 'string', parts, written: node.range }
  }

  #identifier(node: NodeOf<'Identifier'>, depth: number): Value {
    if (node.name === 'undefined') return { kind: 'scalar', value: undefined, written: node.range }
    const initial = this.#variables.initialiser(node)
    const value: Value = initial ? this.of(initial, depth + 1) : { kind: 'unknown', written: node.range }
    if (value.kind === 'list') return this.#withAdditions(value, node, depth)
    if (value.kind !== 'object') return value.kind === 'unknown' ? { ...value, written: node.range } : value
    const assigned = this.#variables.assigned(node)
    if (!assigned) return { kind: 'unknown', written: node.range }
    return assigned.size === 0 ? value : { ...value, isOpen: true, properties: value.properties.filter(({ name }) => !assigned.has(name)) }
  }

  /** A list and what is pushed to it before it is used. */
  #withAdditions(list: ListValue, node: Node, depth: number): Value {
    const additions = this.#variables.additions(node, ['push'])
    if (!additions) return { kind: 'unknown', written: node.range }
    const items = [...list.items]
    for (const { call, guards, certain } of additions) {
      if (guards.some(excludesWindows)) continue
      const added = this.#items(call.arguments, depth + 1)
      if (added.length > 0 && (certain || this.#isFlag(added[0]!))) items.push(...added)
      else if (added.length > 0) items.push({ kind: 'unknown', written: call.range })
      if (items.length > longest) return { kind: 'unknown', written: node.range }
    }
    return { ...list, items }
  }

  #object(node: NodeOf<'ObjectExpression'>, depth: number): Value {
    const properties = new Map<string, Property>()
    let isOpen = false
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        const spread = this.#spreadObject(property.argument, depth)
        isOpen ||= spread.isOpen
        for (const each of spread.properties) properties.set(each.name, each)
        continue
      }
      const name = propertyName(property)
      if (name === undefined) isOpen = true
      else properties.set(name, { name, nameRange: property.key.range, range: property.range, value: property.shorthand || property.method || property.kind !== 'init' ? this.#shorthand(property, depth) : this.#used(property.value, depth) })
    }
    return { kind: 'object', properties: [...properties.values()], isOpen, written: node.range }
  }

  #shorthand(property: NodeOf<'Property'>, depth: number): Value {
    return property.shorthand ? this.#used(property.value, depth) : { kind: 'unknown', written: property.range }
  }

  #spreadObject(expression: Node, depth: number): Pick<ObjectValue, 'properties' | 'isOpen'> {
    const node = unwrapped(expression)
    const chosen = node.type === 'ConditionalExpression' ? this.#onWindows(node) : undefined
    if (node.type === 'LogicalExpression' && node.operator === '&&') {
      if (proofOf(node.left, this.syntax).whenTrue.some(excludesWindows)) return { properties: [], isOpen: false }
      return { ...this.#properties(this.of(node.right, depth + 1)), isOpen: true }
    }
    if (node.type === 'ConditionalExpression' && !chosen) {
      const both = [node.consequent, node.alternate].map(choice => this.#properties(this.of(choice, depth + 1)))
      return both.every(({ properties }) => properties.length > 0) ? { properties: [], isOpen: true } : { properties: both.flatMap(({ properties }) => properties), isOpen: true }
    }
    return this.#properties(this.of(chosen ?? node, depth + 1))
  }

  #properties(value: Value): Pick<ObjectValue, 'properties' | 'isOpen'> {
    return value.kind === 'object' ? value : { properties: [], isOpen: value.kind !== 'scalar' }
  }

  #member(node: NodeOf<'MemberExpression'>, depth: number): Value {
    const name = memberName(node)
    const object = this.of(node.object, depth + 1)
    const unknown: UnknownValue = { kind: 'unknown', written: node.range }
    if (object.kind === 'list' && node.computed && node.property.type === 'Literal' && typeof node.property.value === 'number' && object.items.every(({ kind }) => kind !== 'unknown')) return object.items[node.property.value] ?? unknown
    if (name === undefined || object.kind !== 'object') return unknown
    return object.properties.find(property => property.name === name)?.value ?? unknown
  }

  #conditional(node: NodeOf<'ConditionalExpression'>, depth: number): Value {
    const chosen = this.#onWindows(node)
    if (chosen) return this.of(chosen, depth + 1)
    const [first, second] = [node.consequent, node.alternate].map(choice => this.of(choice, depth + 1)) as [Value, Value]
    const isSame = first.kind === 'string' && second.kind === 'string' && isKnown(first.parts) && isKnown(second.parts) && valueOf(first.parts) === valueOf(second.parts)
      || first.kind === 'scalar' && second.kind === 'scalar' && first.value === second.value
    return isSame ? { kind: 'string', parts: this.#partsAt(first, node.range), written: node.range } : { kind: 'unknown', written: node.range }
  }

  /** `process.env.NAME || 'docker'`: what is the case unless somebody sets it otherwise. */
  #alternative(node: NodeOf<'LogicalExpression'>, depth: number): Value {
    const unknown: UnknownValue = { kind: 'unknown', written: node.range }
    if (node.operator === '&&') return unknown
    const origin = originOf(node.left, this.syntax)
    return origin?.module === 'process' && origin.path.startsWith('env.') ? this.of(node.right, depth + 1) : unknown
  }

  #unary(node: NodeOf<'UnaryExpression'>, depth: number): Value {
    const value = this.of(node.argument, depth + 1)
    if (value.kind !== 'scalar') return { kind: 'unknown', written: node.range }
    if (node.operator === '!') return { kind: 'scalar', value: !value.value, written: node.range }
    return typeof value.value === 'number' ? { kind: 'scalar', value: -value.value, written: node.range } : { kind: 'unknown', written: node.range }
  }

  /** Methods of strings and arrays whose result is known, and functions that return what they get. */
  #call(node: NodeOf<'CallExpression'>, depth: number): Value {
    const unknown: UnknownValue = { kind: 'unknown', written: node.range }
    const [argument] = node.arguments
    const name = calleeName(node.callee)
    const callee = unwrapped(node.callee)
    if (argument && (name === 'freeze' || name === 'which' || name === 'whichSync' || name === 'sync' && originOf(callee, this.syntax)?.module === 'which')) return this.of(argument, depth + 1)
    if (callee.type !== 'MemberExpression') return unknown
    const object = this.of(callee.object, depth + 1)
    if (name === 'join' && object.kind === 'list') {
      const separator: Value = argument ? this.of(argument, depth + 1) : { kind: 'string', parts: [{ decoded: ',', start: node.range[1], end: node.range[1], known: true }], written: node.range }
      return separator.kind === 'string' && isKnown(separator.parts) ? this.joined(object.items, valueOf(separator.parts), node.range) : unknown
    }
    if (name === 'concat' && object.kind === 'list') return { ...object, items: [...object.items, ...node.arguments.flatMap(each => this.#concatenated(each, depth))].slice(0, longest) }
    if (name === 'filter' && object.kind === 'list' && argument?.type === 'Identifier' && argument.name === 'Boolean') return { ...object, items: object.items.filter(item => item.kind !== 'scalar' || item.value) }
    if (object.kind !== 'string') return unknown
    if (name === 'trim' && isKnown(object.parts)) return this.#trimmed(object)
    if (name === 'split' && stringOf(argument) === ' ') return { kind: 'list', items: this.split(object, / /g), written: node.range }
    return unknown
  }

  #concatenated(node: Node, depth: number): readonly Value[] {
    if (node.type === 'SpreadElement') return [{ kind: 'unknown', written: node.range }]
    const value = this.#used(node, depth)
    return value.kind === 'list' ? value.items : [value]
  }

  /** Several values as one string. */
  joined(values: readonly Value[], separator: string, written: Range): Value {
    const parts: Part[] = []
    values.forEach((value, index) => {
      const own = this.parts(value)
      const end = parts.at(-1)?.end ?? value.written[0]
      if (index > 0 && separator !== '') parts.push({ decoded: separator, start: end, end, known: true })
      parts.push(...own)
    })
    return parts.length > longest ? { kind: 'unknown', written } : { kind: 'string', parts, written }
  }

  /** The words of a string between separators. */
  split({ parts, written }: StringValue, separator: RegExp): StringValue[] {
    const value = valueOf(parts)
    const words: StringValue[] = []
    let start = 0
    const add = (end: number): void => {
      const own = sliceOf(parts, start, end)
      words.push({ kind: 'string', parts: own, written: own.length > 0 ? [own[0]!.start, own.at(-1)!.end] : written })
    }
    for (const match of value.matchAll(separator)) {
      if (words.length > longest) break
      add(match.index)
      start = match.index + match[0].length
    }
    add(value.length)
    return words
  }

  #trimmed(value: StringValue): Value {
    const all = valueOf(value.parts)
    const start = all.length - all.trimStart().length
    return { ...value, parts: sliceOf(value.parts, start, start + all.trim().length) }
  }
}

const contains = (outer: Range, inner: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]

export function propertyName({ key, computed }: NodeOf<'Property'>): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name
  return key.type === 'Literal' && typeof key.value === 'number' ? String(key.value) : stringOf(key)
}

/** What the API takes for not given: `''`, `0`, `false`, `null`, `[]`, `{}`. */
export function isZero(value: Value): boolean {
  switch (value.kind) {
    case 'string': return value.parts.length === 0
    case 'scalar': return !value.value
    case 'list': return value.items.length === 0
    case 'object': return value.properties.length === 0 && !value.isOpen
    default: return false
  }
}

/** A value as the matrix writes it; `undefined`: computed at run time. */
export function textOf(value: Value): string | undefined {
  if (value.kind === 'string') return isKnown(value.parts) ? valueOf(value.parts) : undefined
  return value.kind === 'scalar' ? value.value === null || value.value === undefined ? '' : String(value.value) : undefined
}

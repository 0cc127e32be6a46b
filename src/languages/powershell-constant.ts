import { holeCharacter } from './hole.ts'
import { literal } from './powershell-assignment.ts'
import { isComputed } from './powershell-part.ts'
import { arrayOf, concatenated, isKnown, mergedValue, placed, uncertain, valueItems, valueText } from './powershell-value.ts'
import type { StringValue, Value, ValuePart } from './powershell-value.ts'
import type { Expression, Invocation, Span, Statement, StringExpression } from './powershell-syntax.ts'

/** What is known of variables at one place of a script. */
export interface Variables {
  /** A variable's value, if it is known. */
  get(name: string): Value | undefined
}

/** Variables as a script assigns them on its way; a branch of it has a scope of its own, until the branches meet. */
export class Scope implements Variables {
  readonly #parent: Variables | undefined
  readonly #values = new Map<string, Value | undefined>()

  constructor(parent?: Variables) {
    this.#parent = parent
  }

  get(name: string): Value | undefined {
    return this.#values.has(name) ? this.#values.get(name) : this.#parent?.get(name)
  }

  set(name: string, value: Value | undefined): void {
    this.#values.set(name, value)
  }

  /** Takes over what is certain whichever of `branches` was taken. */
  merge(branches: readonly Scope[]): void {
    const names = new Set(branches.flatMap(branch => [...branch.#values.keys()]))
    for (const name of names) {
      const [first, ...others] = branches.map(branch => branch.get(name))
      this.set(name, others.reduce(mergedValue, first))
    }
  }

  /** What may be assigned at any time is unknown; what is only appended to keeps its beginning. */
  disturb(names: ReadonlyMap<string, 'append' | 'set'>): void {
    for (const [name, change] of names) {
      const value = this.get(name)
      const last = value?.kind === 'array' ? value.items.at(-1) : undefined
      if (change === 'set' || value?.kind !== 'array') this.set(name, undefined)
      else this.set(name, last && { kind: 'array', items: isKnown(last) ? [...value.items, uncertain(last)] : value.items })
    }
  }
}

const stringTypes = /^(?:system\.)?string$/
const tableTypes = /^(?:ordered|hashtable|pscustomobject|psobject|(?:system\.)?collections\.(?:hashtable|specialized\.ordereddictionary)|system\.management\.automation\.ps(?:custom)?object)$/
const arrayTypes = /^(?:.*\[\]|array|(?:system\.)?collections\.[\w.]*list(?:\[.*\])?)$/

/** `$a | ConvertTo-Json | Out-String | Set-Content b` */
export const longestPipeline = 4

/** Stands in JSON for what is computed. */
const unknownJson = `"${holeCharacter}"`

/** Works out expressions whose value can be read off the script. */
export class Evaluator {
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  value(expression: Expression, variables: Variables): Value | undefined {
    switch (expression.kind) {
      case 'string': return this.string(expression, variables)
      case 'variable': return this.#variable(expression.name, expression, variables)
      case 'array': return arrayOf(expression.elements.map(element => this.item(element, variables)))
      case 'group': return this.#group(expression.open, expression.body.statements, variables)
      case 'operation': return this.#operation(expression.operands, expression.operators, variables)
      case 'unary': return this.#unary(expression.operator, expression.operand, variables)
      case 'cast': return this.#cast(expression.type, expression.operand, variables)
      case 'hash': return this.#table(expression, variables)
      default: return undefined
    }
  }

  /** The value of a statement that is an expression, or a pipeline of commands whose output can be told. */
  statementValue(statement: Statement | undefined, variables: Variables): Value | undefined {
    return statement?.kind === 'pipeline' && statement.redirections.length === 0 ? this.pipedValue(statement.elements, variables) : undefined
  }

  /** What a pipeline passes on. */
  pipedValue(elements: readonly (Expression | Invocation)[], variables: Variables): Value | undefined {
    const last = elements.at(-1)
    if (elements.length > longestPipeline) return undefined
    if (last?.kind !== 'invocation') return last && elements.length === 1 ? this.value(last, variables) : undefined
    const operands = last.elements.slice(1).filter((element): element is Expression => element.kind !== 'parameter' && element.kind !== 'verbatim')
    const input = elements.length > 1 ? this.pipedValue(elements.slice(0, -1), variables) : undefined
    switch (literal(last.elements[0])?.toLowerCase()) {
      case 'echo':
      case 'write-output':
        return elements.length === 1 && operands.length === 1 && last.redirections.length === 0 ? this.value(operands[0]!, variables) : undefined
      case 'convertto-json': {
        const value = input ?? (operands[0] && this.value(operands[0], variables))
        return value?.kind === 'table' ? value.json : undefined
      }
      case 'join-path':
        return this.#joinedPath(last, operands, variables)
      case 'out-string':
        return input
      default:
        return undefined
    }
  }

  /** `Join-Path $folder 'a.json'`: of a path its end is what matters. */
  #joinedPath({ start }: Span, operands: readonly Expression[], variables: Variables): StringValue | undefined {
    const last = operands.length > 1 ? this.value(operands.at(-1)!, variables) : undefined
    if (last?.kind !== 'string') return undefined
    const from = operands.at(-1)!.start
    return { kind: 'string', parts: [this.#hole({ start, end: from }), { text: '\\', known: true, start: from, end: from }, ...last.parts], written: { start, end: operands.at(-1)!.end } }
  }

  #table({ entries, start, end }: Extract<Expression, { kind: 'hash' }>, variables: Variables): Value | undefined {
    const mark = (text: string, at: number, until = at): StringValue => ({ kind: 'string', parts: [{ text, known: true, start: at, end: until }], written: { start: at, end: until } })
    const values = entries.flatMap(({ key, at, value }, index): StringValue[] => {
      const written = this.#source.slice(at.start, at.end).replace(/^['"]|['"]$/g, '')
      const name = key === '' ? unknownJson : JSON.stringify(written.toLowerCase() === key ? written : key)
      const json = this.#json(value, variables)
      return [...(index > 0 ? [mark(', ', at.start)] : []), mark(name, at.start, at.end), mark(': ', at.end), json]
    })
    const json = concatenated([mark('{', start, start + 2), ...values, mark('}', end - 1, end)])
    return json && { kind: 'table', json }
  }

  /** A value of a table in JSON. */
  #json(statement: Statement | undefined, variables: Variables): StringValue {
    const expression = onlyExpression(statement)
    const at = expression ?? statement ?? { start: 0, end: 0 }
    const isSwitch = expression?.kind === 'variable' && /^(?:true|false|null)$/.test(expression.name)
    const as = (text: string): StringValue => ({ kind: 'string', parts: [{ text, known: true, start: at.start, end: at.end }], written: at })
    if (isSwitch) return as(expression.name)
    const value = this.statementValue(statement, variables)
    if (value?.kind === 'table') return value.json
    const items = value && valueItems(value)
    if (!items || items.length === 0) return as(items ? '[]' : unknownJson)
    const texts = items.map(item => isKnown(item) ? (item.number ? valueText(item) : JSON.stringify(valueText(item))) : unknownJson)
    return as(value.kind === 'array' ? `[${texts.join(', ')}]` : texts[0]!)
  }

  /** A string with what is known of it; what is not, as it is written. */
  string(expression: StringExpression, variables: Variables): StringValue {
    const parts = expression.parts.map((part): ValuePart => {
      if (!isComputed(part)) return { text: part.text, known: true, start: part.start, end: part.end }
      return placed(part.expression && this.value(part.expression, variables), part) ?? this.#hole(part)
    })
    return { kind: 'string', parts, written: { start: expression.start, end: expression.end }, ...(expression.number && { number: true }) }
  }

  /** One item of an array, or one word: unknown if it is not exactly one string. */
  item(expression: Expression, variables: Variables): StringValue {
    const value = this.value(expression, variables)
    return value?.kind === 'string' ? value : this.unknown(expression)
  }

  unknown(at: Span): StringValue {
    return { kind: 'string', parts: [this.#hole(at)], written: { start: at.start, end: at.end } }
  }

  #hole({ start, end }: Span): ValuePart {
    return { text: this.#source.slice(start, end), known: false, start, end }
  }

  #variable(name: string, at: Span, variables: Variables): Value | undefined {
    if (name !== 'true' && name !== 'false') return variables.get(name)
    const text = name === 'true' ? 'True' : 'False'
    return { kind: 'string', parts: [{ text, known: true, start: at.start, end: at.end }], written: at }
  }

  #group(open: string, statements: readonly Statement[], variables: Variables): Value | undefined {
    if (open !== '@(') return statements.length === 1 ? this.statementValue(statements[0], variables) : undefined
    const items: StringValue[] = []
    for (const statement of statements) {
      const value = this.statementValue(statement, variables)
      const expression = onlyExpression(statement)
      if (!expression) return undefined
      items.push(...(value ? valueItems(value) : [this.unknown(expression)]))
    }
    return arrayOf(items)
  }

  #operation(operands: readonly Expression[], operators: readonly string[], variables: Variables): Value | undefined {
    let value = this.#operand(operands[0]!, operators[0]!, variables)
    operators.forEach((operator, index) => {
      const right = operands[index + 1]!
      if (!value) return
      if (operator === '+') value = this.sum(value, this.#operand(right, operator, variables))
      else if (operator === '-f') value = value.kind === 'string' ? this.#format(value, right, variables) : undefined
      else if (operator === '-join') value = joined(value, this.value(right, variables))
      else value = undefined
    })
    return value
  }

  /** A string that is added to others may have holes, but not be a hole: it could be a number or an array. */
  #operand(expression: Expression, operator: string, variables: Variables): Value | undefined {
    const value = this.value(expression, variables)
    return value ?? (operator === '+' && expression.kind !== 'operation' ? this.unknown(expression) : undefined)
  }

  sum(left: Value, right: Value | undefined): Value | undefined {
    if (!right) return undefined
    if (left.kind === 'table' || right.kind === 'table') return undefined
    if (left.kind === 'array') return arrayOf([...left.items, ...valueItems(right)])
    const whole = left.parts.length === 1 && !left.parts[0]!.known
    return left.number || whole || right.kind === 'array' ? undefined : concatenated([left, right])
  }

  #format(format: StringValue, right: Expression, variables: Variables): StringValue | undefined {
    const value = this.value(right, variables)
    const values = value ? valueItems(value) : [this.unknown(right)]
    return concatenated(format.parts.map(part => {
      const parts = part.known ? formatted(part, this.#source, values) : [part]
      return { kind: 'string', parts, written: format.written }
    }))
  }

  #unary(operator: string, operand: Expression, variables: Variables): Value | undefined {
    const value = this.value(operand, variables)
    if (operator !== '-join') return undefined
    return value && joined(value, undefined)
  }

  #cast(type: string, operand: Expression, variables: Variables): Value | undefined {
    return this.converted(type, this.value(operand, variables))
  }

  /** `value` as a type that is a string or an array of strings. */
  converted(type: string, value: Value | undefined): Value | undefined {
    if (!value) return undefined
    if (value.kind === 'table') return tableTypes.test(type) ? value : undefined
    if (arrayTypes.test(type)) return arrayOf(valueItems(value))
    if (!stringTypes.test(type) || value.kind === 'array') return undefined
    return { kind: 'string', parts: value.parts, written: value.written }
  }
}

/** The expression that is all of a statement. */
export function onlyExpression(statement: Statement | undefined): Expression | undefined {
  if (statement?.kind !== 'pipeline' || statement.elements.length !== 1) return undefined
  const [element] = statement.elements
  return element && element.kind !== 'invocation' && statement.redirections.length === 0 ? element : undefined
}

function joined(value: Value, separator: Value | undefined): StringValue | undefined {
  const items = valueItems(value)
  if (separator && separator.kind !== 'string') return undefined
  return concatenated(items.flatMap((item, index) => index > 0 && separator ? [separator, item] : [item]))
}

const placeholder = /\{\{|\}\}|\{(\d+)(?:\}|[,:][^}]*(?:\}|$))/g

/** A part of a format string with its `{0}` filled in, each in its own place. */
function formatted(part: ValuePart, source: string, values: readonly StringValue[]): ValuePart[] {
  const verbatim = source.startsWith(part.text, part.start)
  const place = (from: number, to: number): Span => verbatim ? { start: part.start + from, end: part.start + to } : part
  const parts: ValuePart[] = []
  let at = 0
  const literal = (to: number): void => {
    if (to > at) parts.push({ ...place(at, to), text: part.text.slice(at, to), known: true })
  }
  for (const found of part.text.matchAll(placeholder)) {
    const [mark, index] = found
    const end = found.index + mark.length
    const value = index === undefined ? undefined : values[Number(index)]
    const plain = value && isKnown(value) && mark === `{${index}}`
    literal(found.index)
    if (index === undefined) parts.push({ ...place(found.index, end), text: mark[0]!, known: true })
    // A dollar sign, so that a shell that reads the result sees something computed.
    else parts.push({ ...place(found.index, end), text: plain ? valueText(value) : '$_', known: plain === true })
    at = end
  }
  literal(part.text.length)
  return parts
}

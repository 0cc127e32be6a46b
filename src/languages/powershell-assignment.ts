import { isComputed } from './powershell-part.ts'
import type { Block, Element, Expression, Invocation, Statement } from './powershell-syntax.ts'

/** How a block changes a variable: whether it only appends to it. */
export type Changes = ReadonlyMap<string, 'append' | 'set'>

/** Cmdlets whose first argument names a variable that they set. */
const variableCmdlets = new Set(['set-variable', 'new-variable', 'sv', 'nv', 'set', 'clear-variable', 'remove-variable'])
const variableParameter = /^-(?:out|error|warning|information|pipeline)?variable$|^-(?:ov|ev|wv|iv|pv)$/i

/** The variables that a block changes, in blocks within it too but not in its functions. */
export function changesOf(block: Block): Changes {
  const known = remembered.get(block)
  if (known) return known
  const changes = new Map<string, 'append' | 'set'>()
  remembered.set(block, changes)
  for (const statement of block.statements) collect(statement, changes)
  return changes
}

const remembered = new WeakMap<Block, Changes>()

/** The variables that a statement changes. */
export function statementChanges(statement: Statement): Changes {
  const changes = new Map<string, 'append' | 'set'>()
  collect(statement, changes)
  return changes
}

/** The variables that an invocation names to be set. */
export function namedVariables(invocation: Invocation): string[] {
  const [name, ...rest] = invocation.elements
  const found: string[] = []
  if (variableCmdlets.has(literal(name)?.toLowerCase() ?? '')) found.push(...[literal(rest.find(element => element.kind !== 'parameter'))].filter(text => text !== undefined))
  rest.forEach((element, index) => {
    if (element.kind !== 'parameter' || !variableParameter.test(element.text)) return
    const text = literal(rest[index + 1])
    if (text) found.push(text)
  })
  return found.map(text => text.replace(/^\+/, '').toLowerCase())
}

/** The variable that an assignment's target, or something that is selected from it, belongs to. */
export function targetNames(target: Expression): string[] {
  if (target.kind === 'variable') return [target.name]
  if (target.kind === 'cast') return targetNames(target.operand)
  if (target.kind === 'access') return targetNames(target.target)
  return target.kind === 'array' ? target.elements.flatMap(targetNames) : []
}

export function literal(element: Element | undefined): string | undefined {
  if (element?.kind !== 'string' || element.parts.some(isComputed)) return undefined
  return element.parts.map(part => isComputed(part) ? '' : part.text).join('')
}

type Node = Statement | Expression | Invocation | Block

function collect(node: Node, changes: Map<string, 'append' | 'set'>): void {
  const set = (name: string, change: 'append' | 'set' = 'set'): void => {
    changes.set(name, change === 'append' ? changes.get(name) ?? 'append' : 'set')
  }
  if (!('kind' in node)) {
    for (const [name, change] of changesOf(node)) set(name, change)
    return
  }
  if (node.kind === 'function') return
  if (node.kind === 'assignment') for (const name of targetNames(node.target)) set(name, node.operator === '+=' && node.target.kind === 'variable' ? 'append' : 'set')
  if (node.kind === 'loop' && node.variable) for (const name of targetNames(node.variable)) set(name)
  if (node.kind === 'parameters') for (const { name } of node.parameters) set(name)
  if (node.kind === 'unary' && /^(?:\+\+|--)$/.test(node.operator)) for (const name of targetNames(node.operand)) set(name)
  if (node.kind === 'cast' && node.type === 'ref') for (const name of targetNames(node.operand)) set(name)
  if (node.kind === 'access' && node.steps.some(step => step.arguments && !step.index)) for (const name of targetNames(node.target)) set(name)
  if (node.kind === 'invocation') for (const name of namedVariables(node)) set(name)
  forEachChild(node, child => collect(child, changes))
}

/** Visits what a node of the syntax tree consists of. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const maybe = (child: Node | undefined): void => {
    if (child) visit(child)
  }
  if (!('kind' in node)) return node.statements.forEach(visit)
  switch (node.kind) {
    case 'pipeline': return [node.elements, node.redirections].forEach(list => list.forEach(visit))
    case 'chain': return node.pipelines.forEach(visit)
    case 'assignment': return [node.target, node.value].forEach(maybe)
    case 'if': return node.clauses.forEach(({ condition, body }) => [condition, body].forEach(maybe))
    case 'loop': return [...node.heads, node.body].forEach(visit)
    case 'switch': return [node.subject, ...node.cases.flatMap(({ test, body }) => [test, body])].forEach(maybe)
    case 'try': return [node.body, ...node.catches, node.last].forEach(maybe)
    case 'function': return [...parameterParts(node.parameters), node.body].forEach(maybe)
    case 'parameters': return parameterParts(node.parameters).forEach(maybe)
    case 'jump': return maybe(node.value)
    case 'invocation':
      for (const element of node.elements) {
        if (element.kind === 'parameter') maybe(element.argument)
        else if (element.kind !== 'verbatim') visit(element)
      }
      return node.redirections.forEach(visit)
    case 'string':
      for (const part of node.parts) if (isComputed(part)) maybe(part.expression)
      return
    case 'array': return node.elements.forEach(visit)
    case 'block':
    case 'group':
    case 'script': return visit(node.body)
    case 'hash': return node.entries.forEach(({ value }) => maybe(value))
    case 'operation':
    case 'ternary': return node.operands.forEach(visit)
    case 'unary':
    case 'cast': return visit(node.operand)
    case 'access':
      visit(node.target)
      return node.steps.forEach(step => step.arguments?.forEach(visit))
    case 'type': return node.arguments.forEach(visit)
    default:
  }
}

function parameterParts(parameters: Extract<Statement, { kind: 'parameters' }>['parameters']): (Expression | undefined)[] {
  return parameters.flatMap(({ attributes, value }) => [...attributes, value])
}

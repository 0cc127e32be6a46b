import type { Guard } from '../command.ts'
import { anyOf, equalityProof, opposite, proofOf } from './javascript-guard.ts'
import { originOf } from './javascript-origin.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'

/** A part of a tree, and the conditions under which it runs. */
export interface Place {
  readonly node: Node
  readonly guards: readonly Guard[]
}

/**
 * Visits every node in the order of the script, without recursion: trees are
 * as deep as people chain calls. `parents` is filled on the way.
 */
export function walk(syntax: Syntax, parents: Map<Node, Node>, visit: (place: Place) => void): void {
  const stack: Place[] = [{ node: syntax.program, guards: [] }]
  for (let place = stack.pop(); place; place = stack.pop()) {
    visit(place)
    const below = placesBelow(place, syntax)
    for (const { node } of below) parents.set(node, place.node)
    for (let index = below.length - 1; index >= 0; index--) stack.push(below[index]!)
  }
}

function placesBelow({ node, guards }: Place, syntax: Syntax): Place[] {
  const at = (child: Node | null | undefined, more: readonly Guard[] = []): Place[] => (child ? [{ node: child, guards: more.length > 0 ? [...guards, ...more] : guards }] : [])
  switch (node.type) {
    case 'Program': case 'BlockStatement': case 'StaticBlock': case 'TSModuleBlock': return sequence(node.body, guards, syntax)
    case 'IfStatement': case 'ConditionalExpression': {
      const { whenTrue, whenFalse } = proofOf(node.test, syntax)
      return [...at(node.test), ...at(node.consequent, whenTrue), ...at(node.alternate, whenFalse)]
    }
    case 'LogicalExpression': {
      const { whenTrue, whenFalse } = proofOf(node.left, syntax)
      return [...at(node.left), ...at(node.right, node.operator === '&&' ? whenTrue : node.operator === '||' ? whenFalse : [])]
    }
    case 'SwitchStatement': return [...at(node.discriminant), ...cases(node, guards, syntax)]
    case 'SwitchCase': return [...at(node.test), ...sequence(node.consequent, guards, syntax)]
    default: return syntax.childrenOf(node).flatMap(child => at(child))
  }
}

/** After `if (isWindows) return`, the rest runs elsewhere only. */
function sequence(statements: readonly Node[], guards: readonly Guard[], syntax: Syntax): Place[] {
  let now = guards
  return statements.map(node => {
    const place = { node, guards: now }
    const proven = provenAfter(node, syntax)
    if (proven.length > 0) now = [...now, ...proven]
    return place
  })
}

function provenAfter(node: Node, syntax: Syntax): readonly Guard[] {
  if (node.type === 'IfStatement') {
    const ends = endsFlow(node.consequent, syntax)
    const otherEnds = node.alternate ? endsFlow(node.alternate, syntax) : false
    if (!ends && !otherEnds) return []
    const { whenTrue, whenFalse } = proofOf(node.test, syntax)
    return [...(ends ? whenFalse : []), ...(otherEnds ? whenTrue : [])]
  }
  if (node.type === 'ExpressionStatement' && node.expression.type === 'LogicalExpression' && isExit(node.expression.right, syntax)) {
    const { whenTrue, whenFalse } = proofOf(node.expression.left, syntax)
    return node.expression.operator === '&&' ? whenFalse : node.expression.operator === '||' ? whenTrue : []
  }
  return []
}

/** Whether what follows a statement never runs after it. */
function endsFlow(node: Node, syntax: Syntax, depth = 0): boolean {
  if (depth > 60) return false
  switch (node.type) {
    case 'ReturnStatement': case 'ThrowStatement': case 'ContinueStatement': case 'BreakStatement': return true
    case 'BlockStatement': return node.body.length > 0 && endsFlow(node.body.at(-1)!, syntax, depth + 1)
    case 'IfStatement': return node.alternate ? endsFlow(node.consequent, syntax, depth + 1) && endsFlow(node.alternate, syntax, depth + 1) : false
    case 'ExpressionStatement': return isExit(node.expression, syntax)
    default: return false
  }
}

function isExit(node: Node, syntax: Syntax): boolean {
  const origin = node.type === 'CallExpression' ? originOf(node, syntax) : undefined
  return origin?.module === 'process' && (origin.path === 'exit()' || origin.path === 'abort()')
}

/** `switch (process.platform) { case 'win32': … }`; a case that the one before falls into proves nothing. */
function cases(node: NodeOf<'SwitchStatement'>, guards: readonly Guard[], syntax: Syntax): Place[] {
  const proofs = node.cases.map(({ test }) => (test ? equalityProof(node.discriminant, test, test, syntax) : undefined))
  const others = proofs.flatMap(proof => (proof ? opposite(proof).whenTrue : []))
  let start = 0
  return node.cases.map((clause, index) => {
    const previous = node.cases[index - 1]
    const fallen = previous !== undefined && previous.consequent.length > 0 && !endsFlow(previous.consequent.at(-1)!, syntax)
    if (previous !== undefined && previous.consequent.length > 0) start = index
    if (fallen) return { node: clause, guards }
    const group = proofs.slice(start, index + 1)
    const proven = group.includes(undefined) ? (group.length === 1 ? others : []) : anyOf(group.filter(proof => proof !== undefined)).whenTrue
    return { node: clause, guards: [...guards, ...proven] }
  })
}

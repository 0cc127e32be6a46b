import type { Guard } from '../command.ts'
import { memberName, unwrapped } from './javascript-origin.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'
import type { Place } from './javascript-walk.ts'

/** What a script does to a list after it is made, that bears on its use at some place. */
export interface Addition {
  readonly call: NodeOf<'CallExpression'>
  readonly guards: readonly Guard[]
  /** Whether it always happens before that place. */
  readonly certain: boolean
}

/** Constants, and what is added to them, in one script. */
export class Variables {
  readonly #syntax: Syntax
  readonly #parents: ReadonlyMap<Node, Node>
  readonly #guards = new Map<Node, readonly Guard[]>()

  constructor(syntax: Syntax, parents: ReadonlyMap<Node, Node>) {
    this.#syntax = syntax
    this.#parents = parents
  }

  /** Remembers under which conditions a call runs. */
  note({ node, guards }: Place): void {
    if (node.type === 'CallExpression' && guards.length > 0) this.#guards.set(node, guards)
  }

  guardsOf(node: Node): readonly Guard[] {
    return this.#guards.get(node) ?? []
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node)
  }

  /** What an identifier stands for: what its variable starts with, if it is never assigned again. */
  initialiser(identifier: Node): Node | undefined {
    const variable = this.#syntax.variableOf(identifier)
    const [definition, ...others] = variable?.defs ?? []
    if (!variable || others.length > 0 || definition?.node.type !== 'VariableDeclarator' || definition.node.id.type !== 'Identifier') return undefined
    return variable.references.some(reference => reference.isWrite() && !reference.init) ? undefined : definition.node.init ?? undefined
  }

  /** Calls of methods on what an identifier names, in their order; `undefined`: it is changed in a way that cannot be followed. */
  additions(identifier: Node, methods: readonly string[]): readonly Addition[] | undefined {
    const found: Addition[] = []
    const before = ancestors(identifier, this.#parents)
    for (const { identifier: use } of this.#syntax.variableOf(identifier)?.references ?? []) {
      if (use === identifier) continue
      const change = this.#changeAt(use)
      if (change === undefined) continue
      if (change === 'unknown') return undefined
      const name = memberName(unwrapped(change.callee))!
      if (!methods.includes(name)) {
        if (changing.has(name)) return undefined
        continue
      }
      if (change.range[0] > identifier.range[0]) continue
      const certain = this.#isCertain(change, before)
      if (certain !== undefined) found.push({ call: change, guards: this.guardsOf(change), certain })
    }
    return found
  }

  /** The properties that are set after an object is made: their values are not known. `undefined`: any. */
  assigned(identifier: Node): ReadonlySet<string> | undefined {
    const names = new Set<string>()
    for (const { identifier: use } of this.#syntax.variableOf(identifier)?.references ?? []) {
      const path = this.#memberPath(use)
      if (path.length === 0) continue
      const parent = this.#parents.get(path.at(-1)!)
      const isChange = parent && (parent.type === 'AssignmentExpression' && parent.left === path.at(-1) || parent.type === 'UnaryExpression' && parent.operator === 'delete' || parent.type === 'CallExpression' && parent.callee === path.at(-1) && changing.has(memberName(path.at(-1)!) ?? ''))
      if (!isChange) continue
      const name = memberName(path[0]!)
      if (name === undefined) return undefined
      names.add(name)
    }
    return names
  }

  /** `a.b`, `a.b.c` around an identifier `a`. */
  #memberPath(use: Node): Node[] {
    const path: Node[] = []
    let inner = use
    for (let parent = this.#parents.get(inner); parent; parent = this.#parents.get(inner)) {
      if (parent.type === 'MemberExpression' && parent.object === inner) path.push(parent)
      else if (unwrapped(parent) === parent) return path
      inner = parent
    }
    return path
  }

  #changeAt(use: Node): NodeOf<'CallExpression'> | 'unknown' | undefined {
    const member = this.#parents.get(use)
    if (member?.type !== 'MemberExpression' || member.object !== use) return undefined
    const parent = this.#parents.get(member)
    if (parent?.type === 'CallExpression' && parent.callee === member && memberName(member) !== undefined) return parent
    if (parent?.type === 'AssignmentExpression' && parent.left === member || parent?.type === 'UpdateExpression') return 'unknown'
    return undefined
  }

  /** Whether a call comes before a place in any case; `undefined`: never, for only one of the two is reached. */
  #isCertain(call: Node, before: ReadonlySet<Node>): boolean | undefined {
    let isCertain = true
    let from = call
    for (let node = this.#parents.get(call); node; node = this.#parents.get(node)) {
      if (before.has(node)) return node.type === 'IfStatement' || node.type === 'SwitchStatement' || node.type === 'ConditionalExpression' ? undefined : isCertain
      if (!plain.has(node.type) && !(node.type === 'CallExpression' && node.callee === from)) isCertain = false
      from = node
    }
    return isCertain
  }
}

/** Methods that change an array in place. */
const changing = new Set(['push', 'unshift', 'splice', 'pop', 'shift', 'reverse', 'sort', 'fill', 'copyWithin'])

/** What a statement may stand in and still run whenever what surrounds it runs. */
const plain = new Set(['ExpressionStatement', 'BlockStatement', 'AwaitExpression', 'MemberExpression', 'ChainExpression'])

function ancestors(node: Node, parents: ReadonlyMap<Node, Node>): Set<Node> {
  const found = new Set<Node>()
  for (let each: Node | undefined = node; each; each = parents.get(each)) found.add(each)
  return found
}

import { forEachChild, type AndOr, type ArrayValue, type Assignment as AssignmentNode, type Command, type CompoundList, type Function as FunctionNode, type If, type Case, type Statement, type SyntaxNode, type Word } from 'unbash'
import { deepest, type Scripts, type Source } from './bash-source.ts'

/** A part of a script that runs, or does not run, as a whole. */
export interface Block {
  readonly kind: 'script' | 'branch' | 'loop' | 'function' | 'subshell'
  readonly start: number
  readonly end: number
  readonly parent: Block | undefined
  readonly children: Block[]
  /** The branches it is one of, if one of them always runs. */
  readonly branches?: Branches
  /** The function that it is the body of. */
  readonly name?: string
}

interface Branches {
  readonly count: number
  readonly end: number
  readonly parent: Block
}

/** An assignment of any kind; without a `value`, something that is only known at run time. */
export interface Assignment {
  readonly name: string
  readonly value: Word | ArrayValue | undefined
  readonly append: boolean
  /** From here on it holds. */
  readonly at: number
  readonly block: Block
  readonly node: SyntaxNode
}

/** Above this, a variable is no constant, and looking for one is work in vain. */
export const mostAssignments = 64

const declarations = new Set(['export', 'readonly', 'declare', 'typeset', 'local'])

/** What a script assigns, and in which parts of it. */
export class Scopes {
  readonly root: Block
  readonly assignments = new Map<string, Assignment[]>()
  readonly functions = new Map<string, FunctionNode>()
  /** Whether the script replaces its own arguments. */
  replacesArguments = false
  readonly #locals = new Map<Block, Set<string>>()
  readonly #firstCalls = new Map<string, number>()
  readonly #source: Source
  readonly #scripts: Scripts
  #depth = 0

  constructor(source: Source, scripts: Scripts, statements: Iterable<Statement>) {
    this.#source = source
    this.#scripts = scripts
    this.root = { kind: 'script', start: 0, end: source.code.length, parent: undefined, children: [] }
    for (const statement of statements) this.#visit(statement, this.root)
  }

  /** The innermost block around a place. */
  at(place: number): Block {
    let block = this.root
    for (;;) {
      const child = block.children[indexAfter(block.children, place) - 1]
      if (!child || child.end < place) return block
      block = child
    }
  }

  /** The assignments of a variable that a command in `block` may see; all of them if they are too many to tell. */
  visible(name: string, block: Block): readonly Assignment[] {
    const all = this.assignments.get(name)
    if (!all) return []
    if (all.length > mostAssignments) return all
    const user = functionOf(block)
    const own = user && this.#locals.get(user)?.has(name)
    return all.filter(assignment => {
      const shell = nearest(assignment.block, 'subshell')
      if (shell && !contains(shell, block)) return false
      const owner = functionOf(assignment.block)
      const local = owner && this.#locals.get(owner)?.has(name)
      if (own) return owner !== undefined && (owner === user || !local)
      return user !== undefined || !local
    })
  }

  /** Whether one of the assignments has certainly been made when a command at `place` runs. */
  precedes(assignments: Iterable<Assignment>, place: number): boolean {
    const user = this.at(place)
    const made = new Map<Branches, Set<Block>>()
    for (const assignment of assignments) {
      let block: Block | undefined = assignment.block
      let at = assignment.at
      while (block) {
        if (this.#dominates(block, at, user, place)) return true
        if (!block.branches) break
        const blocks: Set<Block> = made.get(block.branches) ?? new Set()
        made.set(block.branches, blocks.add(block))
        if (blocks.size < block.branches.count) break
        at = block.branches.end
        block = block.branches.parent
      }
    }
    return false
  }

  /** Whether an assignment may have been made when a command at `place` runs. */
  reaches({ at, block }: Assignment, place: number): boolean {
    if (at <= place) return true
    const user = this.at(place)
    if (functionOf(user)) return true
    for (let loop = loopOf(block); loop; loop = loop.parent && loopOf(loop.parent)) if (contains(loop, user)) return true
    return false
  }

  #dominates(block: Block, at: number, user: Block, place: number): boolean {
    if (!contains(block, user)) return false
    if (at <= place) return true
    // A function may be written before what it uses, if it is not called before that.
    let outermost: Block | undefined
    for (let inner: Block | undefined = user; inner && inner !== block; inner = inner.parent) if (inner.kind === 'function') outermost = inner
    return outermost?.name !== undefined && outermost.end < at && (this.#firstCalls.get(outermost.name) ?? Infinity) > at
  }

  #block(kind: Block['kind'], node: { readonly pos: number; readonly end: number }, parent: Block, more: { branches?: Branches; name?: string } = {}): Block {
    const block: Block = { kind, start: node.pos, end: node.end, parent, children: [], ...more }
    const { children } = parent
    // Here-documents stand after the line that begins them, and so not in the order of the tree.
    if ((children.at(-1)?.start ?? -1) <= block.start) children.push(block)
    else children.splice(indexAfter(children, block.start), 0, block)
    return block
  }

  #assign(node: SyntaxNode, name: string, block: Block, value?: Word | ArrayValue, append = false): void {
    const all = this.assignments.get(name)
    const assignment = { name, value, append, at: node.end, block, node }
    if (all) all.push(assignment)
    else this.assignments.set(name, [assignment])
  }

  #visit(node: SyntaxNode, block: Block): void {
    if (this.#depth >= deepest) return
    this.#depth++
    this.#node(node, block)
    this.#depth--
  }

  #node(node: SyntaxNode, block: Block): void {
    switch (node.type) {
      case 'Statement':
        return this.#visit(node.command, node.background ? this.#block('subshell', node, block) : block)
      case 'AndOr':
        return this.#andOr(node, block)
      case 'Pipeline':
        for (const command of node.commands) this.#visit(command, node.commands.length > 1 ? this.#block('branch', command, block) : block)
        return
      case 'If':
        return this.#if(node, block)
      case 'Case':
        return this.#case(node, block)
      case 'For':
      case 'Select':
        this.#assign(node.name, node.name.value, block)
        for (const word of node.wordlist ?? []) this.#visit(word, block)
        return this.#visit(node.body, this.#block('loop', node.body, block))
      case 'While': {
        const loop = this.#block('loop', { pos: node.clause.pos, end: Math.max(node.clause.end, node.body.end) }, block)
        this.#visit(node.clause, loop)
        return this.#visit(node.body, this.#block('branch', node.body, loop))
      }
      case 'ArithmeticFor':
        this.#arithmetic(node, node.pos, Math.max(node.pos, node.body.pos), block)
        return this.#visit(node.body, this.#block('loop', node.body, block))
      case 'ArithmeticCommand':
      case 'ArithmeticExpansion':
        this.#arithmetic(node, node.pos, node.end, block)
        return forEachChild(node, child => this.#visit(child, block))
      case 'Function':
        this.functions.set(node.name.value, node)
        return this.#visit(node.body, this.#block('function', node.body, block, { name: node.name.value }))
      case 'Subshell':
      case 'Coproc':
        return this.#visit(node.body, this.#block('subshell', node, block))
      case 'CommandExpansion':
      case 'ProcessSubstitution': {
        const script = this.#scripts.inside(node, this.#source)
        if (!script || script.source !== undefined) return
        const inner = this.#block('subshell', node, block)
        for (const statement of script.commands) this.#visit(statement, inner)
        return
      }
      case 'ParameterExpansion':
        if (node.operation?.type === 'Default' && node.operation.operator.endsWith('=')) this.#assign(node, node.parameter, block, node.operation.operand)
        return forEachChild(node, child => this.#visit(child, block))
      case 'Command':
        this.#command(node, block)
        return forEachChild(node, child => this.#visit(child, block))
      default:
        return forEachChild(node, child => this.#visit(child, block))
    }
  }

  /** What follows `&&` runs only after all before it; what follows `||` may run alone. */
  #andOr(node: AndOr, block: Block): void {
    let chain = block
    let end = -1
    node.commands.forEach((command, index) => {
      if (index === 0) return this.#visit(command, block)
      const and = node.operators[index - 1] === '&&'
      if (and && command.pos > end) {
        let last = index
        while (node.operators[last] === '&&') last++
        end = node.commands[last]!.end
      }
      // A chain nests, and a long one beyond reason: its rest is taken as one.
      if (and && index > deepest / 2) return this.#visit(command, chain)
      const inner = this.#block('branch', { pos: command.pos, end: and ? end : command.end }, and ? chain : block)
      this.#visit(command, inner)
      chain = and ? inner : block
    })
  }

  #if(node: If, block: Block): void {
    this.#visit(node.clause, block)
    const end = Math.max(node.end, node.else?.end ?? node.end)
    const more = node.else ? { branches: { count: node.elif.length + 2, end, parent: block } } : {}
    const branch = (body: CompoundList): void => this.#visit(body, this.#block('branch', body, block, more))
    branch(node.then)
    for (const { clause, then } of node.elif) {
      this.#visit(clause, this.#block('branch', clause, block))
      branch(then)
    }
    if (node.else) branch(node.else)
  }

  #case(node: Case, block: Block): void {
    this.#visit(node.word, block)
    const exhaustive = node.items.some(item => item.pattern.some(pattern => pattern.text === '*'))
    const branches = exhaustive && { branches: { count: node.items.length, end: Math.max(node.end, node.items.at(-1)!.body.end), parent: block } }
    for (const item of node.items) {
      for (const pattern of item.pattern) this.#visit(pattern, block)
      this.#visit(item.body, this.#block('branch', item.body, block, branches || {}))
    }
  }

  #command(node: Command, block: Block): void {
    const name = node.name?.value
    if (name === undefined) {
      for (const part of node.prefix) if (part.type === 'Assignment') this.#assignment(part, block)
      return
    }
    if (!this.#firstCalls.has(name)) this.#firstCalls.set(name, node.pos)
    if (declarations.has(name)) return this.#declaration(node, name, block)
    const words = node.suffix.filter(part => part.type === 'Word').map(word => word.value)
    const names = (from: readonly string[]): void => from.forEach(word => /^[A-Za-z_]\w*/.test(word) && this.#assign(node, /^\w+/.exec(word)![0], block))
    if (name === 'read' || name === 'mapfile' || name === 'readarray' || name === 'unset' || name === 'getopts' || name === 'let') names(words)
    else if (name === 'printf' && words[0]?.startsWith('-v')) names([words[0].slice(2) || words[1] || ''])
    else if (name === 'shift' || (name === 'set' && words.some(word => !/^[-+]\w/.test(word)))) this.replacesArguments = true
  }

  #declaration(node: Command, name: string, block: Block): void {
    const options = node.suffix.map(part => (part.type === 'Word' && /^[-+]/.test(part.value) ? part.value : '')).join('')
    const owner = name === 'export' || name === 'readonly' || options.includes('g') ? undefined : functionOf(block)
    for (const part of node.suffix) {
      const declared = part.type === 'Assignment' ? part.name : part.type === 'Word' ? part.value : ''
      if (owner && declared) {
        const locals = this.#locals.get(owner) ?? new Set()
        this.#locals.set(owner, locals.add(declared))
      }
      // Integers, references and changes of case: the value is not what is written.
      if (part.type === 'Assignment') this.#assignment(part, block, /[inlu]/.test(options))
    }
  }

  #assignment(node: AssignmentNode, block: Block, changed = false): void {
    this.#assign(node, node.name, block, changed || node.index ? undefined : node.value, node.append)
  }

  #arithmetic(node: SyntaxNode, start: number, end: number, block: Block): void {
    const code = this.#source.code.slice(start, end)
    for (const [, assigned, incremented, following] of code.matchAll(/\b([A-Za-z_]\w*)(?:\[|\s*(?:[-+*/%&|^]|<<|>>)?=(?!=))|(?:\+\+|--)\s*([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\s*(?:\+\+|--)/g)) {
      this.#assign(node, assigned ?? incremented ?? following!, block)
    }
  }
}

export function functionOf(block: Block): Block | undefined {
  return nearest(block, 'function')
}

export function loopOf(block: Block): Block | undefined {
  return nearest(block, 'loop')
}

export function contains(outer: Block, inner: Block): boolean {
  for (let block: Block | undefined = inner; block; block = block.parent) if (block === outer) return true
  return false
}

function nearest(inner: Block, kind: Block['kind']): Block | undefined {
  for (let block: Block | undefined = inner; block; block = block.parent) if (block.kind === kind) return block
  return undefined
}

/** Where the blocks end that start at `place` or before. */
function indexAfter(blocks: readonly Block[], place: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (blocks[middle]!.start <= place) low = middle + 1
    else high = middle
  }
  return low
}

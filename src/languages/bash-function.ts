import { forEachChild, type Function as FunctionNode, type SyntaxNode, type Word as BashWord } from 'unbash'
import type { Word } from '../command.ts'
import { deepest } from './bash-source.ts'

/** A command of a function that takes the arguments of the function as its own. */
export interface Wrapped {
  readonly before: readonly Word[]
  readonly after: readonly Word[]
  /** How many arguments are shifted away before. */
  readonly shifted: number
}

/** The commands of functions that pass on their arguments: `d() { docker "$@"; }` */
export class WrappedCommands {
  readonly #read: (word: BashWord) => readonly Word[]
  readonly #known = new Map<FunctionNode, readonly Wrapped[]>()

  constructor(read: (word: BashWord) => readonly Word[]) {
    this.#read = read
  }

  of(node: FunctionNode): readonly Wrapped[] {
    const known = this.#known.get(node)
    if (known) return known
    this.#known.set(node, [])
    const found = new Map<string, Wrapped>()
    let shifted = 0
    const visit = (child: SyntaxNode, depth: number): void => {
      if (depth >= deepest || child.type === 'Function' || child.type === 'Word') return
      if (child.type !== 'Command') return forEachChild(child, inner => visit(inner, depth + 1))
      if (child.name?.value === 'shift') {
        // A shift that may not happen leaves nobody knows what.
        shifted = depth <= 3 ? shifted + Number(child.suffix.length === 0 ? 1 : child.suffix[0]!.type === 'Word' ? child.suffix[0]!.value : NaN) : NaN
        return
      }
      if (child.name?.value === 'set') shifted = NaN
      const arguments_ = [child.name, ...child.suffix].filter((word): word is BashWord => word?.type === 'Word')
      const at = arguments_.findIndex(word => word.text === '"$@"' || word.text === '"${@}"' || word.text === '$@' || word.text === '$*')
      if (at < 0 || Number.isNaN(shifted) || found.size >= 4) return
      const read = (words: readonly BashWord[]): Word[] => words.flatMap(this.#read)
      const wrapped = { before: read(arguments_.slice(0, at)), after: read(arguments_.slice(at + 1)), shifted }
      if (wrapped.before[0] && (!wrapped.before[0].known || /^(?:echo|printf|set|local|log|eval)$/.test(wrapped.before[0].text.value))) return
      found.set([...wrapped.before, ...wrapped.after].map(({ text }) => text.value).join('\0'), wrapped)
    }
    visit(node.body, 0)
    const result = [...found.values()]
    this.#known.set(node, result)
    return result
  }
}

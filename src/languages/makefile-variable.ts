import type { Piece, Range, Text } from '../text.ts'
import { indexWithin } from '../text-search.ts'
import { holePiece } from './hole.ts'
import type { Assignment } from './makefile-line.ts'

/** Longer values are of no command. */
const longest = 4000
const deepest = 20

/** Variables that a makefile sets once and for all, and texts with them filled in. */
export class MakefileVariables {
  readonly #file: Text
  readonly #assignments = new Map<string, Assignment[]>()
  readonly #values = new Map<string, string | undefined>()

  constructor(file: Text, assignments: readonly Assignment[]) {
    this.#file = file
    for (const assignment of assignments) {
      const known = this.#assignments.get(assignment.name)
      if (known) known.push(assignment)
      else this.#assignments.set(assignment.name, [assignment])
    }
  }

  /** The value of a variable that is set in one place to what is known. */
  valueOf(name: string, depth = 0): string | undefined {
    if (this.#values.has(name)) return this.#values.get(name)
    const [assignment, ...others] = this.#assignments.get(name) ?? []
    if (!assignment || others.length > 0 || depth > deepest) return undefined
    this.#values.set(name, undefined)
    const value = assignment.isConditional || !/^(:{1,3}|\?)?=$/.test(assignment.operator) ? undefined : this.#constant(this.#file.value.slice(...assignment.value), depth)
    this.#values.set(name, value)
    return value
  }

  #constant(source: string, depth: number): string | undefined {
    let value = ''
    for (let at = 0; at < source.length && value.length <= longest; ) {
      const reference = referenceAt(source, at, source.length)
      const decoded = reference ? this.#reference(reference, depth + 1) : /^\\\r?\n[ \t]*/.test(source.slice(at, at + 80)) ? ' ' : source[at]!
      if (decoded === undefined) return undefined
      value += decoded
      at = reference ? reference.end : decoded === ' ' && source[at] === '\\' ? at + /^\\\r?\n[ \t]*/.exec(source.slice(at))![0].length : at + 1
    }
    return value.length <= longest ? value : undefined
  }

  #reference({ name }: Reference, depth: number): string | undefined {
    return name === '$' ? '$' : this.valueOf(name, depth)
  }

  /** What make hands on of parts of the file: variables filled in, the rest of what it computes as holes. */
  expand(ranges: readonly Range[]): Text {
    const pieces: Piece[] = []
    for (const [start, end] of ranges) {
      let from = start
      for (let at = indexWithin(this.#file.value, '$', start, end); at >= 0; at = indexWithin(this.#file.value, '$', at, end)) {
        const reference = referenceAt(this.#file.value, at, end)
        if (!reference) break
        pieces.push([this.#file.value.slice(from, at), from, at])
        const value = this.#reference(reference, 0)
        pieces.push(value === undefined ? holePiece(at, reference.end) : [value, at, reference.end])
        at = from = reference.end
      }
      pieces.push([this.#file.value.slice(from, end), from, end])
    }
    return this.#file.decode(pieces, [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0])
  }

  /** The scripts that `$(shell …)` runs. */
  shellScripts([start, end]: Range, depth = 0): Text[] {
    const found: Text[] = []
    for (let at = indexWithin(this.#file.value, '$', start, end); at >= 0; ) {
      const reference = referenceAt(this.#file.value, at, end)
      if (!reference) break
      const inner: Range = [at + 2, Math.max(at + 2, reference.end - 1)]
      const shell = /^shell[ \t]+/.exec(this.#file.value.slice(inner[0], Math.min(inner[1], inner[0] + 100)))
      if (shell) found.push(this.expand([[inner[0] + shell[0].length, inner[1]]]))
      if (depth < deepest && reference.end - at > 3) found.push(...this.shellScripts(inner, depth + 1))
      at = indexWithin(this.#file.value, '$', reference.end, end)
    }
    return found
  }
}

interface Reference {
  /** What stands between the brackets; `$` for `$$`. */
  readonly name: string
  readonly end: number
}

/** `$$`, `$(NAME)`, `${NAME}`, `$X`; one that does not end goes on to `end`. */
function referenceAt(source: string, at: number, end: number): Reference | undefined {
  if (source[at] !== '$' || at + 1 >= end) return undefined
  const open = source[at + 1]!
  const close = open === '(' ? ')' : open === '{' ? '}' : undefined
  if (close === undefined) return { name: open, end: at + 2 }
  let depth = 0
  for (let index = at + 1; index < end; index++) {
    if (source[index] === open) depth++
    else if (source[index] === close && --depth === 0) return { name: source.slice(at + 2, index), end: index + 1 }
  }
  return { name: '', end }
}

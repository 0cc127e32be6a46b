import type { ParameterExpansionPart, Word as BashWord } from 'unbash'
import type { Word } from '../command.ts'
import { functionOf, loopOf, mostAssignments, type Assignment, type Scopes } from './bash-scope.ts'
import type { Source } from './bash-source.ts'
import { Words, type Expansion, type Parameter, type Parameters } from './bash-word.ts'

/** What is known of a variable: a value, that the script never assigns it, or nothing. */
type Scalar = { readonly value: string } | 'unassigned' | 'unknown'

/** Variables that are set before a script begins, so that a default for them says nothing. */
const environment = new Set(['HOME', 'PATH', 'PWD', 'OLDPWD', 'USER', 'LOGNAME', 'HOSTNAME', 'HOSTTYPE', 'MACHTYPE', 'OSTYPE', 'OS', 'SHELL', 'UID', 'EUID', 'PPID', 'RANDOM', 'SECONDS', 'LINENO', 'BASH', 'BASH_VERSION', 'BASH_SOURCE', 'IFS', 'TERM', 'LANG', 'TMPDIR'])

const longestValue = 4096
const longestArray = 512
const longestChain = 30

/**
 * The constants of a script.
 *
 * A variable is one if all its assignments have the same known value and one of
 * them is certainly made before it is used. An array may grow: what a branch
 * adds to it is unknown, what it had before is not. A default (`${NET:-host}`)
 * is what it says as long as the script does not assign the variable: nobody
 * has overridden it where all can see.
 */
export class Constants implements Parameters {
  readonly words: Words
  readonly #source: Source
  readonly #scopes: Scopes
  readonly #outer: Scopes | undefined
  readonly #values = new Map<Assignment, string | readonly Word[] | undefined>()
  readonly #evaluating = new Set<Assignment>()
  #separators: string | undefined

  /** `outer`: what is assigned around this script, where it cannot be followed. */
  constructor(source: Source, scopes: Scopes, outer?: Scopes) {
    this.#source = source
    this.#scopes = scopes
    this.#outer = outer
    this.words = new Words(source, this)
  }

  expand(part: Parameter, at: number, quoted: boolean): Expansion | undefined {
    if (part.type === 'SimpleExpansion') return given(this.#scalar(part.text.slice(1), at))
    if (part.prefix) return undefined
    return part.index ? this.#element(part, part.index, at, quoted) : this.#operation(part, this.#scalar(part.parameter, at))
  }

  split(value: string): readonly string[] | undefined {
    this.#separators ??= this.#readSeparators()
    if (this.#separators === ' \t\n') return value.split(/[ \t\n]+/)
    if (this.#separators === '') return /^\w*$/.test(value) ? [value] : undefined
    for (const character of this.#separators) if (value.includes(character)) return undefined
    return [value]
  }

  /** The assignments of a variable that a command at `at` may see. */
  assignments(name: string, at: number): readonly Assignment[] {
    return this.#scopes.visible(name, this.#scopes.at(at))
  }

  #operation({ operation }: ParameterExpansionPart, scalar: Scalar): Expansion | undefined {
    if (!operation) return given(scalar)
    if (operation.type !== 'Default' || scalar === 'unknown') return undefined
    const { operator, operand } = operation
    const value = scalar === 'unassigned' ? undefined : scalar.value
    const set = value !== undefined && (value !== '' || !operator.startsWith(':'))
    switch (operator.at(-1)) {
      case '-':
      case '=':
        return set ? given(scalar) : { operand }
      case '+':
        // Whether the environment has it is not known.
        if (value === undefined) return undefined
        return set ? { operand } : { value: '' }
      default:
        return set ? given(scalar) : undefined
    }
  }

  #element({ parameter, operation }: ParameterExpansionPart, index: BashWord, at: number, quoted: boolean): Expansion | undefined {
    const elements = this.#array(parameter, at)
    const all = index.value === '@' || index.value === '*'
    if (operation) {
      if (operation.type !== 'Default' || !all || !elements?.length) return undefined
      if (operation.operator.endsWith('+')) return { operand: operation.operand }
    }
    if (!elements) return undefined
    if (!all) {
      const element = /^\d{1,4}$/.test(index.value) && elements.slice(0, Number(index.value) + 1).every(word => word.known) ? elements[Number(index.value)] : undefined
      return element && { value: element.text.value }
    }
    if (!quoted) return this.#splitAgain(elements)
    if (index.value === '@') return { words: elements }
    if (!elements.every(word => word.known) || this.#scopes.assignments.has('IFS')) return undefined
    return { value: elements.map(word => word.text.value).join(' ') }
  }

  /** The elements of an array that is expanded without quotes: each is split once more. */
  #splitAgain(elements: readonly Word[]): Expansion | undefined {
    const words: Word[] = []
    for (const element of elements) {
      const { value } = element.text
      if (!element.known) {
        words.push(element)
        continue
      }
      if (/[*?[\\]/.test(value) || this.split(value) === undefined) return undefined
      if (this.#scopes.assignments.has('IFS')) words.push(element)
      else for (const { 0: part, index } of value.matchAll(/[^ \t\n]+/g)) words.push(part === value ? element : { text: element.text.slice(index, index + part.length), known: true })
    }
    return { words }
  }

  #scalar(name: string, at: number): Scalar {
    if (!/^[A-Za-z_]\w*$/.test(name)) return this.#argument(name, at)
    if (this.#outer?.assignments.has(name)) return 'unknown'
    const visible = this.assignments(name, at)
    if (visible.length > mostAssignments) return 'unknown'
    // `NET=${NET:-nat}` speaks of what NET was before.
    const self = [...this.#evaluating].at(-1)
    const others = visible.filter(assignment => assignment !== self && this.#scopes.reaches(assignment, at))
    if (others.some(assignment => this.#evaluating.has(assignment)) || (self && visible.includes(self) && loopOf(self.block))) return 'unknown'
    if (others.length === 0) return environment.has(name) ? 'unknown' : 'unassigned'
    if (others.some(assignment => assignment.append)) return this.#appended(others, at)
    const values = new Set<string>()
    for (const assignment of visible) {
      if (assignment === self) continue
      const value = this.#value(assignment)
      if (typeof value !== 'string') return 'unknown'
      values.add(value)
    }
    const [value] = values
    return values.size === 1 && this.#scopes.precedes(others, at) ? { value: value! } : 'unknown'
  }

  /** An argument of the script may be left out; one of a function is what its callers say. */
  #argument(name: string, at: number): Scalar {
    return /^[1-9]\d*$/.test(name) && !this.#outer && !this.#scopes.replacesArguments && !functionOf(this.#scopes.at(at)) ? 'unassigned' : 'unknown'
  }

  #appended(assignments: readonly Assignment[], at: number): Scalar {
    const order = this.#sequence(assignments, at)
    if (!order?.every(({ certain }) => certain)) return 'unknown'
    let whole = ''
    for (const { assignment } of order) {
      const value = this.#value(assignment)
      if (typeof value !== 'string') return 'unknown'
      whole += value
    }
    return whole.length > longestValue ? 'unknown' : { value: whole }
  }

  #array(name: string, at: number): readonly Word[] | undefined {
    const visible = this.assignments(name, at)
    if (visible.length === 0 || visible.length > mostAssignments || visible.some(assignment => this.#evaluating.has(assignment))) return undefined
    const order = this.#sequence(visible, at)
    if (!order) return undefined
    const elements: Word[] = []
    for (const { assignment, certain } of order) {
      const value = this.#value(assignment)
      if (!Array.isArray(value)) return undefined
      if (certain) elements.push(...(value as readonly Word[]))
      else elements.push(this.#whatever(assignment))
    }
    return elements.length > longestArray ? undefined : elements
  }

  /** A word for what may or may not be added to an array. */
  #whatever({ node }: Assignment): Word {
    const text = this.#source.text.slice(node.pos, node.end)
    return { text, known: false, holes: [[0, text.value.length]] }
  }

  /** One assignment that certainly is made, and what is appended after it; `certain`: it always is, and once. */
  #sequence(assignments: readonly Assignment[], at: number): { assignment: Assignment; certain: boolean }[] | undefined {
    const [first, ...rest] = assignments
    if (!first || first.append || rest.some(assignment => !assignment.append) || !this.#scopes.precedes([first], at)) return undefined
    const alike = (assignment: Assignment): boolean =>
      loopOf(assignment.block) === loopOf(first.block) && functionOf(assignment.block) === functionOf(first.block)
    return [{ assignment: first, certain: true }, ...rest.map(assignment => ({ assignment, certain: alike(assignment) && this.#scopes.precedes([assignment], at) }))]
  }

  #value(assignment: Assignment): string | readonly Word[] | undefined {
    if (this.#values.has(assignment)) return this.#values.get(assignment)
    if (this.#evaluating.size >= longestChain || this.#evaluating.has(assignment)) return undefined
    this.#evaluating.add(assignment)
    const value = this.#evaluate(assignment)
    this.#evaluating.delete(assignment)
    this.#values.set(assignment, value)
    return value
  }

  #evaluate({ value }: Assignment): string | readonly Word[] | undefined {
    if (!value) return undefined
    if (value.type === 'Word') {
      const known = this.words.value(value)
      return known === undefined || known.length > longestValue ? undefined : known
    }
    const words: Word[] = []
    for (const element of value.elements) {
      // `[key]=value` is an element of its own kind.
      if (element.text.startsWith('[') && element.text.includes(']=')) return undefined
      words.push(...this.words.read(element))
      if (words.length > longestArray) return undefined
    }
    return words
  }

  /** The characters that part words, if known; empty if the script computes them. */
  #readSeparators(): string {
    const assignments = this.#scopes.assignments.get('IFS')
    if (!assignments) return ' \t\n'
    let separators = ' \t\n:'
    for (const assignment of assignments.slice(0, mostAssignments)) {
      const value = this.#value(assignment)
      if (typeof value !== 'string') return ''
      separators += value
    }
    return separators
  }
}

function given(scalar: Scalar): Expansion | undefined {
  return typeof scalar === 'string' ? undefined : scalar
}

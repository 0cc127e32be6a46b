import type { CommandExpansionPart, Command as CommandNode, ParameterExpansionPart, PipelineNode, SyntaxNode, TestExpression, Word as BashWord, WordPart } from 'unbash'
import type { Guard } from '../command.ts'
import type { Range } from '../text.ts'
import type { Constants } from './bash-constant.ts'
import type { Assignment } from './bash-scope.ts'
import { deepest, type Scripts, type Source } from './bash-source.ts'

/** A set of systems, one bit for each. */
export type Systems = number

/** On which systems a command may succeed, and on which it may fail, and go on. */
export interface Outcome {
  readonly yes: Systems
  readonly no: Systems
  /** The condition that tells them apart. */
  readonly says?: Range | undefined
}

/** Where commands stand: on which systems they may run, and the conditions that say so. */
export interface Place {
  readonly systems: Systems
  readonly guards: readonly Guard[]
}

type Os = 'windows' | 'linux' | 'darwin' | 'other'

/** A kind of machine, by what its shell says of itself. */
interface Machine {
  readonly os: Os
  /** What is so seldom that its absence is not worth a word: a condition that leaves only this proves all the same. */
  readonly rare?: boolean
  readonly sysname: string
  readonly system: string
  readonly ostype: string
  readonly runner: string
}

const machines: readonly Machine[] = [
  { os: 'linux', sysname: 'Linux', system: 'GNU/Linux', ostype: 'linux-gnu', runner: 'Linux' },
  { os: 'linux', sysname: 'Linux', system: 'Linux', ostype: 'linux-musl', runner: 'Linux' },
  { os: 'darwin', sysname: 'Darwin', system: 'Darwin', ostype: 'darwin23', runner: 'macOS' },
  { os: 'windows', sysname: 'MINGW64_NT-10.0-20348', system: 'Msys', ostype: 'msys', runner: 'Windows' },
  { os: 'windows', sysname: 'MINGW32_NT-10.0-20348', system: 'Msys', ostype: 'msys', runner: 'Windows' },
  { os: 'windows', sysname: 'MSYS_NT-10.0-20348', system: 'Msys', ostype: 'msys', runner: 'Windows' },
  { os: 'windows', sysname: 'CYGWIN_NT-10.0-20348', system: 'Cygwin', ostype: 'cygwin', runner: 'Windows' },
  { os: 'windows', rare: true, sysname: 'Windows_NT', system: 'MS/Windows', ostype: 'win32', runner: 'Windows' },
  { os: 'windows', rare: true, sysname: 'UCRT64_NT-10.0-20348', system: 'Msys', ostype: 'windows', runner: 'Windows' },
  { os: 'other', sysname: 'FreeBSD', system: 'FreeBSD', ostype: 'freebsd14.0', runner: '' },
  { os: 'other', sysname: 'OpenBSD', system: 'OpenBSD', ostype: 'openbsd7.4', runner: '' },
  { os: 'other', sysname: 'NetBSD', system: 'NetBSD', ostype: 'netbsd', runner: '' },
  { os: 'other', sysname: 'AIX', system: 'AIX', ostype: 'aix7', runner: '' },
  { os: 'other', sysname: 'SunOS', system: 'illumos', ostype: 'solaris2.11', runner: '' }
]

const everywhere: Systems = (1 << machines.length) - 1
export const anywhere: Place = { systems: everywhere, guards: [] }
const undecided: Outcome = { yes: everywhere, no: everywhere }

function systemsThat(are: (machine: Machine) => boolean): Systems {
  return machines.reduce((systems, machine, index) => (are(machine) ? systems | (1 << index) : systems), 0)
}

const systemsOf: Readonly<Record<Os, Systems>> = {
  windows: systemsThat(({ os }) => os === 'windows'),
  linux: systemsThat(({ os }) => os === 'linux'),
  darwin: systemsThat(({ os }) => os === 'darwin'),
  other: systemsThat(({ os }) => os === 'other')
}
const rare = systemsThat(machine => machine.rare === true)

/** The place where, on top of what holds already, only `systems` are left. */
export function narrowed(place: Place, systems: Systems, says: Range | undefined): Place {
  const left = place.systems & systems
  if (left === place.systems) return place
  if (!says) return { systems: left, guards: place.guards }
  const known = new Set(proofs(place.systems).map(([os, holds]) => `${os} ${holds}`))
  const added = proofs(left).filter(([os, holds]) => !known.has(`${os} ${holds}`))
  return { systems: left, guards: [...place.guards, ...added.map(([os, holds]) => ({ os, holds, range: says }))] }
}

/** What it proves that only these systems are left. */
function proofs(systems: Systems): [os: Guard['os'], holds: boolean][] {
  if (systems === 0) return []
  for (const os of ['windows', 'linux', 'darwin'] as const) if ((systems & ~systemsOf[os]) === 0) return [[os, true]]
  const found: [os: Guard['os'], holds: boolean][] = []
  if ((systems & systemsOf.windows & ~rare) === 0) found.push(['windows', false])
  if ((systems & systemsOf.linux) === 0) found.push(['linux', false])
  if ((systems & systemsOf.darwin) === 0) found.push(['darwin', false])
  return found
}

/** What an expression says on each machine: one of these; `undefined`: anything. */
type Subject = readonly (readonly string[] | undefined)[]

const variables: Readonly<Record<string, (machine: Machine) => readonly string[] | undefined>> = {
  OSTYPE: ({ ostype }) => [ostype],
  OS: ({ os }) => [os === 'windows' ? 'Windows_NT' : ''],
  // Outside of the CI system they are not set.
  RUNNER_OS: ({ runner }) => [runner, ''],
  AGENT_OS: ({ os, sysname }) => [os === 'windows' ? 'Windows_NT' : sysname, '']
}

/** Which systems the conditions of a script tell apart. */
export class Conditions {
  readonly #source: Source
  readonly #scripts: Scripts
  readonly #constants: Constants
  /** Where assignments are made. */
  readonly #assigned = new Map<SyntaxNode, Systems>()
  readonly #subjects = new Map<Assignment, Subject | undefined>()
  #depth = 0

  constructor(source: Source, scripts: Scripts, constants: Constants) {
    this.#source = source
    this.#scripts = scripts
    this.#constants = constants
  }

  /** Notes that an assignment is made on these systems. */
  assigned(node: SyntaxNode, systems: Systems): void {
    this.#assigned.set(node, (this.#assigned.get(node) ?? 0) | systems)
  }

  /** `[[ … ]]` */
  test(test: TestExpression): Outcome {
    if (this.#depth >= deepest) return undecided
    this.#depth++
    const outcome = this.#test(test)
    this.#depth--
    return outcome
  }

  /** `[ … ]` and `test …` */
  command(words: readonly BashWord[], at: number): Outcome {
    const operands = words.map(word => (word.parts ? undefined : word.value))
    if (operands[0] === '!') return negated(this.command(words.slice(1), at))
    const [left, operand, right] = words
    if (words.length === 2) {
      if (operands[0] === '-n') return this.#filled(operand!, at)
      return operands[0] === '-z' ? negated(this.#filled(operand!, at)) : undecided
    }
    if (words.length !== 3) return undecided
    const value = this.#constants.words.value(right!, at)
    const equal = value === undefined ? undecided : this.#matches(this.subject(left!, at), said => said === value)
    if (operands[1] === '=' || operands[1] === '==') return equal
    return operands[1] === '!=' ? negated(equal) : undecided
  }

  /** `uname | grep Linux` */
  pipeline(commands: readonly PipelineNode[]): Outcome {
    const [producer, filter] = commands
    if (commands.length !== 2 || producer?.type !== 'Command' || filter?.type !== 'Command') return undecided
    const words = filter.suffix.filter(part => part.type === 'Word')
    if (!/^[ef]?grep$/.test(filter.name?.value ?? '')) return undecided
    const options = words.filter(word => word.value.startsWith('-')).map(word => word.value.slice(1)).join('')
    const [pattern] = words.filter(word => !word.value.startsWith('-'))
    const value = pattern && this.#constants.words.value(pattern)
    if (value === undefined || !/^[qisEFwv-]*$/.test(options)) return undecided
    const extended = options.includes('E') || filter.name?.value === 'egrep'
    const expression = regularExpression(extended ? value : value.replaceAll('\\|', '|'), options.includes('i'))
    if (!expression) return undecided
    const found = this.#matches(this.#output(producer), line => expression.test(line))
    return options.includes('v') ? negated(found) : found
  }

  /** The systems on which a word may match one of some patterns, and those on which it may match none. */
  matches(subject: Subject | undefined, patterns: readonly BashWord[]): Outcome {
    if (patterns.some(pattern => pattern.text === '*')) return { yes: everywhere, no: 0 }
    const alternatives = patterns.map(pattern => this.#constants.words.pattern(pattern))
    if (alternatives.includes(undefined)) return undecided
    const expression = bounded(`^(?:${alternatives.join('|')})$`)
    return expression ? this.#matches(subject, value => expression.test(value)) : undecided
  }

  /** What a word says on each machine, if it speaks of the system. */
  subject(word: BashWord, at = word.pos): Subject | undefined {
    if (!word.parts || word.parts.length > 10 || this.#depth >= 20) return undefined
    this.#depth++
    const subject = this.#concatenated(word.parts, at)
    this.#depth--
    return subject
  }

  #concatenated(parts: readonly WordPart[], at: number): Subject | undefined {
    let whole: Subject = machines.map(() => [''])
    for (const part of parts) {
      const says = part.type === 'Literal' || part.type === 'SingleQuoted' ? machines.map(() => [part.value]) : this.#part(part, at)
      if (!says) return undefined
      whole = whole.map((before, index) => {
        const after = says[index]
        return before && after && before.length * after.length <= 50 ? before.flatMap(start => after.map(end => start + end)) : undefined
      })
    }
    return whole
  }

  #test(test: TestExpression): Outcome {
    switch (test.type) {
      case 'TestGroup':
        return this.test(test.expression)
      case 'TestNot':
        return test.negations.length % 2 === 1 ? negated(this.test(test.operand)) : this.test(test.operand)
      case 'TestLogical': {
        const outcomes = test.operands.map(operand => this.test(operand))
        const all = outcomes.reduce((a, b) => (test.operator === '&&' ? { yes: a.yes & b.yes, no: a.no | b.no } : { yes: a.yes | b.yes, no: a.no & b.no }))
        return all
      }
      case 'TestUnary':
        if (test.operator === '-n') return this.#filled(test.operand, test.operand.pos)
        return test.operator === '-z' ? negated(this.#filled(test.operand, test.operand.pos)) : undecided
      case 'TestBinary': {
        const { operator, left, right } = test
        if (operator === '=~') {
          const expression = this.#expression(right)
          return expression ? this.#matches(this.subject(left), value => expression.test(value)) : undecided
        }
        if (operator !== '=' && operator !== '==' && operator !== '!=') return undecided
        const equal = this.matches(this.subject(left), [right])
        return operator === '!=' ? negated(equal) : equal
      }
    }
  }

  #expression(word: BashWord): RegExp | undefined {
    const literal = !word.parts || word.parts.every(part => part.type === 'Literal' || part.type === 'Glob' || part.type === 'ExtendedGlob')
    const source = literal ? word.text : this.#constants.words.value(word)
    return source === undefined ? undefined : regularExpression(source, false)
  }

  #filled(word: BashWord, at: number): Outcome {
    return this.#matches(this.subject(word, at), value => value !== '')
  }

  #matches(subject: Subject | undefined, accepts: (value: string) => boolean): Outcome {
    if (!subject) return undecided
    let yes = 0
    let no = 0
    subject.forEach((values, index) => {
      if (!values || values.some(accepts)) yes |= 1 << index
      if (!values?.every(accepts)) no |= 1 << index
    })
    // A system that nobody thought of proves nothing.
    return yes === 0 ? undecided : { yes, no }
  }

  #part(part: WordPart, at: number): Subject | undefined {
    if (part.type === 'DoubleQuoted') return this.#concatenated(part.parts, at)
    if (part.type === 'CommandExpansion') return this.#substitution(part)
    if (part.type === 'SimpleExpansion') return this.#variable(part.text.slice(1), at)
    if (part.type !== 'ParameterExpansion' || part.prefix || part.index) return undefined
    return transformed(this.#variable(part.parameter, at), part, word => this.#constants.words.value(word, at))
  }

  #variable(name: string, at: number): Subject | undefined {
    const assignments = this.#constants.assignments(name, at)
    const [first] = assignments
    if (!first) return variables[name] && machines.map(variables[name])
    if (assignments.length > 20) return undefined
    const subjects = assignments.map(assignment => ({ says: this.#assignment(assignment), systems: this.#assigned.get(assignment.node) ?? everywhere }))
    return machines.map((_, index) => {
      const made = subjects.filter(({ systems }) => systems & (1 << index)).map(({ says }) => says?.[index])
      // Where nothing assigns it, its value comes from elsewhere.
      return made.length === 0 || made.includes(undefined) ? undefined : made.flatMap(values => values!)
    })
  }

  #assignment(assignment: Assignment): Subject | undefined {
    if (this.#subjects.has(assignment)) return this.#subjects.get(assignment)
    // In a circle nothing is said.
    this.#subjects.set(assignment, undefined)
    const { value, append } = assignment
    if (value?.type !== 'Word' || append) return undefined
    const known = this.#constants.words.value(value)
    const says = known === undefined ? this.subject(value) : machines.map(() => [known])
    this.#subjects.set(assignment, says)
    return says
  }

  #substitution(part: CommandExpansionPart): Subject | undefined {
    const script = this.#scripts.inside(part, this.#source)
    const [statement] = script?.commands ?? []
    if (!statement || script!.commands.length !== 1 || script!.source !== undefined) return undefined
    const { command } = statement
    if (command.type === 'Command') return this.#output(command)
    if (command.type !== 'Pipeline' || command.commands.length !== 2) return undefined
    const [producer, filter] = command.commands
    if (producer?.type !== 'Command' || filter?.type !== 'Command' || filter.name?.value !== 'tr') return undefined
    const letters = filter.suffix.map(word => (word.type === 'Word' ? word.value : '')).join(' ')
    if (/^(\[:upper:\] \[:lower:\]|\[?A-Z\]? \[?a-z\]?)$/.test(letters)) return each(this.#output(producer), value => value.toLowerCase())
    return undefined
  }

  /** What a command prints. */
  #output(command: CommandNode): Subject | undefined {
    const words = command.suffix.filter(part => part.type === 'Word')
    const name = command.name?.value.replace(/^.*\//, '')
    if (name === 'uname') {
      const options = words.map(word => word.value).join(' ')
      if (options === '' || options === '-s' || options === '--kernel-name') return machines.map(({ sysname }) => [sysname])
      if (options === '-o' || options === '--operating-system') return machines.map(({ system }) => [system])
      if (/^-(?=\w*[as])\w+$/.test(options)) return machines.map(({ sysname, system }) => [`${sysname} host 10.0 ${system}`])
      return undefined
    }
    if (name === 'echo' && words.length === 1) return this.subject(words[0]!)
    if (name === 'expr' && words[0]?.value === 'substr' && words.length === 4) {
      const [from, length] = [Number(words[2]!.value), Number(words[3]!.value)]
      return from === 1 && length > 0 ? each(this.subject(words[1]!), value => value.slice(0, length)) : undefined
    }
    return undefined
  }
}

export function negated({ yes, no, says }: Outcome): Outcome {
  return { yes: no, no: yes, says }
}

function each(subject: Subject | undefined, change: (value: string) => string): Subject | undefined {
  return subject?.map(values => values?.map(change))
}

/** `${OS,,}`, `${OS:0:5}`, `${OS:-}` */
function transformed(subject: Subject | undefined, { operation }: ParameterExpansionPart, read: (word: BashWord) => string | undefined): Subject | undefined {
  if (!operation) return subject
  if (operation.type === 'CaseModification' && !operation.operand && operation.operator === ',,') return each(subject, value => value.toLowerCase())
  if (operation.type === 'Slice' && operation.offset.value.trim() === '0' && /^\d+$/.test(operation.length?.value ?? '')) {
    const length = Number(operation.length!.value)
    return each(subject, value => value.slice(0, length))
  }
  if (operation.type !== 'Default' || !operation.operator.endsWith('-')) return undefined
  const fallback = read(operation.operand)
  return fallback === undefined ? undefined : each(subject, value => value || fallback)
}

/** A POSIX regular expression, if it means the same here. */
function regularExpression(source: string, ignoreCase: boolean): RegExp | undefined {
  if (!/^[\w^$.*|() /-]*$/.test(source) || /[*)]\*/.test(source)) return undefined
  return bounded(source, ignoreCase ? 'i' : '')
}

/** A regular expression, if it is short enough never to take long. */
function bounded(source: string, flags = ''): RegExp | undefined {
  if (source.length > 400 || source.split('|').some(alternative => alternative.split('*').length > 4)) return undefined
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

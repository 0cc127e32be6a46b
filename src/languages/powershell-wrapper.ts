import type { Shell, Word } from '../command.ts'
import type { Text } from '../text.ts'
import { literal } from './powershell-assignment.ts'
import type { Evaluator, Variables } from './powershell-constant.ts'
import { isKnown, valueHoles, valueItems, valueText, valueToText, valueToWord } from './powershell-value.ts'
import type { StringValue } from './powershell-value.ts'
import type { Element, Expression, Invocation } from './powershell-syntax.ts'
import { splitWindowsCommandLine } from './windows-command-line.ts'

/** What an invocation runs besides itself: a program with arguments, or a script. */
export type Wrapped =
  | { readonly words: readonly Word[] }
  | { readonly shell: Shell, readonly value: StringValue }

const startProcess = /^(?:start-process|saps|start)$/
const invokeExpression = /^(?:invoke-expression|iex)$/
const writeFile = /^(?:out-file|set-content|sc|add-content|ac|tee-object|tee)$/
const switches = /^-(?:nonewwindow|wait|passthru|usenewenvironment|loaduserprofile|force|append|nonewline|noclobber|asbytestream|whatif|verbose)$/i
const docker = /^(?:.*[\\/])?docker(?:\.exe)?$/i
const scriptFile: readonly (readonly [RegExp, Shell])[] = [[/\.ps1$/i, 'powershell'], [/\.(?:cmd|bat)$/i, 'cmd'], [/\.sh$/i, 'bash']]

/** Words that such a command is about, or prints, but does not run. */
const otherVerbs = new Set(`add assert clear compare convertfrom convertto copy disable enable export find format get group import install join log measure move new out pop push
  read register remove rename resume save select set sort split start stop suspend tee test trace uninstall unregister update wait where write restart`.split(/\s+/))
const runner = /^(?:run|exec|invoke|call|retry)\w*$/

/** Recognizes the ways in which PowerShell scripts have another command run a program. */
export class WrapperReader {
  readonly #script: Text
  readonly #evaluator: Evaluator
  /** Functions of the script, in lower case. */
  readonly #functions: ReadonlySet<string>

  constructor(script: Text, evaluator: Evaluator, functions: ReadonlySet<string>) {
    this.#script = script
    this.#evaluator = evaluator
    this.#functions = functions
  }

  /** `piped`: the expression that is piped into the invocation. */
  wrapped(invocation: Invocation, name: string, piped: Expression | undefined, variables: Variables): Wrapped[] {
    const command = name.toLowerCase().replace(/^.*\\/, '')
    const named = new Arguments(invocation.elements.slice(1))
    if (invokeExpression.test(command)) return this.#scripts('powershell', named.get('command', 0) ?? piped, variables)
    if (startProcess.test(command)) return this.#startProcess(named, variables)
    if (writeFile.test(command)) return this.#writtenFile(command, named, piped, variables)
    return this.#runs(command) ? this.#verb(invocation.elements.slice(1), variables) : []
  }

  /** A string that is redirected into a script file. */
  redirected(value: Expression, target: Expression, variables: Variables): Wrapped[] {
    const file = this.#evaluator.value(target, variables)
    const text = file?.kind === 'string' ? lastKnown(file) : ''
    const shell = scriptFile.find(([pattern]) => pattern.test(text))?.[1]
    return shell ? this.#scripts(shell, value, variables) : []
  }

  #scripts(shell: Shell, expression: Expression | undefined, variables: Variables): Wrapped[] {
    const value = expression && this.#evaluator.value(expression, variables)
    if (!value) return []
    return valueItems(value).filter(item => item.parts.some(part => part.known)).map(item => ({ shell, value: item }))
  }

  #startProcess(named: Arguments, variables: Variables): Wrapped[] {
    const file = named.get('filepath', 0)
    const program = file && this.#evaluator.item(file, variables)
    if (!program || !isKnown(program)) return []
    const list = named.get('argumentlist', 1) ?? named.get('args')
    return [{ words: [this.#placedWord(program, file), ...this.#argumentList(list, variables)] }]
  }

  /** The strings of an argument list are joined with blanks, and the program takes them apart again. */
  #argumentList(list: Expression | undefined, variables: Variables): Word[] {
    if (!list) return []
    const value = this.#evaluator.value(list, variables) ?? this.#evaluator.unknown(list)
    return valueItems(value).flatMap(item => this.#split(item))
  }

  #split(value: StringValue): Word[] {
    return splitWindowsCommandLine(valueToText(this.#script, value), valueHoles(value))
  }

  #placedWord(value: StringValue, at: Expression): Word {
    if (at.kind !== 'variable') return valueToWord(this.#script, value)
    return { text: this.#script.decode([[valueText(value), at.start, at.end]], [at.start, at.end]), known: true }
  }

  #writtenFile(command: string, named: Arguments, piped: Expression | undefined, variables: Variables): Wrapped[] {
    const target = named.get('filepath', 0) ?? named.get('path') ?? named.get('literalpath')
    const content = piped ?? (/content|^[sa]c$/.test(command) ? named.get('value', 1) : undefined)
    return target && content ? this.redirected(content, target, variables) : []
  }

  #runs(command: string): boolean {
    if (this.#functions.has(command)) return !/^(?:write|log|echo|print|out|show|trace)/.test(command)
    const dash = command.indexOf('-')
    return dash > 0 ? !otherVerbs.has(command.slice(0, dash)) && !/-(?:log|message)/.test(command) : runner.test(command)
  }

  /** `Run-Program 'docker' 'network create …'`: a word for the program, then its arguments in a string, an array or as words. */
  #verb(elements: readonly Element[], variables: Variables): Wrapped[] {
    const at = elements.findIndex(element => docker.test(literal(element) ?? ''))
    const program = elements[at]
    if (at < 0 || program?.kind !== 'string') return []
    const rest = elements.slice(at + 1)
    const first = rest[0]?.kind === 'parameter' && rest[1] ? rest[1] : rest[0]
    if (!first || first.kind === 'verbatim' || first.kind === 'parameter') return []
    const word = valueToWord(this.#script, this.#evaluator.string(program, variables))
    const value = this.#evaluator.value(first, variables)
    if (value?.kind === 'array') return [{ words: [word, ...value.items.map(item => valueToWord(this.#script, item))] }]
    if (value?.kind !== 'string') return []
    if (first === rest[0] && rest.length > 1 && !/\s/.test(valueText(value))) return [{ words: [word, ...this.#words(rest, variables)] }]
    return [{ words: [word, ...this.#split(value)] }]
  }

  #words(elements: readonly Element[], variables: Variables): Word[] {
    return elements.flatMap(element => {
      if (element.kind === 'verbatim') return []
      if (element.kind === 'parameter') return element.argument ? [] : [{ text: this.#script.slice(element.start, element.end), known: true }]
      return [valueToWord(this.#script, this.#evaluator.item(element, variables))]
    })
  }
}

/** The end of a string, up to which it may be unknown. */
function lastKnown(value: StringValue): string {
  const parts = [...value.parts]
  return valueText({ ...value, parts: parts.slice(parts.findLastIndex(part => !part.known) + 1) })
}

/** The arguments of a cmdlet, by name or position. */
export class Arguments {
  readonly #named: (readonly [name: string, value: Expression])[] = []
  readonly #positional: Expression[] = []

  constructor(elements: readonly Element[]) {
    for (let at = 0; at < elements.length; at++) {
      const element = elements[at]!
      if (element.kind === 'verbatim') continue
      if (element.kind !== 'parameter') this.#positional.push(element)
      else if (element.argument) this.#named.push([element.text.slice(1, -1).toLowerCase(), element.argument])
      else if (!switches.test(element.text)) {
        const next = elements[at + 1]
        if (!next || next.kind === 'parameter' || next.kind === 'verbatim') continue
        this.#named.push([element.text.slice(1).toLowerCase(), next])
        at++
      }
    }
  }

  /** By its name, which may be shortened, or else its position among those without a name. */
  get(name: string, position?: number): Expression | undefined {
    const named = this.#named.find(([written]) => written !== '' && name.startsWith(written))
    if (named || position === undefined) return named?.[1]
    return this.#positional[position - (position > 0 && this.#has('filepath') ? 1 : 0)]
  }

  /** By its position among those without a name. */
  at(position: number): Expression | undefined {
    return this.#positional[position]
  }

  #has(name: string): boolean {
    return this.#named.some(([written]) => written !== '' && name.startsWith(written))
  }
}

import type { SyntaxProblem } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { assignedBy } from './cmd-assignment.ts'
import { bare, join, type Char } from './cmd-character.ts'
import { withLoopVariables, type LoopVariable } from './cmd-loop-variable.ts'
import type { ForNode, IfNode, LabelNode, ListNode, Node, Operator, Redirection, SimpleNode } from './cmd-node.ts'
import { CharReader, isDelimiter } from './cmd-token.ts'

/** Deeper than any script is. */
const deepest = 200

/** cmd's own commands whose name may be joined to what follows, as in `goto:eof` and `echo.`. */
const joined = /^(?:goto|call|exit|echo|set|title|prompt|start|if|for)(?=[:./\\(+[\]])/

/** Phase 2, the commands: reads a line, and the lines that its blocks take. */
export class Parser {
  readonly problems: SyntaxProblem[] = []
  readonly comments: Text[] = []
  readonly #text: Text
  readonly #reader: CharReader
  #depth = 0
  #blocks = 0
  /** How many `if` may still take an `else`, and whether one was just read. */
  #ifs = 0
  #else = false
  /** Whether the script ended in a block. */
  #ended = false
  #loops: LoopVariable[] = []
  #assigned: (string | undefined)[] = []

  constructor(text: Text, reader: CharReader) {
    this.#text = text
    this.#reader = reader
  }

  /** The next line that is left, with its blocks; `undefined` at the end of the script. */
  line(): ListNode | undefined {
    if (!this.#reader.nextLine()) return undefined
    this.#assigned = []
    const list = this.#list()
    this.#else = false
    return list
  }

  #list(): ListNode {
    const items: { operator: Operator; node: Node }[] = []
    let operator: Operator | undefined = '&'
    while (operator) {
      const node = this.#command()
      if (node) items.push({ operator, node })
      operator = this.#operator()
    }
    return { kind: 'list', items }
  }

  /** What joins the next command to the one before; nothing at the end of a line, of a block, and before `else`. */
  #operator(): Operator | undefined {
    if (this.#else) return undefined
    this.#skipDelimiters()
    const char = this.#reader.peek()
    if (!char || this.#endsBlock(char)) return undefined
    if (char.bare && (char.value === '&' || char.value === '|')) {
      this.#reader.next()
      const twice = this.#isNext(char.value)
      if (twice) this.#reader.next()
      return (twice ? char.value + char.value : char.value) as Operator
    }
    const token = this.#token()
    if (join(token).toLowerCase() === 'else' && this.#ifs > 0) this.#else = true
    else this.#problem('text after the end of a block', char, this.#reader.skipLine() ?? token.at(-1) ?? char)
    return undefined
  }

  /** A command, and the delimiters, `@` and redirections that may stand before it. */
  #command(): Node | undefined {
    const before: Redirection[] = []
    for (;;) {
      this.#skipDelimiters('@')
      const char = this.#reader.peek()
      if (!char || this.#endsBlock(char)) return undefined
      if (char.bare) {
        if (char.value === '&' || char.value === '|') return undefined
        if (char.value === ')') return void this.#reader.skipLine()
        if (char.value === '(') return this.#deeper(char, () => this.#block())
        if (char.value === ':') return this.#label()
        if (this.#isRedirection(char)) {
          this.#redirection('1', before)
          continue
        }
      }
      const token = this.#token()
      if (!(token.length === 1 && /\d/.test(token[0]!.value) && this.#isRedirection(this.#reader.peek()))) return this.#named(token, before)
    }
  }

  #named(token: Char[], before: Redirection[]): Node | undefined {
    const word = join(token).toLowerCase()
    const name = joined.exec(word)?.[0] ?? word
    this.#reader.putBack(token.splice(name.length === word.length ? token.length : name.length))
    if (name === 'rem') return this.#remark(token)
    if (name === 'if') return this.#deeper(token[0]!, () => this.#if())
    if (name === 'for') return this.#deeper(token[0]!, () => this.#for(token[0]!))
    return this.#simple(name, token, before)
  }

  /** Reads a command that holds others. */
  #deeper(start: Char, command: () => Node | undefined): Node | undefined {
    if (this.#depth >= deepest) {
      this.#problem('commands are nested too deeply', start, this.#reader.skipLine() ?? start)
      return undefined
    }
    this.#depth++
    const node = command()
    this.#depth--
    return node
  }

  #simple(name: string, token: Char[], redirections: Redirection[]): SimpleNode {
    const nameLength = token.length
    const chars = [...token, ...this.#arguments(redirections)]
    const node: SimpleNode = { kind: 'simple', name, nameLength, chars: withLoopVariables(chars, this.#loops), output: redirections.at(-1) }
    for (const variable of assignedBy(node)) this.#assigned.push(variable)
    return node
  }

  /** Everything up to the end of the command, without its redirections. */
  #arguments(redirections: Redirection[]): Char[] {
    const chars: Char[] = []
    for (;;) {
      const char = this.#reader.peek()
      if (!char || this.#endsBlock(char) || (char.bare && (char.value === '&' || char.value === '|'))) return chars
      if (!this.#isRedirection(char)) chars.push(this.#reader.next()!)
      else {
        const handle = endsInHandle(chars) ? chars.pop()!.value : '1'
        this.#redirection(handle, redirections)
      }
    }
  }

  #redirection(handle: string, found: Redirection[]): void {
    const { value } = this.#reader.next()!
    const appends = value === '>' && this.#isNext('>')
    if (appends) this.#reader.next()
    const isHandle = this.#isNext('&')
    if (isHandle) this.#reader.next()
    this.#skipDelimiters()
    const target = this.#token()
    if (value === '>' && handle === '1' && !isHandle && target.length > 0) found.push({ target, appends })
  }

  #block(): ListNode {
    const open = this.#reader.next()!
    const items: { operator: Operator; node: Node }[] = []
    const ifs = this.#ifs
    this.#ifs = 0
    this.#blocks++
    for (;;) {
      for (const item of this.#list().items) items.push(item)
      if (this.#reader.peek()) {
        this.#reader.next()
        break
      }
      if (!this.#reader.nextLine()) {
        if (!this.#ended) this.#problem('the block is never closed', open, open)
        this.#ended = true
        break
      }
    }
    this.#blocks--
    this.#ifs = ifs
    return { kind: 'list', items, output: this.#redirections().at(-1) }
  }

  /** Redirections of a block. */
  #redirections(): Redirection[] {
    const found: Redirection[] = []
    let handle = '1'
    for (;;) {
      this.#skipDelimiters()
      const char = this.#reader.peek()
      if (!char?.bare) return found
      if (this.#isRedirection(char)) {
        this.#redirection(handle, found)
        handle = '1'
      } else {
        if (!/\d/.test(char.value)) return found
        this.#reader.next()
        handle = char.value
        if (!this.#isRedirection(this.#reader.peek())) {
          this.#reader.putBack([char])
          return found
        }
      }
    }
  }

  /** `:label`, or a comment in its guise. */
  #label(): LabelNode | undefined {
    const chars: Char[] = []
    for (let char = this.#reader.next(); char; char = this.#reader.next()) chars.push(char)
    const name = labelName(chars)
    if (name) return { kind: 'label', name }
    this.#comment(chars[0]!, chars.at(-1)!)
    return undefined
  }

  #remark(token: readonly Char[]): undefined {
    this.#comment(token[0]!, this.#reader.skipLine() ?? token.at(-1)!)
  }

  #if(): IfNode {
    const condition = this.#condition()
    const guard = condition && windowsGuard(condition.chars)
    this.#ifs++
    const then = this.#list()
    this.#ifs--
    const otherwise = this.#else ? this.#elseList() : undefined
    return {
      kind: 'if',
      guard: condition && guard !== undefined ? { os: 'windows', holds: guard, range: condition.range } : undefined,
      then,
      otherwise
    }
  }

  #elseList(): ListNode {
    this.#else = false
    return this.#list()
  }

  /** `/i not "%X%"=="y"`, `exist x`, `%X% geq 1`: its words, and where it is. */
  #condition(): { readonly chars: readonly (readonly Char[])[]; readonly range: Range } | undefined {
    const words: Char[][] = []
    const word = (): string => {
      this.#skipDelimiters()
      const token = this.#token()
      if (token.length > 0) words.push(token)
      return join(token).toLowerCase()
    }
    let first = word()
    while (first === '/i' || first === 'not') first = word()
    if (/^(?:exist|defined|errorlevel|cmdextversion)$/.test(first)) word()
    else {
      const equals = this.#equals()
      if (equals) words.push(equals)
      else if (!/^(?:equ|neq|lss|leq|gtr|geq)$/.test(word())) {
        const [from, to] = [words[0]?.[0], words.at(-1)?.at(-1)]
        if (from && to) this.#problem('not a condition', from, to)
        return undefined
      }
      word()
    }
    const [from, to] = [words[0]?.[0], words.at(-1)?.at(-1)]
    return from && to && { chars: words, range: this.#text.range(from.start, to.end) }
  }

  #equals(): Char[] | undefined {
    const skipped = this.#skipDelimiters()
    return skipped.some(char => char.value === '=') ? skipped.filter(char => char.value === '=') : undefined
  }

  #for(name: Char): ForNode | undefined {
    const options: string[] = []
    let variable: Char[] = []
    do {
      this.#skipDelimiters()
      variable = this.#token()
      options.push(join(variable).toLowerCase())
    } while (variable.length > 0 && variable[0]!.value !== '%')
    const letter = variable[1]?.value
    if (letter === undefined || !this.#keyword('in') || !this.#opens()) {
      this.#problem('not a loop: for %%variable in (set) do command', name, this.#reader.skipLine() ?? variable.at(-1) ?? name)
      return undefined
    }
    const tokens = options.includes('/f')
    const set = this.#set()
    if (!this.#keyword('do')) this.#problem('a loop without do', name, variable.at(-1)!)
    const command = tokens ? this.#nested(set, options.some(option => option.includes('usebackq'))) : undefined
    const from = this.#assigned.length
    this.#loops.push({ letter, more: tokens })
    const body = this.#list()
    this.#loops.pop()
    return { kind: 'for', command, body, assigned: this.#assigned.slice(from) }
  }

  /**
   * What stands between the parentheses of a loop; it may take several lines.
   * If it is not closed in the line that says `do`, it is taken to end there.
   */
  #set(): Char[] {
    const chars: Char[] = []
    let lineStart = 0
    for (;;) {
      const char = this.#reader.next()
      if (char?.bare && char.value === ')') return chars
      if (char) chars.push(char)
      else {
        if (/\sdo\s/i.test(join(chars.slice(lineStart))) || !this.#reader.nextLine()) return chars
        const end = chars.at(-1)?.end
        if (end !== undefined) chars.push(bare(' ', end, end))
        lineStart = chars.length
      }
    }
  }

  /** The script of `in ('…')`, with `usebackq` of `` in (`…`) ``: cmd has it read by another cmd. */
  #nested(set: readonly Char[], backquotes: boolean): ListNode | undefined {
    const quote = backquotes ? '`' : "'"
    const first = set.findIndex(char => !isDelimiter(char))
    const last = set.findLastIndex(char => !isDelimiter(char))
    if (last <= first || set[first]!.value !== quote || set[last]!.value !== quote) return undefined
    const line = withLoopVariables(set.slice(first + 1, last), this.#loops)
    const lines = [line.map(char => (char.hole ? char : bare(char.value, char.start, char.end)))]
    const parser = new Parser(this.#text, new CharReader(() => lines.pop()))
    parser.#depth = this.#depth
    const list = parser.line()
    this.problems.push(...parser.problems)
    return list
  }

  #keyword(keyword: string): boolean {
    this.#skipDelimiters()
    const token = this.#token('(')
    if (join(token).toLowerCase() === keyword) return true
    this.#reader.putBack(token)
    return false
  }

  #opens(): boolean {
    this.#skipDelimiters()
    if (!this.#isNext('(')) return false
    this.#reader.next()
    return true
  }

  /** A word of cmd's own syntax. */
  #token(stop = ''): Char[] {
    const chars: Char[] = []
    for (;;) {
      const char = this.#reader.peek()
      if (!char || isDelimiter(char) || this.#endsBlock(char)) return chars
      if (char.bare && ('&|<>'.includes(char.value) || char.value === stop)) return chars
      chars.push(this.#reader.next()!)
    }
  }

  #skipDelimiters(also = ''): Char[] {
    const chars: Char[] = []
    for (;;) {
      const char = this.#reader.peek()
      if (!char || !(isDelimiter(char) || (char.bare && char.value === also))) return chars
      chars.push(this.#reader.next()!)
    }
  }

  #isNext(value: string): boolean {
    const char = this.#reader.peek()
    return char !== undefined && char.bare && char.value === value
  }

  #isRedirection(char: Char | undefined): boolean {
    return char !== undefined && char.bare && (char.value === '<' || char.value === '>')
  }

  /** A parenthesis ends only a block. */
  #endsBlock(char: Char): boolean {
    return this.#blocks > 0 && char.bare && char.value === ')'
  }

  #comment(from: Char, to: Char): void {
    this.comments.push(this.#text.slice(from.start, to.end))
  }

  #problem(message: string, from: Char, to: Char): void {
    this.problems.push({ message, range: this.#text.range(from.start, Math.max(from.end, to.end)) })
  }
}

/** The name of a label as `goto` looks for it: `undefined` for `::`, `:;` and the like, which are comments. */
export function labelName(chars: readonly Char[]): string | undefined {
  return /^[\s,;=]*(?::\s*)?([^\s:;,=+&|<>]+)/.exec(join(chars.slice(0, 256)))?.[1]?.toLowerCase()
}

/** Whether the condition says that the system is Windows (`true`) or that it is not. */
function windowsGuard(condition: readonly (readonly Char[])[]): boolean | undefined {
  const words = condition.map(word => join(word).toLowerCase().replace(/["'()[\]]/g, '')).filter(word => word !== '/i')
  const holds = words.filter(word => word === 'not').length % 2 === 0
  const [left = '', comparison, right = ''] = words.filter(word => word !== 'not')
  const pair = [left, right].sort().join(' ')
  if (pair !== '%os% windows_nt' && pair !== '!os! windows_nt') return undefined
  if (comparison === '==' || comparison === 'equ') return holds
  return comparison === 'neq' ? !holds : undefined
}

/** Whether the argument ends in the number of a stream: one digit by itself. */
function endsInHandle(chars: readonly Char[]): boolean {
  const last = chars.at(-1)
  const before = chars.at(-2)
  return !!last?.bare && /\d/.test(last.value) && (!before || isDelimiter(before))
}

import type { Guard } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { linesOf, type Line } from './text-line.ts'

/** An assignment of a variable. */
export interface Assignment {
  readonly name: string
  readonly operator: string
  /** Where the value is written, comments left out. */
  readonly value: Range
  readonly guards: readonly Guard[]
  /** Whether it may not happen, or only for one target. */
  readonly isConditional: boolean
}

/** Lines of a rule that a shell runs one by one. */
export interface Recipe {
  /** Each with what a backslash joins to it, without the tab. */
  readonly lines: readonly (readonly Range[])[]
  readonly guards: readonly Guard[]
}

/** What is written between `define` and `endef`. */
export interface Definition extends Recipe {
  readonly name: string
}

/** A makefile, line by line. */
export interface Makefile {
  readonly assignments: readonly Assignment[]
  readonly recipes: readonly Recipe[]
  readonly definitions: readonly Definition[]
  /** Other lines, in which functions may stand. */
  readonly others: readonly { readonly range: Range; readonly guards: readonly Guard[] }[]
  readonly comments: readonly Text[]
  readonly oneShell: boolean
}

const assignment = /^[ ]*(?:(?:export|override|private)[ \t]+)*([^\s:#=+?!(){}$"']+)[ \t]*(:{1,3}=|\?=|\+=|!=|=)[ \t]*/
const directive = /^[ ]*(ifeq|ifneq|ifdef|ifndef|else|endif)\b[ \t]*((?![ \t]).*)$/s
const definition = /^[ ]*(?:(?:export|override)[ \t]+)*define[ \t]+([^\s=:+?]+)/
const rule = /^[^\t#=][^#=]*?:(?!:{0,2}=)/
const targetVariable = /^[ \t]*(?:(?:export|override|private)[ \t]+)*([^\s:#=+?!(){}$"';]+)[ \t]*(:{1,3}=|\?=|\+=|!=|=)[ \t]*/

/** A branch that is open: what it proves, and what the branches before it leave. */
interface Branch {
  readonly before: readonly Guard[]
  readonly own: Guard | undefined
}

/** The lines of a makefile by what they are for. */
export function readMakefile(file: Text): Makefile {
  return new MakefileReader(file).read()
}

class MakefileReader {
  readonly #file: Text
  readonly #lines: readonly Line[]
  readonly #branches: Branch[] = []
  readonly #assignments: Assignment[] = []
  readonly #recipes: Recipe[] = []
  readonly #definitions: Definition[] = []
  readonly #others: Makefile['others'][number][] = []
  readonly #comments: Text[] = []
  /** Variables that hold what `uname` says. */
  readonly #uname = new Set<string>()
  #recipe: { lines: Range[][]; guards: readonly Guard[] } | undefined
  #prefix = '\t'
  #oneShell = false
  #isInRule = false
  #at = 0

  constructor(file: Text) {
    this.#file = file
    this.#lines = linesOf(file.value)
  }

  read(): Makefile {
    while (this.#at < this.#lines.length) this.#logicalLine()
    this.#endRecipe()
    return { assignments: this.#assignments, recipes: this.#recipes, definitions: this.#definitions, others: this.#others, comments: this.#comments, oneShell: this.#oneShell }
  }

  get #guards(): Guard[] {
    return this.#branches.flatMap(({ before, own }) => (own ? [...before, own] : before))
  }

  #logicalLine(): void {
    const first = this.#lines[this.#at]!
    if (this.#isInRule && first.text.startsWith(this.#prefix)) return this.#recipeLine()
    const last = this.#lastOf(this.#at)
    const range: Range = [first.start, this.#lines[last]!.end]
    const text = this.#file.value.slice(...range)
    const defines = definition.exec(text)
    this.#at = last + 1
    if (defines) return this.#define(defines[1]!)
    const branch = directive.exec(text)
    if (branch) return this.#direct(branch[1]!, branch[2]!, range)
    const hash = commentStart(text)
    if (hash < text.length) this.#comments.push(this.#file.slice(range[0] + hash, range[1]))
    const said = text.slice(0, hash)
    if (said.trim() !== '') this.#statement(said, [range[0], range[0] + hash])
  }

  /** The last of the lines that backslashes join. */
  #lastOf(from: number): number {
    let last = from
    while (last + 1 < this.#lines.length && isContinued(this.#lines[last]!.text)) last++
    return last
  }

  #statement(text: string, range: Range): void {
    this.#others.push({ range, guards: this.#guards })
    const assigned = assignment.exec(text)
    if (assigned) {
      this.#endRecipe()
      this.#isInRule = false
      return this.#assign(assigned, text, range[0], this.#branches.length > 0)
    }
    const target = rule.exec(text)
    if (!target) return
    this.#endRecipe()
    this.#isInRule = true
    if (/^\.ONESHELL[ \t]*:/.test(text)) this.#oneShell = true
    const rest = text.slice(target[0].length)
    const variable = targetVariable.exec(rest)
    if (variable) return this.#assign(variable, rest, range[0] + target[0].length, true)
    const semicolon = rest.indexOf(';')
    if (semicolon >= 0) this.#add([[range[0] + target[0].length + semicolon + 1, range[1]]])
  }

  #assign([all, name, operator]: RegExpExecArray, text: string, start: number, isConditional: boolean): void {
    const value = text.slice(all.length).trimEnd()
    if (name === '.RECIPEPREFIX') this.#prefix = value[0] ?? '\t'
    if (/\$[({]shell[ \t]+uname\b/.test(value)) this.#uname.add(name!)
    this.#assignments.push({ name: name!, operator: operator!, value: [start + all.length, start + all.length + value.length], guards: this.#guards, isConditional })
  }

  #recipeLine(): void {
    const last = this.#lastOf(this.#at)
    const lines = this.#lines.slice(this.#at, last + 1)
    this.#at = last + 1
    const bare = lines[0]!.text.slice(this.#prefix.length).trimStart()
    if (bare.startsWith('#')) this.#comments.push(this.#file.slice(lines[0]!.end - bare.length, lines[0]!.end))
    this.#add(withoutPrefix(lines, this.#prefix))
  }

  #add(line: Range[]): void {
    const guards = this.#guards
    if (this.#recipe && JSON.stringify(this.#recipe.guards) !== JSON.stringify(guards)) this.#endRecipe()
    this.#recipe ??= { lines: [], guards }
    this.#recipe.lines.push(line)
  }

  #endRecipe(): void {
    if (this.#recipe) this.#recipes.push(this.#recipe)
    this.#recipe = undefined
  }

  #define(name: string): void {
    const lines: Range[][] = []
    const guards = this.#guards
    while (this.#at < this.#lines.length && !/^[ ]*endef\b/.test(this.#lines[this.#at]!.text)) {
      const last = this.#lastOf(this.#at)
      lines.push(withoutPrefix(this.#lines.slice(this.#at, last + 1), this.#prefix))
      this.#at = last + 1
    }
    this.#at++
    this.#definitions.push({ name, lines, guards })
  }

  #direct(name: string, condition: string, range: Range): void {
    if (name === 'endif') return void this.#branches.pop()
    if (name !== 'else') return void (this.#branches.length < 200 && this.#branches.push({ before: [], own: this.#guardOf(name, condition, range) }))
    const open = this.#branches.pop()
    const before = open?.own ? [...open.before, { ...open.own, holds: !open.own.holds }] : (open?.before ?? [])
    const further = /^(ifn?eq|ifn?def)\b[ \t]*((?![ \t]).*)$/s.exec(condition)
    this.#branches.push({ before, own: further ? this.#guardOf(further[1]!, further[2]!, range) : undefined })
  }

  /** What a condition proves: `$(OS)` is `Windows_NT` on Windows alone. */
  #guardOf(name: string, condition: string, line: Range): Guard | undefined {
    const range = this.#file.range(line[0], line[1])
    const holds = name === 'ifeq' || name === 'ifdef'
    if (name.endsWith('def')) return /^(ComSpec|COMSPEC|SystemRoot|SYSTEMROOT|WINDIR|windir)[ \t]*$/.test(condition) ? { os: 'windows', holds, range } : undefined
    if (/\$[({]OS[)}]/.test(condition)) return /\bWindows_NT\b/.test(condition) ? { os: 'windows', holds, range } : undefined
    const asksUname = /\$[({]shell[ \t]+uname\b/.test(condition) || [...condition.matchAll(/\$[({]([\w.-]+)[)}]/g)].some(([, variable]) => this.#uname.has(variable!))
    const system = asksUname ? /[,"' (](Linux|Darwin)\b/.exec(condition)?.[1] : undefined
    return system === undefined ? undefined : { os: system === 'Linux' ? 'linux' : 'darwin', holds, range }
  }
}

const isContinued = (line: string): boolean => /(?<!\\)(?:\\\\)*\\$/.test(line)

/** Where the comment of a line begins. */
function commentStart(text: string): number {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) if (text[at - 1] !== '\\') return at
  return text.length
}

/** Each line with its break but the last, without what marks it as one of a recipe. */
function withoutPrefix(lines: readonly Line[], prefix: string): Range[] {
  return lines.map(({ text, start, end, next }, index) => [text.startsWith(prefix) ? start + prefix.length : start, index === lines.length - 1 ? end : next] as const)
}

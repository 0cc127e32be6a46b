import type { Range, Spanned, Text } from './text.ts'
import { didYouMean } from './suggestion.ts'
import { parseTargets, TargetError } from './target.ts'

/** Where a suppression holds: the lines of the file are meant, or what stands between two comments. */
export type Scope = 'next-line' | 'line' | 'file' | 'start' | 'end'

/** A comment that asks for silence: `porthole-disable-line no-ipv6 [ws2019] until=2027-01-01 -- reason`. */
export interface SuppressionComment {
  readonly scope: Scope
  /** The directive with what it names, without the reason. */
  readonly range: Range
  /** All of the comment. */
  readonly whole: Range
  /** Rules and features; `undefined`: all. */
  readonly names: readonly Spanned[] | undefined
  /** `undefined`: all. */
  readonly targets: TargetFilter | undefined
  /** The last day on which it holds, such as `2027-01-01`. */
  readonly until: Spanned | undefined
  readonly reason: string | undefined
}

/** A place in a comment that cannot be understood. */
export interface CommentFault {
  readonly message: string
  readonly instead?: string | undefined
  readonly range: Range
}

const scopes: Readonly<Record<string, Scope>> = {
  'porthole-disable-next-line': 'next-line', 'porthole-disable-line': 'line', 'porthole-disable-file': 'file', 'porthole-disable': 'start', 'porthole-enable': 'end'
}

/** What others call it. */
const otherNames: Readonly<Record<string, string>> = {
  'porthole-ignore': 'porthole-disable-line', 'porthole-ignore-line': 'porthole-disable-line', 'porthole-ignore-next-line': 'porthole-disable-next-line', 'porthole-ignore-file': 'porthole-disable-file',
  'porthole-suppress': 'porthole-disable-line', 'porthole-off': 'porthole-disable', 'porthole-on': 'porthole-enable'
}

const prefix = 'porthole-'

/** What begins a comment in any notation, and what begins its further lines. */
const opening = /(?:#+|\/\/+|\/\*+|<#|::+|<!--|\{\/\*+|\*+(?!\/)|@?[Rr][Ee][Mm](?![\w-]))?/y

/** What ends a comment in any notation. */
const closings = ['*/}', '*/', '#>', '-->']

/** The suppressions in a comment, each at the beginning of a line of it, and what in them cannot be understood. */
export function readSuppressionComment(comment: Text, isName: (name: string) => boolean, names: Iterable<string>): { readonly found: SuppressionComment[]; readonly faults: CommentFault[] } {
  const found: SuppressionComment[] = []
  const faults: CommentFault[] = []
  const { value } = comment
  if (!value.includes(prefix)) return { found, faults }
  const end = endOfWords(value)
  for (let at = 0; at < end; at = lineEnd(value, at) + 1) {
    const start = directiveStart(value, at)
    if (start === undefined) continue
    const reader = new DirectiveReader(comment, start, Math.min(end, lineEnd(value, at)), isName, names, faults)
    const suppression = reader.read()
    if (suppression) found.push(suppression)
  }
  return { found, faults }
}

/** Where the words of a comment end, before what closes it. */
function endOfWords(value: string): number {
  const words = value.trimEnd()
  const closing = closings.find(mark => words.endsWith(mark))
  return words.length - (closing?.length ?? 0)
}

function lineEnd(value: string, start: number): number {
  const newline = value.indexOf('\n', start)
  return newline < 0 ? value.length : newline
}

/** Where a line has a directive, after its mark. */
function directiveStart(value: string, lineStart: number): number | undefined {
  opening.lastIndex = skipBlanks(value, lineStart)
  opening.exec(value)
  const start = skipBlanks(value, opening.lastIndex)
  return value.startsWith(prefix, start) ? start : undefined
}

function skipBlanks(value: string, start: number): number {
  let at = start
  while (value[at] === ' ' || value[at] === '\t') at++
  return at
}

class DirectiveReader {
  readonly #comment: Text
  readonly #start: number
  readonly #end: number
  readonly #isName: (name: string) => boolean
  readonly #names: Iterable<string>
  readonly #faults: CommentFault[]
  /** Ids that were written, known or not. */
  #written = 0
  readonly #found: Spanned[] = []
  #targets: TargetFilter | undefined
  #until: Spanned | undefined
  /** Something restricts the suppression in a way that is not understood: it suppresses nothing. */
  #broken = false

  constructor(comment: Text, start: number, end: number, isName: (name: string) => boolean, names: Iterable<string>, faults: CommentFault[]) {
    this.#comment = comment
    this.#start = start
    this.#end = end
    this.#isName = isName
    this.#names = names
    this.#faults = faults
  }

  read(): SuppressionComment | undefined {
    const line = this.#comment.value.slice(this.#start, this.#end)
    const directive = /^[\w-]+/.exec(line)![0]
    const scope = Object.hasOwn(scopes, directive) ? scopes[directive]! : undefined
    if (!scope) return this.#unknownDirective(directive)
    const dashes = /[ \t]--(?:[ \t]|$)/.exec(line.slice(directive.length))
    const head = dashes ? line.slice(0, directive.length + dashes.index) : line
    for (const { 0: word, 1: inBrackets, index } of head.slice(directive.length).matchAll(/\[([^\]]*)\]?|[^\s,[\]]+/g)) {
      const range = this.#range(directive.length + index, word.length)
      if (inBrackets !== undefined) this.#readTargets(inBrackets, range)
      else if (word.includes('=')) this.#readOption(word, range)
      else if (word !== ':') this.#readName(word.replace(/^:/, ''), range)
    }
    if (scope === 'end' && (this.#targets || this.#until)) this.#fault('`porthole-enable` takes neither targets nor a date.', this.#range(0, head.trimEnd().length))
    if (this.#broken || (this.#written > 0 && this.#found.length === 0)) return undefined
    const reason = dashes ? line.slice(head.length + dashes[0].length).trim() : ''
    return { scope, range: this.#range(0, head.trimEnd().length), whole: this.#comment.whole, names: this.#written > 0 ? this.#found : undefined, targets: this.#targets, until: this.#until, reason: reason === '' ? undefined : reason }
  }

  /** Prose may begin with our name; only what is close to a directive is taken for one. */
  #unknownDirective(directive: string): undefined {
    const tail = directive.slice(prefix.length)
    const nearest = didYouMean(tail, Object.keys(scopes).map(name => name.slice(prefix.length)))
    const meant = Object.hasOwn(otherNames, directive) ? otherNames[directive] : nearest && `${prefix}${nearest}`
    if (meant) this.#fault(`There is no \`${directive}\`; did you mean \`${meant}\`?`, this.#range(0, directive.length))
  }

  #readName(name: string, range: Range): void {
    this.#written++
    if (this.#isName(name)) this.#found.push({ value: name, range })
    else {
      const meant = didYouMean(name, this.#names)
      this.#fault(`There is no rule or feature \`${name}\`${meant ? `; did you mean \`${meant}\`?` : '.'}`, range, meant ? undefined : 'Write a reason after ` -- `.')
    }
  }

  #readTargets(list: string, range: Range): void {
    const names = list.split(/[\s,]+/).filter(name => name !== '')
    const filter = this.#targets ?? new TargetFilter()
    this.#targets = filter
    if (names.length === 0) this.#reject('No target stands in these brackets.', range)
    for (const name of names) try {
      filter.add(name)
    } catch (error) {
      if (!(error instanceof TargetError)) throw error
      this.#reject(sentence(error.message), range)
    }
  }

  #readOption(word: string, range: Range): void {
    const [key = '', date = ''] = word.split('=')
    if (key !== 'until') this.#reject(`There is no option \`${key}\`; the only one is \`until\`, such as \`until=2027-01-31\`.`, range)
    else if (!isDate(date)) this.#reject(`\`${date}\` is no date; write it as \`2027-01-31\`.`, range)
    else this.#until = { value: date, range }
  }

  #reject(message: string, range: Range): void {
    this.#broken = true
    this.#fault(message, range)
  }

  #fault(message: string, range: Range, instead?: string): void {
    this.#faults.push({ message, instead, range })
  }

  #range(start: number, length: number): Range {
    return this.#comment.range(this.#start + start, this.#start + start + length)
  }
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (day === undefined) return false
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`

/** Targets by what is stated of them: any of the Windows versions, with any of the engines, and so on. */
export class TargetFilter {
  readonly #wanted = new Map<string, Set<string>>()

  /** @throws {TargetError} if there is no such target */
  add(name: string): void {
    const [target] = parseTargets([name])
    const key = facetOf(name)
    const part = key === 'windows' ? target!.windows.id : name.toLowerCase()
    this.#wanted.set(key, (this.#wanted.get(key) ?? new Set()).add(part))
  }

  /** Whether the target of this label is meant. */
  matches(label: string): boolean {
    const parts = label.toLowerCase().split(',')
    return [...this.#wanted.values()].every(wanted => parts.some(part => wanted.has(part)))
  }
}

/** `engine` for `engine@28`; what has no key is a Windows version. */
const facetOf = (name: string): string => /^([a-z]+)[@=]/i.exec(name)?.[1]?.toLowerCase() ?? 'windows'

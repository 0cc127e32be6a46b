import type { Piece, Range, Text } from '../text.ts'
import type { Word } from '../command.ts'
import type { Escape } from './dockerfile-line.ts'
import { quotationEnd, substitutionAt, type Substitution } from './dockerfile-substitution.ts'

/** A word with quotes and escapes removed and variables replaced. */
export interface Expansion extends Word {
  /** Whether the default of a build argument is in it, which `--build-arg` can replace. */
  readonly overridable: boolean
}

/** What a variable holds: nothing if it is declared without a value. */
export interface Variable {
  readonly value?: string
  /** Whether nothing in the value is computed at run time. */
  readonly known: boolean
  readonly overridable: boolean
}

/** `undefined` is a variable of which nothing is known, not even whether it is set. */
export type Lookup = (name: string) => Variable | undefined

/** Characters that stand for themselves, quoted or not. */
const literal = /[^'"$\\`{]+/y
const deepest = 200
/** Values that double with every definition are cut off here. */
const longest = 4096

/** Replaces the variables of a word, by the rules of BuildKit. */
export function expandWord(word: Text, escape: Escape, lookup: Lookup): Expansion {
  return new Expander(word, escape, lookup).expand()
}

class Expander {
  readonly #word: Text
  readonly #source: string
  readonly #escape: Escape
  readonly #lookup: Lookup
  readonly #pieces: Piece[] = []
  readonly #holes: Range[] = []
  #length = 0
  #overridable = false

  constructor(word: Text, escape: Escape, lookup: Lookup) {
    this.#word = word
    this.#source = word.value
    this.#escape = escape
    this.#lookup = lookup
  }

  expand(): Expansion {
    this.#unquoted(0, this.#source.length, 0)
    const text = this.#word.decode(this.#pieces, [0, this.#source.length])
    const holes = this.#holes
    return { text, known: holes.length === 0, ...(holes.length > 0 && { holes }), overridable: this.#overridable }
  }

  #unquoted(start: number, end: number, depth: number): void {
    for (let at = start; at < end; ) {
      const c = this.#source[at]!
      const run = this.#run(at, end)
      if (run > at) at = this.#add(this.#source.slice(at, run), at, run)
      else if (c === "'" || c === '"') at = this.#quotation(at, end, depth)
      else if (c === '$') at = this.#dollar(at, end, depth)
      else if (c === '{' && this.#source.startsWith('{{', at)) at = this.#template(at, end)
      else if (c !== this.#escape) at = this.#add(c, at, at + 1)
      else if (at + 1 < end) at = this.#add(this.#source[at + 1]!, at, at + 2)
      else at++
    }
  }

  #run(at: number, end: number): number {
    literal.lastIndex = at
    return literal.test(this.#source) ? Math.min(literal.lastIndex, end) : at
  }

  #quotation(at: number, end: number, depth: number): number {
    const close = quotationEnd(this.#source, at, this.#escape, depth)
    if (close === undefined || close > end) return this.#hole(at, end)
    if (this.#source[at] === "'") this.#add(this.#source.slice(at + 1, close - 1), at + 1, close - 1)
    else this.#quoted(at + 1, close - 1, depth)
    return close
  }

  #quoted(start: number, end: number, depth: number): void {
    for (let at = start; at < end; ) {
      const c = this.#source[at]!
      const next = this.#source[at + 1]
      const run = this.#run(at, end)
      if (run > at) at = this.#add(this.#source.slice(at, run), at, run)
      else if (c === '$') at = this.#dollar(at, end, depth)
      else if (c === this.#escape && (next === '"' || next === '$' || next === this.#escape)) at = this.#add(next, at, at + 2)
      else at = this.#add(c, at, at + 1)
    }
  }

  #dollar(at: number, end: number, depth: number): number {
    // Docker knows no `$(NAME)`: it stands in templates, which fill it in before Docker sees it.
    const macro = /^\$\([\w.]{1,100}\)/.exec(this.#source.slice(at, at + 110))?.[0]
    if (macro) return this.#hole(at, at + macro.length)
    const found = depth < deepest ? substitutionAt(this.#source, at, this.#escape, depth) : 'malformed'
    if (found === undefined) return this.#add('$', at, at + 1)
    if (found === 'malformed' || found.end > end) return this.#hole(at, end)
    this.#substitute(found, at, depth)
    return found.end
  }

  #substitute({ name, operator, word, end }: Substitution, at: number, depth: number): void {
    const variable = this.#lookup(name)
    if (variable === undefined || operator === 'pattern') {
      this.#hole(at, end)
      return
    }
    this.#overridable ||= variable.overridable
    const value = variable.value
    const isSet = value !== undefined && (value !== '' || !operator.startsWith(':') || !variable.known)
    if (operator.endsWith('+')) {
      if (isSet) this.#unquoted(word[0], word[1], depth + 1)
    } else if (!isSet && operator.endsWith('-')) this.#unquoted(word[0], word[1], depth + 1)
    else if (!isSet || value.length > longest) this.#hole(at, end)
    else {
      if (!variable.known) this.#holes.push([this.#length, this.#length + value.length])
      this.#add(value, at, end)
    }
  }

  #template(at: number, end: number): number {
    const close = this.#source.slice(at, Math.min(end, at + 1000)).indexOf('}}')
    return close < 0 ? this.#add('{', at, at + 1) : this.#hole(at, at + close + 2)
  }

  #hole(start: number, end: number): number {
    this.#holes.push([this.#length, this.#length + end - start])
    return this.#add(this.#source.slice(start, end), start, end)
  }

  #add(decoded: string, start: number, end: number): number {
    if (decoded !== '') this.#pieces.push([decoded, start, end])
    this.#length += decoded.length
    return end
  }
}

/** Values that the builder itself gives, whatever the Dockerfile says. */
const automatic = /^(?:(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/

export function isAutomatic(name: string): boolean {
  return automatic.test(name)
}

interface Definition {
  readonly at: number
  readonly variable: Variable | undefined
  readonly by: 'ARG' | 'ENV'
}

/**
 * The variables of a stage, or those before the first stage. Each can be asked
 * for as it was at any time: a copy of all of them per instruction would be quadratic.
 */
export class Environment {
  readonly #definitions = new Map<string, Definition[]>()
  readonly #parent: Environment | undefined
  readonly #level: number
  #now = 0

  /** @param parent the variables of the stage that this one is built on */
  constructor(parent?: Environment) {
    this.#parent = parent
    this.#level = parent ? parent.#level + 1 : 0
  }

  get now(): number {
    return this.#now
  }

  define(by: 'ARG' | 'ENV', name: string, variable: Variable | undefined): void {
    const known = this.#definitions.get(name)
    const definition = { at: this.#now++, by, variable: isAutomatic(name) ? undefined : variable }
    if (known) known.push(definition)
    else this.#definitions.set(name, [definition])
  }

  /** The variable before the definition that was made at `time`. */
  get(name: string, time: number = this.#now): { readonly variable: Variable | undefined } | undefined {
    const found = this.#last(name, time)
    if (!found) return this.#level < deepest ? this.#parent?.get(name) : { variable: undefined }
    const before = found.by === 'ARG' ? this.#last(name, found.at) : undefined
    // Builders differ on which of the two counts if ARG comes after ENV.
    const disputed = before?.by === 'ENV' && before.variable?.value !== found.variable?.value
    return { variable: disputed ? undefined : found.variable }
  }

  #last(name: string, time: number): Definition | undefined {
    const definitions = this.#definitions.get(name) ?? []
    let low = 0
    let high = definitions.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (definitions[middle]!.at < time) low = middle + 1
      else high = middle
    }
    return definitions[low - 1]
  }
}

import type { DockerWord } from './docker-word.ts'
import type { CommandGrammar, FlagGrammar } from './docker-grammar.ts'
import { refuseValue } from './docker-flag-value.ts'
import { goQuote, goQuoteByte } from './go-value.ts'
import { isOpenWord, literalLength } from './docker-word.ts'

/** A flag, and where its name and its value are written. */
export interface DockerFlag {
  /** Canonical long name, without dashes. */
  readonly name: string
  /** The value as written, `true` for a bare switch; undefined if computed at run time. */
  readonly value: string | undefined
  /** The word that holds its name, and where in that word: `--network`, `-p`, or a letter of a group. */
  readonly word: number
  readonly nameStart: number
  readonly nameEnd: number
  /** The word that holds its value, and where in that word; absent for a bare switch. */
  readonly valueWord?: number
  readonly valueStart?: number
  readonly valueEnd?: number
}

/** What a command makes of its words (spf13/pflag, `FlagSet.parseArgs`). */
export interface FlagReading {
  readonly flags: DockerFlag[]
  /** The words that are neither flags nor their values. */
  readonly args: number[]
  readonly error?: { readonly message: string; readonly word: number }
  /** Whether a word that may be flags was passed over. */
  readonly incomplete: boolean
}

interface ReadOptions {
  /** Whether the first positional argument ends the flags. */
  readonly flagsFirst?: boolean
  /** Whether to read on after a flag that the CLI refuses. */
  readonly stopAtError?: boolean
}

/** Reads those words that `order` lists as flags and arguments of `command`. */
export function readFlags(command: CommandGrammar, words: readonly DockerWord[], order: readonly number[], options: ReadOptions): FlagReading {
  return new FlagReader(command, words, order, options).read()
}

type FlagName = Pick<DockerFlag, 'word' | 'nameStart' | 'nameEnd'>

class FlagReader {
  readonly #command: CommandGrammar
  readonly #words: readonly DockerWord[]
  readonly #order: readonly number[]
  readonly #options: ReadOptions
  #flags: DockerFlag[] = []
  #args: number[] = []
  /** Words, by their place in `order`, that may be any number of flags and arguments. */
  readonly #open: number[] = []
  #error: FlagReading['error']
  #next = 0
  /** Whether a flag was passed over of which it is not known whether it takes a value. */
  #lost = false

  constructor(command: CommandGrammar, words: readonly DockerWord[], order: readonly number[], options: ReadOptions) {
    this.#command = command
    this.#words = words
    this.#order = order
    this.#options = options
  }

  read(): FlagReading {
    while (this.#next < this.#order.length && !(this.#options.stopAtError && this.#error !== undefined)) this.#readWord()
    const settled = this.#open.length === 0 || this.#settleOpenWords()
    return { flags: this.#flags, args: this.#args, ...(this.#error !== undefined && { error: this.#error }), incomplete: this.#lost || !settled }
  }

  #readWord(): void {
    const index = this.#order[this.#next++]!
    const word = this.#words[index]!
    if (isOpenWord(word)) this.#open.push(this.#next - 1)
    else if (word.value[0] !== '-' || word.value === '-') {
      this.#args.push(index)
      if (this.#options.flagsFirst) this.#takeRest()
    } else if (word.value === '--') this.#takeRest()
    else if (word.value[1] === '-') this.#readLong(index)
    else this.#readShort(index)
  }

  #takeRest(): void {
    while (this.#next < this.#order.length) this.#args.push(this.#order[this.#next++]!)
  }

  #readLong(index: number): void {
    const word = this.#words[index]!
    const literal = literalLength(word)
    const equals = word.value.slice(0, literal).indexOf('=')
    if (equals < 0 && literal < word.value.length) return this.#passOver()
    const nameEnd = equals < 0 ? literal : equals
    const name = word.value.slice(2, nameEnd)
    if (name === '' || name[0] === '-') return this.#refuse(index, `bad flag syntax: ${word.value}`)
    const flag = this.#command.allFlags.get(name)
    if (flag === undefined) return this.#refuse(index, `unknown flag: --${name}`, equals < 0)
    const place = { word: index, nameStart: 0, nameEnd }
    if (equals >= 0) this.#add(flag, place, index, equals + 1)
    else if (flag.type === 'bool') this.#add(flag, place)
    else this.#addNext(flag, place, `flag needs an argument: ${word.value}`)
  }

  /** A group of letters: switches, and at its end a flag whose value follows in the same word or the next one. */
  #readShort(index: number): void {
    const word = this.#words[index]!
    const literal = literalLength(word)
    for (let at = 1; at < word.value.length; at++) {
      if (at >= literal) return this.#passOver()
      const letter = word.value[at]!
      if (word.value.startsWith('test.', at)) return // left to the flags of `go test`
      const flag = this.#command.allShorts.get(letter)
      if (flag === undefined) return this.#refuse(index, `unknown shorthand flag: ${this.#inGroup(word.value, at)}`, at + 1 === word.value.length)
      const isLast = at + 1 === word.value.length
      const valueStart = word.value[at + 1] === '=' && at + 2 < word.value.length ? at + 2 : at + 1
      const takesRest = valueStart === at + 2 || (flag.type !== 'bool' && !isLast)
      const place = { word: index, nameStart: at === 1 && (isLast || takesRest) ? 0 : at, nameEnd: at + 1 }
      if (takesRest) return this.#add(flag, place, index, valueStart)
      if (flag.type !== 'bool') return this.#addNext(flag, place, `flag needs an argument: ${this.#inGroup(word.value, at)}`)
      this.#add(flag, place)
    }
  }

  #inGroup(word: string, at: number): string {
    const group = word.slice(at)
    return `${goQuoteByte(group)} in -${group}`
  }

  #addNext(flag: FlagGrammar, place: FlagName, missing: string): void {
    if (this.#next === this.#order.length) this.#report(place.word, missing)
    else this.#add(flag, place, this.#order[this.#next++]!, 0)
  }

  #add(flag: FlagGrammar, place: FlagName, valueWord?: number, valueStart = 0): void {
    if (valueWord === undefined) {
      this.#flags.push({ name: flag.name, value: 'true', ...place })
      return
    }
    const word = this.#words[valueWord]!
    const value = word.known ? word.value.slice(valueStart) : undefined
    this.#flags.push({ name: flag.name, value, ...place, valueWord, valueStart, valueEnd: word.value.length })
    const refusal = value === undefined ? undefined : refuseValue(flag.type, flag.check, value)
    if (refusal !== undefined) this.#report(valueWord, `invalid argument ${goQuote(value!)} for ${goQuote(nameInMessages(flag))} flag: ${refusal}`)
  }

  /** A flag that the CLI does not take, and whose value the next word may be. After an open word it is one of the image's arguments. */
  #refuse(index: number, message: string, mayTakeNext = false): void {
    this.#report(index, message)
    if (this.#options.flagsFirst && this.#open.length > 0) {
      this.#next = this.#order.length
      return
    }
    this.#lost = true
    const next = this.#words[this.#order[this.#next] ?? -1]
    if (!mayTakeNext || next === undefined || next.value.startsWith('-')) return
    this.#next = this.#options.flagsFirst ? this.#order.length : this.#next + 1
  }

  /** A word of which only the dashes and some letters are known. */
  #passOver(): void {
    this.#lost = true
  }

  /** Nothing can be called wrong after a word that may hold any flags and arguments. */
  #report(word: number, message: string): void {
    if (this.#open.length === 0 && !this.#lost) this.#error ??= { message, word }
  }

  /** Makes arguments of the open words that must be some if the command has any chance, and tells whether all of them are. */
  #settleOpenWords(): boolean {
    const [least] = this.#command.args
    const open = this.#open.map((at) => this.#order[at]!)
    const settled = !this.#lost && this.#args.length + open.length <= least && open.every((index) => this.#words[index]!.single)
    if (this.#options.flagsFirst && this.#args.length === 0 && least > 0) {
      const last = this.#open.at(-1)!
      this.#flags = this.#flags.filter(({ word }) => word < this.#order[last]!)
      this.#args = [...(settled ? open.slice(0, -1) : []), ...this.#order.slice(last)]
    } else if (settled) this.#args = [...open, ...this.#args].sort((a, b) => a - b)
    return settled
  }
}

function nameInMessages(flag: FlagGrammar): string {
  return flag.short !== undefined && !flag.shortDeprecated ? `-${flag.short}, --${flag.name}` : `--${flag.name}`
}

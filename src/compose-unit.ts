import { refuseSize } from './go-value.ts'

const powers: Readonly<Record<string, number>> = { '': 0, b: 0, k: 1, m: 2, g: 3, t: 4, p: 5 }

/** A number of bytes as docker/go-units reads it; `undefined` if it is none. */
export function bytesOf(value: string): number | undefined {
  if (/^[-+]?\d+$/.test(value)) return Number(value)
  if (refuseSize(value) !== undefined) return undefined
  const [, number = '', unit = ''] = /^([^]*?[\d.]) ?([a-z]*)$/i.exec(value) ?? []
  return Math.trunc(Number(number) * 1024 ** (powers[unit.charAt(0).toLowerCase()] ?? 0))
}

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, 'µs': 1e3, 'μs': 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12, d: 8.64e13, w: 6.048e14 }

/** A span of time in nanoseconds, with days and weeks (xhit/go-str2duration); `undefined` if it is none. */
export function parseDuration(value: string): number | undefined {
  const [, sign, spans = ''] = /^([-+]?)([^]*)$/.exec(value) ?? []
  if (spans === '0') return 0
  let total = 0
  let read = 0
  for (const [whole, number, unit] of spans.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/gy)) {
    total += Number(number) * units[unit!]!
    read += whole.length
  }
  if (spans === '' || read !== spans.length) return undefined
  return sign === '-' ? -total : total
}

/** `90s` as `1m30s`: Go's time.Duration.String. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  const sign = nanoseconds < 0 ? '-' : ''
  const span = Math.abs(nanoseconds)
  if (span < 1e9) {
    const [unit, size] = span < 1e3 ? ['ns', 1] as const : span < 1e6 ? ['µs', 1e3] as const : ['ms', 1e6] as const
    return `${sign}${span / size}${unit}`
  }
  const seconds = (span % 6e10) / 1e9
  const minutes = Math.floor(span / 6e10)
  return `${sign}${minutes >= 60 ? `${Math.floor(minutes / 60)}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}${Number(seconds.toFixed(9))}s`
}

/** A word, and where it stands in the line. */
export type CommandWord = readonly [word: string, start: number, end: number]

/**
 * A command line as words (mattn/go-shellwords): quotes, backslashes, `\`…\`` and
 * `$(…)` as they stand, and the end of the line at an operator; `undefined`
 * where something is not closed.
 */
export function splitCommand(line: string): CommandWord[] | undefined {
  const splitter = new CommandSplitter()
  for (let at = 0; at < line.length; at++) if (!splitter.take(line[at]!, at)) break
  return splitter.end(line.length)
}

class CommandSplitter {
  readonly #words: CommandWord[] = []
  #word = ''
  /** Where the word starts; `undefined` between words. */
  #start: number | undefined
  /** What is open: a quote, a backtick, or `)` for `$(`. */
  #open = ''
  #isEscaped = false
  #isWrong = false
  /** Whether there is a word, which may be empty if it is quoted. */
  #hasWord = false

  /** Whether there is more to read. */
  take(character: string, at: number): boolean {
    if (this.#isEscaped) {
      this.#isEscaped = false
      return this.#add(character === 't' ? '\t' : character === 'n' ? '\n' : character, at - 1)
    }
    if (character === '\\' && this.#open !== "'") return (this.#isEscaped = true)
    if (/[ \t\r\n]/.test(character)) return this.#open === '' ? this.#finish(at) : this.#add(character, at)
    if (character === '"' || character === "'") return this.#quote(character, at)
    if (character === '`' && (this.#open === '' || this.#open === '`')) this.#open = this.#open === '' ? '`' : ''
    if ((character === '(' || character === ')') && (this.#open === '' || this.#open === ')')) return this.#parenthesis(character, at)
    if (this.#open === '' && /[;&|<>]/.test(character)) return this.#operator(character, at)
    return this.#add(character, at)
  }

  end(at: number): CommandWord[] | undefined {
    this.#finish(at)
    return this.#isWrong || this.#isEscaped || this.#open !== '' ? undefined : this.#words
  }

  #add(character: string, at: number): true {
    this.#start ??= at
    this.#word += character
    return (this.#hasWord = true)
  }

  #quote(character: string, at: number): true {
    if (this.#open !== '' && this.#open !== character) return this.#add(character, at)
    this.#start ??= at
    if (this.#open === character) this.#hasWord = true
    this.#open = this.#open === '' ? character : ''
    return true
  }

  #parenthesis(character: string, at: number): boolean {
    if (character === ')') this.#open = this.#open === '' ? ')' : ''
    else if (this.#open === '' && this.#word.endsWith('$')) this.#open = ')'
    else return !(this.#isWrong = true)
    return this.#add(character, at)
  }

  #operator(character: string, at: number): false {
    // `2>` is part of the operator.
    if (character === '>' && /^\d/.test(this.#word)) this.#hasWord = false
    this.#finish(at)
    return false
  }

  #finish(at: number): true {
    if (this.#hasWord) this.#words.push([this.#word, this.#start ?? at, at])
    this.#word = ''
    this.#start = undefined
    this.#hasWord = false
    return true
  }
}

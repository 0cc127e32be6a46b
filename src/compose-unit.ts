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
  for (const [whole, number, unit] of spans.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/g)) {
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
 * A command line as words (mattn/go-shellwords): quotes, backslashes, and the
 * end of the line at an operator; `undefined` where a quote is not closed.
 */
export function splitCommand(line: string): CommandWord[] | undefined {
  const words: CommandWord[] = []
  let word = ''
  let start: number | undefined
  let quote = ''
  let isEscaped = false
  const begin = (at: number): void => void (start ??= at)
  const end = (at: number): void => {
    if (start !== undefined) words.push([word, start, at])
    word = ''
    start = undefined
  }
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!
    if (isEscaped) {
      begin(at - 1)
      // Within double quotes a backslash before anything that is not special stays, as in a shell.
      word += character === 't' ? '\t' : character === 'n' ? '\n' : character
      isEscaped = false
    } else if (character === '\\' && quote !== "'") {
      begin(at)
      isEscaped = true
    } else if (quote !== '') {
      if (character === quote) quote = ''
      else word += character
    } else if (/[ \t\r\n]/.test(character)) end(at)
    else if (character === '"' || character === "'") {
      begin(at)
      quote = character
    } else if (/[;&|<>]/.test(character)) {
      if (character === '>' && /^\d/.test(word)) start = undefined
      end(at)
      return words
    } else {
      begin(at)
      word += character
    }
  }
  end(line.length)
  return quote !== '' || isEscaped ? undefined : words
}

import type { Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { plain, type Char } from './cmd-character.ts'

/** An argument as a program receives it. */
export interface Argument {
  readonly chars: readonly Char[]
  /** Where it is written, quotes included. */
  readonly start: number
  readonly end: number
  /** Whether it begins with a quote. */
  readonly quoted: boolean
}

/**
 * Splits a command line as a program on Windows does, by the rules of Go's
 * runtime, which are those of the C runtime before 2008: a quote may be written
 * `\"`, or `""` between quotes, and backslashes count only before a quote.
 */
export function splitArguments(line: readonly Char[]): Argument[] {
  const found: Argument[] = []
  let at = 0
  for (;;) {
    while (isBlank(line[at])) at++
    if (at >= line.length) return found
    const from = at
    const chars: Char[] = []
    at = readArgument(line, at, chars)
    found.push({ chars, start: line[from]!.start, end: line[at - 1]!.end, quoted: line[from]!.value === '"' })
  }
}

/** Reads one argument; returns where it ends. */
function readArgument(line: readonly Char[], from: number, chars: Char[]): number {
  let at = from
  let quoted = false
  while (at < line.length && (quoted || !isBlank(line[at]))) {
    const char = line[at]!
    if (char.value === '\\') at = readBackslashes(line, at, chars)
    else if (char.value !== '"') {
      chars.push(char)
      at++
    } else if (quoted && line[at + 1]?.value === '"') {
      chars.push(plain('"', char.start, line[at + 1]!.end))
      quoted = false
      at += 2
    } else {
      quoted = !quoted
      at++
    }
  }
  return at
}

/** Before a quote, two backslashes are one, and an odd one makes the quote plain. */
function readBackslashes(line: readonly Char[], from: number, chars: Char[]): number {
  let end = from
  while (line[end]?.value === '\\') end++
  if (line[end]?.value !== '"') {
    for (let at = from; at < end; at++) chars.push(line[at]!)
    return end
  }
  let at = from
  for (; at + 1 < end; at += 2) chars.push(plain('\\', line[at]!.start, line[at + 1]!.end))
  if (at === end) return end
  chars.push(plain('"', line[at]!.start, line[end]!.end))
  return end + 1
}

function isBlank(char: Char | undefined): boolean {
  return char !== undefined && (char.value === ' ' || char.value === '\t')
}

export function wordOf(script: Text, { chars, start, end }: Argument): Word {
  const text = textOf(script, chars, [start, end])
  const holes: Range[] = []
  let at = 0
  for (const { value, hole } of chars) {
    if (hole) holes.push([at, at + value.length])
    at += value.length
  }
  return holes.length === 0 ? { text, known: true } : { text, known: false, holes }
}

/** What characters spell, those written together placed together. */
export function textOf(script: Text, chars: readonly Char[], written: Range): Text {
  const pieces: [decoded: string, start: number, end: number][] = []
  let verbatim = false
  for (const { value, start, end } of chars) {
    const last = pieces.at(-1)
    const stands = end - start === value.length && script.value.startsWith(value, start)
    if (last && stands && verbatim && last[2] === start) {
      last[0] += value
      last[2] = end
    } else if (last && !stands && last[1] === start && last[2] === end) last[0] += value
    else pieces.push([value, start, end])
    verbatim = stands
  }
  return script.decode(pieces, written)
}

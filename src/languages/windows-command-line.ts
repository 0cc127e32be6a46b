import type { Word } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'

/** `text` cut into arguments as a Windows program cuts its command line; `holes` are offsets into `text`. */
export function splitWindowsCommandLine(text: Text, holes: readonly Range[] = []): Word[] {
  const { value } = text
  const words: Word[] = []
  let hole = 0
  for (let at = 0; ; ) {
    while (/\s/.test(value[at] ?? '') && !covers(holes[hole], at)) at++
    if (at >= value.length) return words
    const argument = readArgument(value, at, holes, hole)
    const word = text.decode(argument.pieces, [at, argument.end])
    words.push(argument.holes.length === 0 ? { text: word, known: true } : { text: word, known: false, holes: argument.holes })
    at = argument.end
    hole = argument.hole
  }
}

interface Argument {
  readonly pieces: readonly Piece[]
  readonly holes: readonly Range[]
  readonly end: number
  /** The first hole after it. */
  readonly hole: number
}

function readArgument(value: string, start: number, all: readonly Range[], first: number): Argument {
  const pieces: Piece[] = []
  const holes: Range[] = []
  let hole = first
  let quoted = false
  let length = 0
  let at = start
  let from = start
  const add = (text: string, to: number): void => {
    if (text !== '') pieces.push([text, from, to])
    length += text.length
    at = from = to
  }
  const flush = (): void => add(value.slice(from, at), at)
  while (at < value.length) {
    const next = all[hole]
    if (next && covers(next, at)) {
      flush()
      holes.push([length, length + next[1] - at])
      add(value.slice(at, next[1]), next[1])
      hole++
    } else if (value[at] === '"') {
      flush()
      const doubled = quoted && value[at + 1] === '"'
      if (!doubled) quoted = !quoted
      add(doubled ? '"' : '', at + (doubled ? 2 : 1))
    } else if (value[at] === '\\') {
      const run = backslashes(value, at)
      if (value[at + run] !== '"') at += run
      else {
        flush()
        for (let pair = 0; pair < run >> 1; pair++) add('\\', at + 2)
        if (run % 2) add('"', at + 2)
      }
    } else if (!quoted && /\s/.test(value[at]!)) break
    else at++
  }
  flush()
  return { pieces, holes, end: at, hole }
}

function covers(hole: Range | undefined, at: number): boolean {
  return hole !== undefined && hole[0] <= at && at < hole[1]
}

function backslashes(value: string, at: number): number {
  let end = at
  while (value[end] === '\\') end++
  return end - at
}

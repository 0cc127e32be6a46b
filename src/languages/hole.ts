import type { Word } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'

/** Stands for each character of what is computed; part of a word for every shell. */
export const holeCharacter = '\ufffc'
const hole = /\ufffc+/g

/** What is computed before the shell reads the script, as long as it is written. */
export const holePiece = (start: number, end: number): Piece => [holeCharacter.repeat(end - start), start, end]

/** A text of which the matches of `pattern`, a global one, are computed. */
export function withHoles(text: Text, pattern: RegExp): Text {
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: match, index } of text.value.matchAll(pattern)) {
    pieces.push([text.value.slice(at, index), at, index], holePiece(index, index + match.length))
    at = index + match.length
  }
  if (pieces.length === 0) return text
  return text.decode([...pieces, [text.value.slice(at), at, text.value.length]], [0, text.value.length])
}

/** Whether something of a text is computed. */
export const hasHoles = (text: Text): boolean => text.value.includes(holeCharacter)

/** A word with a hole in it is not known. */
export function withoutComputed(word: Word): Word {
  const computed = [...word.text.value.matchAll(hole)].map(({ 0: match, index }): Range => [index, index + match.length])
  if (computed.length === 0) return word
  if (word.known) return { text: word.text, known: false, holes: computed }
  if (!word.holes) return word
  return { ...word, holes: joined([...word.holes, ...computed]) }
}

/** Ranges in order, those that touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

import type { Word } from '../command.ts'
import { Text, type Piece, type Range } from '../text.ts'

/** Words as one line, parted by blanks; `holes` are the parts of the file that are not known. */
export function commandLine(words: readonly Word[]): { readonly text: Text; readonly holes: readonly Range[] } {
  const holes = words.flatMap(holesIn)
  return { text: words.length === 1 ? words[0]!.text : joinedText(words), holes }
}

function holesIn({ text, known, holes }: Word): readonly Range[] {
  if (known) return []
  return holes?.map(([start, end]) => text.range(start, end)) ?? [text.whole]
}

/**
 * One text of several, each in coordinates of the file already. A text is
 * decoded from one other, so this one is decoded from a sketch of the file that
 * has only these words in it, each at its place.
 */
function joinedText(words: readonly Word[]): Text {
  const pieces: Piece[] = []
  words.forEach(({ text }, index) => {
    const [start] = text.whole
    if (index > 0) {
      const end = words[index - 1]!.text.whole[1]
      pieces.push([' ', end, Math.max(start, end)])
    }
    pieces.push(...placed(text))
  })
  const start = Math.min(...words.map(({ text }) => text.whole[0]))
  const end = Math.max(...words.map(({ text }) => text.whole[1]))
  return Text.file(sketch(pieces, end)).decode(pieces, [start, end])
}

/** The characters of a text with their places in the file, joined as far as they go together. */
function placed(text: Text): Piece[] {
  const pieces: [string, number, number][] = []
  for (let at = 0; at < text.value.length; at++) {
    const [start, end] = text.range(at, at + 1)
    const character = text.value[at]!
    const last = pieces.at(-1)
    const verbatim = end - start === 1
    if (last && verbatim && last[2] === start && last[2] - last[1] === last[0].length) {
      last[0] += character
      last[2] = end
    } else if (last && !verbatim && last[1] === start && last[2] === end) last[0] += character
    else pieces.push([character, start, end])
  }
  return pieces
}

/** A file that has the pieces where they were written, and nothing else. */
function sketch(pieces: readonly Piece[], length: number): string {
  const parts: string[] = []
  let at = 0
  for (const [decoded, start, end] of [...pieces].sort((a, b) => a[1] - b[1])) {
    if (decoded.length !== end - start || start < at) continue
    parts.push('\0'.repeat(start - at), decoded)
    at = end
  }
  return parts.join('').padEnd(length, '\0')
}

import type { Range } from './text.ts'

/** A replacement of a part of a file. */
export interface Edit {
  readonly range: Range
  readonly text: string
}

/** What becomes of a text by edits that do not overlap, in any order. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let at = 0
  for (const { range, text } of [...edits].sort((a, b) => a.range[0] - b.range[0])) {
    parts.push(source.slice(at, range[0]), text)
    at = range[1]
  }
  return [...parts, source.slice(at)].join('')
}

export const deletion = (start: number, end: number): Edit => ({ range: [start, end], text: '' })

/** Characters that no notation wants quoted or escaped. */
const unquoted = /^[\w.:/-]*$/

/**
 * Gives a value another text, where it is written one for one, with or without
 * quotes around it, and what is new needs none.
 */
export function replacement(source: string, [start, end]: Range, value: string, text: string): Edit | undefined {
  if (value === '' || !unquoted.test(text.replace(value, ''))) return undefined
  const written = source.slice(start, end)
  if (written === value) return { range: [start, end], text }
  return written === `"${value}"` || written === `'${value}'` ? { range: [start + 1, end - 1], text } : undefined
}

/** Longer values are mended by hand: each part of one would have it read as a whole. */
const longestValue = 4_000

/**
 * Deletes a part of a value in a short form (`HOST:80:80`, `a=1,b=2`) together
 * with what parts it from the others. `whole` is the value without its quotes.
 */
export function partDeletion(source: string, [start, end]: Range, whole: Range): Edit | undefined {
  if (whole[1] - whole[0] > longestValue) return undefined
  if (source[start - 1] === '=') {
    let from = start - 1
    while (from > whole[0] && source[from - 1] !== ',') from--
    if (source.slice(whole[0], whole[1]).includes('"')) return undefined
    if (from > whole[0]) return deletion(from - 1, end)
    return end < whole[1] && source[end] === ',' ? deletion(from, end + 1) : undefined
  }
  // `127.0.0.1::80` has a host's port that is empty.
  if (start === whole[0] && source[end] === ':') return deletion(start, source[end + 1] === ':' ? end + 2 : end + 1)
  return end === whole[1] && source[start - 1] === ':' ? deletion(start - 1, end) : undefined
}

import type { Position } from './position.ts'
import type { Excerpt } from './shard-report.ts'

/** What is told of a text by those who have not seen the same. */
export class UnlikeTextError extends Error {
  override readonly name = 'UnlikeTextError'
}

/**
 * A text of which some lines are known, and of others where they begin. All
 * that is known stands in it at its offset and on its line; the rest is blank.
 */
export class TextFrame {
  /** Where lines begin, and those that are known from there on. */
  readonly #lines = new Map<number, { readonly offset: number; text?: string }>()
  #text: string | undefined
  #isContradictory = false

  noteLine({ line, column, offset }: Position): void {
    this.#note(line, offset - column + 1)
  }

  noteExcerpt({ line, offset, text }: Excerpt): void {
    this.#note(line, offset).text = text
  }

  #note(line: number, offset: number): { readonly offset: number; text?: string } {
    let known = this.#lines.get(line)
    if (!known) this.#lines.set(line, (known = { offset }))
    if (known.offset !== offset) this.#isContradictory = true
    return known
  }

  /** @throws {UnlikeTextError} if there is no such text */
  get text(): string {
    this.#text ??= this.#written()
    return this.#text
  }

  #written(): string {
    if (this.#isContradictory) throw new UnlikeTextError()
    const parts: string[] = []
    // The line that is being written, whether its characters are, and how many there are up to here.
    let at = { line: 1, isWhole: false, offset: 0, end: '' }
    for (const [line, { offset, text }] of [...this.#lines].sort(([a], [b]) => a - b)) {
      // A line in the midst of an excerpt is there already.
      if (line <= at.line && at.isWhole) continue
      const [ends, characters] = [line - at.line, offset - at.offset]
      if (characters < ends || (ends === 0 && characters > 0)) throw new UnlikeTextError()
      parts.push(gap(ends, characters, at.isWhole, at.end))
      at = { line, isWhole: false, offset, end: '' }
      if (text === undefined) continue
      parts.push(text)
      const lineEnds = text.match(/\r\n|\r|\n/g)?.length ?? 0
      at = { line: line + lineEnds, isWhole: true, offset: offset + text.length, end: text.at(-1) ?? '' }
    }
    return parts.join('')
  }
}

/** Blanks with so many line ends among them, after a whole line that ends with `before`, or in the midst of one. */
function gap(ends: number, characters: number, isWhole: boolean, before: string): string {
  if (ends === 0) return ''
  const blanks = ' '.repeat(characters - ends)
  if (!isWhole) return blanks + '\n'.repeat(ends)
  if (ends === 1 && characters === 2) return '\r\n'
  // CR and LF would be one end of a line.
  const end = before === '\r' ? '\r' : '\n'
  return end + blanks + (blanks === '' ? end : '\n').repeat(ends - 1)
}

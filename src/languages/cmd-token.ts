import { plain, type Char } from './cmd-character.ts'

/** Gives the next line, expanded; `undefined` at the end of the script. */
export type NextLine = () => readonly Char[] | undefined

/**
 * Phase 2, the characters: quotes toggle and cannot be escaped, a caret outside
 * of them makes the next character plain, or joins the next line on. Reads no
 * further than one character ahead, as a remark takes no notice of its last caret.
 */
export class CharReader {
  readonly #nextLine: NextLine
  #line: readonly Char[] = []
  #at = 0
  #quoted = false
  #current: Char | undefined
  /** Characters that were read and handed back. */
  #returned: Char[] = []

  constructor(nextLine: NextLine) {
    this.#nextLine = nextLine
  }

  /** The next character; `undefined` at the end of the line. */
  peek(): Char | undefined {
    if (this.#returned.length > 0) return this.#returned.at(-1)
    this.#current ??= this.#read()
    return this.#current
  }

  next(): Char | undefined {
    const char = this.peek()
    if (this.#returned.length > 0) this.#returned.pop()
    else this.#current = undefined
    return char
  }

  putBack(chars: readonly Char[]): void {
    for (let at = chars.length - 1; at >= 0; at--) this.#returned.push(chars[at]!)
  }

  /** Moves to the next line, whatever is left of this one. */
  nextLine(): boolean {
    this.#current = undefined
    this.#returned = []
    this.#quoted = false
    this.#at = 0
    const line = this.#nextLine()
    this.#line = line ?? []
    return line !== undefined
  }

  /** Drops what is left of the line, carets and all; returns its last character. */
  skipLine(): Char | undefined {
    const last = this.#line.length > this.#at ? this.#line.at(-1) : (this.#returned[0] ?? this.#current)
    this.#returned = []
    this.#current = undefined
    this.#at = this.#line.length
    return last
  }

  #read(): Char | undefined {
    const char = this.#line[this.#at++]
    if (!char || char.hole) return char
    const { value, start, end } = char
    if (value === '"') this.#quoted = !this.#quoted
    else if (!this.#quoted) return value === '^' ? this.#escaped(start) : char
    return plain(value, start, end)
  }

  /** The character after a caret. An empty line ends what a caret wanted to continue. */
  #escaped(start: number): Char | undefined {
    if (this.#at >= this.#line.length) {
      this.#line = this.#nextLine() ?? []
      this.#at = 0
    }
    const char = this.#line[this.#at++]
    return char?.hole ? { ...char, start } : char && plain(char.value, start, char.end)
  }
}

/** What separates the words of cmd's own commands. */
export function isDelimiter(char: Char): boolean {
  return char.bare && ' \t,;=\v\f'.includes(char.value)
}

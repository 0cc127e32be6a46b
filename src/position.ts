/** A place as editors show it: line and column from 1, columns in UTF-16 units, and the offset from 0. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** Finds lines and columns of offsets in a text; lines end with LF, CRLF or CR. */
export class Lines {
  readonly #text: string
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.#text = text
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) this.#starts.push(at + 1)
    }
  }

  get count(): number {
    return this.#starts.length
  }

  position(offset: number): Position {
    let low = 0
    let high = this.#starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1, offset }
  }

  /** The characters of a line, without its end. */
  line(number: number): string {
    const start = this.#starts[number - 1]
    if (start === undefined) return ''
    return this.#text.slice(start, this.#starts[number] ?? this.#text.length).replace(/(?<![\r\n])[\r\n]+$/, '')
  }
}

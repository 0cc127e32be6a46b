/** Half-open interval of UTF-16 offsets into the outermost file, whatever is nested inside what. */
export type Range = readonly [start: number, end: number]

/** A value together with the place where it is written. */
export interface Spanned<T = string> {
  readonly value: T
  readonly range: Range
}

/** Decoded characters and where they stand in the text they are decoded from: `[decoded, start, end]`. */
export type Piece = readonly [decoded: string, start: number, end: number]

/** `length` characters from `at` on, written at `start..end`: one for one if `verbatim`, else jointly. */
interface Segment {
  readonly at: number
  readonly length: number
  readonly start: number
  readonly end: number
  readonly verbatim: boolean
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/**
 * Decoded text that remembers where in the file it was written.
 *
 * A file is a `Text` that maps to itself. What is decoded from a text (a YAML
 * block scalar, a shell word, a JavaScript string) is a `Text` too, already in
 * coordinates of the file: maps compose at construction, and nothing downstream
 * translates an offset.
 */
export class Text {
  readonly value: string
  /** Where all of it was written, quotes and indentation included. */
  readonly whole: Range
  /** All characters of the outermost file, which ranges are offsets into. */
  readonly source: string
  readonly #segments: readonly Segment[]

  private constructor(value: string, whole: Range, source: string, segments: readonly Segment[]) {
    this.value = value
    this.whole = whole
    this.source = source
    this.#segments = segments
  }

  static file(value: string): Text {
    const end = value.length
    return new Text(value, [0, end], value, [{ at: 0, length: end, start: 0, end, verbatim: true }])
  }

  /** The text that `pieces` of this one spell; `written` is all of what they are decoded from. */
  decode(pieces: Iterable<Piece>, written: Range): Text {
    const values: string[] = []
    const segments: Segment[] = []
    let at = 0
    let last: Mutable<Segment> | undefined
    const add = (length: number, [start, end]: Range, verbatim: boolean): void => {
      if (last?.verbatim && verbatim && last.end === start) {
        last.length += length
        last.end = end
      } else segments.push((last = { at, length, start, end, verbatim }))
      at += length
    }
    for (const [decoded, start, end] of pieces) {
      if (decoded === '') continue
      values.push(decoded)
      // Only characters that stand for themselves are placed one by one: 'é' written as "\x" is not.
      if (decoded.length === end - start && this.value.startsWith(decoded, start)) this.#copy(start, end, add)
      else add(decoded.length, this.range(start, end), false)
    }
    return new Text(values.join(''), this.range(written[0], written[1]), this.source, segments)
  }

  /** Characters `start..end`. */
  slice(start: number, end: number = this.value.length): Text {
    const [only] = this.#segments
    if (this.#segments.length === 1 && only!.verbatim && start >= 0 && start < end && end <= this.value.length) {
      const at = only!.start + start
      return new Text(this.value.slice(start, end), [at, at + end - start], this.source, [{ at: 0, length: end - start, start: at, end: at + end - start, verbatim: true }])
    }
    return this.decode([[this.value.slice(start, end), start, end]], [start, end])
  }

  /** A value whose characters cannot be placed: each of them stands for the whole of `written`. */
  opaque(value: string, written: Range): Text {
    const [start, end] = this.range(written[0], written[1])
    return new Text(value, [start, end], this.source, [{ at: 0, length: value.length, start, end, verbatim: false }])
  }

  /** Where characters `start..end` were written. */
  range(start: number, to: number): Range {
    // A parser may take the end of the text for one more character.
    const end = Math.min(to, this.value.length)
    if (start >= end || this.#segments.length === 0) {
      const at = this.#position(start)
      return [at, at]
    }
    const [only] = this.#segments
    if (this.#segments.length === 1 && only!.verbatim) return [only!.start + start, only!.start + end]
    const first = this.#find(start)
    const last = this.#find(end - 1)
    return [
      first.verbatim ? first.start + start - first.at : first.start,
      last.verbatim ? last.start + end - last.at : last.end
    ]
  }

  get spanned(): Spanned {
    return { value: this.value, range: this.whole }
  }

  #position(offset: number): number {
    if (this.#segments.length === 0) return this.whole[0]
    if (offset >= this.value.length) return this.#segments.at(-1)!.end
    const segment = this.#find(offset)
    return segment.verbatim ? segment.start + offset - segment.at : segment.start
  }

  #copy(start: number, end: number, add: (length: number, range: Range, verbatim: boolean) => void): void {
    let at = start
    while (at < end) {
      const segment = this.#find(at)
      const next = Math.min(end, segment.at + segment.length)
      add(next - at, this.range(at, next), segment.verbatim)
      at = next
    }
  }

  #find(offset: number): Segment {
    let low = 0
    let high = this.#segments.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (this.#segments[middle]!.at <= offset) low = middle
      else high = middle
    }
    return this.#segments[low]!
  }
}

/** A line of a text, without and with its line break. */
export interface Line {
  readonly text: string
  readonly start: number
  /** Where its characters end. */
  readonly end: number
  /** Where the next line starts. */
  readonly next: number
}

/** The lines of a text that end with LF or CRLF. */
export function linesOf(source: string, from = 0, to = source.length): Line[] {
  const lines: Line[] = []
  for (let start = from; start < to; ) {
    const feed = source.indexOf('\n', start)
    const next = feed < 0 || feed >= to ? to : feed + 1
    const broken = feed >= 0 && feed < to
    const end = broken ? (feed > start && source[feed - 1] === '\r' ? feed - 1 : feed) : to
    lines.push({ text: source.slice(start, end), start, end, next })
    start = next
  }
  return lines
}

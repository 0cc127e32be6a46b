/**
 * One character that a phase of cmd hands to the next, and where the script writes it.
 *
 * A hole is a whole `%X%` whose value only the run knows: one character that is
 * no operator, no blank and no quote.
 */
export interface Char {
  readonly value: string
  readonly start: number
  readonly end: number
  readonly hole: boolean
  /** Neither quoted nor escaped: an operator or a delimiter, if it looks like one. Nothing is, once commands are read. */
  readonly bare: boolean
}

export function plain(value: string, start: number, end: number): Char {
  return { value, start, end, hole: false, bare: false }
}

export function bare(value: string, start: number, end: number): Char {
  return { value, start, end, hole: false, bare: true }
}

export function hole(value: string, start: number, end: number): Char {
  return { value, start, end, hole: true, bare: false }
}

/** The text that characters spell, holes as they are written. */
export function join(chars: readonly Char[]): string {
  let text = ''
  for (const { value } of chars) text += value
  return text
}

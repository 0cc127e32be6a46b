import { parse, type CommandExpansionPart, type ParsedScript, type ProcessSubstitutionPart, type Statement } from 'unbash'
import type { SyntaxProblem } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'

/** A substitution, which holds a script of its own. */
export type Substitution = CommandExpansionPart | ProcessSubstitutionPart

/** How deep constructs may be nested in one another: people stop at ten, the call stack at some hundreds. */
export const deepest = 200

/**
 * What the parser is given of a text.
 *
 * `code` has the length of `text.value` and differs from it only where a CI
 * system puts something in before any shell sees it (`${{ … }}`): there it has
 * characters that mean nothing to a shell.
 */
export class Source {
  readonly text: Text
  readonly code: string
  readonly masks: readonly Range[]
  /** What follows a quote that is never closed, up to the end of its line: nobody knows what was meant. */
  readonly unfinished: Range[] = []

  constructor(text: Text, masks: readonly Range[] = ciExpressions(text.value)) {
    this.text = text
    this.masks = masks
    this.code = masked(text.value, masks)
  }

  /** A part that stands for itself. */
  piece(start: number, end: number): Piece {
    return [this.text.value.slice(start, end), start, end]
  }

  /** The first mask that ends after `at`. */
  maskAfter(at: number): Range | undefined {
    let low = 0
    let high = this.masks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.masks[middle]![1] <= at) low = middle + 1
      else high = middle
    }
    return this.masks[low]
  }
}

/** The text without the carriage returns of its line ends: to a shell they would be data. */
export function withoutCarriageReturns(text: Text): Text {
  const { value } = text
  if (!value.includes('\r\n')) return text
  const pieces: Piece[] = []
  let at = 0
  for (let next = value.indexOf('\r\n'); next >= 0; next = value.indexOf('\r\n', at)) {
    pieces.push([value.slice(at, next), at, next])
    at = next + 1
  }
  pieces.push([value.slice(at), at, value.length])
  return text.decode(pieces, [0, value.length])
}

function ciExpressions(value: string): Range[] {
  const masks: Range[] = []
  let close = -1
  for (let open = value.indexOf('${{'); open >= 0; open = value.indexOf('${{', open)) {
    if (close < open) close = value.indexOf('}}', open + 3)
    if (close < 0) break
    if (value.lastIndexOf('\n', close) > open) open += 3
    else {
      masks.push([open, close + 2])
      open = close + 2
    }
  }
  return masks
}

function masked(value: string, masks: readonly Range[]): string {
  if (masks.length === 0) return value
  const parts: string[] = []
  let at = 0
  for (const [start, end] of masks) {
    parts.push(value.slice(at, start), '\uE000'.repeat(end - start))
    at = end
  }
  parts.push(value.slice(at))
  return parts.join('')
}

/**
 * The scripts of a source and of its substitutions.
 *
 * A substitution is parsed when it is looked at, with all that it holds, so
 * deep nesting costs its depth times its length. Fuel bounds that, and the
 * second readings after syntax errors too.
 */
export class Scripts {
  readonly problems: SyntaxProblem[] = []
  readonly #seen = new Map<Substitution, ParsedScript | undefined>()
  #fuel: number

  constructor(length: number) {
    this.#fuel = 100_000 + 20 * length
  }

  /** The script in a substitution; none if it is nested beyond reason. */
  inside(part: Substitution, source: Source): ParsedScript | undefined {
    if (this.#seen.has(part)) return this.#seen.get(part)
    const script = this.#spend(part.end - part.pos) ? attempt(() => part.script) : undefined
    this.#seen.set(part, script)
    if (!script) this.problem(source, 'this is nested too deeply to be read', part.pos, part.end)
    else if (script.source === undefined) this.#report(source, script)
    return script
  }

  problem(source: Source, message: string, start: number, end: number): void {
    this.problems.push({ message, range: source.text.range(start, end) })
  }

  /** The statements of a source: after a syntax error, reading resumes on the next line. */
  *statements(source: Source): Generator<readonly Statement[]> {
    const { code } = source
    let at = 0
    while (at < code.length) {
      const script = this.#parse(source, at, code.length)
      if (!script) return
      const errors = script.errors ?? []
      const open = errors.find(error => error.message.startsWith('unterminated'))
      if (open) {
        // All that follows seems quoted: let the quote end with its line, and go on after that.
        const end = lineEnd(code, open.pos)
        if (open.message.includes('quote')) source.unfinished.push([open.pos, end])
        const line = end < code.length ? this.#parse(source, at, end) : script
        yield line?.commands ?? []
        this.#report(source, line)
        at = end + 1
        continue
      }
      yield script.commands
      this.#report(source, script)
      const read = script.commands.at(-1)?.end ?? at
      const error = errors.at(-1)?.pos
      if (error === undefined || error < read) return
      at = lineEnd(code, error) + 1
    }
  }

  #report(source: Source, script: ParsedScript | undefined): void {
    for (const { message, pos } of script?.errors ?? []) {
      const start = Math.min(pos, source.code.length)
      this.problem(source, message, start, Math.min(start + 1, source.code.length))
    }
  }

  #parse(source: Source, start: number, end: number): ParsedScript | undefined {
    const script = this.#spend(0) && !tooManyHereDocuments(source.code) ? attempt(() => parseFrom(source.code, start, end)) : undefined
    // Blanks are skipped fast, and a parser that gives up has not read the rest.
    if (script) this.#spend((end >> 4) + Math.max(script.errors?.at(-1)?.pos ?? end, script.commands.at(-1)?.end ?? start) - start)
    else this.problem(source, 'the rest is too complicated to be read', start, end)
    return script
  }

  #spend(amount: number): boolean {
    this.#fuel -= amount
    return this.#fuel >= 0
  }
}

/** Parses a part of the code; blanks stand for what precedes it, so that positions agree. */
function parseFrom(code: string, start: number, end: number): ParsedScript {
  return parse(start === 0 && end === code.length ? code : ' '.repeat(start) + code.slice(start, end))
}

/** The parser searches the list of the here-documents that a line begins, so very long ones are quadratic. */
function tooManyHereDocuments(code: string): boolean {
  let count = 0
  for (let at = code.indexOf('<<'), line = -1; at >= 0; at = code.indexOf('<<', at + 2)) {
    if (at > line) {
      count = 0
      line = lineEnd(code, at)
    }
    if (++count > 1000) return true
  }
  return false
}

/** The parser recurses without a limit in a few places; its overflow is an answer like any other. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function lineEnd(code: string, at: number): number {
  const end = code.indexOf('\n', at)
  return end < 0 ? code.length : end
}

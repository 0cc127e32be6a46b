import type { Piece, Range, Text } from '../text.ts'

/** Values of variables, from the `.env` file beside the compose file. */
export type Environment = ReadonlyMap<string, string>

/** A value of a compose file after interpolation. */
export interface Interpolated {
  /** What compose makes of it; parts that cannot be known stand as they are written. */
  readonly text: Text
  readonly known: boolean
  /** The first place that compose refuses. */
  readonly problem?: { readonly message: string; readonly range: Range } | undefined
}

/** How deep `${A:-${B:-…}}` is followed. */
const maximumDepth = 20

/**
 * The value of a variable that nobody sets: it is not known, since whoever runs
 * compose may set it (`undefined`), or it is empty, as for compose itself when
 * all of its environment is given, or presumed.
 */
export type Unset = string | undefined

/**
 * Replace `$X`, `${X}`, `${X:-d}`, `${X-d}`, `${X:?e}`, `${X?e}`, `${X:+a}`,
 * `${X+a}` and `$$` in a value (compose-spec/compose-go template/template.go).
 *
 * A default counts as known: it is what the file itself says.
 */
export function interpolate(text: Text, environment: Environment, unset?: Unset): Interpolated {
  if (!text.value.includes('$')) return { text, known: true }
  const reader = new TemplateReader(text.value, environment, unset)
  const read = reader.read(0, text.value.length, 0)
  const problem = reader.problem && { message: reader.problem.message, range: text.range(reader.problem.at, reader.problem.end) }
  if (problem) return { text, known: false, problem }
  return { text: text.decode(read.pieces, [0, text.value.length]), known: read.known }
}

interface Template {
  readonly pieces: Piece[]
  readonly known: boolean
}

class TemplateReader {
  readonly #source: string
  readonly #environment: Environment
  readonly #unset: Unset
  problem: { readonly message: string; readonly at: number; readonly end: number } | undefined

  constructor(source: string, environment: Environment, unset: Unset) {
    this.#source = source
    this.#environment = environment
    this.#unset = unset
  }

  read(start: number, end: number, depth: number): Template {
    const pieces: Piece[] = []
    let known = true
    let at = start
    while (at < end) {
      const dollar = this.#source.indexOf('$', at)
      const stop = dollar < 0 || dollar >= end ? end : dollar
      if (stop > at) pieces.push([this.#source.slice(at, stop), at, stop])
      if (stop === end) break
      const variable = this.#variable(stop, end, depth)
      if (!variable) {
        const close = closingBrace(this.#source, stop + 1, end)
        this.problem ??= { message: this.#refusal(), at: stop, end: close === undefined ? Math.min(end, stop + 2) : close + 1 }
        return { pieces: [], known: false }
      }
      known &&= variable.known
      pieces.push(...variable.pieces)
      at = variable.end
    }
    return { pieces, known }
  }

  /** cmd `docker compose config`: the whole value is named, not the place in it. */
  #refusal(): string {
    return `invalid interpolation format: "${this.#source.split('\n', 1)[0]}"; write a literal $ as $$`
  }

  #variable(at: number, end: number, depth: number): (Template & { end: number }) | undefined {
    const rest = this.#source.slice(at + 1, Math.min(end, at + 1 + 256))
    if (rest.startsWith('$')) return { pieces: [['$', at, at + 2]], known: true, end: at + 2 }
    const name = /^[_a-z][_a-z0-9]*/i.exec(rest)?.[0]
    if (name !== undefined) return this.#value(name, at, at + 1 + name.length)
    if (rest.startsWith('{')) return this.#braced(at, end, depth)
    // A dollar before anything else is a dollar: `$(date)`.
    return { pieces: [['$', at, at + 1]], known: true, end: at + 1 }
  }

  #braced(at: number, end: number, depth: number): (Template & { end: number }) | undefined {
    const close = closingBrace(this.#source, at + 1, end)
    if (close === undefined || depth > maximumDepth) return undefined
    const [whole, name, operator] = /^([_a-z][_a-z0-9]*)(:?[-?+])?/i.exec(this.#source.slice(at + 2, close)) ?? []
    if (whole === undefined || name === undefined) return undefined
    if (operator === undefined) return at + 2 + whole.length === close ? this.#value(name, at, close + 1) : undefined
    const operand = (): Template => this.read(at + 2 + whole.length, close, depth + 1)
    return { ...this.#operation(name, operator, operand, at, close + 1), end: close + 1 }
  }

  #operation(name: string, operator: string, operand: () => Template, at: number, end: number): Template {
    const value = this.#environment.get(name)
    const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
    if (operator.endsWith('-')) {
      if (isSet) return this.#value(name, at, end)
      const { pieces, known } = operand()
      // The replaced `${X:-d}` stands for all its characters.
      return { pieces: [[pieces.map(piece => piece[0]).join(''), at, end]], known }
    }
    if (operator.endsWith('?')) return isSet ? this.#value(name, at, end) : this.#required(name, operand, at, end)
    if (!isSet) return value === undefined ? this.#unknown(at, end) : this.#value(name, at, end)
    const { pieces, known } = operand()
    return { pieces: [[pieces.map(piece => piece[0]).join(''), at, end]], known }
  }

  #value(name: string, at: number, end: number): Template & { end: number } {
    const value = this.#environment.get(name)
    return value === undefined ? { ...this.#unknown(at, end), end } : { pieces: [[value, at, end]], known: true, end }
  }

  #required(name: string, operand: () => Template, at: number, end: number): Template {
    if (this.#unset !== '') return this.#unknown(at, end)
    const reason = operand().pieces.map(piece => piece[0]).join('')
    this.problem ??= { message: `required variable ${name} is missing a value${reason === '' ? '' : `: ${reason}`}`, at, end }
    return { pieces: [], known: false }
  }

  #unknown(at: number, end: number): Template {
    if (this.#unset !== undefined) return { pieces: this.#unset === '' ? [] : [[this.#unset, at, end]], known: true }
    return { pieces: [[this.#source.slice(at, end), at, end]], known: false }
  }
}

/** Offset of the brace that closes the one at `open`. */
function closingBrace(source: string, open: number, end: number): number | undefined {
  let depth = 0
  for (let at = open; at < end; at++) {
    if (source[at] === '{') depth++
    else if (source[at] === '}' && --depth === 0) return at
  }
  return undefined
}

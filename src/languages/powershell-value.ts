import type { Word } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'
import type { Span } from './powershell-syntax.ts'

/** Characters of a value and where they are written; what is not known is only its source. */
export interface ValuePart extends Span {
  readonly text: string
  readonly known: boolean
}

export interface StringValue {
  readonly kind: 'string'
  readonly parts: readonly ValuePart[]
  readonly written: Span
  readonly number?: true
}

export interface ArrayValue {
  readonly kind: 'array'
  readonly items: readonly StringValue[]
}

/** A hash table, as `ConvertTo-Json` writes it; what is not known of it is a hole. */
export interface TableValue {
  readonly kind: 'table'
  readonly json: StringValue
}

export type Value = StringValue | ArrayValue | TableValue

/** Beyond these a value made of others counts as unknown: no command line is that long, and it must not grow without end. */
const maximumParts = 400
const maximumLength = 16_384

export const valueText = (value: StringValue): string => value.parts.map(part => part.text).join('')

export const isKnown = (value: StringValue): boolean => value.parts.every(part => part.known)

export function valueItems(value: Value): readonly StringValue[] {
  if (value.kind === 'table') return [uncertain(value.json)]
  return value.kind === 'array' ? value.items : [value]
}

export function arrayOf(items: readonly StringValue[]): ArrayValue | undefined {
  return items.length > maximumParts ? undefined : { kind: 'array', items }
}

export function concatenated(values: readonly StringValue[]): StringValue | undefined {
  const parts = values.flatMap(value => value.parts)
  const length = parts.reduce((sum, part) => sum + part.text.length, 0)
  if (parts.length > maximumParts || length > maximumLength) return undefined
  return { kind: 'string', parts, written: { start: values[0]?.written.start ?? 0, end: values.at(-1)?.written.end ?? 0 } }
}

/** A known value as one part of a string around it, in the place of what stands for it there. */
export function placed(value: Value | undefined, at: Span): ValuePart | undefined {
  if (!value) return undefined
  const items = valueItems(value)
  const text = items.map(valueText).join(' ')
  return items.every(isKnown) && text.length <= maximumLength ? { text, known: true, start: at.start, end: at.end } : undefined
}

/** What remains certain of a value that is one of two. */
export function mergedValue(a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === b || !a || !b) return a === b ? a : undefined
  if (a.kind === 'table' || b.kind === 'table') return undefined
  if (a.kind === 'string' || b.kind === 'string') return a.kind === 'string' && b.kind === 'string' && sameString(a, b) ? a : undefined
  let common = 0
  while (common < a.items.length && common < b.items.length && sameString(a.items[common]!, b.items[common]!)) common++
  const rest = (a.items.length > b.items.length ? a : b).items.slice(common)
  return rest.length === 0 ? a : { kind: 'array', items: [...a.items.slice(0, common), uncertain(rest[0]!)] }
}

function sameString(a: StringValue, b: StringValue): boolean {
  return a === b || (isKnown(a) && isKnown(b) && valueText(a) === valueText(b))
}

/** A word that may be there or not, or be several. */
export function uncertain(value: StringValue): StringValue {
  return { ...value, parts: value.parts.map(part => ({ ...part, known: false })) }
}

export function valueToText(script: Text, value: StringValue): Text {
  const pieces = value.parts.map((part): Piece => [part.text, part.start, part.end])
  return script.decode(pieces, [value.written.start, value.written.end])
}

/** Where in the text of a value it is not known. */
export function valueHoles(value: StringValue): Range[] {
  const holes: Range[] = []
  let at = 0
  for (const part of value.parts) {
    if (!part.known) holes.push([at, at + part.text.length])
    at += part.text.length
  }
  return holes
}

export function valueToWord(script: Text, value: StringValue): Word {
  const text = valueToText(script, value)
  return isKnown(value) ? { text, known: true } : { text, known: false, holes: valueHoles(value) }
}

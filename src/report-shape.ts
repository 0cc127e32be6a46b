import { severities, type Diagnostic } from './diagnostic.ts'
import type { Position } from './position.ts'
import type { ShardReport } from './shard-report.ts'

/** A report in the format `json`, as it is read again: schemas/output.schema.json. */
export interface ReadReport {
  readonly tool: { readonly name: string; readonly version: string }
  readonly targets: readonly string[]
  readonly files: readonly { readonly path: string; readonly language: string | null; readonly gaps: readonly { readonly message: string; readonly range: ReadRange }[] }[]
  readonly diagnostics: readonly ReadDiagnostic[]
  readonly suppressed: readonly { readonly reason?: string; readonly diagnostic: ReadDiagnostic }[]
  readonly errors: readonly { readonly path: string | null; readonly message: string }[]
  readonly shard?: ShardReport
}

export interface ReadRange {
  readonly start: Position
  readonly end: Position
}

export interface ReadDiagnostic extends Omit<Diagnostic, 'range' | 'related' | 'fix'> {
  readonly path: string
  readonly range: ReadRange
  readonly related: readonly { readonly message: string; readonly path: string; readonly range?: ReadRange }[]
  readonly fix?: { readonly title: string; readonly safe: boolean; readonly edits: readonly { readonly range: ReadRange; readonly text: string }[] }
}

/** In words where a value is not of a shape; `undefined`: it is. */
type Shape = (value: unknown, where: string) => string | undefined

const test = (isRight: (value: unknown) => boolean, what: string): Shape => (value, where) => (isRight(value) ? undefined : `${where} is ${value === undefined ? 'missing' : `not ${what}`}`)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const text = test(value => typeof value === 'string', 'a text')
const oneOf = (...values: readonly unknown[]): Shape => test(value => values.includes(value), `one of ${values.join(', ')}`)
const flag = oneOf(true, false)
const object = test(isObject, 'an object')
/** No file that is read has more characters. */
const mostCharacters = 2 ** 25
const count = (least: number): Shape => test(value => Number.isInteger(value) && (value as number) >= least && (value as number) <= mostCharacters + 1, `a whole number from ${least} on`)
const maybe = (shape: Shape): Shape => (value, where) => (value === undefined ? undefined : shape(value, where))
const orNull = (shape: Shape): Shape => (value, where) => (value === null ? undefined : shape(value, where))

const list = (item: Shape): Shape => (value, where) => {
  if (!Array.isArray(value)) return `${where} is ${value === undefined ? 'missing' : 'not a list'}`
  for (const [at, element] of value.entries()) {
    const fault = item(element, `${where}[${at}]`)
    if (fault !== undefined) return fault
  }
  return undefined
}

const record = (shapes: Readonly<Record<string, Shape>>): Shape => (value, where) => {
  if (!isObject(value)) return `${where} is ${value === undefined ? 'missing' : 'not an object'}`
  for (const name in shapes) {
    const fault = shapes[name]!(value[name], where === '' ? name : `${where}.${name}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

const position: Shape = (value, where) => record({ line: count(1), column: count(1), offset: count(0) })(value, where) ?? test(place => (place as Position).offset >= (place as Position).column - 1, 'a place in a text')(value, where)
const range = record({ start: position, end: position })
const severity = oneOf(...severities)

const diagnostic = record({
  rule: text, feature: text, severity, effect: text, message: text, instead: maybe(text), advice: maybe(list(text)), path: text, range,
  verdicts: list(record({ target: text, effect: text, message: maybe(text), stage: maybe(text), error: maybe(text), note: maybe(text), evidence: list(text) })),
  sources: list(record({ where: text, says: maybe(text) })),
  related: list(record({ message: text, path: text, range: maybe(range) })),
  fix: maybe(record({ title: text, safe: flag, edits: list(record({ range, text })) }))
})

const shard = record({
  index: count(1), count: count(1), options: object, failOn: severity, tree: text,
  noneFound: orNull(record({ path: maybe(text), message: text })),
  targets: list(record({ label: text, path: text })),
  files: list(record({ path: text, leftOut: list(record({ reason: text, subject: text, diagnostics: count(0) })), excerpts: list(record({ line: count(1), offset: count(0), text })) }))
})

const report = record({
  version: oneOf('1'), tool: record({ name: oneOf('porthole'), version: text }), targets: list(text),
  files: list(record({ path: text, language: orNull(text), gaps: list(record({ message: text, range })) })),
  diagnostics: list(diagnostic),
  suppressed: list(record({ reason: maybe(text), diagnostic })),
  errors: list(record({ path: orNull(text), message: text })),
  shard: maybe(shard)
})

/** Why a value is no report in the format `json`; `undefined`: it is one. */
export const faultOf = (value: unknown): string | undefined => (isObject(value) ? report(value, '') : 'it is not an object')

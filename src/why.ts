import type { LintedFile } from './formatter.ts'
import type { Matrix, Row, Support } from './matrix.ts'
import { Lines } from './position.ts'

/** A row of the matrix whose error text an output of Docker holds. */
export interface Cause {
  readonly row: Row
  readonly support: Support
  /** The line of the output. */
  readonly line: string
  /** Whether the text matches word for word; else it is the nearest there is. */
  readonly isExact: boolean
}

/** What of the matrix explains an output of Docker. */
export function causesOf(output: string, matrix: Matrix): Cause[] {
  const texts = matrix.rows.flatMap(row => row.support.flatMap(support => (support.error === undefined ? [] : [{ row, support, error: support.error }])))
  const lines = output.split(/\r?\n/).map(line => line.trim()).filter(line => line !== '')
  const exact = texts.flatMap(({ row, support, error }): Cause[] => {
    const pattern = patternOf(error)
    const at = pattern.exec(output)
    return at ? [{ row, support, line: at[0].split('\n')[0]!, isExact: true }] : []
  })
  if (exact.length > 0) return mostSpecific(exact)
  const nearest = lines.flatMap(line => texts.map(({ row, support, error }) => ({ row, support, line, isExact: false, likeness: likeness(line, error) })))
  const best = Math.max(0, ...nearest.map(({ likeness: value }) => value))
  return best < 0.6 ? [] : oncePerFeature(nearest.filter(({ likeness: value }) => value === best))
}

/** Text in which `{x}` stands for anything on a line. */
const patternOf = (error: string): RegExp =>
  new RegExp(error.split(/\{\w+\}/).map(part => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&').replace(/\n/g, '\\s+')).join('[^\\n]{0,200}?'), 'i')

/** Of several texts that match, those that say most. */
function mostSpecific(causes: readonly Cause[]): Cause[] {
  const length = ({ support }: Cause): number => support.error!.replace(/\{\w+\}/g, '').length
  const longest = Math.max(...causes.map(length))
  return oncePerFeature(causes.filter(cause => length(cause) >= longest * 0.8))
}

const oncePerFeature = <T extends Cause>(causes: readonly T[]): T[] => [...new Map([...causes].reverse().map(cause => [cause.row.feature, cause])).values()].reverse()

/** How many of the words of a text another holds, from 0 to 1. */
function likeness(line: string, error: string): number {
  const words = (text: string): Set<string> => new Set(text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [])
  const [ours, theirs] = [words(error.replace(/\{\w+\}/g, '')), words(line)]
  return ours.size < 3 ? 0 : [...ours].filter(word => theirs.has(word)).length / ours.size
}

/** What causes mean, and where in some files they come from. */
export function whyText(causes: readonly Cause[], files: readonly LintedFile[]): string {
  if (causes.length === 0) return 'No row of the support matrix holds this text; it may not come from a setting.\n'
  return causes.map(({ row, support, isExact }) => {
    const places = files.flatMap(({ path, text, diagnostics }) => {
      const lines = new Lines(text)
      return diagnostics.filter(({ feature }) => feature === row.feature).map(({ range }) => `  ${path}:${lines.position(range[0]).line}:${lines.position(range[0]).column} ${text.slice(...range).split('\n')[0]}`)
    })
    return [
      `${row.feature} (${row.rule})${isExact ? '' : ', the nearest there is'}`,
      `${support.message ?? row.message}.`.replace(/\{\w+\}/g, '…'),
      ...(row.instead === undefined ? [] : [`Instead: ${row.instead}.`]),
      places.length > 0 ? 'Here:' : 'Nothing in these files asks for it.',
      ...places,
      `More: porthole explain ${row.feature}`,
      ''
    ].join('\n')
  }).join('\n')
}

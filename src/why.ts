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

/** What of the matrix explains an output of Docker: the best for each of its lines. */
export function causesOf(printed: string, matrix: Matrix): Cause[] {
  const output = plainText(printed)
  const texts = matrix.rows.flatMap(row => row.support.flatMap(support => (support.error === undefined ? [] : [{ row, support, error: support.error }])))
  const byLine = new Map<number, Cause[]>()
  for (const { row, support, error } of texts) {
    const at = patternOf(error).exec(output)
    if (!at) continue
    const start = output.lastIndexOf('\n', at.index)
    byLine.set(start, [...(byLine.get(start) ?? []), { row, support, line: at[0].split('\n')[0]!, isExact: true }])
  }
  if (byLine.size > 0) return oncePerFeature([...byLine].sort(([first], [second]) => first - second).flatMap(([, causes]) => mostSpecific(causes)))
  const lines = new Set(output.split('\n').map(line => line.trim()).filter(line => line !== ''))
  const nearest = [...lines].flatMap(line => texts.map(({ row, support, error }) => ({ row, support, line, isExact: false, likeness: likeness(line, error) })))
  const best = nearest.reduce((most, { likeness: value }) => Math.max(most, value), 0)
  return best < 0.6 ? [] : oncePerFeature(nearest.filter(({ likeness: value }) => value === best))
}

/** Errors are shorter, and stand at the end of what is printed. */
const longestLine = 2000
const mostLines = 2000

/** What a terminal shows of an output: without colours, and lines that were written anew as lines of their own. */
function plainText(printed: string): string {
  const lines = printed.replace(/\u001B\[[0-9;?]*[A-Za-z]/g, '').split(/\r\n|\r|\n/)
  return lines.slice(-mostLines).map(line => line.slice(0, longestLine)).join('\n')
}

/** Text in which `{x}` stands for anything on a line. */
const patternOf = (error: string): RegExp =>
  new RegExp(error.split(/\{\w+\}/).map(part => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&').replace(/\n/g, '\\s+')).join('[^\\n]{0,200}?'), 'i')

/** Of several texts that match, those that say most. */
function mostSpecific(causes: readonly Cause[]): Cause[] {
  const length = ({ support }: Cause): number => support.error!.replace(/\{\w+\}/g, '').length
  const longest = Math.max(...causes.map(length))
  return oncePerFeature(causes.filter(cause => length(cause) >= longest * 0.85))
}

const oncePerFeature = <T extends Cause>(causes: readonly T[]): T[] => [...new Map([...causes].reverse().map(cause => [cause.row.feature, cause])).values()].reverse()

/** What Docker and those who call it put in front of an error. */
const prefix = /^.*?(?:Error response from daemon:|^docker:|^rpc error: code = \w+ desc =|^task \w+:)\s*/

/** How many words two texts have in common, from 0 to 1; a short text is like nothing. */
function likeness(line: string, error: string): number {
  const words = (text: string): Set<string> => new Set(text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [])
  const [ours, theirs] = [words(error.replace(/\{\w+\}/g, '')), words(line.replace(prefix, ''))]
  return ours.size < 3 ? 0 : (2 * [...ours].filter(word => theirs.has(word)).length) / (ours.size + theirs.size)
}

/** What causes mean, and where in some files they come from. */
export function whyText(causes: readonly Cause[], files: readonly LintedFile[], printed = ''): string {
  if (causes.length === 0) return 'No row of the support matrix holds this text; it may not come from a setting.\n'
  return causes.map(({ row, support, isExact }) => {
    const places = placesOf(row, files, plainText(printed))
    return [
      `${row.feature} (${row.rule})${isExact ? '' : ', the nearest there is'}`,
      `${support.message ?? row.message}.`.replace(/\{\w+\}/g, '…'),
      ...(row.instead === undefined ? [] : [`Instead: ${row.instead}.`]),
      places.length > 0 ? 'Here:' : 'Nothing in these files asks for it.',
      ...places.map(place => `  ${place}`),
      `More: porthole explain ${row.feature}`,
      ''
    ].join('\n')
  }).join('\n')
}

/** Where files ask for what a row speaks of; where some of them would be answered with this very text, these. */
function placesOf({ feature }: Row, files: readonly LintedFile[], output: string): string[] {
  const all = files.flatMap(({ path, text, diagnostics }) => {
    const lines = new Lines(text)
    return diagnostics.filter(diagnostic => diagnostic.feature === feature).map(({ range, verdicts }) => {
      const { line, column } = lines.position(range[0])
      const isSaid = verdicts.some(({ error }) => error !== undefined && patternOf(error.replaceAll('…', '{value}')).test(output))
      return { place: `${path}:${line}:${column} ${text.slice(...range).split('\n')[0]}`, isSaid }
    })
  })
  const said = all.filter(({ isSaid }) => isSaid)
  return (said.length > 0 ? said : all).map(({ place }) => place)
}

import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import type { LintedFile } from './formatter.ts'
import { Lines, type Position } from './position.ts'

/** From the worst to none, as people weigh it. */
const order = ['rejected', 'broken', 'ignored', 'differs', 'unknown', 'supported']

/** How a finding fares on the new target, against the old one. */
export type Direction = 'worse' | 'better' | 'other'

/** A finding of which two targets do not say the same. */
export interface Change {
  readonly direction: Direction
  readonly path: string
  readonly position: Position
  readonly diagnostic: Diagnostic
  readonly before: TargetVerdict
  readonly after: TargetVerdict
}

/** The targets of a move, as `--target` takes them; what the second does not say of itself (`host=azure`) is as on the first. */
export function moveTargets(from: string, to: string): [from: string, to: string] {
  const [before, after] = [from, to].map(option => option.split(',').map(part => part.trim()).filter(part => part !== ''))
  const keyOf = (part: string): string | undefined => /^([a-z]+)[@=]/i.exec(part)?.[1]?.toLowerCase()
  if (after!.some(part => keyOf(part) === undefined)) return [from, to]
  const changed = after!.map(keyOf)
  return [from, [...before!.filter(part => keyOf(part) === undefined || !changed.includes(keyOf(part))), ...after!].join(',')]
}

/** What a move from one target to another changes for some files. */
export const changesOf = (files: readonly LintedFile[], from: string, to: string): Change[] => files.flatMap(file => changesIn(file, from, to))

function changesIn({ path, text, diagnostics }: LintedFile, from: string, to: string): Change[] {
  const lines = new Lines(text)
  return diagnostics.flatMap(diagnostic => {
    const before = diagnostic.verdicts.find(({ target }) => target === from)
    const after = diagnostic.verdicts.find(({ target }) => target === to)
    if (!before || !after || (before.effect === after.effect && before.error === after.error)) return []
    const difference = order.indexOf(after.effect) - order.indexOf(before.effect)
    return [{ direction: difference < 0 ? 'worse' : difference > 0 ? 'better' : 'other', path, position: lines.position(diagnostic.range[0]), diagnostic, before, after }]
  })
}

/** Changes in words. */
export function comparisonText(changes: readonly Change[], from: string, to: string): string {
  const titles: Readonly<Record<Direction, string>> = { worse: `Gets worse on ${to}`, better: `Gets better on ${to}`, other: 'Says it in other words' }
  const sections = (Object.keys(titles) as Direction[]).map(direction => section(titles[direction], changes.filter(change => change.direction === direction))).filter(text => text !== '')
  return sections.length > 0 ? sections.join('\n') : `Nothing changes between ${from} and ${to}.\n`
}

/** Changes for machines. */
export function comparisonJson(changes: readonly Change[], from: string, to: string): string {
  const verdictOf = ({ effect, error }: TargetVerdict): object => ({ effect, ...(error === undefined ? {} : { error }) })
  const shown = changes.map(({ direction, path, position, diagnostic: { rule, feature, message }, before, after }) => ({
    change: direction, file: path, line: position.line, column: position.column, rule, feature, message: after.message ?? message, before: verdictOf(before), after: verdictOf(after)
  }))
  return `${JSON.stringify({ from, to, changes: shown }, null, 2)}\n`
}

function section(title: string, changes: readonly Change[]): string {
  if (changes.length === 0) return ''
  return [`${title}:`, ...changes.flatMap(({ path, position: { line, column }, diagnostic, before, after }) => [`  ${path}:${line}:${column} ${diagnostic.feature}: ${before.effect} → ${after.effect}`, ...(after.error !== undefined && after.error !== before.error ? [`    Docker will say: ${after.error.split('\n').join(' ')}`] : [])]), ''].join('\n')
}

import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import type { LintedFile } from './formatter.ts'
import { Lines } from './position.ts'

/** From the worst to none, as people weigh it. */
const order = ['rejected', 'broken', 'ignored', 'differs', 'unknown', 'supported']

interface Change {
  readonly place: string
  readonly diagnostic: Diagnostic
  readonly before: TargetVerdict
  readonly after: TargetVerdict
}

/** What a move from one target to another changes for some files, in words. */
export function comparisonText(files: readonly LintedFile[], from: string, to: string): string {
  const changes = files.flatMap(file => changesOf(file, from, to))
  const starts = changes.filter(({ before, after }) => order.indexOf(after.effect) > order.indexOf(before.effect))
  const stops = changes.filter(({ before, after }) => order.indexOf(after.effect) < order.indexOf(before.effect))
  const others = changes.filter(change => !starts.includes(change) && !stops.includes(change))
  const sections = [section(`Gets worse on ${to}`, stops), section(`Gets better on ${to}`, starts), section('Says it in other words', others)].filter(text => text !== '')
  return sections.length > 0 ? sections.join('\n') : `Nothing changes between ${from} and ${to}.\n`
}

function changesOf({ path, text, diagnostics }: LintedFile, from: string, to: string): Change[] {
  const lines = new Lines(text)
  return diagnostics.flatMap(diagnostic => {
    const before = diagnostic.verdicts.find(({ target }) => target === from)
    const after = diagnostic.verdicts.find(({ target }) => target === to)
    if (!before || !after || (before.effect === after.effect && before.error === after.error)) return []
    const { line, column } = lines.position(diagnostic.range[0])
    return [{ place: `${path}:${line}:${column}`, diagnostic, before, after }]
  })
}

function section(title: string, changes: readonly Change[]): string {
  if (changes.length === 0) return ''
  return [`${title}:`, ...changes.flatMap(({ place, diagnostic, before, after }) => [`  ${place} ${diagnostic.feature}: ${before.effect} → ${after.effect}`, ...(after.error !== undefined && after.error !== before.error ? [`    Docker will say: ${after.error.split('\n').join(' ')}`] : [])]), ''].join('\n')
}

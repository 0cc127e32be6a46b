import { knowledge } from './knowledge.ts'
import { namesOf } from './known-name.ts'
import type { LintOptions, LintResult } from './linter.ts'
import { applySuppressions, type SuppressionResult } from './suppression.ts'

/** What the comments of a file silence, and what is wrong with them. */
export function hear({ diagnostics, comments, leftOut }: LintResult, text: string, { targets, statedTargets }: LintOptions): SuppressionResult {
  const { rules, matrix } = knowledge
  const unjudged = new Set(statedTargets ? [] : matrix.rows.filter(row => row.statedTarget).flatMap(({ rule, feature }) => [rule, feature]))
  const complete = leftOut.every(({ reason }) => reason === 'declared-linux')
  const today = new Date().toISOString().slice(0, 10)
  return applySuppressions(diagnostics, comments, text, today, { ...namesOf(rules, matrix.rows), targets: targets.map(({ label }) => label), unjudged, complete })
}

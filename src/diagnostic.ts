import type { Edit } from './edit.ts'
import type { FeatureId } from './intent.ts'
import type { Effect, EvidenceKind, Source, Stage } from './matrix.ts'
import type { Range } from './text.ts'

export type Severity = 'error' | 'warning' | 'info'

/** From the least to the worst. */
export const severities: readonly Severity[] = ['info', 'warning', 'error']

export const isAtLeast = (severity: Severity, bound: Severity): boolean => severities.indexOf(severity) >= severities.indexOf(bound)

/** What one target does with the text in question. */
export interface TargetVerdict {
  /** The target's label, such as `ws2022`. */
  readonly target: string
  readonly effect: Effect
  /** What is to be said of this target, where it is not what the diagnostic says. */
  readonly message?: string | undefined
  /** Protection is lost without a word. */
  readonly unsafe?: boolean | undefined
  readonly stage?: Stage | undefined
  /** What Docker will say, word for word. */
  readonly error?: string | undefined
  readonly note?: string | undefined
  readonly evidence: readonly EvidenceKind[]
}

/** Another place that has to do with a diagnostic. */
export interface Related {
  readonly message: string
  /** Path of the file; that of the diagnostic if missing. */
  readonly path?: string | undefined
  readonly range: Range
}

/** A replacement of text ranges that mends what a diagnostic speaks of. */
export interface Fix {
  readonly title: string
  /** Nothing changes but the file. */
  readonly safe: boolean
  readonly edits: readonly Edit[]
}

/** Something to tell the user about a place in a file. Ranges are offsets; formatters make lines of them. */
export interface Diagnostic {
  readonly rule: string
  /** The row of the matrix it rests on; for a fault of the file itself, the rule. */
  readonly feature: FeatureId
  readonly severity: Severity
  /** The worst that happens on any target; `rejected` for a fault of the file itself. */
  readonly effect: Effect
  readonly verdicts: readonly TargetVerdict[]
  readonly message: string
  readonly instead?: string | undefined
  readonly advice?: readonly string[] | undefined
  readonly sources: readonly Source[]
  readonly range: Range
  readonly related: readonly Related[]
  readonly fix?: Fix | undefined
}

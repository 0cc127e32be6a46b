import type { Intent, Setting } from './intent.ts'
import type { Row } from './matrix.ts'

/** A topic of advice: the name people write in configuration and suppression comments. */
export interface Rule {
  readonly id: string
  readonly title: string
  /** What the matrix cannot say: a reason not to report. */
  except?(intent: Intent, setting: Setting, row: Row, others: readonly Intent[]): boolean
}

export const defineRule = (rule: Rule): Rule => rule

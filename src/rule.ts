import type { Intent, Setting } from './intent.ts'
import type { Row } from './matrix.ts'

/** A topic of advice: the name people write in configuration and suppression comments. */
export interface Rule {
  readonly id: string
  readonly title: string
  /** What the matrix cannot say: a reason not to report. */
  except?(intent: Intent, setting: Setting, row: Row, others: readonly Intent[]): boolean
}

/** Names of the networks that commands of a file make, worked out once for all its findings. */
const knownNames = new WeakMap<readonly Intent[], ReadonlySet<string>>()

/** Whether a command among these intents makes a network of this name: then the name means that one. */
export function makesNetwork(intents: readonly Intent[], name: string): boolean {
  let names = knownNames.get(intents)
  if (!names) knownNames.set(intents, (names = new Set(intents.flatMap(intent => (intent.verb === 'network.create' && intent.context.via?.includes('network') && intent.name ? [intent.name.value] : [])))))
  return names.has(name)
}

export const defineRule = (rule: Rule): Rule => rule

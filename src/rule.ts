import type { FeatureId, Intent, Setting } from './intent.ts'
import type { Row } from './matrix.ts'

/** A topic of advice: the name people write in configuration and suppression comments. */
export interface Rule {
  readonly id: string
  readonly title: string
  /** What the matrix cannot say: a reason not to report. */
  except?(intent: Intent, setting: Setting, row: Row, others: readonly Intent[]): boolean
}

/** What is worked out once for all the intents of a file, however many findings ask for it. */
export function ofFile<T>(compute: (intents: readonly Intent[]) => T): (intents: readonly Intent[]) => T {
  const known = new WeakMap<readonly Intent[], { readonly value: T }>()
  return intents => {
    const found = known.get(intents) ?? { value: compute(intents) }
    known.set(intents, found)
    return found.value
  }
}

const features = new WeakMap<readonly Setting[], ReadonlySet<FeatureId>>()

/** Whether an intent asks for a feature; an intent may have very many settings. */
export function asksFor({ settings }: Intent, feature: FeatureId): boolean {
  let asked = features.get(settings)
  if (!asked) features.set(settings, (asked = new Set(settings.map(({ row }) => row.feature))))
  return asked.has(feature)
}

const madeNetworks = ofFile(intents => new Set(intents.flatMap(({ verb, context, name }) => (verb === 'network.create' && context.via?.includes('network') && name ? [name.value] : []))))

/** Whether a command among these intents makes a network of this name: then the name means that one. */
export const makesNetwork = (intents: readonly Intent[], name: string): boolean => madeNetworks(intents).has(name)

export const defineRule = (rule: Rule): Rule => rule

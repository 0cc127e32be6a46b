import type { Context, ContextKey, Setting } from './intent.ts'
import type { Conditions, Row, Support } from './matrix.ts'
import type { Target } from './target.ts'
import { matcherOf, type Answer } from './value-pattern.ts'
import { isInRange } from './version.ts'

/** Drivers of networks that live on one host: moby daemon/libnetwork/drivers/windows/windows.go builtinLocalDrivers. */
export const localDrivers = ['nat', 'transparent', 'l2bridge', 'l2tunnel', 'ics', 'internal', 'private'] as const

/**
 * Drivers of Linux that are local too. A network with one of them fails on Windows for that alone;
 * what else it asks for is told at once, as any driver that Windows has would answer it.
 */
const linuxDrivers: readonly string[] = ['bridge', 'macvlan', 'ipvlan']

/** What may hold of what a setting stands in; what is missing is not known. */
export type Circumstance = { readonly [Key in ContextKey]?: string | undefined }

/** Every way in which the circumstances hold: one per driver of the networks that a service joins, and so on. */
export function combinationsOf(context: Context, target: Target): Circumstance[] {
  const common: { [Key in ContextKey]?: string | undefined } = { host: 'unstated', address: 'unstated', overlap: 'none', swarm: 'unstated', beside: 'nothing', mode: 'unstated' }
  const several: [ContextKey, readonly string[]][] = []
  for (const key in context) {
    const values = context[key as ContextKey]
    if (values?.length === 1) common[key as ContextKey] = values[0]
    // Nobody needs more than this; files that name hundreds of networks exist.
    else if (values && values.length > 1) several.push([key as ContextKey, values.slice(0, 8)])
  }
  // What the user says of the host outweighs what a file says.
  if (target.host !== undefined) common.host = target.host
  // `isolation: default`, and none at all, is what the target has.
  if (!('isolation' in context) || common.isolation === 'default' || common.isolation === '') common.isolation = target.isolation ?? target.windows.defaultIsolation
  let all: Circumstance[] = [common]
  for (const [key, values] of several) all = all.flatMap(circumstance => values.map(value => ({ ...circumstance, [key]: value }))).slice(0, 64)
  return all
}

export const contextKeys = ['host', 'isolation', 'driver', 'via', 'subnet', 'internal', 'network', 'address', 'overlap', 'swarm', 'beside', 'mode'] as const

/** Whether an entry of a row applies, as far as can be known. */
export function appliesTo(support: Conditions, value: string | undefined, circumstance: Circumstance, target: Target): Answer {
  if (support.windows !== undefined && !isInRange([target.windows.build], support.windows)) return false
  if (support.engine !== undefined && !isInRange(target.engine, support.engine)) return false
  let applies: Answer = true
  const and = (answer: Answer): void => {
    applies = applies === false || answer === false ? false : applies === undefined ? undefined : answer
  }
  for (const key of contextKeys) {
    const wanted = support[key]
    if (wanted === undefined) continue
    const actual = circumstance[key]
    and(actual === undefined ? undefined : isAmong(actual, typeof wanted === 'string' ? [wanted] : wanted))
  }
  if (support.value !== undefined) and(matcherOf(support.value)(value))
  if (support.image !== undefined) and(value === undefined ? undefined : support.image === compared(Number(value), target.windows.build))
  return applies
}

const compared = (image: number, host: number): Support['image'] => (image < host ? 'older' : image > host ? 'newer' : 'same')

const isAmong = (actual: string, wanted: readonly string[]): boolean =>
  wanted.includes(actual) || (wanted.includes('local') && ((localDrivers as readonly string[]).includes(actual) || linuxDrivers.includes(actual)))

/** What the verdicts of a row depend on, beside the target. */
export class DecidingFactors {
  readonly #keys: readonly ContextKey[]
  readonly #patterns: readonly string[]
  readonly #comparesImages: boolean

  constructor({ support }: Row) {
    this.#keys = contextKeys.filter(key => support.some(entry => entry[key] !== undefined))
    this.#patterns = [...new Set(support.map(({ value }) => value))].filter(value => value !== undefined)
    this.#comparesImages = support.some(({ image }) => image !== undefined)
  }

  /** Those of the circumstances that decide, as a text; what is unknown differs from what is not there. */
  key({ value, context: own }: Setting, context: Context): string {
    let key = this.#comparesImages ? `${value};` : ''
    for (const pattern of this.#patterns) {
      const answer = matcherOf(pattern)(value)
      key += answer === undefined ? '?' : answer ? '+' : '-'
    }
    for (const name of this.#keys) {
      const of = own && name in own ? own : context
      key += name in of ? `${of[name]?.join() ?? '?'};` : ';'
    }
    return key
  }

  /** The circumstances without those that decide nothing. */
  among(context: Context): Context {
    return Object.fromEntries(this.#keys.filter(key => key in context).map(key => [key, context[key]]))
  }
}

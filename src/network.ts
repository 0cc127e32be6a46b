import type { Context } from './intent.ts'
import type { Range } from './text.ts'

/** A place in a file; in that of whoever speaks of it where `path` is missing. */
export interface Place {
  readonly path?: string | undefined
  readonly range: Range
}

/** A network as those see it that join it. What is `undefined` cannot be known. */
export interface Network {
  readonly driver: string | undefined
  readonly subnet: 'with' | 'without' | undefined
  /** The IPv4 subnets that it is given, where all are known. */
  readonly subnets?: readonly string[] | undefined
  /** The value of `internal`: `true` or `false`. */
  readonly internal: string | undefined
  /** `user-defined`, one that Docker has from the start (`nat`, `none`), `config-only`, or `external` or `unknown` if it is made elsewhere. */
  readonly kind: string | undefined
  /** Where it is made. */
  readonly madeAt?: Place | undefined
}

/** A network that an intent makes or joins. */
export interface NetworkUse {
  readonly network: Network
  /** The name by which the file or the project knows it. */
  readonly key?: string | undefined
  /** The name by which Docker knows it. */
  readonly name?: string | undefined
  /** Whether this file only names it. */
  readonly isElsewhere?: boolean
  /** Where it is named. */
  readonly range: Range
}

/** The network that Docker on Windows has from the start: moby daemon/daemon_windows.go. */
export const natNetwork: Network = { driver: 'nat', subnet: undefined, internal: 'false', kind: 'nat' }
/** The same, where nobody has named a network. */
export const defaultNetwork: Network = { ...natNetwork, kind: 'default' }
/** One that is only kept for others to take their configuration from: moby daemon/libnetwork/controller.go NewNetwork. */
export const keptNetwork: Network = { driver: 'null', subnet: undefined, internal: undefined, kind: 'config-only' }
export const noNetwork: Network = { driver: 'null', subnet: 'without', internal: 'false', kind: 'none' }

/** A network of which a file tells only that it is there. */
export const unknownNetwork = (kind: string | undefined): Network => ({ driver: undefined, subnet: undefined, internal: undefined, kind })

/** What holds on all networks that something joins; what is unknown of one is unknown of all. */
export function contextOf(networks: readonly Network[]): Context {
  const [first, ...others] = networks
  if (first && others.length === 0) return { driver: one(first.driver), subnet: one(first.subnet), internal: one(first.internal), network: one(first.kind) }
  const all = (of: (network: Network) => string | undefined): readonly string[] | undefined => {
    const values = networks.map(of)
    return values.some(value => value === undefined) ? undefined : [...new Set(values as string[])]
  }
  return { driver: all(({ driver }) => driver), subnet: all(({ subnet }) => subnet), internal: all(({ internal }) => internal), network: all(({ kind }) => kind) }
}

const one = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value])

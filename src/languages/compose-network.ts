import { natNetwork, unknownNetwork, type Network, type NetworkUse } from '../network.ts'
import { childOf, hasPath, scalarAt, scalarOf } from './compose-form.ts'
import type { ComposeChild, ComposeValue } from './compose-value.ts'

/** A network of the file, as services see it. */
export function networkOf(child: ComposeChild, defaultDriver: string): NetworkUse {
  const range = child.nameRange
  if (isExternal(child.value)) {
    const named = externalName(child)
    const name = named ? scalarOf(named) : child.name
    return name === 'nat' ? { network: natNetwork, key: child.name, name, range } : { network: unknownNetwork('external'), key: child.name, name, isElsewhere: true, range }
  }
  const internal = childOf(child.value, 'internal')
  const network: Network = {
    driver: driverOf(child, defaultDriver),
    subnet: hasPath(child.value, ['ipam', 'config', 'subnet']) ? 'with' : 'without',
    subnets: subnetsOf(child.value),
    internal: internal ? scalarOf(internal) : 'false',
    kind: 'user-defined',
    madeAt: { range }
  }
  return { network, key: child.name, name: scalarAt(child.value, 'name')?.value, range }
}

/** Whether it is made elsewhere. */
export function isExternal(value: ComposeValue | undefined): boolean {
  const external = childOf(value, 'external')
  return external !== undefined && (external.value?.kind === 'tree' || scalarOf(external)?.toLowerCase() === 'true' || scalarOf(external) === undefined)
}

/** The child that names an external network: `name:` or `external: {name:}`. */
export function externalName({ value }: ComposeChild): ComposeChild | undefined {
  const name = childOf(childOf(value, 'external')?.value, 'name') ?? childOf(value, 'name')
  // `name:` with nothing behind it names nothing.
  return name?.value && name
}

/** The IPv4 subnets of a network, if all are known. */
function subnetsOf(value: ComposeValue | undefined): readonly string[] | undefined {
  const config = childOf(childOf(value, 'ipam')?.value, 'config')?.value
  if (config?.kind !== 'tree') return []
  const subnets = config.children().flatMap(({ value: item }) => childOf(item, 'subnet') ?? []).map(scalarOf)
  return subnets.some(subnet => subnet === undefined) ? undefined : (subnets as string[])
}

/** The driver of a network or a volume; an empty one is the default. */
export function driverOf({ value }: ComposeChild, byDefault: string | undefined): string | undefined {
  const driver = childOf(value, 'driver')
  return driver?.value ? scalarOf(driver) === '' ? byDefault : scalarOf(driver) : byDefault
}

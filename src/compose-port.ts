import { goInteger, isIpAddress } from './go-value.ts'
import { impliedMap, part, scalar, withEntries, type ProjectMap, type ProjectNode, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'

/**
 * The ports that `[[IP:]HOST:]CONTAINER[/PROTOCOL]` publishes: one for each
 * port of a range (docker/go-connections nat/nat.go, ParsePortSpec).
 *
 * @throws {Refusal}
 */
export function parsePorts(node: ProjectScalar): ProjectMap[] {
  const value = String(node.value)
  const { host, published, target, protocol } = splitPort(value)
  const text = (range: readonly [number, number] | undefined): string => (range ? value.slice(...range) : '')
  const ip = addressOf(text(host), node)
  if (text(target) === '') return refuse(`No port specified: ${value}<empty>`, node.origin)
  const [start, end] = portRange(text(target)) ?? refuse(`Invalid containerPort: ${text(target)}`, part(node, ...target).origin)
  const [hostStart, hostEnd] = text(published) === '' ? [] : portRange(text(published)) ?? refuse(`Invalid hostPort: ${text(published)}`, part(node, ...published!).origin)
  if (hostStart !== undefined && end - start !== hostEnd! - hostStart && end !== start) return refuse(`Invalid ranges specified for container and host Ports: ${text(target)} and ${text(published)}`, node.origin)
  const protocolName = (text(protocol) || 'tcp').toLowerCase()
  if (!['tcp', 'udp', 'sctp'].includes(protocolName)) return refuse(`Invalid proto: ${text(protocol)}`, part(node, ...protocol!).origin)
  const ports = Array.from({ length: end - start + 1 }, (_, index) => index)
  const built = ports.map(index => {
    const name = hostStart === undefined ? '' : start === end && hostStart !== hostEnd ? `${hostStart}-${hostEnd!}` : String(hostStart + index)
    return portMap(node, {
      host_ip: ip === '' ? undefined : { ...part(node, ...host!), value: ip },
      target: { ...scalar(start + index, part(node, ...target).origin) },
      published: name === '' ? undefined : scalar(name, part(node, ...published!).origin),
      protocol: text(protocol) === '' ? scalar(protocolName, node.origin, true) : scalar(protocolName, part(node, ...protocol!).origin)
    })
  })
  // In the order of the characters of the port, not of its number.
  return built.sort((a, b) => (portOf(a) < portOf(b) ? -1 : 1))
}

const portOf = (port: ProjectMap): string => String((port.entries.get('target')!.value as ProjectScalar).value)

function portMap(node: ProjectScalar, values: Readonly<Record<string, ProjectNode | undefined>>): ProjectMap {
  return withEntries({ ...impliedMap({ mode: scalar('ingress', node.origin, true) }, node.origin), isImplied: false }, values)
}

type Span = readonly [start: number, end: number]

function splitPort(value: string): { host?: Span; published?: Span; target: Span; protocol?: Span } {
  const last = value.lastIndexOf(':')
  const slash = value.indexOf('/', last + 1)
  const second = value.indexOf('/', slash + 1)
  const target: Span = [last + 1, slash < 0 ? value.length : slash]
  const protocol: Span | undefined = slash < 0 ? undefined : [slash + 1, second < 0 ? value.length : second]
  const before = last < 0 ? -1 : value.lastIndexOf(':', last - 1)
  const published: Span | undefined = last < 0 ? undefined : last === 0 ? [0, 0] : [before + 1, last]
  const host: Span | undefined = last > 0 && before >= 0 ? [0, before] : undefined
  return { target, ...(published ? { published } : {}), ...(host ? { host } : {}), ...(protocol ? { protocol } : {}) }
}

function addressOf(host: string, node: ProjectScalar): string {
  if (host === '') return ''
  const bracketed = /^\[([^\]]*)\]$/.exec(host)?.[1]
  // net.SplitHostPort, which wants brackets around addresses of version 6.
  if (bracketed === undefined && host.includes(':')) return refuse(`Invalid ip address ${host}: address ${host}:: too many colons in address`, node.origin)
  const address = bracketed ?? host
  return isIpAddress(address.replace(/%[^]*/, '')) && !address.includes('%') ? address : refuse(`Invalid ip address: ${address}`, node.origin)
}

function portRange(value: string): [start: number, end: number] | undefined {
  const [first = '', last = first] = value.split('-')
  const isPort = (port: string): boolean => goInteger(port, { bits: 16, base: 10 }) === undefined
  if (!isPort(first) || !isPort(last)) return undefined
  return Number(last) < Number(first) ? undefined : [Number(first), Number(last)]
}

import { castTo } from './compose-cast.ts'
import { goString, impliedMap, isNull, kindOf, list, map, part, scalar, type Origin, type ProjectEntry, type ProjectMap, type ProjectNode, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'
import { bytesOf, formatDuration, parseDuration, splitCommand } from './compose-unit.ts'

/**
 * How a value is shown: cast to its type, lists of `key=value` as maps;
 * `undefined` for what compose leaves out (an empty string, `false`, 0).
 */
export type Shape = (node: ProjectNode | undefined, above: Origin) => ProjectNode | undefined

const wrong = (node: ProjectNode, wanted: string): never => refuse(`expected type ${wanted}, got ${kindOf(node)}`, node.origin)

const scalarOf = (node: ProjectNode, wanted: string): ProjectScalar => (node.kind === 'scalar' ? node : wrong(node, wanted))

/** `fmt.Sprint` of a value, with the place of its characters if it is a string. */
const asText = (node: ProjectNode): ProjectScalar => (node.kind === 'scalar' && typeof node.value === 'string' ? node : scalar(goString(node), node.origin, node.isImplied))

export const string: Shape = node => {
  if (!node || isNull(node)) return undefined
  const { value } = scalarOf(node, 'string')
  return value === '' ? undefined : asText(node)
}

/** A pointer: what is written is shown, whatever its value. */
const shown = (kind: 'boolean' | 'integer'): Shape => node => (!node || isNull(node) ? undefined : castTo(kind, scalarOf(node, kind)))

/** What is `false` or 0 is not shown. */
const unlessZero = (kind: 'boolean' | 'integer' | 'float'): Shape => node => {
  const value = !node || isNull(node) ? undefined : castTo(kind, scalarOf(node, kind))
  return value?.value === false || value?.value === 0 ? undefined : value
}

export const boolean = unlessZero('boolean')
export const shownBoolean = shown('boolean')
export const integer = unlessZero('integer')
export const shownInteger = shown('integer')
export const float = unlessZero('float')

/** A switch that is on unless it is off (types.OptOut): only off is shown. */
export const optOut: Shape = node => {
  const value = shown('boolean')(node, node?.origin ?? { path: '', range: [0, 0] })
  return value?.kind === 'scalar' && value.value === true ? undefined : value
}

export const required: Shape = (node, above) => shown('boolean')(node, above) ?? scalar(false, above, true)

/** `1g` as `1073741824`. */
export const bytes: Shape = node => {
  if (!node || isNull(node)) return undefined
  const written = scalarOf(node, 'bytes')
  const size = typeof written.value === 'number' ? (written.isFloat ? 0 : written.value) : bytesOf(String(written.value)) ?? refuse(`invalid size: '${String(written.value)}'`, node.origin)
  return size === 0 ? undefined : scalar(String(size), node.origin)
}

export const shownDuration: Shape = node => {
  if (!node || isNull(node)) return undefined
  const written = goString(node)
  const nanoseconds = parseDuration(written) ?? refuse(`time: invalid duration "${written}"`, node.origin)
  return scalar(formatDuration(nanoseconds), node.origin)
}

export const duration: Shape = (node, above) => {
  const shown = shownDuration(node, above)
  return shown?.kind === 'scalar' && shown.value === '0s' ? undefined : shown
}

/** `0440` as octal digits in a string. */
export const fileMode: Shape = node => {
  if (!node || isNull(node)) return undefined
  const { value } = scalarOf(node, 'mode')
  const mode = typeof value === 'string' ? (/^[0-7]+$/.test(value) ? parseInt(value, 8) : refuse(`strconv.ParseInt: parsing "${value}": invalid syntax`, node.origin)) : Number(value)
  return scalar(`0${mode.toString(8)}`, node.origin)
}

export const listOf = (item: Shape): Shape => (node, above) => {
  if (!node || isNull(node)) return undefined
  const items = (node.kind === 'list' ? node.items : [node]).map(written => item(written, above) ?? emptyItem(written))
  return items.length === 0 ? undefined : { ...list(items, node) }
}

const emptyItem = (node: ProjectNode): ProjectNode => scalar('', node.origin)

/** Strings; an empty one is one of them. */
export const strings = listOf(node => (node && !isNull(node) ? asText(scalarOf(node, 'string')) : undefined))

export const mapOf = (value: Shape): Shape => node => {
  if (!node || isNull(node)) return undefined
  const entries = [...mapping(node).entries].map(([name, entry]) => [name, { key: entry.key, value: value(entry.value, entry.key) ?? scalar(null, entry.key, entry.value.isImplied) }] as const)
  return entries.length === 0 ? undefined : map(entries, node)
}

/** Strings by name; what has no value is empty. */
export const options: Shape = mapOf((node, above) => (node && !isNull(node) ? asText(node) : scalar('', above, true)))

/** Strings by name; what has no value is left open. */
export const variables: Shape = mapOf(node => (node && !isNull(node) ? asText(node) : node))

/** A map, or a list of `key=value` as one. */
function mapping(node: ProjectNode): ProjectMap {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return wrong(node, 'mapping')
  return map(node.items.map(item => entryOf(item)), node)
}

function entryOf(item: ProjectNode): readonly [string, ProjectEntry] {
  const text = goString(item)
  const equals = text.indexOf('=')
  if (item.kind === 'scalar' && item.pair) return [item.pair.name, { key: item.pair.key, value: item.pair.value }]
  if (equals < 0 || item.kind !== 'scalar') return [text, { key: item.origin, value: scalar(null, item.origin, true) }]
  return [text.slice(0, equals), { key: part(item, 0, equals).origin, value: part(item, equals + 1, text.length) }]
}

/** `host=address` strings, in the order of the alphabet (types/hostList.go). */
export const hosts: Shape = node => {
  if (!node || isNull(node)) return undefined
  const pairs = (node.kind === 'map' ? [...node.entries].flatMap(([name, { value }]) => (value.kind === 'list' ? value.items : [value]).map(address => ({ name, address: isNull(address) ? '' : goString(address), origin: address.origin })))
    : node.kind === 'list' ? node.items.flatMap(hostOf) : wrong(node, 'extra_hosts'))
  for (const { name, origin } of pairs) if (name === '' || /[:=]/.test(name)) refuse(`bad host name '${name}'`, origin)
  const items = pairs.map(({ name, address, origin }) => scalar(`${name}=${address.replace(/^\[([^]+)\]$/, '$1')}`, origin))
  return items.length === 0 ? undefined : list(items.sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1)), node)
}

function hostOf(item: ProjectNode): { name: string; address: string; origin: Origin }[] {
  const text = goString(item)
  const separator = text.includes('=') ? '=' : ':'
  const at = text.indexOf(separator)
  if (at < 0) return refuse(`invalid additional host, missing IP: ${text}`, item.origin)
  return text.slice(at + 1).split(',').map(address => ({ name: text.slice(0, at), address, origin: item.origin }))
}

/** Words, of which none is not the same as nothing written: `null`. */
export const command: Shape = (node, above) => {
  if (!node || isNull(node)) return scalar(null, above, true)
  if (node.kind === 'list') return list(node.items.map(asText), node)
  const { value } = scalarOf(node, 'command')
  if (typeof value !== 'string') return scalar(null, above, true)
  const words = splitCommand(value) ?? refuse('invalid command line string', node.origin)
  return list(words.map(([word, start, end]) => ({ ...scalar(word, part(node as ProjectScalar, start, end).origin) })), node)
}

/** A string is what the shell of the container runs. */
export const healthTest: Shape = node => {
  if (!node || isNull(node)) return undefined
  if (node.kind === 'list') return node.items.length === 0 ? undefined : list(node.items.map(asText), node)
  return list([scalar('CMD-SHELL', node.origin, true), asText(node)], node)
}

export const ulimits: Shape = mapOf(node => {
  if (!node || isNull(node)) return undefined
  if (node.kind === 'scalar') return scalar(node.value, node.origin)
  return struct({ soft: integer, hard: integer })(node, node.origin)
})

/** `id` or `id: path`. */
export const sshKeys: Shape = node => {
  if (node?.kind !== 'map' || node.entries.size === 0) return undefined
  const items = [...node.entries].map(([name, { key, value }]) => (isNull(value) || goString(value) === '' ? scalar(name, key) : scalar(`${name}: ${goString(value)}`, key)))
  return list(items, node)
}

/** `all` is -1. */
export const deviceCount: Shape = node => {
  if (!node || isNull(node)) return undefined
  const { value } = scalarOf(node, 'count')
  const count = typeof value === 'string' && value.toLowerCase() === 'all' ? scalar(-1, node.origin, node.isImplied) : castTo('integer', scalarOf(node, 'count'))
  return count.value === 0 ? undefined : count
}

/** Values that may be repeated, each a list. */
export const repeated: Shape = mapOf(node => (node?.kind === 'list' ? list(node.items.map(asText), node) : node && list([asText(node)], node)))

/** A map of known keys; keys that compose does not show are left out. */
export const struct = (shapes: Readonly<Record<string, Shape>>): Shape => node => {
  if (!node || isNull(node)) return undefined
  if (node.kind !== 'map') return wrong(node, 'map')
  const entries: [string, ProjectEntry][] = []
  for (const [name, shape] of Object.entries(shapes)) {
    const written = node.entries.get(name)
    const value = shape(written?.value, written?.key ?? node.origin)
    if (value) entries.push([name, { key: written?.key ?? value.origin, value }])
  }
  return map(entries, node)
}

/** A map that is shown even if nobody has written it. */
export const always = (shape: Shape): Shape => (node, above) => shape(isNull(node) ? impliedMap({}, above) : node, above)


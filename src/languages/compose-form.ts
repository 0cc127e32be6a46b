import { maskVariables, portParts, unknownCharacter, volumeParts, type Part } from '../short-form.ts'
import type { Range, Text } from '../text.ts'
import { targetOf, type YamlScalar } from '../yaml-tree.ts'
import { treeOf, type ComposeChild, type ComposeReader, type ComposeScalar, type ComposeTree, type ComposeValue, type ReadForm } from './compose-value.ts'

/** A node of which nothing is known but that maps are maps and lists are lists. */
export const plain: ReadForm = (reader, node) => reader.value(node, plainForm)
const plainForm = (): ReadForm => plain

/** A map whose entries have forms of their own. */
function map(forms: Readonly<Record<string, ReadForm>>): ReadForm {
  const byName = new Map(Object.entries(forms))
  const formOf = (name: string): ReadForm => byName.get(name) ?? plain
  return (reader, node) => reader.value(node, formOf)
}

/** A list, or a single item in place of it (`dns: 8.8.8.8`). */
const listOrOne = (item: ReadForm): ReadForm => (reader, node) => {
  const scalar = targetOf(node)
  if (scalar?.kind !== 'scalar') return reader.value(node, () => item)
  return treeOf(scalar.range, () => [reader.item(node!, item)])
}

/** A map, or a list of `name=value` or `name:value` strings in place of it. */
const mapOrList = (separators: RegExp): ReadForm => (reader, node) => {
  if (targetOf(node)?.kind !== 'list') return plain(reader, node)
  return treeOf(targetOf(node)!.range, () => reader.items(node).flatMap(item => {
    const scalar = targetOf(item.node)
    if (scalar?.kind !== 'scalar') return []
    const { name, value } = splitPair(reader, scalar, separators)
    return [{ name, value, range: scalar.range, nameRange: scalar.range, usedAt: item.usedAt ?? (item.node.kind === 'alias' ? item.node.range : undefined) }]
  }))
}

function splitPair(reader: ComposeReader, scalar: YamlScalar, separators: RegExp): { name: string; value: ComposeScalar | undefined } {
  const { text, known } = reader.text(scalar)
  const at = text.value.search(separators)
  // `environment: [HTTP_PROXY]` takes the value from whoever runs compose: unknown.
  if (at < 0) return { name: text.value, value: { kind: 'scalar', value: undefined, range: scalar.range } }
  const value = text.slice(at + 1)
  return { name: text.value.slice(0, at), value: { kind: 'scalar', value: known || isPlaced(text, at + 1) ? value.value : undefined, range: scalar.range } }
}

/** Whether the rest of a text holds no variable that is still to be replaced. */
const isPlaced = (text: Text, from: number): boolean => !text.value.slice(from).includes('$')

/** `networks: [a, b]` of a service is a map without settings. */
const serviceNetworks: ReadForm = (reader, node) => {
  if (targetOf(node)?.kind !== 'list') return plain(reader, node)
  return treeOf(targetOf(node)!.range, () => reader.items(node).flatMap(item => {
    const scalar = targetOf(item.node)
    if (scalar?.kind !== 'scalar') return []
    const { text, known } = reader.text(scalar)
    return known ? [{ name: text.value, value: undefined, range: scalar.range, nameRange: scalar.range, usedAt: item.usedAt }] : []
  }))
}

/** A string in a short form, or the long form. */
const shortOrLong = (partsOf: (value: string) => readonly Part[], long: ReadForm = plain): ReadForm => (reader, node) => {
  const scalar = targetOf(node)
  if (scalar?.kind !== 'scalar') return long(reader, node)
  const { text, known } = reader.text(scalar)
  // Where colons may hide in variables, no part can be told from another.
  const masked = known ? text.value : maskVariables(text.value)
  return shortTree(scalar, text, masked, partsOf(masked))
}

function shortTree(scalar: YamlScalar, text: Text, masked: string, parts: readonly Part[]): ComposeTree {
  const children = parts.map(({ name, start, end, value }): ComposeChild => {
    const range: Range = value !== undefined && start === end ? scalar.range : text.range(start, end)
    const isKnown = !masked.slice(start, end).includes(unknownCharacter)
    return { name, value: { kind: 'scalar', value: isKnown ? value ?? text.value.slice(start, end) : undefined, range }, range, nameRange: range }
  })
  return { kind: 'tree', range: scalar.range, children: () => children }
}

/** A published port; one that names no mode is in the routing mesh (compose-spec/compose-go types/types.go ParsePortConfig). */
const port: ReadForm = (reader, node) => {
  const value = shortOrLong(portParts)(reader, node)
  if (value?.kind !== 'tree') return value
  return treeOf(value.range, () => (childOf(value, 'mode') ? value.children() : [...value.children(), implied('mode', 'ingress', value.range)]))
}

const implied = (name: string, value: string, range: Range): ComposeChild => ({ name, value: { kind: 'scalar', value, range }, range, nameRange: range })

/** A mount, each part of which knows what compose asks the engine for. */
const mount: ReadForm = (reader, node) => {
  const value = shortOrLong(volumeParts)(reader, node)
  if (value?.kind !== 'tree') return value
  const whole = bindOf(value)
  return whole === undefined ? value : treeOf(value.range, () => value.children().map(({ name, value: part, range, nameRange, usedAt }) => ({ name, value: part, range, nameRange, usedAt, whole })))
}

/** `source:target:rw`, as docker/compose pkg/compose/create.go (toBindString) writes it; only a path that is absolute on Linux stays as it is. */
function bindOf(value: ComposeTree): string | undefined {
  const source = scalarAt(value, 'source')?.value
  const target = scalarAt(value, 'target')?.value
  if (!source?.startsWith('/') || target === undefined) return undefined
  const modes = scalarAt(value, 'mode')?.value?.split(',') ?? []
  const access = modes.includes('ro') || scalarAt(value, 'read_only')?.value === 'true' ? 'ro' : 'rw'
  const label = modes.find(mode => /^z$/i.test(mode)) ?? scalarAt(value, 'bind', 'selinux')?.value
  return `${source}:${target}:${label === undefined ? access : `${access},${label}`}`
}

const build: ReadForm = (reader, node) => {
  const scalar = targetOf(node)
  if (scalar?.kind !== 'scalar') return buildMap(reader, node)
  const value = reader.scalar(scalar)
  return treeOf(scalar.range, () => [{ name: 'context', value, range: scalar.range, nameRange: scalar.range }])
}

const pairs = mapOrList(/=/)
const hosts = mapOrList(/[:=]/)
const buildMap = map({ args: pairs, labels: pairs, extra_hosts: hosts, additional_contexts: pairs })

/** The settings of a service, by name; the others are plain. */
const currentService: ReadForm = map({
  annotations: pairs,
  build,
  cap_add: listOrOne(plain),
  cap_drop: listOrOne(plain),
  devices: listOrOne(plain),
  dns: listOrOne(plain),
  dns_opt: listOrOne(plain),
  dns_search: listOrOne(plain),
  environment: pairs,
  extra_hosts: hosts,
  labels: pairs,
  networks: serviceNetworks,
  ports: listOrOne(port),
  security_opt: listOrOne(plain),
  sysctls: pairs,
  tmpfs: listOrOne(plain),
  volumes: listOrOne(mount)
})

/** A service; keys of the first version of the format by their present names. */
export const service: ReadForm = (reader, node) => {
  const value = currentService(reader, node)
  if (value?.kind !== 'tree' || !value.children().some(({ name }) => name === 'net' || name === 'log_driver')) return value
  return treeOf(value.range, () => value.children().map(withPresentName))
}

function withPresentName(child: ComposeChild): ComposeChild {
  if (child.name === 'net') return renamed(child, 'network_mode')
  if (child.name !== 'log_driver') return child
  const driver = renamed(child, 'driver')
  return { ...renamed(child, 'logging'), value: treeOf(child.range, () => [driver]) }
}

const renamed = ({ value, range, nameRange, whole, usedAt }: ComposeChild, name: string): ComposeChild => ({ name, value, range, nameRange, whole, usedAt })

export const network: ReadForm = map({ labels: pairs })
export const volume: ReadForm = map({ labels: pairs })

/** The value of a key of a tree. */
export function childOf(value: ComposeValue | undefined, name: string): ComposeChild | undefined {
  if (value?.kind !== 'tree') return undefined
  for (const child of value.children()) if (child.name === name) return child
  return undefined
}

/** A scalar at a path of names. */
export function scalarAt(value: ComposeValue | undefined, ...path: string[]): ComposeScalar | undefined {
  let current = value
  for (const name of path) current = childOf(current, name)?.value
  return current?.kind === 'scalar' ? current : undefined
}

/** What is written, if it is a scalar and known. */
export const scalarOf = (child: ComposeChild | undefined): string | undefined => (child?.value?.kind === 'scalar' ? child.value.value : undefined)

/** Whether something stands at a path; lists are looked through. */
export function hasPath(value: ComposeValue | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return value !== undefined
  if (value?.kind !== 'tree') return false
  return value.children().some(child => {
    if (child.name === '[]') return hasPath(child.value, [name, ...rest])
    return child.name === name && (rest.length === 0 ? true : hasPath(child.value, rest))
  })
}

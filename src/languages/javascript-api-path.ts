import type { Matrix, PathSpelling, Row, Spelled } from '../matrix.ts'
import { bindParts } from '../short-form.ts'
import { PathIndex } from '../spelling.ts'
import { matcherOf } from '../value-pattern.ts'
import { isKnown, sliceOf, valueOf } from './javascript-string.ts'
import type { ObjectValue, Property, StringValue, Value } from './javascript-value.ts'

export type ApiSpelled = Spelled<PathSpelling>

/** Requests whose names begin paths of the matrix; all others begin below the request that creates a container. */
const requests = /^(?:NetworkCreateRequest|NetworkConnectRequest|NetworkDisconnectRequest|ServiceSpec|ImageBuild|VolumeCreate|SwarmInitRequest)\b/

/** Lists that are judged by the value of each item, and where in the item it is. */
const judgedByItem: ReadonlyMap<string, string> = new Map([
  ['HostConfig.SecurityOpt', '[]'], ['HostConfig.CapAdd', '[]'], ['HostConfig.CapDrop', '[]'], ['HostConfig.Devices', '[].PathOnHost']
])

const indexes = new WeakMap<Matrix, PathIndex<ApiSpelled>>()

/** Where requests of the Engine API spell features, by paths that begin with the request. */
export function apiIndex(matrix: Matrix): PathIndex<ApiSpelled> {
  const known = indexes.get(matrix)
  if (known) return known
  const index = new PathIndex<ApiSpelled>()
  for (const row of matrix.rows) for (const spelling of row.spelled.api ?? []) {
    for (const { path, value } of fullPaths(row, spelling)) index.add(path, { row, spelling: value === undefined ? { path } : { path, value }, matchesValue: matcherOf(value) })
  }
  indexes.set(matrix, index)
  return index
}

function fullPaths(row: Row, { path, value }: PathSpelling): PathSpelling[] {
  const valued = (full: string): PathSpelling => (value === undefined ? { path: full } : { path: full, value })
  // A bind is a volume in its short form: its parts are what the command line has.
  if (path === 'HostConfig.Binds[]') return (row.spelled.cli ?? []).flatMap(({ flag, part, value: pattern }) => (flag === 'volume' && part !== undefined && pattern !== undefined ? [{ path: `ContainerCreateRequest.HostConfig.Binds[].${part}`, value: pattern }] : []))
  if (path.startsWith('Env.')) return [valued(`ContainerCreateRequest.${path}`), valued(`ServiceSpec.TaskTemplate.ContainerSpec.${path}`), valued(`ImageBuild.buildargs.${path.slice('Env.'.length)}`)]
  if (path.startsWith('ContainerSpec.')) return [valued(`ServiceSpec.TaskTemplate.${path}`)]
  const full = requests.test(path) ? path : `ContainerCreateRequest.${path.replace(/^Config\./, '')}`
  return [valued(`${full}${judgedByItem.get(path) ?? ''}`)]
}

/** Lists in a short form, as maps: `Env: ['NAME=value']`, `Binds: ['source:target']`. */
export function inLongForm(name: string, value: Value): Value {
  if (value.kind !== 'list') return value
  if (name === 'Env') return environment(value.items, value.written)
  if (name === 'Binds') return { ...value, items: value.items.map(bind) }
  return value
}

function environment(items: readonly Value[], written: ObjectValue['written']): ObjectValue {
  const properties: Property[] = []
  for (const item of items) {
    if (item.kind !== 'string') continue
    const all = valueOf(item.parts)
    const equals = all.indexOf('=')
    const name = sliceOf(item.parts, 0, equals)
    if (equals < 0 || !isKnown(name)) continue
    properties.push({ name: valueOf(name), nameRange: item.written, range: item.written, value: { kind: 'string', parts: sliceOf(item.parts, equals + 1, all.length), written: item.written } })
  }
  return { kind: 'object', properties, isOpen: properties.length < items.length, written }
}

function bind(item: Value): Value {
  if (item.kind !== 'string') return item
  const all = valueOf(item.parts)
  const properties = bindParts(all).filter(({ start, end }) => end > start).map((part): Property => {
    const parts = sliceOf(item.parts, part.start, part.end)
    const range = part.start === 0 && part.end === all.length ? item.written : [parts[0]!.start, parts.at(-1)!.end] as const
    return { name: part.name, nameRange: range, range, value: partValue(parts, range) }
  })
  return { kind: 'object', properties, isOpen: false, written: item.written }
}

const partValue = (parts: StringValue['parts'], written: StringValue['written']): Value => ({ kind: 'string', parts, written })

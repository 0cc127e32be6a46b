import { part, partOrigin, scalar, type Origin, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'

/** The parts of `SOURCE:TARGET:OPTIONS`. */
export interface VolumeParts {
  readonly type: string
  readonly source?: ProjectScalar
  readonly target?: ProjectScalar
  readonly options: readonly { readonly value: string; readonly origin: Origin }[]
}

const selinux = ['z', 'Z']
const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']

/**
 * A mount in the short form (compose-go format/volume.go): a colon after a
 * single letter belongs to a drive.
 *
 * @throws {Refusal}
 */
export function parseVolume(node: ProjectScalar): VolumeParts {
  const value = String(node.value)
  if (value === '') return refuse('invalid empty volume spec', node.origin)
  if (value.length <= 2) return { type: 'volume', target: node, options: [] }
  const fields = fieldsOf(value)
  const empty = fields.find(([start, end]) => start === end)
  if (empty) return refuse(`invalid spec: ${value}: empty section between colons`, node.origin)
  if (fields.length > 3) return refuse(`invalid spec: ${value}: too many colons`, node.origin)
  const [first, second, third] = fields
  const source = second ? part(node, ...first!) : undefined
  return {
    type: source && isPath(String(source.value)) ? 'bind' : 'volume',
    ...(source ? { source } : {}),
    target: part(node, ...(second ?? first!)),
    options: third ? optionsOf(node, third) : []
  }
}

function fieldsOf(value: string): [start: number, end: number][] {
  const fields: [number, number][] = []
  let start = 0
  for (let at = 0; at <= value.length; at++) {
    if (at < value.length && (value[at] !== ':' || (at === start + 1 && /\p{L}/u.test(value[start]!)))) continue
    fields.push([start, at])
    start = at + 1
  }
  return fields
}

function optionsOf(node: ProjectScalar, [start, end]: readonly [number, number]): VolumeParts['options'] {
  let at = start
  return String(node.value).slice(start, end).split(',').map(value => {
    const origin = partOrigin(node, at, at + value.length)
    at += value.length + 1
    return { value, origin }
  })
}

const isPath = (source: string): boolean => /^(?:[./~]|\\\\|\p{L}:)/u.test(source)

/** What the options of the short form ask for; those that compose does not know it passes over. */
export function mountOptions({ type, options }: VolumeParts): { readOnly?: ProjectScalar; nocopy?: ProjectScalar; propagation?: ProjectScalar; selinux?: ProjectScalar; type: string } {
  const last = (values: readonly string[]): ProjectScalar | undefined => {
    const option = options.findLast(({ value }) => values.includes(value))
    return option && scalar(option.value, option.origin)
  }
  const access = last(['ro', 'rw'])
  const nocopy = last(['nocopy'])
  const [spread, label] = [last(propagations), last(selinux)]
  return {
    type,
    ...(access?.value === 'ro' ? { readOnly: { ...access, value: true } } : {}),
    ...(nocopy ? { nocopy: { ...nocopy, value: true } } : {}),
    ...(spread ? { propagation: spread } : {}),
    ...(label ? { selinux: label } : {})
  }
}

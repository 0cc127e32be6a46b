import type { Shape, ValidationError } from '../generated/compose-validator.js'
import { didYouMean, suggestion } from '../suggestion.ts'
import type { Range } from '../text.ts'
import { isComputed, type Plain } from './compose-plain.ts'

/** A place of a compose file that does not have the structure it is to have. */
export interface FaultyPlace {
  /** Where it is: `services`, `web`, `ports`, `0`. */
  readonly path: readonly string[]
  readonly plain: Plain
  /** What may be below it. */
  readonly shape: Shape
  /** The nearest key above it, or its own. */
  readonly key: Range | undefined
  /** What is around it. */
  readonly parent: FaultyPlace | undefined
  readonly shapes: Readonly<Record<string, Shape>>
}

export interface Fault {
  readonly message: string
  readonly instead?: string | undefined
  readonly range: Range | undefined
}

/** What to say of an error of the validator; `undefined`: it is none, or nobody can know. */
export function faultOf(error: ValidationError, place: FaultyPlace): Fault | undefined {
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(place, String(error.params['additionalProperty']))
    case 'required':
      return missingKey(place, String(error.params['missingProperty']))
    case 'uniqueItems':
      return repeatedItem(place, Math.max(Number(error.params['i']), Number(error.params['j'])))
    case 'type':
      return wrongType(place, [error.params['type']].flat() as string[])
    default:
      // What is no scalar has the wrong type, and so is reported already.
      return isComputed(place.plain) || place.plain.node?.kind !== 'scalar' ? undefined : wrongValue(place, error)
  }
}

/** `services.web`, or how to call the file itself. */
const pathOf = (path: readonly string[]): string => (path.length === 0 ? 'a compose file' : `\`${path.join('.')}\``)
const rangeOf = ({ plain, key }: FaultyPlace): Range | undefined => plain.node?.range ?? key

function unknownKey(place: FaultyPlace, name: string): Fault | undefined {
  const { path, plain, shape, shapes } = place
  const range = plain.children.get(name)?.key?.range
  const isFirstVersion = path[0] !== undefined && !hasKey(shapes['root'], path[0])
  const refusal = isFirstVersion ? 'no version of Docker Compose knows it' : `Docker Compose refuses the file with "${path.join('.')}${path.length > 0 ? ' ' : ''}additional properties '${name}' not allowed"`
  if (shape.any !== undefined) return /[${}<>%@]/.test(name) ? undefined : { message: `\`${name}\` is no name that ${pathOf(path)} may have: ${refusal}`, instead: 'Use letters, digits, `.`, `_` and `-` only.', range }
  const meant = didYouMean(name, Object.keys(shape.keys ?? {}))
  return {
    message: `\`${name}\` is no key of ${pathOf(path)}: ${refusal}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
    instead: (Object.hasOwn(firstVersionKeys, name) ? firstVersionKeys[name] : undefined) ?? (meant === undefined ? otherPlace(name, place) : `Write \`${meant}\`.`),
    range
  }
}

/** What has taken the place of keys of version 1. */
const firstVersionKeys: Readonly<Record<string, string>> = {
  dockerfile: 'Write `dockerfile` under `build`, beside `context`.',
  log_driver: 'Write `driver` under `logging`.',
  log_opt: 'Write `options` under `logging`.',
  net: 'Write `network_mode`, or `networks` to join networks of the file.'
}

/** Where a key would be right: a level lower or higher, or among the services. */
function otherPlace(name: string, { path, plain, shape, parent, shapes }: FaultyPlace): string | undefined {
  const lower = Object.entries(shape.keys ?? {}).filter(([, below]) => hasKey(shapes[below], name))
  if (lower.length === 1) return `Write it under \`${lower[0]![0]}\`.`
  for (let outer = parent; outer && outer.path.length > 1; outer = outer.parent) if (hasKey(outer.shape, name)) return `Write it in ${pathOf(outer.path)} itself, beside \`${path[outer.path.length]}\`.`
  const below = plain.children.get(name)?.plain.children
  return path.length === 0 && (below?.has('image') || below?.has('build')) ? 'Indent it under `services`.' : undefined
}

const hasKey = (shape: Shape | undefined, name: string): boolean => shape?.keys !== undefined && Object.hasOwn(shape.keys, name)

function missingKey({ path, plain, key }: FaultyPlace, name: string): Fault | undefined {
  // What stands there may be taken away or computed; it is there all the same.
  if (plain.children.has(name)) return undefined
  const ownKey = /^\d+$/.test(path.at(-1) ?? '') ? [...plain.children.values()][0]?.key?.range ?? plain.node?.range : key
  return { message: `${pathOf(path)} lacks \`${name}\`, which Docker Compose requires there`, instead: `Write \`${name}\` there too.`, range: ownKey }
}

function repeatedItem({ path, plain }: FaultyPlace, index: number): Fault | undefined {
  const item = plain.children.get(String(index))?.plain
  return { message: `${pathOf(path)} names \`${String(item?.value)}\` twice, and Docker Compose refuses that`, instead: 'Remove it here.', range: item?.node?.range }
}

function wrongType(place: FaultyPlace, types: readonly string[]): Fault | undefined {
  const { path, plain } = place
  if (isComputed(plain) && types.some(type => type !== 'array' && type !== 'object' && type !== 'null')) return undefined
  const wanted = listed(types.filter(type => type !== 'null').map(type => typeNames[type] ?? type))
  return { message: `${pathOf(path)} is ${nameOfType(plain.value)}, and Docker Compose wants ${wanted} there`, instead: otherValue(place, types), range: rangeOf(place) }
}

const typeNames: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', integer: 'a whole number', boolean: 'a boolean', array: 'a list', object: 'a mapping' }

function nameOfType(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'boolean' ? `\`${value}\`` : typeof value === 'object' ? 'a mapping' : `a ${typeof value}`
}

const listed = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`)

/** Keys of spans of time, which are nothing without a unit. */
const durations = new Set(['delay', 'interval', 'monitor', 'start_interval', 'start_period', 'stop_grace_period', 'timeout', 'window'])

/** A value of the right type that says the same. */
function otherValue({ path, plain, parent }: FaultyPlace, types: readonly string[]): string | undefined {
  const { value, node } = plain
  const name = path.at(-1) ?? ''
  const written = node?.kind === 'scalar' ? node.text.value : ''
  if (value === null) return parent && parent.path.length > 0 && !/^\d+$/.test(name) ? `Leave \`${name}\` out, or give it a value.` : 'Leave it out, or give it a value.'
  if (typeof value === 'number' && types.includes('boolean')) return 'Write `true` or `false`.'
  if (typeof value === 'number' && types.includes('string')) return durations.has(name) ? `Write \`${written}s\`, with a unit.` : path.length === 1 && name === 'version' ? `Leave it out, or write \`"${written}"\`.` : `Write \`"${written}"\`.`
  if (typeof value === 'boolean' && types.includes('string')) return `Write \`"${written}"\`.`
  if (typeof value === 'string' && types.includes('array') && /^[^\s"'\\]+$/.test(value)) return `Write \`["${value}"]\`.`
  if (typeof value === 'string' && /^[-+]?\d+$/.test(value) && types.some(type => type === 'number' || type === 'integer')) return `Write \`${value}\`, without quotes.`
  const isString = types.length === 1 && types[0] === 'string'
  return isString && parent && /^\d+$/.test(name) ? onePair(plain, parent) : undefined
}

/** `- KEY: value` where `- KEY=value` or `- "KEY: value"` is meant. */
function onePair({ children }: Plain, { shape }: FaultyPlace): string | undefined {
  const [[key, child] = []] = children
  if (children.size !== 1 || key === undefined || child?.plain.node?.kind !== 'scalar') return undefined
  const value = child.plain.node.text.value
  if (/[\n`]/.test(key + value)) return undefined
  return shape.any === undefined ? `Write \`"${key}: ${value}"\`, in quotes.` : `Write \`${key}=${value}\`, or no dash.`
}

function wrongValue({ path, plain, key }: FaultyPlace, { keyword, params }: ValidationError): Fault | undefined {
  const value = String(plain.value).split('\n', 1)[0]!
  const range = plain.node?.range ?? key
  const says = (wanted: string): string => `${pathOf(path)} is \`${value}\`, and Docker Compose wants ${wanted} there`
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).map(String)
    const meant = didYouMean(value, allowed)
    return { message: `${says(listed(allowed.map(name => `\`${name}\``)))}${suggestion(value, allowed)}`, instead: meant && `Write \`${meant}\`.`, range }
  }
  if (keyword === 'minimum') return { message: says(`no less than ${String(params['limit'])}`), range }
  const pattern = String(params['pattern'])
  if (pattern.startsWith('^([Tt]')) return { message: says('`true` or `false`'), instead: 'Write `true` or `false`.', range }
  if (pattern.startsWith('^[-+]?[0-9]')) return { message: says('a whole number'), instead: 'Write a whole number.', range }
  return { message: says(`what matches \`${pattern}\``), range }
}

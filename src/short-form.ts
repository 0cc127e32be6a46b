import { indexWithin } from './text-search.ts'

/** A part of a value in a short form: where it stands, and what it is called in the long form. */
export interface Part {
  readonly name: string
  readonly start: number
  readonly end: number
  /** A value that the form implies, where it differs from the characters. */
  readonly value?: string
}

/** A character that no value holds, in place of those of a variable. */
export const unknownCharacter = '\uE000'

/** A value of the same length in which variables hide no separators. */
export const maskVariables = (value: string): string => value.replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\$\w+/g, variable => unknownCharacter.repeat(variable.length))

/** `[HOST:]CONTAINER[/PROTOCOL]` with `HOST` as `[IP:][PORT|RANGE]` (docker/go-connections nat/nat.go ParsePortSpec). */
const letter = /\p{L}/u

export function portParts(value: string): Part[] {
  const slash = value.lastIndexOf('/')
  const end = slash < 0 ? value.length : slash
  const parts: Part[] = []
  const add = (name: string, start: number, stop: number): void => {
    if (stop > start) parts.push({ name, start, end: stop })
  }
  const targetStart = value.lastIndexOf(':', end - 1) + 1
  const hostEnd = targetStart - 1
  if (hostEnd > 0) {
    const publishedStart = lastColonOutsideBrackets(value, hostEnd) + 1
    add('host_ip', 0, publishedStart - 1)
    add('published', publishedStart, hostEnd)
  }
  add('target', targetStart, end)
  if (slash >= 0) add('protocol', slash + 1, value.length)
  return publishesSingly(value, parts) ? parts.map(part => (part.name === 'published' ? { ...part, value: value.slice(part.start, part.end).split('-')[0]! } : part)) : parts
}

/** Ranges of equal length on both sides become single ports (nat.ParsePortSpec). */
function publishesSingly(value: string, parts: readonly Part[]): boolean {
  if (!value.includes('-')) return false
  const sizes = ['published', 'target'].map(name => {
    const part = parts.find(candidate => candidate.name === name)
    const [first, last] = part ? value.slice(part.start, part.end).split('-').map(Number) : []
    return first === undefined || last === undefined ? 0 : last - first
  })
  return sizes[0]! > 0 && sizes[0] === sizes[1]
}

function lastColonOutsideBrackets(value: string, end: number): number {
  const bracket = value.lastIndexOf(']', end)
  const colon = value.lastIndexOf(':', end - 1)
  return colon > bracket ? colon : -1
}

const isPipe = (path: string): boolean => /^(\\\\|\/\/)\.[\\/]pipe[\\/]/i.test(path)
const isPath = (path: string): boolean => /^([.~/\\]|[a-z]:[\\/])/i.test(path)

/** `[SOURCE:]TARGET[:MODE]` as compose takes it apart; a colon after a single letter belongs to a drive (compose-spec/compose-go format/volume.go). */
export const volumeParts = (value: string): Part[] => mountParts(value, splitVolume(value))

/** The same as the engine on Windows takes it apart; what it cannot is read as compose would. */
export function bindParts(value: string): Part[] {
  const match = engineBind.exec(value)
  if (!match) return volumeParts(value)
  const [, source, target = '', mode] = match
  const start = source === undefined ? 0 : source.length + 1
  const field = (at: number, text: string): Field => ({ start: at, end: at + text.length })
  return mountParts(value, [...(source === undefined ? [] : [field(0, source)]), field(start, target), ...(mode === undefined ? [] : [field(value.length - mode.length, mode)])])
}

// moby daemon/volume/mounts/windows_parser.go (windowsSplitRawSpecRegexp), written so that nothing is tried twice.
const pipe = String.raw`[/\\]{2}.[/\\]pipe[/\\][^:*?"<>|\r\n]+`
const name = String.raw`[^\\/:*?"<>|\r\n]+`
const folder = String.raw`(?:\\\\\?\\)?[a-z]:[\\/](?:${name}(?:[\\/]${name})*[\\/]?)?`
const destination = String.raw`(?:\\\\\?\\)?[a-z]:(?:[\\/][^\\/:*?"<>\r\n]+)*[\\/]?|${pipe}`
const engineBind = new RegExp(String.raw`^(?:(${folder}|${name}|${pipe}):)?(${destination})(?::(ro|rw))?$`, 'i')
const engineTarget = new RegExp(`^(?:${destination})$`, 'i')

/** Whether the engine on Windows can mount something there. */
export const isMountTarget = (path: string): boolean => engineTarget.test(path)

interface Field { readonly start: number; readonly end: number }

function mountParts(value: string, fields: readonly Field[]): Part[] {
  const [source, target, mode] = fields.length === 1 ? [undefined, fields[0], undefined] : fields
  const text = source && value.slice(source.start, source.end)
  const type = text === undefined ? 'volume' : isPipe(text) ? 'npipe' : isPath(text) ? 'bind' : text.includes(unknownCharacter) ? undefined : 'volume'
  return [
    ...(type === undefined ? [] : [{ name: 'type', start: 0, end: 0, value: type }]),
    ...(source ? [{ name: 'source', ...source }] : []),
    ...(target ? [{ name: 'target', ...target }] : []),
    ...(mode ? [{ name: 'mode', ...mode }] : [])
  ]
}

function splitVolume(value: string): Field[] {
  const fields: Field[] = []
  let start = 0
  for (let at = 0; at <= value.length; at++) {
    const isDrive = at - start === 1 && letter.test(value[start]!)
    if (at < value.length && (value[at] !== ':' || isDrive)) continue
    fields.push({ start, end: at })
    start = at + 1
  }
  return fields
}

/**
 * `key=value,key=value`, with quotes as in CSV: `--mount`, `--network`, and
 * `--publish` of services (docker/cli opts/mount.go, opts/network.go, opts/swarmopts/port.go).
 */
export function listParts(value: string, names: Readonly<Record<string, string>> = {}): Part[] {
  const parts: Part[] = []
  let start = 0
  while (start <= value.length) {
    const isQuoted = value[start] === '"'
    const close = isQuoted ? value.indexOf('"', start + 1) : -1
    const comma = value.indexOf(',', isQuoted && close > 0 ? close : start)
    const end = comma < 0 ? value.length : comma
    const from = isQuoted ? start + 1 : start
    const until = isQuoted && value[end - 1] === '"' && end - 1 > from ? end - 1 : end
    const equals = indexWithin(value, '=', from, until)
    const nameEnd = equals < 0 ? until : equals
    const name = value.slice(from, nameEnd).trim().toLowerCase()
    if (name !== '') parts.push(nameEnd === until ? { name: names[name] ?? name, start: from, end: until, value: 'true' } : { name: names[name] ?? name, start: nameEnd + 1, end: until })
    start = end + 1
  }
  return parts
}

/** Other names of the keys of `--mount`. */
export const mountKeys: Readonly<Record<string, string>> = { src: 'source', dst: 'target', destination: 'target', ro: 'readonly' }

/** Whether a value of `--network` or `--publish` is in the `key=value` syntax. */
export const isListForm = (value: string): boolean => /^\s*"?[a-z0-9-]+=/i.test(value)

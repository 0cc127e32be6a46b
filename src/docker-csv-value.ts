/**
 * Values that are lists of settings separated by commas, `type=bind,source=…`: why the Docker CLI refuses one, in its own
 * words. Each names its place in github.com/docker/cli at v28.2.2.
 */

import { csvFields, cut, goInteger, isIpAddress, isIpNetwork, parseGoBool, refuseSize } from './go-value.ts'

/** What is wrong with a value; undefined if nothing is. */
type Refusal = string | undefined

/** `type=bind,source=…,target=…` (opts/mount.go). */
export function mount(value: string): Refusal {
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  let type = 'volume', target = '', propagation = '', recursive = '', readOnly = false
  const families = new Set<string>()
  for (const field of fields) {
    const [written, setting] = cut(field, '=')
    const key = written.toLowerCase()
    const family = /^(volume|image|bind|tmpfs)-/.exec(key)?.[1]
    if (setting === undefined && !/^(readonly|ro|volume-nocopy|bind-nonrecursive)$/.test(key)) return `invalid field '${field}' must be a key=value pair`
    const refusal = mountSetting(field, key, setting ?? 'true')
    if (refusal !== undefined) return refusal
    if (family !== undefined && !(key === 'bind-recursive' && setting === 'enabled')) families.add(family)
    if (key === 'type') type = setting!.toLowerCase()
    else if (/^(target|dst|destination)$/.test(key)) target = setting!
    else if (/^(readonly|ro)$/.test(key)) readOnly = parseGoBool(setting ?? 'true')!
    else if (key === 'bind-propagation') propagation = setting!.toLowerCase()
    else if (key === 'bind-recursive' && (setting === 'writable' || (setting === 'readonly' && recursive === ''))) recursive = setting
  }
  if (type === '') return 'type is required'
  if (target === '') return 'target is required'
  for (const family of ['volume', 'image', 'bind', 'tmpfs']) {
    if (families.has(family) && type !== family) return `cannot mix '${family}-*' options with mount type '${type}'`
  }
  if (recursive !== '' && !readOnly) return `option 'bind-recursive=${recursive}' requires 'readonly' to be specified in conjunction`
  if (recursive === 'readonly' && propagation !== 'rprivate') return "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction"
  return undefined
}

const mountKey = /^(type|source|src|target|dst|destination|readonly|ro|consistency|bind-(propagation|nonrecursive|recursive)|volume-(subpath|nocopy|label|driver|opt)|image-subpath|tmpfs-(size|mode))$/

function mountSetting(field: string, key: string, setting: string): Refusal {
  if (!mountKey.test(key)) return `unexpected key '${key}' in '${field}'`
  const invalid = `invalid value for ${key}: ${setting}`
  if (/^(readonly|ro|bind-nonrecursive|volume-nocopy)$/.test(key)) return parseGoBool(setting) === undefined ? invalid : undefined
  if (key === 'bind-recursive') return /^(enabled|disabled|writable|readonly)$/.test(setting) ? undefined : `${invalid} (must be "enabled", "disabled", "writable", or "readonly")`
  if (key === 'tmpfs-size') return refuseSize(setting) === undefined ? undefined : invalid
  if (key === 'tmpfs-mode') return goInteger(setting, { bits: 32, base: 8 }) === undefined ? undefined : invalid
  return undefined
}

/** A name, or `name=…,alias=…,ip=…` (opts/network.go). */
export function network(value: string): Refusal {
  if (!isLongSyntax(value)) return undefined
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  let name = ''
  for (const field of fields) {
    const [written, setting] = cut(field.toLowerCase(), '=')
    if (setting === undefined || written === '') return `invalid field ${field}`
    const [key, argument] = [written.trim(), setting.trim()]
    if (key === 'name') name = argument
    else if (key === 'driver-opt' && !/^[^=]+=/.test(argument)) return 'invalid key value pair format in driver options'
    else if (key === 'gw-priority') {
      const refusal = goInteger(argument, { bits: 64, signed: true, base: 10 })
      if (refusal !== undefined) return `invalid gw-priority (${argument}): ${cause(refusal)}`
    } else if (!/^(alias|ip|ip6|mac-address|link-local-ip|driver-opt)$/.test(key)) return `invalid field key ${key}`
  }
  return name === '' ? 'network name/id is not specified' : undefined
}

/** `8080:80/tcp`, or `published=8080,target=80` (opts/swarmopts/port.go). */
export function port(value: string): Refusal {
  if (!isLongSyntax(value)) return shortPort(value)
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  let target = false
  for (const field of fields) {
    const [key, setting] = cut(field.toLowerCase(), '=')
    if (setting === undefined || key === '') return `invalid field: ${field}`
    if (key === 'target' || key === 'published') {
      const refusal = goInteger(setting, { bits: 16, base: 10 })
      if (refusal !== undefined) return `invalid ${key} port (${setting}): value must be an integer: ${cause(refusal)}`
      if (key === 'target') target = !/^0*$/.test(setting)
    } else if (key === 'protocol') {
      if (!/^(tcp|udp|sctp)$/.test(setting)) return `invalid protocol value '${setting}'`
    } else if (key === 'mode') {
      if (!/^(ingress|host)$/.test(setting)) return `invalid publish mode value (${setting}): must be either 'ingress' or 'host'`
    } else return `invalid field key: ${key}`
  }
  return target ? undefined : "missing mandatory field 'target'"
}

/** `ip:hostPort:containerPort/protocol` (docker/go-connections, `nat.ParsePortSpec`). Services take no address. */
function shortPort(value: string): Refusal {
  const parts = value.split(':')
  const written = parts.pop()!
  const hostPort = parts.pop() ?? ''
  const address = parts.join(':')
  const [name, protocolName] = written.split('/')
  const protocol = name === '' ? '' : protocolName || 'tcp'
  const bracketed = /^\[([^[\]]*)\]$/.exec(address)
  if (address.startsWith('[') && bracketed === null) return `invalid IP address ${address}: address ${address}:: missing ']' in address`
  const ip = bracketed?.[1] ?? address
  if (ip !== '' && !isIpAddress(ip)) return `invalid IP address: ${ip}`
  if (name === '') return `no port specified: ${value}<empty>`
  const container = portRange(name!)
  if (container === undefined) return `invalid containerPort: ${name}`
  const host = hostPort === '' ? ([0, 0] as const) : portRange(hostPort)
  if (host === undefined) return `invalid hostPort: ${hostPort}`
  const [start, end] = container
  if (hostPort !== '' && end - start !== host[1] - host[0] && end !== start) return `invalid ranges specified for container and host Ports: ${name} and ${hostPort}`
  if (!/^(tcp|udp|sctp)$/i.test(protocol)) return `invalid proto: ${protocol}`
  return ip === '' ? undefined : 'hostip is not supported'
}

/** The first and last port of `80` or `8000-8010`. */
function portRange(value: string): readonly [number, number] | undefined {
  const [first = '', last = first] = value.split('-')
  if (goInteger(first, { bits: 16, base: 10 }) !== undefined || goInteger(last, { bits: 16, base: 10 }) !== undefined) return undefined
  return Number(last) < Number(first) ? undefined : [Number(first), Number(last)]
}

/** A config or a secret of a service: a name, or `source=…,target=…,mode=…` (opts/swarmopts). */
export function fileReference(value: string, unknownField: string): Refusal {
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  if (fields.length === 1 && !fields[0]!.includes('=')) return undefined
  let source = ''
  for (const field of fields) {
    const [key, setting] = cut(field, '=')
    if (setting === undefined || key === '') return `invalid field '${field}' must be a key=value pair`
    if (/^(source|src)$/i.test(key)) source = setting
    else if (/^mode$/i.test(key)) {
      const refusal = goInteger(setting, { bits: 32 })
      if (refusal !== undefined) return `invalid mode specified: ${refusal}`
    } else if (!/^(target|uid|gid)$/i.test(key)) return unknownField + key
  }
  return source === '' ? 'source is required' : undefined
}

/** `all`, a number, or `driver=…,count=…,device=…` (opts/gpus.go). */
export function gpus(value: string): Refusal {
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  const seen = new Set<string>()
  for (const field of fields) {
    const [key, setting] = cut(field, '=')
    if (seen.has(key)) return `gpu request key '${key}' can be specified only once`
    seen.add(setting === undefined ? 'count' : key)
    if (setting === undefined || key === 'count') {
      const count = setting ?? key
      const refusal = count === 'all' ? undefined : goInteger(count, { bits: 64, signed: true, base: 10 })
      if (refusal !== undefined) return `invalid count (${count}): value must be either "all" or an integer: ${cause(refusal)}`
      seen.add(key)
    } else if (key === 'options') {
      const options = csvFields(setting)
      if (options.error !== undefined) return `failed to read gpu options: ${options.error}`
    } else if (!/^(driver|device|capabilities)$/.test(key)) return `unexpected key '${key}' in '${field}'`
  }
  return undefined
}

/** `protocol=cfssl,url=…` (cli/command/swarm/opts.go). A certificate that it names is not read here. */
export function externalCa(value: string): Refusal {
  const { fields, error } = csvFields(value)
  if (error !== undefined) return error
  const seen = new Set<string>()
  for (const field of fields) {
    const [key, setting] = cut(field, '=')
    if (setting === undefined) return `invalid field '${field}' must be a key=value pair`
    if (key.toLowerCase() === 'protocol' && setting.toLowerCase() !== 'cfssl') return `unrecognized external CA protocol ${setting}`
    seen.add(key.toLowerCase())
  }
  const missing = ['protocol', 'url'].find((key) => !seen.has(key))
  return missing === undefined ? undefined : `the external-ca option needs a ${missing}= parameter`
}

export function ipNetworks(value: string): Refusal {
  const unquoted = value.replace(/["'`]/g, '')
  const wrong = unquoted === '' ? undefined : csvFields(unquoted).fields.find((field) => !isIpNetwork(field.trim()))
  return wrong === undefined ? undefined : `invalid string being converted to CIDR: ${wrong}`
}

export function keyValues(value: string): Refusal {
  const pairs = value.split('=').length - 1
  if (pairs === 0) return `${value} must be formatted as key=value`
  if (pairs === 1) return undefined
  const { fields, error } = csvFields(value)
  const wrong = fields.find((field) => !field.includes('='))
  return error ?? (wrong === undefined ? undefined : `${wrong} must be formatted as key=value`)
}

/** Whether the CLI takes a value for `key=value` pairs rather than for a name or a number. */
function isLongSyntax(value: string): boolean {
  return /\w=\w/.test(value)
}

/** The last part of a conversion error: `invalid syntax`. */
function cause(refusal: string): string {
  return refusal.slice(refusal.lastIndexOf(': ') + 2)
}

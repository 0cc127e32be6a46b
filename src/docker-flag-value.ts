/**
 * Why the Docker CLI refuses the value of a flag while it reads the command line, in its own words.
 *
 * The words and the rules are facts of github.com/docker/cli at v28.2.2 (opts, cli/command), and of the packages it is
 * built with: spf13/pflag, docker/go-units, docker/go-connections/nat and Go's strconv, time, net and encoding/csv.
 */

import { externalCa, fileReference, gpus, ipNetworks, keyValues, mount, network, port } from './docker-csv-value.ts'
import { csvFields, cut, goDuration, goFloat, goInteger, goQuote, isIpAddress, parseGoBool, refuseSize, splitShellWords, trimSpaces } from './go-value.ts'

/** What is wrong with a value; undefined if nothing is. */
type Refusal = string | undefined
type Check = (value: string) => Refusal

/** Why a flag of this type, with this further check, refuses `value`; undefined if it takes it. */
export function refuseValue(type: string, check: string | undefined, value: string): Refusal {
  return (check === undefined ? types.get(type) : checks.get(check))?.(value)
}

/** By the type that the CLI gives a flag. What has no entry (`string`, `list`, `map`, files to read) takes anything. */
const types = new Map<string, Check>([
  ['bool', (value) => (parseGoBool(value) === undefined ? `strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax` : undefined)],
  ['bytes', refuseSize],
  ['command', splitShellWords],
  ['config', (value) => fileReference(value, 'invalid field in config request: ')],
  ['credential-spec', credentialSpec],
  ['decimal', cpus],
  ['duration', goDuration],
  ['external-ca', externalCa],
  ['filter', (value) => (value === '' || value.includes('=') ? undefined : 'bad format of filter (expected name=value)')],
  ['float', (value) => goFloat(value, 32)],
  ['gpu-request', gpus],
  ['int', (value) => goInteger(value, { bits: 64, signed: true })],
  ['int64', (value) => goInteger(value, { bits: 64, signed: true })],
  ['ipNetSlice', ipNetworks],
  ['mount', mount],
  ['network', network],
  ['node-addr', listenAddress],
  ['port', port],
  ['pref', placementPreference],
  ['secret', (value) => fileReference(value, 'invalid field in secret request: ')],
  ['stringSlice', (value) => (value === '' ? undefined : csvFields(value).error)],
  ['stringToString', keyValues],
  ['uint', (value) => goInteger(value, { bits: 64 })],
  ['uint16', (value) => goInteger(value, { bits: 16 })],
  ['uint32', (value) => goInteger(value, { bits: 32 })],
  ['uint64', (value) => goInteger(value, { bits: 64 })],
  ['ulimit', ulimit],
])

/** By the name of a check in `schemas/docker-cli.json`: the validators that the CLI gives its lists and maps (opts/opts.go). */
const checks = new Map<string, Check>([
  ['attach', (value) => (/^(stdin|stdout|stderr)$/i.test(value) ? undefined : 'valid streams are STDIN, STDOUT and STDERR')],
  ['bytes-per-second', (value) => deviceRate(value, (rate) => refuseSize(rate) === undefined, '<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb')],
  ['cgroup-rule', (value) => (/^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(value) ? undefined : `invalid device cgroup format '${value}'`)],
  ['domain', searchDomain],
  ['environment', (value) => (value === '' || value.startsWith('=') ? `invalid environment variable: ${value}` : undefined)],
  ['extra-host', extraHost],
  ['generic-resource', (value) => (value.includes('=') ? undefined : `invalid generic-resource format \`${value}\` expected \`name=value\``)],
  ['ip', (value) => (isIpAddress(value.trim()) ? undefined : `IP address is not correctly formatted: ${value}`)],
  ['label', label],
  ['link', link],
  ['operations-per-second', (value) => deviceRate(value, isUnsigned64, '<number>. Number must be a positive integer')],
  ['positive', (value) => goDuration(value) ?? (/^-.*[1-9]/.test(value) ? 'duration cannot be negative' : undefined)],
  ['reference', imageReference],
  ['sysctl', sysctl],
  ['unlimited', (value) => (value === '-1' ? undefined : refuseSize(value))],
  ['weight-device', weightDevice],
])

/** A number of processors, exact to a billionth: `1.5`, `3/4`. */
function cpus(value: string): Refusal {
  if (/^[+-]?0([xX](_?[\da-fA-F])+|[oO](_?[0-7])+|[bB](_?[01])+)$/.test(value)) return undefined
  const plain = value.replace(/(?<=\d)_(?=\d)/g, '')
  const decimal = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(plain)
  const fraction = /^[+-]?(\d{1,30})\/(\d{1,30})$/.exec(plain)
  if (fraction !== null && BigInt(fraction[2]!) !== 0n) {
    return (BigInt(fraction[1]!) * 1_000_000_000n) % BigInt(fraction[2]!) === 0n ? undefined : 'value is too precise'
  }
  const digits = decimal === null ? '' : decimal[1]! + (decimal[2] ?? '')
  if (digits === '') return `failed to parse ${value} as a rational number`
  let zeros = 0
  while (digits.at(-1 - zeros) === '0') zeros++
  const exponent = Number(decimal![3] ?? 0) - (decimal![2] ?? '').length + zeros
  return zeros === digits.length || exponent >= -9 ? undefined : 'value is too precise'
}

const ulimitNames = new Set(['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'])

/** `nofile=1024:2048` (docker/go-units, `ParseUlimit`). */
function ulimit(value: string): Refusal {
  const [name, limits] = cut(value, '=')
  if (limits === undefined) return `invalid ulimit argument: ${value}`
  if (!ulimitNames.has(name)) return `invalid ulimit type: ${name}`
  const [soft = '', hard = soft, ...more] = limits.split(':')
  if (more.length > 0) return `too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``
  const signed = { bits: 64, signed: true, base: 10 } as const
  const refusal = goInteger(hard, signed) ?? goInteger(soft, signed)
  if (refusal !== undefined) return refusal
  const [low, high] = [BigInt(soft.replace('+', '')), BigInt(hard.replace('+', ''))]
  if (high === -1n) return undefined
  const order = 'ulimit soft limit must be less than or equal to hard limit: '
  if (low === -1n) return `${order}soft: -1 (unlimited), hard: ${high}`
  return low > high ? `${order}${low} > ${high}` : undefined
}

/** `/dev/sda:1mb` (opts/throttledevice.go). */
function deviceRate(value: string, isRate: (rate: string) => boolean, format: string): Refusal {
  const [device, rate] = cut(value, ':')
  if (rate === undefined || device === '') return `bad format: ${value}`
  if (!device.startsWith('/dev/')) return `bad format for device path: ${value}`
  return isRate(rate) ? undefined : `invalid rate for device: ${value}. The correct format is <device-path>:${format}`
}

function weightDevice(value: string): Refusal {
  const [device, weight] = cut(value, ':')
  if (weight === undefined || device === '') return `bad format: ${value}`
  if (!device.startsWith('/dev/')) return `bad format for device path: ${value}`
  const number = goInteger(weight, { bits: 16, base: 10 }) === undefined ? Number(weight) : NaN
  return number === 0 || (number >= 10 && number <= 1000) ? undefined : `invalid weight for device: ${value}`
}

function label(value: string): Refusal {
  const name = cut(value, '=')[0].replace(/^[ \t]+/, '')
  if (name === '') return `invalid label '${value}': empty name`
  return /[ \t]/.test(name) ? `label '${name}' contains whitespaces` : undefined
}

function link(value: string): Refusal {
  if (value === '') return 'empty string specified for links'
  return value.split(':', 3).length > 2 ? `bad format for links: ${value}` : undefined
}

/** `host:ip` or `host=ip` (opts/hosts.go, `ValidateExtraHost`). */
function extraHost(value: string): Refusal {
  const [name, address] = value.includes('=') ? cut(value, '=') : cut(value, ':')
  if (address === undefined || name === '' || name.includes(':')) return `bad format for add-host: ${goQuote(value)}`
  const ip = /^\[.+\]$/s.test(address) ? address.slice(1, -1) : address
  return address === 'host-gateway' || isIpAddress(ip.trim()) ? undefined : `invalid IP address in add-host: ${goQuote(ip)}`
}

/** One search domain, or a dot for none. The CLI lets a stray colon pass. */
function searchDomain(value: string): Refusal {
  const name = trimSpaces(value)
  if (name === '.') return undefined
  const domain = /^(:{0,2}[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::?\.:?[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)\.?[\t\n\f\r ]*$/.exec(name)?.[1]
  return /[a-zA-Z]/.test(name) && domain !== undefined && domain.length < 255 ? undefined : `${name} is not a valid domain`
}

function sysctl(value: string): Refusal {
  const [name, setting] = cut(value, '=')
  const allowed = /^(net\.|fs\.mqueue\.|kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$)/.test(name)
  return setting !== undefined && allowed ? undefined : `sysctl '${value}' is not allowed`
}

function credentialSpec(value: string): Refusal {
  if (value === '' || /^(config|file|registry):\/\//.test(value)) return undefined
  return 'invalid credential spec: value must be prefixed with "config://", "file://", or "registry://"'
}

function placementPreference(value: string): Refusal {
  const [strategy, argument] = cut(value, '=')
  if (argument === undefined || strategy === '') return 'placement preference must be of the format "<strategy>=<arg>"'
  return strategy === 'spread' ? undefined : `unsupported placement preference ${strategy} (only spread is supported)`
}

/** `host:port`, either of them optional (opts/hosts.go, `ParseTCPAddr`). */
function listenAddress(value: string): Refusal {
  const address = value.replace(/^tcp:\/\//, '')
  if (address === '') return undefined
  if (address.includes('://')) return `invalid proto, expected tcp: ${value}`
  const host = address.split('/', 1)[0]!
  const parse = `parse ${goQuote(`tcp://${address}`)}: `
  if (/^\[[^\]]*$/.test(host)) return `${parse}missing ']' in host`
  const port = /^\[/.test(host) ? host.slice(host.lastIndexOf(']') + 1) : /(:[^:]*)?$/.exec(host)![0]
  if (!/^(:\d*)?$/.test(port)) return `${parse}invalid port ${goQuote(port)} after host`
  return /^\[.*\]$/s.test(host) ? `invalid bind address format: ${value}` : undefined
}

const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const hostName = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?'
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const referencePattern = new RegExp(`^(?:${hostName}/)?(${pathComponent}(?:/${pathComponent})*)(?::\\w[\\w.-]{0,127})?(?:@(${digest}))?$`)
const digestLength = new Map([['sha256', 64], ['sha384', 96], ['sha512', 128]])

/** The name of an image (distribution/reference, `ParseNormalizedNamed`). */
function imageReference(value: string): Refusal {
  if (/^[a-f0-9]{64}$/.test(value)) return `invalid repository name (${value}), cannot specify 64-byte hexadecimal strings`
  const [first, rest] = cut(value, '/')
  const hasDomain = rest !== undefined && (first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first)
  const hub = !hasDomain || /^(index\.)?docker\.io$/.test(first)
  const name = hasDomain ? rest : value
  const full = hub && !name.includes('/') ? `library/${name}` : name
  const repository = full.split(':', 1)[0]!
  if (repository.toLowerCase() !== repository) return `invalid reference format: repository name (${repository}) must be lowercase`
  const parts = referencePattern.exec(`${hub ? 'docker.io' : first}/${full}`)
  if (parts === null) return 'invalid reference format'
  if (parts[1]!.length > 255) return 'repository name must not be more than 255 characters'
  return parts[2] === undefined ? undefined : digestRefusal(parts[2])
}

function digestRefusal(value: string): Refusal {
  const [algorithm, hex = ''] = cut(value, ':')
  const length = digestLength.get(algorithm)
  if (length === undefined) return 'unsupported digest algorithm'
  if (hex.length !== length) return 'invalid checksum digest length'
  return /^[0-9a-f]+$/.test(hex) ? undefined : 'invalid checksum digest format'
}

function isUnsigned64(value: string): boolean {
  return goInteger(value, { bits: 64, base: 10 }) === undefined
}

import { isMountTarget } from './short-form.ts'

/** Whether something holds; `undefined` when that cannot be known. */
export type Answer = boolean | undefined

/**
 * A pattern that values of settings are held against, as rows of the matrix
 * write it: alternatives separated by `|`, each a literal in which `*` stands
 * for anything, or a named predicate in `< >`; a leading `!` negates the whole.
 *
 * @throws {RangeError} on a predicate that does not exist
 */
export function compileValuePattern(pattern: string): (value: string | undefined) => Answer {
  const known = pattern.startsWith('!') ? negate(alternatives(pattern.slice(1))) : alternatives(pattern)
  return value => (value === undefined ? undefined : known(value))
}

const negate = (test: (value: string) => boolean) => (value: string) => !test(value)

function alternatives(pattern: string): (value: string) => boolean {
  const tests = pattern.split('|').map(compileAlternative)
  return value => tests.some(test => test(value))
}

function compileAlternative(pattern: string): (value: string) => boolean {
  const predicate = /^<(.+)>$/.exec(pattern)?.[1]
  if (predicate !== undefined) {
    const test = predicates[predicate]
    if (!test) throw new RangeError(`there is no predicate <${predicate}>`)
    return test
  }
  if (!pattern.includes('*')) return value => value === pattern
  const literals = pattern.split('*')
  return value => matchesInOrder(value, literals)
}

/** Whether `value` is the literals with anything in between; no regular expression, so no backtracking. */
function matchesInOrder(value: string, literals: readonly string[]): boolean {
  const first = literals[0]!
  const last = literals.at(-1)!
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false
  let at = first.length
  for (const literal of literals.slice(1, -1)) {
    const found = value.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return at <= value.length - last.length
}

const trueWords = new Set(['true', '1', 't', 'y', 'yes', 'on'])
const proxyVariables = new Set(['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'])
const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/
const unspecified = new Set(['', '0.0.0.0', '::', '[::]'])

const isIpv6 = (value: string): boolean => value.includes(':') && /^\[?[0-9a-f:.]+(%\w+)?\]?$/i.test(value)
/** Whether an IPv4 subnet is written by another of its addresses than the first: `10.9.0.5/16`. */
function hasHostBits(value: string): boolean {
  const [address = '', length = ''] = value.split('/')
  if (!ipv4.test(address) || !/^\d+$/.test(length) || Number(length) > 32) return false
  const bits = address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
  return bits % 2 ** (32 - Number(length)) !== 0
}

const isDrivePath = (value: string): boolean => /^[a-z]:([\\/]|$)/i.test(value)
const isPipe = (value: string): boolean => /^(\\\\|\/\/)\.[\\/]pipe[\\/]/i.test(value)

/**
 * Options of networks that some driver of Docker reads, on Windows (moby daemon/libnetwork/drivers/windows/labels.go)
 * or on Linux: rows of their own speak of these.
 */
const driverOptions = new Set([
  ...['networkname', 'hnsid', 'hnsowned', 'interface', 'vlanid', 'vsid', 'dnssuffix', 'dnsservers', 'macpool', 'sourcemac', 'routingdomain', 'disable_gatewaydns', 'enable_outboundnat', 'outboundnat_exceptions', 'disableicc', 'disable_dns'].map(name => `com.docker.network.windowsshim.${name}`),
  'com.docker.endpoint.windowsshim.qospolicies', 'com.docker.network.driver.overlay.vxlanid_list', 'com.docker.network.driver.mtu', 'com.docker.network.enable_ipv4', 'com.docker.network.enable_ipv6',
  'com.docker.network.container_iface_prefix', 'com.docker.network.host_ipv4', 'com.docker.network.host_ipv6', 'encrypted', 'dsr', 'parent', 'macvlan_mode', 'ipvlan_mode', 'ipvlan_flag'
])

const fileExtension = /\.(json|config|conf|cnf|cfg|ini|toml|ya?ml|xml|properties|env|txt|md|log|html?|crt|cer|pem|pfx|key|sql|ps1|cmd|bat|exe|dll|zip)$/i

const isOver = (bound: number) => (value: string): boolean => value.trim() !== '' && Number(value) > bound

const predicates: Readonly<Record<string, (value: string) => boolean>> = {
  any: () => true,
  empty: value => value === '',
  // The words that compose takes for true: compose-spec/compose-go interpolation/interpolation.go and loader/interpolate.go (toBoolean).
  true: value => trueWords.has(value.toLowerCase()),
  false: value => value !== '' && !trueWords.has(value.toLowerCase()),
  ipv4: value => ipv4.test(value),
  ipv6: isIpv6,
  'ipv6-cidr': value => isIpv6(value.replace(/\/\d+$/, '')),
  'not-a-subnet': value => ipv4.test(value) || hasHostBits(value),
  'subnet-with-host-bits': hasHostBits,
  // An address that stands for every address of the host.
  'unspecified-address': value => unspecified.has(value),
  'port-range': value => /^\d+-\d+$/.test(value),
  number: value => /^-?\d+(\.\d+)?$/.test(value),
  // strconv.ParseUint(v, 10, 32)
  uint32: value => /^\d{1,10}$/.test(value) && Number(value) <= 0xffffffff,
  // strconv.ParseBool
  'go-bool': value => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value),
  'even-list': value => value.split(',').length % 2 === 0,
  'proxy-variable': value => proxyVariables.has(value.toLowerCase()),
  'drive-path': isDrivePath,
  'npipe-path': isPipe,
  'mount-target': isMountTarget,
  'device-name': value => /^(con|prn|nul|aux|com[1-9]|lpt[1-9])$/i.test(value),
  // A path inside the container that no Windows container can have.
  'unix-path': value => value.startsWith('/') && !isPipe(value),
  // A directory that Linux has and its images bring: the Filesystem Hierarchy Standard, and `/` itself.
  'linux-directory': value => /^\/(\/|$|(bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/|$))/.test(value),
  'not-positive': value => /^-?0*(\.0*)?$/.test(value) || /^-\d/.test(value),
  'over-1': isOver(1),
  'over-100': isOver(100),
  'over-10000': isOver(10_000),
  // A path whose last name has an extension that folders do not have.
  'file-path': value => fileExtension.test(value) && !isPipe(value),
  // `C:dir`: a backslash was lost on the way.
  'drive-relative': value => /^[a-z]:[^\\/]/i.test(value),
  'other-drive': value => isDrivePath(value) && !/^c/i.test(value),
  'unknown-driver-option': value => !driverOptions.has(value) && !value.startsWith('com.docker.network.bridge.'),
  'device-class': value => /^(class\/|class:\/\/|[\w-]+:\/\/)/.test(value),
  'credential-spec': value => /^credentialspec[=:](file|registry|raw|config):\/\/./i.test(value)
}

/** Names of the predicates, for the checks of the matrix. */
export const predicateNames: readonly string[] = Object.keys(predicates)

const knownMatchers = new Map<string, (value: string | undefined) => Answer>()

/** The test of a pattern, compiled when it is first asked. */
export function matcherOf(pattern: string | undefined): (value: string | undefined) => Answer {
  if (pattern === undefined) return always
  let matcher = knownMatchers.get(pattern)
  if (!matcher) {
    let compiled: ((value: string | undefined) => Answer) | undefined
    knownMatchers.set(pattern, (matcher = value => (compiled ??= compileValuePattern(pattern))(value)))
  }
  return matcher
}

const always = (): Answer => true

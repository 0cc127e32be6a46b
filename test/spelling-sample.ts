/** A value that each predicate of value patterns takes. */
const samples: Readonly<Record<string, string>> = {
  any: 'x', empty: '', true: 'true', false: 'false', ipv4: '10.9.0.5', ipv6: 'fd00::5', 'ipv6-cidr': 'fd00::/64', 'unspecified-address': '0.0.0.0', 'port-range': '8000-8010',
  number: '5', uint32: '7', 'go-bool': 'true', 'even-list': 'a,b', 'proxy-variable': 'HTTP_PROXY', 'drive-path': 'C:\\data', 'npipe-path': '\\\\.\\pipe\\docker_engine',
  'not-a-subnet': '10.9.0.5', 'subnet-with-host-bits': '10.9.0.5/16',
  'over-1': '50', 'over-100': '200', 'over-10000': '20000', 'file-path': 'C:\\app\\settings.json', 'drive-relative': 'C:data', 'other-drive': 'D:\\data', 'unknown-driver-option': 'com.docker.network.windowsshim.vlan',
  'unix-path': '/data', 'mount-target': 'C:\\data', 'device-name': 'aux', 'linux-directory': '/etc/app', 'not-positive': '0', 'device-class': 'class/5B45201D-F2F2-4F3B-85BB-30FF1F953599', 'credential-spec': 'credentialspec=file://a.json'
}

/** A value that a pattern takes, if one follows from it. */
export function sampleOf(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined
  if (pattern.startsWith('!')) return ['something', '127.0.0.1', '5'].find(value => !pattern.includes(value))
  const first = pattern.split('|')[0]!
  const predicate = /^<(.+)>$/.exec(first)?.[1]
  return predicate === undefined ? first.replaceAll('*', 'x') : samples[predicate]
}

/** Names of the predicates that have a sample. */
export const sampledPredicates: readonly string[] = Object.keys(samples)

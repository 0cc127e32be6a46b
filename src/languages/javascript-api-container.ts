import type { Intent, Setting } from '../intent.ts'
import { imagePlatform } from '../image.ts'
import type { Range } from '../text.ts'
import type { ApiReader } from './javascript-api.ts'
import { excludesWindows } from './javascript-guard.ts'
import { calleeName, originOf, unwrapped } from './javascript-origin.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'
import { textOf, type ObjectValue, type Value, type Values } from './javascript-value.ts'
import type { Place } from './javascript-walk.ts'

const container = 'ContainerCreateRequest'

/** What methods of testcontainers set: the path of the API, and how their arguments are read. */
const methods: Readonly<Record<string, { readonly path: readonly string[]; readonly as: 'switch' | 'scalar' | 'items' | 'map' | 'hosts' | 'mounts' }>> = {
  withNetworkMode: { path: [container, 'HostConfig', 'NetworkMode'], as: 'scalar' },
  withPrivilegedMode: { path: [container, 'HostConfig', 'Privileged'], as: 'switch' },
  withExtraHosts: { path: [container, 'HostConfig', 'ExtraHosts'], as: 'hosts' },
  withAddedCapabilities: { path: [container, 'HostConfig', 'CapAdd'], as: 'items' },
  withDroppedCapabilities: { path: [container, 'HostConfig', 'CapDrop'], as: 'items' },
  withSecurityOpt: { path: [container, 'HostConfig', 'SecurityOpt'], as: 'items' },
  withNetworkAliases: { path: [container, 'NetworkingConfig', 'EndpointsConfig', 'network', 'Aliases'], as: 'scalar' },
  withTmpFs: { path: [container, 'HostConfig', 'Tmpfs'], as: 'scalar' },
  withUlimits: { path: [container, 'HostConfig', 'Ulimits'], as: 'scalar' },
  withIpcMode: { path: [container, 'HostConfig', 'IpcMode'], as: 'scalar' },
  withSharedMemorySize: { path: [container, 'HostConfig', 'ShmSize'], as: 'scalar' },
  withHostname: { path: [container, 'Hostname'], as: 'scalar' },
  withEnvironment: { path: [container, 'Env'], as: 'map' },
  withBuildArgs: { path: ['ImageBuild', 'buildargs'], as: 'map' },
  withBindMounts: { path: [container, 'HostConfig', 'Binds'], as: 'mounts' }
}

/** What containers and networks of testcontainers ask for. A chain of methods is one request. */
export function readContainerCalls(places: readonly Place[], syntax: Syntax, values: Values, api: ApiReader): Intent[] {
  if (!/testcontainers|GenericContainer/.test(syntax.script.value)) return []
  const seen = new Set<Node>()
  return places.flatMap(({ node, guards }) => {
    if (seen.has(node) || guards.some(excludesWindows)) return []
    if (node.type === 'NewExpression') return network(node, syntax, api)
    if (node.type !== 'CallExpression') return []
    const chain = chainOf(node)
    for (const { call } of chain.calls) seen.add(call)
    if (!isContainer(chain, syntax)) return []
    return chain.calls.some(({ name }) => Object.hasOwn(methods, name)) ? [containerIntent(chain, values, api)] : []
  })
}

interface Chain {
  readonly root: Node
  readonly calls: readonly { readonly name: string; readonly call: NodeOf<'CallExpression'>; readonly range: Range }[]
}

/** `root.a().b()`, the first call first. */
function chainOf(node: Node): Chain {
  const calls: Chain['calls'][number][] = []
  let root = unwrapped(node)
  while (root.type === 'CallExpression') {
    const callee = unwrapped(root.callee)
    if (callee.type !== 'MemberExpression') break
    calls.push({ name: calleeName(callee) ?? '', call: root, range: [callee.property.range[0], root.range[1]] })
    root = unwrapped(callee.object)
  }
  return { root, calls: calls.reverse() }
}

/** `withEnvironment` and others are methods of many libraries: the root must come from testcontainers, or one method be its own. */
function isContainer({ root, calls }: Chain, syntax: Syntax): boolean {
  const origin = originOf(root, syntax)
  if (origin && !origin.module.startsWith('.')) return /testcontainers/.test(origin.module)
  return calls.some(({ name }) => ['withNetworkMode', 'withPrivilegedMode', 'withExtraHosts', 'withExposedPorts', 'withBindMounts', 'withAddedCapabilities', 'withNetworkAliases', 'withTmpFs'].includes(name))
}

function containerIntent({ root, calls }: Chain, values: Values, api: ApiReader): Intent {
  const settings: Setting[] = []
  // Of a container that is made elsewhere, the network is not known.
  let mode: string | undefined = root.type !== 'NewExpression' || calls.some(({ name }) => name === 'withNetwork') ? undefined : 'nat'
  for (const { name, call, range } of calls) {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    const own = values.items(call.arguments)
    if (name === 'withNetworkMode') mode = own[0] && textOf(own[0])
    if (method) settings.push(...methodSettings(method, own, range, api))
  }
  const first = calls.find(({ name }) => Object.hasOwn(methods, name))!
  return { verb: 'container.run', settings, context: api.containerContext(mode), platform: platformOf(root, calls, values, api), range: api.range(first.range) }
}

function methodSettings({ path, as }: (typeof methods)[string], own: readonly Value[], range: Range, api: ApiReader): Setting[] {
  const [first] = own
  if (as === 'switch') return api.settingsAt(path, { kind: 'scalar', value: true, written: range }, api.range(range))
  if (!first) return []
  if (as === 'scalar') return api.settingsAt(path, first, api.range(range))
  if (as === 'items') return own.flatMap(item => api.settingsAt([...path, '[]'], item, api.range(item.written)))
  if (as === 'map') return first.kind === 'object' ? first.properties.flatMap(({ name, value, range: at }) => api.settingsAt([...path, name], value, api.range(at))) : []
  if (first.kind !== 'list') return []
  // A host is an object here, and `name:address` in the API.
  if (as === 'hosts') return first.items.flatMap(item => (item.kind === 'object' ? api.settingsAt([...path, '[]'], { kind: 'unknown', written: item.written }, api.range(item.written)) : []))
  return first.items.flatMap(item => (item.kind === 'object' ? mountSettings(item, path, api) : []))
}

const mountSettings = ({ properties }: ObjectValue, path: readonly string[], api: ApiReader): Setting[] =>
  properties.flatMap(({ name, value, range }) => (name === 'source' || name === 'target' ? api.settingsAt([...path, '[]', name], value, api.range(range)) : []))

function platformOf(root: Node, calls: Chain['calls'], values: Values, api: ApiReader): Intent['platform'] {
  const declared = calls.find(({ name }) => name === 'withPlatform')
  const [platform] = declared ? values.items(declared.call.arguments) : []
  const text = platform && textOf(platform)
  const os = /^(windows|linux)(\/|$)/.exec(text ?? '')?.[1]
  if (declared && (os === 'windows' || os === 'linux')) return { os, declared: true, evidence: [{ os, says: `\`withPlatform('${text}')\``, range: api.range(declared.range) }] }
  const [image] = root.type === 'NewExpression' ? values.items(root.arguments) : []
  const name = image && textOf(image)
  const found = name === undefined || name === '' ? undefined : imagePlatform(name)
  if (!image || !found || found.os === 'unknown') return { os: 'unknown', declared: false, evidence: [] }
  return { os: found.os, declared: false, evidence: [{ os: found.os, says: found.because, range: api.range(image.written) }] }
}

/** `new Network()` makes a network with the driver `bridge` (testcontainers-node packages/testcontainers/src/network/network.ts). */
function network(node: NodeOf<'NewExpression'>, syntax: Syntax, api: ApiReader): Intent[] {
  const origin = originOf(node.callee, syntax)
  if (origin?.path !== 'Network' || !/testcontainers/.test(origin.module)) return []
  const range = api.range(node.range)
  const written = node.range
  const settings = api.settingsAt(['NetworkCreateRequest', 'Driver'], { kind: 'string', parts: [{ decoded: 'bridge', start: written[0], end: written[1], known: true }], written }, range)
  return [{ verb: 'network.create', settings, context: { via: ['network'], driver: ['bridge'], subnet: ['without'], internal: ['false'], network: ['user-defined'] }, platform: { os: 'unknown', declared: false, evidence: [] }, range }]
}

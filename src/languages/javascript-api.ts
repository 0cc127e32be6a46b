import { imagePlatform } from '../image.ts'
import type { Context, Evidence, Intent, Platform, Setting, Verb } from '../intent.ts'
import type { Matrix } from '../matrix.ts'
import type { PathPosition } from '../spelling.ts'
import type { Range, Spanned } from '../text.ts'
import { apiIndex, inLongForm, type ApiSpelled } from './javascript-api-path.ts'
import { excludesWindows } from './javascript-guard.ts'
import { calleeName, memberName, originOf, unwrapped } from './javascript-origin.ts'
import { isKnown, valueOf } from './javascript-string.ts'
import type { NodeOf, Syntax } from './javascript-syntax.ts'
import { isZero, textOf, type ListValue, type ObjectValue, type Property, type Value, type Values } from './javascript-value.ts'
import type { Place } from './javascript-walk.ts'

/** A request of the Engine API: its name in the matrix, and what the call passes. */
interface Method {
  readonly request: string
  readonly verb: Verb
  /** Which argument holds the request. */
  readonly argument: number
  /** Names of properties that only such a request has. */
  readonly signs: readonly string[]
}

/** Methods of dockerode, by the last name of the callee. */
const methods: Readonly<Record<string, readonly Method[]>> = {
  createNetwork: [{ request: 'NetworkCreateRequest', verb: 'network.create', argument: 0, signs: ['EnableIPv6', 'EnableIPv4', 'IPAM', 'CheckDuplicate', 'Attachable', 'Internal'] }],
  createContainer: [{ request: 'ContainerCreateRequest', verb: 'container.run', argument: 0, signs: ['HostConfig', 'NetworkingConfig', 'ExposedPorts'] }],
  run: [{ request: 'ContainerCreateRequest', verb: 'container.run', argument: 3, signs: ['HostConfig', 'NetworkingConfig'] }],
  start: [{ request: 'HostConfigRequest', verb: 'container.run', argument: 0, signs: ['NetworkMode', 'PortBindings', 'Binds', 'Privileged'] }],
  createService: [{ request: 'ServiceSpec', verb: 'service.create', argument: 0, signs: ['TaskTemplate', 'EndpointSpec'] }, { request: 'ServiceSpec', verb: 'service.create', argument: 1, signs: ['TaskTemplate', 'EndpointSpec'] }],
  createVolume: [{ request: 'VolumeCreate', verb: 'volume.create', argument: 0, signs: ['DriverOpts'] }],
  connect: [{ request: 'NetworkConnectRequest', verb: 'network.connect', argument: 0, signs: ['EndpointConfig'] }],
  buildImage: [{ request: 'ImageBuild', verb: 'image.build', argument: 1, signs: ['networkmode', 'buildargs', 'extrahosts'] }],
  swarmInit: [{ request: 'SwarmInitRequest', verb: 'swarm.init', argument: 0, signs: ['AdvertiseAddr', 'ListenAddr'] }]
}

const vias: Readonly<Record<string, string>> = { 'network.create': 'network', 'network.connect': 'network', 'container.run': 'run', 'service.create': 'service', 'image.build': 'build-classic', 'volume.create': 'volume', 'swarm.init': 'swarm' }

/** Reads calls of dockerode as requests of the Engine API. */
export class ApiReader {
  readonly #syntax: Syntax
  readonly #values: Values
  readonly #start: PathPosition<ApiSpelled>
  /** Networks that the script has made so far, and the driver of each. */
  readonly #made = new Map<string, string | undefined>()

  constructor(syntax: Syntax, values: Values, matrix: Matrix) {
    this.#syntax = syntax
    this.#values = values
    this.#start = apiIndex(matrix).start
  }

  read({ node, guards }: Place): Intent | undefined {
    if (node.type !== 'CallExpression' || guards.some(excludesWindows)) return undefined
    const name = calleeName(node.callee)
    const callee = unwrapped(node.callee)
    if (callee.type !== 'MemberExpression' || name === undefined || !Object.hasOwn(methods, name)) return undefined
    for (const method of methods[name]!) {
      const argument = node.arguments[method.argument]
      const value = argument && argument.type !== 'SpreadElement' ? this.#values.of(argument) : undefined
      if (value?.kind === 'object' && this.#isRequest(callee, name, method, value)) return this.#intent(method, value, this.range(callee.property.range), node, guards)
    }
    return undefined
  }

  range([start, end]: Range): Range {
    return this.#syntax.script.range(start, end)
  }

  /** Settings at a path of the API, such as `HostConfig.NetworkMode`. */
  settingsAt(path: readonly string[], value: Value, range: Range): Setting[] {
    let position: PathPosition<ApiSpelled> | undefined = this.#start
    for (const segment of path) position = position?.step(segment)
    const settings: Setting[] = []
    if (position) this.#walk(position, value, range, path.slice(-2), settings)
    return settings
  }

  containerContext(mode: string | undefined): Context {
    return { via: ['run'], ...this.#networkContext(mode) }
  }

  /** The same names are methods of other libraries: the receiver or the request must tell. */
  #isRequest(callee: NodeOf<'MemberExpression'>, name: string, { signs }: Method, value: ObjectValue): boolean {
    const module = originOf(callee, this.#syntax)?.module
    // A module of the script's own may hand on anything.
    if (module !== undefined && !module.startsWith('.')) return /(?:^|[/-])docker(?:ode)?(?:[/-]|$)/.test(module)
    if (value.properties.some(property => signs.includes(property.name))) return true
    return !['run', 'start', 'connect'].includes(name) && /docker/i.test(calleeName(callee.object) ?? memberName(callee.object) ?? '')
  }

  #intent({ request, verb }: Method, value: ObjectValue, range: Range, node: NodeOf<'CallExpression'>, guards: Place['guards']): Intent {
    const host = request === 'HostConfigRequest' ? value : objectAt(value, 'HostConfig')
    const context = this.#context(verb, value, host)
    const path = request === 'HostConfigRequest' ? ['ContainerCreateRequest', 'HostConfig'] : [request]
    const settings: Setting[] = []
    let position: PathPosition<ApiSpelled> | undefined = this.#start
    for (const segment of path) position = position?.step(segment)
    if (position) {
      for (const { row, spelling } of position.found) if (spelling.value === undefined) settings.push({ row, value: 'true', range })
      this.#children(position, value, path.at(-1)!, settings)
    }
    const name = stringAt(value, verb === 'container.run' ? 'name' : 'Name')
    if (verb === 'network.create' && name) this.#made.set(name.value, context.driver?.[0])
    return { verb, name: name && { value: name.value, range: this.range(name.range) }, settings: settings.map(setting => this.#inNetwork(setting, value)), context, platform: this.#platform(value, host, node, guards), range }
  }

  #context(verb: Verb, value: ObjectValue, host: ObjectValue | undefined): Context {
    const via = [vias[verb] ?? '']
    switch (verb) {
      case 'network.create': {
        const driver = find(value, 'Driver')
        // moby daemon/network.go: an empty driver is nat.
        const name = driver ? textOf(driver.value) : value.isOpen ? undefined : ''
        const internal = find(value, 'Internal')
        return { via, driver: name === undefined ? undefined : [name || 'nat'], subnet: value.isOpen ? undefined : [hasSubnet(value) ? 'with' : 'without'], internal: internal ? known(textOf(internal.value)) : value.isOpen ? undefined : ['false'], network: ['user-defined'] }
      }
      case 'container.run': {
        const isolation = host && find(host, 'Isolation')
        const mode = host && find(host, 'NetworkMode')
        const isOpen = value.isOpen || host === undefined && find(value, 'HostConfig') !== undefined || host?.isOpen === true
        return { via, ...this.#networkContext(mode ? textOf(mode.value) : isOpen ? undefined : 'nat'), ...(isolation ? { isolation: known(textOf(isolation.value)) } : isOpen ? { isolation: undefined } : {}) }
      }
      case 'image.build': return { via: stringAt(value, 'version')?.value === '2' ? ['build-buildkit'] : via }
      case 'volume.create': return { via, driver: value.isOpen && !find(value, 'Driver') ? undefined : known(find(value, 'Driver') ? textOf(find(value, 'Driver')!.value) || undefined : 'local') }
      case 'service.create': return { via, ...this.#networkContext(undefined) }
      case 'network.connect': return { via, driver: undefined, network: undefined, subnet: undefined, internal: undefined }
      default: return { via }
    }
  }

  #networkContext(name: string | undefined): Context {
    if (name === 'nat' || name === 'default' || name === '') return { driver: ['nat'], internal: ['false'], network: ['nat'], subnet: undefined }
    if (name === 'none') return { driver: ['null'], internal: ['false'], network: ['none'], subnet: ['without'] }
    const driver = name === undefined ? undefined : this.#made.get(name)
    return { driver: known(driver), network: name === undefined ? undefined : [driver === undefined ? 'unknown' : 'user-defined'], subnet: undefined, internal: undefined }
  }

  /** What stands below the name of a network is judged by that network. */
  #inNetwork(setting: Setting, value: ObjectValue): Setting {
    const endpoints = objectAt(objectAt(value, 'NetworkingConfig'), 'EndpointsConfig')
    const endpoint = endpoints?.properties.find(({ range }) => this.range(range)[0] <= setting.range[0] && setting.range[1] <= this.range(range)[1])
    return endpoint ? { ...setting, context: this.#networkContext(endpoint.name) } : setting
  }

  #walk(position: PathPosition<ApiSpelled>, value: Value, range: Range, [parent = '', name = '']: readonly string[], settings: Setting[]): void {
    const scalar = value.kind === 'list' || value.kind === 'object' ? undefined : textOf(value)
    const isTree = value.kind === 'list' || value.kind === 'object'
    for (const { row, spelling, matchesValue } of position.found) {
      if (spelling.value !== undefined ? isTree || !matchesValue(scalar) : isZero(value) && !stringMaps.has(parent)) continue
      settings.push({ row, value: scalar, range })
    }
    if (value.kind === 'object') this.#children(position, value, name, settings)
    if (value.kind === 'list') this.#listChildren(position, value, settings)
  }

  #children(position: PathPosition<ApiSpelled>, value: ObjectValue, name: string, settings: Setting[]): void {
    for (const property of value.properties) {
      const below = position.step(property.name)
      if (!below) continue
      const inner = inLongForm(property.name, property.value)
      const isTree = inner.kind === 'list' || inner.kind === 'object'
      this.#walk(below, inner, this.range(isTree ? property.nameRange : property.range), [name, property.name], settings)
    }
  }

  #listChildren(position: PathPosition<ApiSpelled>, value: ListValue, settings: Setting[]): void {
    const below = position.step('[]')
    if (below) for (const item of value.items) this.#walk(below, item, this.range(item.written), ['[]', '[]'], settings)
  }

  #platform(value: ObjectValue, host: ObjectValue | undefined, node: NodeOf<'CallExpression'>, guards: Place['guards']): Platform {
    const evidence = [...this.#evidence(value, host, node)]
    const condition = guards.find(({ os, holds }) => os === 'windows' && holds)
    if (condition) evidence.push({ os: 'windows', says: 'the condition that the machine runs Windows', range: condition.range })
    const declared = evidence.find(({ says }) => says.startsWith('`platform'))
    return { os: (declared ?? evidence[0])?.os ?? 'unknown', declared: declared !== undefined, evidence }
  }

  *#evidence(value: ObjectValue, host: ObjectValue | undefined, node: NodeOf<'CallExpression'>): Generator<Evidence> {
    const platform = stringAt(value, 'platform')
    const os = /^(windows|linux)(\/|$)/.exec(platform?.value ?? '')?.[1]
    if (platform && (os === 'windows' || os === 'linux')) yield { os, says: `\`platform: ${platform.value}\``, range: this.range(platform.range) }
    const isolation = host && stringAt(host, 'Isolation')
    if (isolation && isolation.value !== '' && isolation.value !== 'default') yield { os: 'windows', says: '`Isolation` exists on Windows only', range: this.range(isolation.range) }
    const driver = stringAt(value, 'Driver')
    if (driver && /^(nat|transparent|l2bridge|l2tunnel|ics)$/.test(driver.value)) yield { os: 'windows', says: `the network driver \`${driver.value}\`, which exists on Windows only`, range: this.range(driver.range) }
    const image = stringAt(value, 'Image') ?? this.#imageArgument(node)
    const known = image && imagePlatform(image.value)
    if (image && known && known.os !== 'unknown') yield { os: known.os, says: known.because, range: this.range(image.range) }
  }

  /** `docker.run(image, …)`. */
  #imageArgument(node: NodeOf<'CallExpression'>): Spanned | undefined {
    const [first] = node.arguments
    if (calleeName(node.callee) !== 'run' || !first || first.type === 'SpreadElement') return undefined
    const value = this.#values.of(first)
    return value.kind === 'string' && isKnown(value.parts) ? { value: valueOf(value.parts), range: value.written } : undefined
  }
}

/** Maps of the API in which a name counts even if its value is empty. */
const stringMaps = new Set(['Options', 'DriverOpts', 'StorageOpt', 'Sysctls', 'Tmpfs'])

const known = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value])

const find = (value: ObjectValue, name: string): Property | undefined => value.properties.find(property => property.name === name)

function objectAt(value: ObjectValue | undefined, name: string): ObjectValue | undefined {
  const found = value && find(value, name)?.value
  return found?.kind === 'object' ? found : undefined
}

function stringAt(value: ObjectValue, name: string): Spanned | undefined {
  const property = find(value, name)
  const text = property?.value.kind === 'string' ? textOf(property.value) : undefined
  return property && text !== undefined ? { value: text, range: property.value.written } : undefined
}

function hasSubnet(value: ObjectValue): boolean {
  const config = find(objectAt(value, 'IPAM') ?? value, 'Config')?.value
  return config !== undefined && (config.kind !== 'list' || config.items.some(item => item.kind !== 'object' || find(item, 'Subnet') !== undefined))
}

import { imageBuild } from '../image.ts'
import type { Build, Context, Evidence, Intent, Platform, Setting, Verb } from '../intent.ts'
import { isInSubnet } from '../ip-address.ts'
import type { EntryPoint, Language, Problem, Reading, Subject } from '../language.ts'
import type { ComposeSpelling, Matrix, Spelled } from '../matrix.ts'
import { contextOf, natNetwork, noNetwork, unknownNetwork, type NetworkUse } from '../network.ts'
import { RangeIndex } from '../range-index.ts'
import type { PathPosition } from '../spelling.ts'
import type { Spanned, Text } from '../text.ts'
import { readYamlDocuments } from '../yaml-document.ts'
import { YamlEditor, type Emptied } from '../yaml-editor.ts'
import { entryOf, type YamlDocument, type YamlEntry, type YamlNode } from '../yaml-tree.ts'
import { programIntents, type ServiceCommand } from './compose-command.ts'
import { childOf, hasPath, network, scalarAt, scalarOf, service, volume } from './compose-form.ts'
import { driverOf, externalName, isExternal, networkOf } from './compose-network.ts'
import { isSoundCompose } from './compose-outline.ts'
import { commonPlatform, servicePlatform } from './compose-platform.ts'
import { isYamlName, looksLikeCompose, mayBeCompose, servicesOf } from './compose-recognition.ts'
import { ComposeReader, type ComposeChild, type ComposeValue, type ReadForm } from './compose-value.ts'

/** Compose files and stack files: what they ask Docker for. */
export default {
  id: 'compose',
  mayBe: isYamlName,
  recognises: mayBeCompose,
  async read(file, matrix, path, { environment, entryPoint = entryPointOf(path) }) {
    const documents = await readYamlDocuments(file)
    if (!looksLikeCompose(path, documents)) return undefined
    const reader = ComposeReader.ofLength(file.value.length, environment)
    const project = new ProjectReader(reader, matrix, entryPoint, documents, new YamlEditor(file.source, documents, whatIsEmptied))
    const intents = project.intents()
    const whole = documents.length > 0 ? documents : [{ root: undefined, problems: [] }]
    // A tree of which a part could not be read would be faulted for what is missing.
    const programs = await programIntents(project.commands, reader, matrix)
    const doubtful = whole.filter(({ root, problems }) => problems.length === 0 && !isSoundCompose(root))
    const structure = doubtful.length > 0 ? await import('./compose-structure.ts').then(({ structureProblems }) => doubtful.flatMap(({ root }) => structureProblems(file, root, path))) : []
    return {
      intents: [...intents, ...programs],
      problems: [...yamlProblems(documents), ...structure, ...interpolationProblems(reader), ...limitProblems(reader, file)],
      comments: documents.flatMap(({ comments }) => comments),
      subjects: project.subjects,
      takesFromOthers: project.takesFromOthers
    } satisfies Reading
  }
} satisfies Language

const specification = 'https://github.com/compose-spec/compose-spec/blob/main/'

function yamlProblems(documents: readonly YamlDocument[]): Problem[] {
  return documents.flatMap(({ problems }) => problems).map(({ message, range }) => ({
    rule: 'yaml-syntax', severity: 'error', message: `This is not YAML: ${message}`, range, sources: [{ where: 'https://yaml.org/spec/1.2.2/' }]
  }))
}

function interpolationProblems(reader: ComposeReader): Problem[] {
  return reader.refused.map(({ message, range }) => ({
    rule: 'compose-interpolation', severity: 'error', message: `Docker Compose refuses this variable: ${message}`, range, sources: [{ where: `${specification}12-interpolation.md` }]
  }))
}

/** Nothing is passed over in silence: where aliases make a file much larger than it is written, what is left unread is told. */
function limitProblems({ unread }: ComposeReader, file: Text): Problem[] {
  if (!unread) return []
  const end = file.value.slice(...unread).search(/[\r\n]/)
  return [{ rule: 'yaml-syntax', severity: 'error', message: 'Aliases repeat parts of this file so often that it is not read further than here', range: [unread[0], end < 0 ? unread[1] : unread[0] + end], sources: [{ where: 'https://yaml.org/spec/1.2.2/' }] }]
}

/** A service, its node, and the platform that its own definition tells, once somebody has asked. */
interface Service {
  readonly child: ComposeChild
  readonly node: YamlNode | undefined
  platform: Platform | undefined
}

const ownPlatform = (service: Service): Platform => (service.platform ??= servicePlatform(service.child.value))

class ProjectReader {
  readonly subjects: Subject[] = []
  readonly commands: ServiceCommand[] = []
  readonly #reader: ComposeReader
  readonly #matrix: Matrix
  readonly #roots: readonly (YamlNode | undefined)[]
  readonly #editor: YamlEditor
  readonly #networks: readonly ComposeChild[]
  readonly #services: readonly Service[]
  readonly #volumes: readonly ComposeChild[]
  readonly #via: EntryPoint
  readonly #viaContext: readonly string[]
  readonly #made = new Map<string, NetworkUse>()
  #fileSign: { readonly evidence: Evidence | undefined } | undefined
  /** Services by the networks that they join. */
  #users: Map<string, Service[]> | undefined
  #platform: Platform | undefined

  constructor(reader: ComposeReader, matrix: Matrix, entryPoint: EntryPoint, documents: readonly YamlDocument[], editor: YamlEditor) {
    this.#reader = reader
    this.#matrix = matrix
    this.#editor = editor
    const roots = documents.map(({ root }) => root)
    this.#roots = roots
    this.#networks = roots.flatMap(root => this.#section(root, 'networks', network))
    this.#volumes = roots.flatMap(root => this.#section(root, 'volumes', volume))
    this.#services = roots.flatMap(root => this.#entriesOf(servicesOf(root)).map(entry => ({ child: reader.child(entry, service), node: entry.value, platform: undefined })))
    this.#via = entryPoint
    this.#viaContext = [entryPoint]
    for (const child of this.#networks) this.#made.set(child.name, networkOf(child, this.#defaultDriver))
  }

  intents(): Intent[] {
    const services = this.#services.map(entry => this.#service(entry))
    const networkPlatform = (name: string): Platform => this.#platformOfNetwork(name)
    return [
      ...this.#networks.map(child => this.#network(child, networkPlatform(child.name))),
      ...services,
      ...this.#volumes.filter(child => !isExternal(child.value)).map(child => this.#intent('volume.create', 'volumes', child, { driver: known(driverOf(child, 'local')), via: this.#viaContext }, this.#platformOfFile()))
    ]
  }

  /** `include`, and `extends` with a file. */
  get takesFromOthers(): boolean {
    return this.#roots.some(root => entryOf(root, 'include') !== undefined) || this.#services.some(({ child }) => childOf(childOf(child.value, 'extends')?.value, 'file') !== undefined)
  }

  #section(root: YamlNode | undefined, name: string, form: ReadForm): ComposeChild[] {
    const section = this.#reader.entries(root).find(entry => entry.name === name)
    return this.#entriesOf(section?.value).map(entry => this.#reader.child(entry, form))
  }

  #entriesOf(section: YamlNode | undefined): YamlEntry[] {
    return this.#reader.entries(section).filter(({ name }) => !name.startsWith('x-'))
  }

  #network(child: ComposeChild, platform: Platform): Intent {
    const use = this.#made.get(child.name)!
    const { driver, subnet, internal, network: kind } = contextOf([use.network])
    const context: Context = { driver, subnet, internal, network: kind, via: this.#viaContext }
    if (!isExternal(child.value)) return this.#intent('network.create', 'networks', child, context, platform, [use])
    // Without a name, the network's name is that of the key.
    const name = externalName(child) ?? { name: 'name', value: { kind: 'scalar', value: child.name, range: child.nameRange }, range: child.nameRange, nameRange: child.nameRange }
    const settings = this.#settings('networks', { name: child.name, range: child.range, nameRange: child.nameRange, usedAt: child.usedAt, value: { kind: 'tree', range: name.range, children: () => [name] } }, false)
    return { verb: 'network.use', name: spannedOf(name), settings, context, networks: [use], build: undefined, platform, range: child.nameRange }
  }

  #service(entry: Service): Intent {
    const { child, node } = entry
    const platform = this.#platformOf(entry)
    this.subjects.push({ name: child.name, range: child.nameRange, platform })
    for (const key of ['command', 'entrypoint'] as const) this.commands.push({ key, node: entryOf(node, key)?.value, platform })
    this.commands.push({ key: 'test', node: entryOf(entryOf(node, 'healthcheck')?.value, 'test')?.value, platform })
    const networks = this.#joinedNetworks(child)
    const isolation = childOf(child.value, 'isolation')
    const { driver, subnet, internal, network: kind } = contextOf(networks.map(({ network: joined }) => joined))
    const settings = this.#settings('services', child, true)
    const beside = this.#matrix.beside(settings)
    // Written out, here and below: objects that are spread into others have shapes of their own, which makes all that reads them slow.
    const context: Context = isolation
      ? { driver, subnet, internal, network: kind, via: this.#viaContext, beside, isolation: known(scalarAt(child.value, 'isolation')?.value) }
      : { driver, subnet, internal, network: kind, via: this.#viaContext, beside }
    return {
      verb: 'container.run',
      name: { value: child.name, range: child.nameRange },
      settings: this.#inNetworks(settings, childOf(child.value, 'networks')?.value),
      context,
      networks,
      build: buildOf(child.value),
      platform,
      range: child.nameRange
    }
  }

  /** Settings of one network of a service are judged by that network alone. */
  #inNetworks(settings: readonly Setting[], networks: ComposeValue | undefined): readonly Setting[] {
    if (networks?.kind !== 'tree') return settings
    const attached = networks.children().filter(({ value }) => value)
    if (attached.length === 0) return settings
    const attachments = new RangeIndex(attached, ({ nameRange, value }) => [nameRange[0], value!.range[1]])
    return settings.map(setting => {
      const attachment = attachments.around(setting.range)
      if (!attachment) return setting
      const use = this.#joined(attachment)
      return { ...setting, network: use, context: { ...setting.context, ...contextOf([use.network]) } }
    })
  }

  #intent(verb: Verb, section: string, child: ComposeChild, context: Context, platform: Platform, networks?: readonly NetworkUse[]): Intent {
    const settings = this.#settings(section, child, true)
    const beside = this.#matrix.beside(settings)
    return { verb, name: { value: child.name, range: child.nameRange }, settings, context: beside ? { ...context, beside } : context, networks, build: undefined, platform, range: child.nameRange }
  }

  /** What the matrix spells at and below a named entry of a section. */
  #settings(section: string, child: ComposeChild, withAbsent: boolean): Setting[] {
    const start = this.#matrix.compose.start.step(section)?.step(child.name)
    if (!start) return []
    const settings: Setting[] = []
    this.#walk(start, child.value, child, undefined, settings)
    if (withAbsent) settings.push(...this.#absent(section, child))
    return settings
  }

  #walk(position: PathPosition<Spelled<ComposeSpelling>>, value: ComposeValue | undefined, child: ComposeChild, parent: ComposeValue | undefined, settings: Setting[]): void {
    const decisive = this.#via === 'stack' ? position.found.filter(({ row }) => row.entryPoint === 'stack') : []
    for (const spelled of decisive.length > 0 ? decisive : position.found) {
      if (spelled.row.entryPoint !== undefined && spelled.row.entryPoint !== this.#via) continue
      const setting = settingAt(spelled, value, child, parent, this.#editor)
      if (setting) settings.push(setting)
    }
    if (value?.kind !== 'tree' || decisive.length > 0) return
    for (const next of value.children()) {
      const below = position.step(next.name)
      if (below) this.#walk(below, next.value, next, value, settings)
    }
  }

  /** Keys whose absence asks for something. */
  #absent(section: string, child: ComposeChild): Setting[] {
    return this.#matrix.absentKeys(section).flatMap(({ row, path }) => (hasPath(child.value, path) ? [] : [{ row, value: 'absent', range: child.nameRange }]))
  }

  /** moby daemon/network.go: an empty driver is nat; docker/cli cli/command/stack/swarm: overlay. */
  get #defaultDriver(): string {
    return this.#via === 'stack' ? 'overlay' : 'nat'
  }

  /** The networks that a service joins; `seen` are those that share theirs with it. */
  #joinedNetworks(service: ComposeChild, seen: readonly string[] = []): NetworkUse[] {
    const mode = childOf(service.value, 'network_mode')
    if (mode) return this.#networksOfMode(mode, [...seen, service.name])
    const networks = childOf(service.value, 'networks')?.value
    if (networks?.kind === 'tree') return networks.children().map(child => this.#joined(child))
    return [this.#made.get('default') ?? { network: { driver: this.#defaultDriver, subnet: 'without', internal: 'false', kind: 'user-defined' }, range: service.nameRange }]
  }

  #joined({ name, nameRange: range }: ComposeChild): NetworkUse {
    const made = this.#made.get(name)
    return made ? { ...made, key: name, range } : { network: unknownNetwork('external'), key: name, range }
  }

  #networksOfMode(mode: ComposeChild, seen: readonly string[]): NetworkUse[] {
    const name = scalarOf(mode)
    const range = mode.value?.range ?? mode.range
    if (name === 'nat' || name === 'default') return [{ network: natNetwork, name: 'nat', range }]
    if (name === 'none') return [{ network: noNetwork, name, range }]
    const other = name?.startsWith('service:') && !seen.includes(name.slice('service:'.length)) ? this.#services.find(({ child }) => child.name === name.slice('service:'.length)) : undefined
    if (other) return this.#joinedNetworks(other.child, seen)
    const isNamed = name !== undefined && !/^(service|container):/.test(name)
    return [{ network: unknownNetwork('unknown'), ...(isNamed ? { name, isElsewhere: true } : {}), range }]
  }

  #platformOf(entry: Service): Platform {
    const own = ownPlatform(entry)
    if (own.os !== 'unknown') return own
    const ofFile = (this.#fileSign ??= { evidence: this.#fileEvidence() }).evidence
    return ofFile ? { os: 'windows', declared: false, evidence: [ofFile] } : own
  }

  /** Signs that hold for the whole file: one engine runs all of a compose file's services. */
  #fileEvidence(): Evidence | undefined {
    for (const child of this.#networks) {
      if (isExternal(child.value) && this.#made.get(child.name)?.network === natNetwork) return { os: 'windows', says: 'the network `nat`, which Docker on Windows has from the start', range: child.nameRange }
      const driver = childOf(child.value, 'driver')
      if (driver && /^(nat|transparent|l2bridge|l2tunnel|ics)$/.test(scalarOf(driver) ?? '')) return { os: 'windows', says: `the network driver \`${scalarOf(driver)}\`, which exists on Windows only`, range: driver.range }
    }
    const platforms = this.#services.map(entry => ({ service: entry.child, platform: ownPlatform(entry) }))
    if (this.#via !== 'compose' || platforms.some(({ platform }) => platform.os === 'linux')) return undefined
    const windows = platforms.find(({ platform }) => platform.os === 'windows')
    return windows && { os: 'windows', says: `the service \`${windows.service.name}\` beside it`, range: windows.service.nameRange }
  }

  /** A network, a volume and so on is for the system of the services that use it. */
  #platformOfNetwork(name: string): Platform {
    const users = (this.#users ??= this.#usersOfNetworks()).get(name)
    return users ? commonPlatform(users.map(child => this.#platformOf(child))) : this.#platformOfFile()
  }

  #usersOfNetworks(): Map<string, Service[]> {
    const users = new Map<string, Service[]>()
    for (const service of this.#services) {
      const networks = childOf(service.child.value, 'networks')?.value
      const names = networks?.kind === 'tree' ? networks.children().map(network => network.name) : ['default']
      for (const name of names) {
        const known = users.get(name)
        if (!known) users.set(name, [service])
        else if (known.at(-1) !== service) known.push(service)
      }
    }
    return users
  }

  #platformOfFile(): Platform {
    return (this.#platform ??= commonPlatform(this.#services.map(child => this.#platformOf(child))))
  }
}

const known = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value])

/** From where the image of a service is built. */
function buildOf(value: ComposeValue | undefined): Build | undefined {
  const build = childOf(value, 'build')
  if (!build) return undefined
  const part = (name: string): Spanned<string | undefined> | undefined => {
    const child = childOf(build.value, name)
    return child && { value: scalarOf(child), range: child.value?.range ?? child.range }
  }
  // The Dockerfile is in the definition itself.
  if (part('dockerfile_inline')) return undefined
  return { context: part('context') ?? { value: '.', range: build.nameRange }, dockerfile: part('dockerfile'), target: part('target') }
}

const spannedOf = (child: ComposeChild): Spanned => ({ value: scalarOf(child) ?? '', range: child.value?.range ?? child.range })

/** What a row makes of a value that stands where it is spelled. */
function settingAt({ row, spelling, matchesValue }: Spelled<ComposeSpelling>, value: ComposeValue | undefined, child: ComposeChild, parent: ComposeValue | undefined, editor: YamlEditor): Setting | undefined {
  if (spelling.absent || (spelling.value !== undefined && value?.kind === 'tree')) return undefined
  const written = value?.kind === 'scalar' ? value.value : value === undefined ? '' : undefined
  // What is built here is spoken of in its Dockerfile.
  const scalar = spelling.part === 'build' ? childOf(parent, 'build') ? undefined : imageBuild(written) : written
  if (!matchesValue(scalar) || (spelling.part === 'build' && scalar === undefined)) return undefined
  const sibling = (name: string): string | undefined => (name === 'option' ? child.name : scalarAt(parent, name)?.value)
  const context = child.name === 'gateway' ? addressContext(scalar, sibling('subnet')) : child.name === 'protocol' ? modeContext(sibling('mode')) : undefined
  return { row, value: scalar, whole: child.whole, sibling, range: child.range, context, usedAt: child.usedAt, editor }
}

const modeContext = (mode: string | undefined): Context => (mode === undefined ? {} : { mode: [mode] })

/** Whether an address lies in the subnet beside it. */
function addressContext(address: string | undefined, subnet: string | undefined): Context {
  const isInside = address === undefined || subnet === undefined ? undefined : isInSubnet(address, subnet)
  return isInside === undefined ? {} : { address: [isInside ? 'inside' : 'outside'] }
}

/** Networks and volumes are there by their names alone; compose refuses a service that is none, and a build has its context without being told. */
function whatIsEmptied([section, name, key, ...below]: readonly string[]): Emptied {
  if (section === 'services' && name !== undefined && key === undefined) return 'refuse'
  if (key === undefined || (section === 'services' && key === 'networks' && below.length === 1)) return 'keep'
  return section === 'services' && key === 'build' && below.length === 0 ? 'refuse' : 'remove'
}

/** Whether a file is for `docker compose` or, as its name says, for `docker stack deploy`; compose passes over the keys that only a swarm reads. */
const entryPointOf = (path: string): EntryPoint => (/(?<!full[-_]?)stack|swarm/i.test(path.slice(path.lastIndexOf('/') + 1)) ? 'stack' : 'compose')

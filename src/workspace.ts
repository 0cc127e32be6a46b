import { folderOf } from './compose-path.ts'
import type { Related } from './diagnostic.ts'
import { dockerfileOf, otherDrivers, type Builder, type FileFacts, type Questions } from './file-facts.ts'
import type { Build, Evidence, Intent, Platform, Setting } from './intent.ts'
import { isInSubnet, overlaps } from './ip-address.ts'
import type { Gap, Reading, Subject } from './language.ts'
import { contextOf, unknownNetwork, type Network, type NetworkUse } from './network.ts'
import type { ProjectFacts } from './project-facts.ts'
import { joinedWithProjects, type FileService } from './project-join.ts'
import type { Range } from './text.ts'

/** A network that some file makes. */
interface Maker {
  readonly path: string
  readonly use: NetworkUse
}

/** A service of some file that is built from a Dockerfile. */
interface PlacedBuilder extends Builder {
  readonly path: string
}

/**
 * What the files of a run know of each other: networks that one makes and
 * another joins, Dockerfiles that services are built from. It parses nothing
 * and judges nothing; a reference that leads nowhere is a gap.
 *
 * Paths have `/` between folders, and are all seen from the same folder.
 */
export class Workspace {
  readonly #makers = new Map<string, Maker[]>()
  readonly #nearest = new Map<string, readonly Maker[]>()
  readonly #stages = new Map<string, readonly Subject[]>()
  readonly #services = new Map<string, readonly FileService[]>()
  readonly #projects: ProjectFacts[] = []
  readonly #builders = new Map<string, PlacedBuilder[]>()
  readonly #questions = new Map<string, Questions>()
  #hasSwarm = false
  /** Names of networks that commands make, and for each name one of those who make it. */
  readonly #commanded = new Set<string>()
  readonly #elsewhere: Intent[] = []

  /** Make known what a file holds. */
  add(path: string, { stages, networks, builders, hasSwarm, questions }: FileFacts): void {
    if (stages) this.#stages.set(path, stages)
    if (questions) this.#questions.set(path, questions)
    if (hasSwarm) this.#hasSwarm = true
    for (const builder of builders) append(this.#builders, builder.dockerfile, { ...builder, path })
    for (const { use, commanded } of networks) {
      append(this.#makers, use.name!, { path, use })
      if (!commanded || this.#commanded.has(commanded.value)) continue
      this.#commanded.add(commanded.value)
      this.#elsewhere.push({ verb: 'network.create', name: commanded, settings: [], context: { via: ['network'] }, platform: unknownPlatform, range: commanded.range })
    }
    if (networks.length > 0) this.#nearest.clear()
  }

  /** Make known what a file holds in place of what was known of it. */
  replace(path: string, facts: FileFacts): void {
    for (const known of [this.#makers, this.#builders] as const) for (const [name, entries] of known as Map<string, { readonly path: string }[]>) {
      const others = entries.filter(entry => entry.path !== path)
      if (others.length === 0) known.delete(name)
      else if (others.length < entries.length) entries.splice(0, entries.length, ...others)
    }
    this.#questions.delete(path)
    this.#nearest.clear()
    this.add(path, facts)
  }

  /** Dockerfiles that others build from, and these. */
  get dockerfiles(): readonly (readonly [dockerfile: string, builders: readonly string[]])[] {
    return [...this.#builders].map(([dockerfile, builders]) => [dockerfile, builders.map(({ path }) => path)])
  }

  /** Whether the others know something of a file that it does not know itself. */
  knowsMoreOf(path: string): boolean {
    const { networks, dockerfiles, needsSwarm } = this.#questions.get(path) ?? noQuestions
    return this.isInProject(path) || this.#builders.has(path) || networks.some(name => this.#makers.has(name)) || dockerfiles.some(dockerfile => this.#stages.has(dockerfile)) || (needsSwarm && this.#hasSwarm)
  }

  /** Make known what compose files say together. */
  addProject(project: ProjectFacts): void {
    this.#projects.push(project)
  }

  /** Whether a project is made of a file, the services of which have then to be made known. */
  isInProject(path: string): boolean {
    return this.#projects.some(project => project.holds(path))
  }

  addServices(path: string, { intents }: Reading): void {
    this.#services.set(path, intents.flatMap(({ verb, name, platform, range }) => (verb === 'container.run' && name ? [{ name: name.value, platform, range }] : [])))
  }

  /** A reading with what other files know of it. */
  join(path: string, reading: Reading): Reading {
    if (standsAlone(reading) && !this.#hasSwarm && !this.knowsMoreOf(path)) {
      const { intents, problems, comments, subjects, references, projects, takesFromOthers, gaps } = reading
      return { intents, problems, comments, subjects, references, projects, takesFromOthers, gaps, elsewhere: this.#elsewhere }
    }
    const gaps: Gaps = new Map()
    const projects = this.#projects.filter(project => project.holds(path))
    const own = projects.length > 0 ? joinedWithProjects(path, reading.intents, projects, this.#services) : reading.intents
    const networks = projects.flatMap(project => [...project.networks.values()]).filter(({ network }) => network.madeAt !== undefined && network.madeAt.path !== path)
    const intents = joinedWithin(own.map(intent => this.#withNetworks(this.#withBuilders(intent, path), path, gaps)), networks, this.#hasSwarm)
    const platforms = this.#platforms(intents, path, gaps)
    const judged = platforms.size === 0 ? intents : intents.map(intent => (platforms.has(intent) ? { ...intent, platform: platforms.get(intent)! } : intent))
    return {
      ...reading,
      intents: judged,
      subjects: withPlatforms(reading.subjects, judged),
      gaps: [...(reading.gaps ?? []), ...gaps.values()],
      elsewhere: this.#elsewhere
    }
  }

  /** Networks that this file only names, as the files know them that make them. */
  #withNetworks(intent: Intent, path: string, gaps: Gaps): Intent {
    const isElsewhere = (use: NetworkUse | undefined): boolean => use?.isElsewhere === true && use.name !== undefined
    if (!intent.networks?.some(isElsewhere)) return intent
    const found = (use: NetworkUse): NetworkUse => (isElsewhere(use) ? this.#found(use, path, gaps) : use)
    const networks = intent.networks.map(found)
    const kind = intent.verb === 'network.use' ? 'joined' : undefined
    return {
      ...intent,
      networks,
      context: { ...intent.context, ...contextOf(networks.map(({ network }) => (kind && network.kind === 'user-defined' ? { ...network, kind } : network))) },
      settings: intent.settings.map(setting => {
        const network = setting.network && found(setting.network)
        return network && network !== setting.network ? { ...setting, network, context: { ...setting.context, ...contextOf([network.network]) } } : setting
      })
    }
  }

  #found(use: NetworkUse, path: string, gaps: Gaps): NetworkUse {
    const makers = this.#nearestMakers(use.name!, folderOf(path))
    const networks = makers.map(({ path: other, use: { network, range } }): Network => ({ ...network, madeAt: { path: other, range } }))
    if (networks.length === 0 && otherDrivers.includes(use.name)) return use
    if (networks.length === 0) return gap(gaps, `Nothing that was read makes the network \`${use.name}\`; what depends on its driver and options is not judged`, use.range) ?? use
    const common = commonNetwork(networks)
    if (common.driver === undefined && makers.length > 1) gap(gaps, `The network \`${use.name}\` is made in several ways, in ${listed(makers.map(maker => maker.path))}; what depends on which is not judged`, use.range)
    return { ...use, network: common }
  }

  /** Those that make a network of a name nearest to a folder. */
  #nearestMakers(name: string, folder: string): readonly Maker[] {
    const key = `${name}\0${folder}`
    const known = this.#nearest.get(key)
    if (known) return known
    const all = (this.#makers.get(name) ?? []).map(maker => ({ maker, shared: sharedFolders(folderOf(maker.path), folder) }))
    const most = all.reduce((shared, other) => Math.max(shared, other.shared), 0)
    const makers = all.filter(({ shared }) => shared === most).map(({ maker }) => maker)
    this.#nearest.set(key, makers)
    return makers
  }

  /** Of which system the services are that say nothing of it themselves: that of their Dockerfile, then that of the services beside them. */
  #platforms(intents: readonly Intent[], path: string, gaps: Gaps): Map<Intent, Platform> {
    const platforms = new Map<Intent, Platform>()
    for (const intent of intents) {
      const platform = intent.build && intent.platform.os === 'unknown' ? this.#platformOfBuild(intent.build, path, gaps) : undefined
      if (platform) platforms.set(intent, platform)
    }
    if (platforms.size === 0) return platforms
    const services = intents.filter(({ verb }) => verb === 'container.run').map(intent => ({ intent, os: (platforms.get(intent) ?? intent.platform).os }))
    const windows = services.find(({ os }) => os === 'windows')
    // One engine runs all the services of a compose file; a swarm has several.
    if (!windows || services.some(({ os }) => os === 'linux') || windows.intent.context.via?.[0] !== 'compose') return platforms
    const beside: Evidence = { os: 'windows', says: `the service \`${windows.intent.name?.value}\` beside it`, range: windows.intent.range }
    for (const intent of intents) if (intent.platform.os === 'unknown' && !platforms.has(intent)) platforms.set(intent, { os: 'windows', declared: false, evidence: [beside] })
    return platforms
  }

  #platformOfBuild(build: Build, path: string, gaps: Gaps): Platform | undefined {
    const dockerfile = dockerfileOf(path, build)
    const range = (build.dockerfile ?? build.context).range
    if (dockerfile === undefined) return gap(gaps, 'Which Dockerfile this service is built from cannot be known', range)
    const stages = this.#stages.get(dockerfile)
    if (!stages) return gap(gaps, `The Dockerfile ${dockerfile} was not read; it may say for which system the service is`, range)
    const target = build.target?.value
    const stage = build.target ? stages.find(({ name }) => name.toLowerCase() === target?.toLowerCase()) : stages.at(-1)
    if (!stage) return gap(gaps, `The stage \`${target ?? ''}\` is not in ${dockerfile}`, build.target!.range)
    const { os } = stage.platform
    if (os === 'unknown') return undefined
    const name = os === 'windows' ? 'Windows' : 'Linux'
    return { os, declared: false, evidence: [{ os, says: `its Dockerfile ${dockerfile}, which is for ${name}`, range }] }
  }

  /** What a service, and the files that are laid over it, say of its isolation. */
  #isolationOf({ path, name, isolation: own }: PlacedBuilder): string | undefined {
    const services = this.#projects.flatMap(project => project.services.filter(service => service.name === name && service.places.has(path)))
    const [first, ...others] = services.map(({ isolation }) => isolation)
    return services.length > 0 ? (others.every(other => other === first) ? first : undefined) : own
  }

  /** A stage as the services see it that are built from it. */
  #withBuilders(intent: Intent, path: string): Intent {
    const builders = intent.verb === 'image.build' ? this.#builders.get(path) : undefined
    if (!builders) return intent
    const isolations = builders.map(builder => this.#isolationOf(builder))
    const isolation = isolations.every(value => value !== undefined && value === isolations[0]) ? { isolation: [isolations[0]!] } : {}
    const platforms = builders.map(({ platform }) => platform)
    const windows = builders.find(({ platform }) => platform.os === 'windows')
    const isWindows = intent.platform.os === 'unknown' && windows && platforms.every(({ os }) => os !== 'linux')
    const evidence: Evidence = { os: 'windows', says: `the service \`${windows?.name}\`, which is built from it`, range: intent.range }
    const related = builders.map((builder): Related => ({ message: `the service \`${builder.name}\` is built from it`, path: builder.path, range: builder.range }))
    return { ...intent, related, context: { ...intent.context, ...isolation }, ...(isWindows ? { platform: { os: 'windows', declared: false, evidence: [evidence] } } : {}) }
  }
}

/** What is asked about its system, with what is known of that now. */
function withPlatforms(subjects: readonly Subject[], intents: readonly Intent[]): readonly Subject[] {
  const platforms = new Map(intents.map(({ range, platform }) => [range.join(), platform]))
  return subjects.map(subject => ({ ...subject, platform: platforms.get(subject.range.join()) ?? subject.platform }))
}

const noQuestions: Questions = { networks: [], dockerfiles: [], needsSwarm: false }

const unknownPlatform: Platform = { os: 'unknown', declared: false, evidence: [] }

/** Whether a file has all that bears on it, and its parts have nothing to do with each other. */
const standsAlone = ({ intents }: Reading): boolean =>
  intents.every(({ build, networks }) => build === undefined && !networks?.some(({ isElsewhere, network: { subnets } }) => isElsewhere || (subnets && subnets.length > 0)))

/** What follows from intents for each other; `networks` are those that other files of their project make. */
function joinedWithin(intents: readonly Intent[], networks: readonly NetworkUse[], hasSwarm: boolean): Intent[] {
  const own = intents.flatMap(intent => (intent.verb === 'network.create' ? intent.networks ?? [] : []))
  const nats = new Map([...own, ...networks].filter(({ network }) => network.driver === 'nat').map(use => [nameOf(use), use]))
  const shared = overlaps([...nats].flatMap(([owner, { network }]) => (network.subnets ?? []).map(subnet => ({ subnet, owner }))))
  return intents.map(intent => {
    if (!intent.networks) return intent
    const withAddresses = { ...intent, settings: intent.settings.map(setting => withAddress(setting, intent)) }
    if (intent.verb !== 'network.create') return withAddresses
    const others = shared.get(nameOf(intent.networks[0]))
    const settings = others ? withAddresses.settings.map(setting => withOverlap(setting, nats.get(others.get(setting.value ?? '')))) : withAddresses.settings
    return { ...withAddresses, ...(hasSwarm ? { context: { ...intent.context, swarm: ['initialised'] } } : {}), settings }
  })
}

const nameOf = (use: NetworkUse | undefined): string | undefined => use?.key ?? use?.name

/** Whether an address lies in the subnets of the network that it is for. */
function withAddress(setting: Setting, { networks }: Intent): Setting {
  const [use, ...others] = setting.network ? [setting.network] : networks ?? []
  const subnets = use?.network.subnets
  if (setting.value === undefined || others.length > 0 || !subnets || subnets.length === 0) return setting
  const answers = subnets.map(subnet => isInSubnet(setting.value!, subnet))
  const isInside = answers.some(answer => answer === true)
  if (!isInside && answers.some(answer => answer === undefined)) return setting
  return { ...setting, context: { ...setting.context, address: [isInside ? 'inside' : 'outside'] } }
}

/** A subnet that has addresses in common with those of another nat network. */
function withOverlap(setting: Setting, other: NetworkUse | undefined): Setting {
  if (!other) return setting
  const related: Related = { message: `the network \`${nameOf(other)}\` has these addresses too`, ...(other.network.madeAt ?? { range: other.range }) }
  return { ...setting, context: { ...setting.context, overlap: ['nat'] }, related: [...(setting.related ?? []), related] }
}

/** What several makers of a network agree on. */
function commonNetwork([first, ...others]: readonly Network[]): Network {
  if (!first) return unknownNetwork(undefined)
  const agreed = <T>(of: (network: Network) => T): T | undefined => (others.every(other => JSON.stringify(of(other)) === JSON.stringify(of(first))) ? of(first) : undefined)
  return { driver: agreed(({ driver }) => driver), subnet: agreed(({ subnet }) => subnet), subnets: agreed(({ subnets }) => subnets), internal: agreed(({ internal }) => internal), kind: first.kind, madeAt: first.madeAt }
}

/** How many folders the paths of two folders have in common from the top. */
function sharedFolders(a: string, b: string): number {
  const [one, other] = [a.split('/'), b.split('/')]
  const different = one.findIndex((folder, index) => folder !== other[index])
  return different < 0 ? one.length : different
}

/** What could not be found out, each thing once. */
type Gaps = Map<string, Gap>

function gap(gaps: Gaps, message: string, range: Range): undefined {
  if (!gaps.has(message)) gaps.set(message, { message, range })
}

const listed = (paths: readonly string[]): string => [...new Set(paths)].sort().join(', ')

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key)
  if (items) items.push(item)
  else map.set(key, [item])
}

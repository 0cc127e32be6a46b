import type { Evidence, Intent, Platform, Setting } from './intent.ts'
import { contextOf, type NetworkUse } from './network.ts'
import type { ProjectFacts, ProjectService } from './project-facts.ts'
import type { Range } from './text.ts'

/** A service as one file of a project has it. */
export interface FileService {
  readonly name: string
  readonly range: Range
  readonly platform: Platform
}

/** The services of files, by path, in the order in which they stand. */
export type FileServices = ReadonlyMap<string, readonly FileService[]>

/**
 * What the intents of a compose file are when its files are laid over each
 * other: what another file takes away is gone, and networks, isolation and
 * system are those of the whole. A file may be in several projects; what holds
 * in one of them holds.
 */
export function joinedWithProjects(path: string, intents: readonly Intent[], projects: readonly ProjectFacts[], services: FileServices): Intent[] {
  const index = new ServiceIndex(services)
  const merged = new Map<string, [ProjectFacts, ProjectService][]>()
  for (const project of projects) for (const service of project.services) for (const name of index.namesIn(path, project, service)) merged.set(name, [...(merged.get(name) ?? []), [project, service]])
  return intents.map(intent => {
    const found = intent.verb === 'container.run' && intent.name ? merged.get(intent.name.value) : undefined
    if (found) return serviceOf(path, intent, found, index)
    const section = intent.verb === 'network.create' || intent.verb === 'network.use' ? 'networks' : intent.verb === 'volume.create' ? 'volumes' : undefined
    const key = intent.networks?.[0]?.key ?? intent.name?.value
    const holders = section === undefined || key === undefined ? [] : projects.filter(project => project.has([section, key]))
    return holders.length === 0 ? intent : resourceOf(path, intent, section!, key!, holders)
  })
}

/** Which services of files those of a project are made of. */
class ServiceIndex {
  readonly #services: FileServices
  readonly #byName = new Map<string, ReadonlyMap<string, FileService>>()

  constructor(services: FileServices) {
    this.#services = services
  }

  /** The services of a file by their names; of several with one name the last. */
  in(path: string): ReadonlyMap<string, FileService> {
    let known = this.#byName.get(path)
    if (!known) this.#byName.set(path, (known = new Map((this.#services.get(path) ?? []).map(service => [service.name, service]))))
    return known
  }

  /** Names of the services of a file of which one of a project is made: its own, or, where the file has none of this name, those in which something of it is written. */
  namesIn(path: string, project: ProjectFacts, service: ProjectService): string[] {
    const offsets = service.places.get(path)
    if (this.in(path).has(service.name)) return offsets || project.layers.has(path) ? [service.name] : []
    return [...new Set(offsets?.flatMap(offset => this.#at(path, offset) ?? []))]
  }

  /** The service in which an offset lies. */
  #at(path: string, offset: number): string | undefined {
    const services = this.#services.get(path) ?? []
    let low = 0
    let high = services.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (services[middle]!.range[0] <= offset) low = middle + 1
      else high = middle
    }
    return services[low - 1]?.name
  }
}

function serviceOf(path: string, intent: Intent, merged: readonly [ProjectFacts, ProjectService][], index: ServiceIndex): Intent {
  const networks = merged.flatMap(([, service]) => [...service.networks.values()])
  const isolations = [...new Set(merged.map(([, { isolation }]) => isolation))]
  const platform = intent.platform.declared ? intent.platform : platformOf(path, intent, merged, index)
  return {
    ...intent,
    platform,
    networks,
    context: { ...intent.context, ...contextOf(networks.map(({ network }) => network)), ...(isolations.length === 1 && isolations[0] !== undefined ? { isolation: [isolations[0]] } : {}) },
    settings: intent.settings.flatMap(setting => {
      if (!isInForce(setting, path, merged.map(([project]) => project), merged.map(([, { name }]) => ['services', name]))) return []
      const network = setting.network?.key === undefined ? undefined : found(merged.map(([, service]) => service.networks.get(setting.network!.key!)))
      return [network ? { ...setting, network, context: { ...setting.context, ...contextOf([network.network]) } } : setting]
    })
  }
}

function resourceOf(path: string, intent: Intent, section: string, key: string, projects: readonly ProjectFacts[]): Intent {
  const networks = section === 'networks' ? projects.flatMap(project => project.networks.get(key) ?? []) : []
  const [use] = intent.networks ?? []
  return {
    ...intent,
    ...(use && networks.length > 0 ? { networks: networks.map(network => ({ ...network, name: network.name ?? use.name, range: use.range })), context: { ...intent.context, ...contextOf(networks.map(({ network }) => network)) } } : {}),
    settings: intent.settings.filter(setting => isInForce(setting, path, projects, projects.map(() => [section, key])))
  }
}

/** Whether a setting is still there in one of the projects. */
function isInForce(setting: Setting, path: string, projects: readonly ProjectFacts[], places: readonly (readonly string[])[]): boolean {
  if (setting.value !== 'absent') return projects.some(project => project.isInForce(path, setting.range) || (setting.usedAt !== undefined && project.isInForce(path, setting.usedAt)))
  const keys = (setting.row.spelled.compose ?? []).filter(({ absent }) => absent).map(({ path: written }) => written.replaceAll('[]', '').split('.').slice(2))
  return projects.some((project, index) => keys.every(key => !project.has([...places[index]!, ...key])))
}

/** What the files together say of a service's system: what is declared, then what any of them shows. */
function platformOf(path: string, intent: Intent, merged: readonly [ProjectFacts, ProjectService][], index: ServiceIndex): Platform {
  const others = merged.flatMap(([project, service]) => [...service.places.keys()].filter(other => other !== path)
    .flatMap(other => index.namesIn(other, project, service).map(name => ({ path: other, platform: index.in(other).get(name)!.platform }))))
  const first = others.find(({ platform }) => platform.declared) ?? (intent.platform.os === 'unknown' ? others.find(({ platform }) => platform.os !== 'unknown') : undefined)
  if (!first || first.platform.os === 'unknown') return intent.platform
  const { os, declared, evidence } = first.platform
  const sign: Evidence = { os, says: `${evidence[0]?.says ?? 'what is written'} in ${first.path}`, range: intent.range }
  return { os, declared, evidence: [sign] }
}

const found = (uses: readonly (NetworkUse | undefined)[]): NetworkUse | undefined => uses.find(use => use !== undefined)

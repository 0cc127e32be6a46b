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
  const own = services.get(path) ?? []
  const matching = (name: string): [ProjectFacts, ProjectService][] => projects.flatMap(project => project.services.filter(service => (project.layers.has(path) && service.name === name) || isMadeOf(service, path, name, own)).map((service): [ProjectFacts, ProjectService] => [project, service]))
  return intents.map(intent => {
    if (intent.verb === 'container.run' && intent.name) {
      const merged = matching(intent.name.value)
      return merged.length === 0 ? intent : serviceOf(path, intent, merged, services)
    }
    const section = intent.verb === 'network.create' || intent.verb === 'network.use' ? 'networks' : intent.verb === 'volume.create' ? 'volumes' : undefined
    const key = intent.networks?.[0]?.key ?? intent.name?.value
    const holders = section === undefined || key === undefined ? [] : projects.filter(project => project.has([section, key]))
    return holders.length === 0 ? intent : resourceOf(path, intent, section!, key!, holders)
  })
}

/** Whether a service of a project is made of one of a file: by its name, or, where the file has none of this name, by what is written in it. */
function isMadeOf(service: ProjectService, path: string, name: string, own: readonly FileService[]): boolean {
  const offsets = service.places.get(path)
  if (!offsets) return false
  if (own.some(other => other.name === service.name)) return service.name === name
  return offsets.some(offset => own.findLast(({ range }) => range[0] <= offset)?.name === name)
}

function serviceOf(path: string, intent: Intent, merged: readonly [ProjectFacts, ProjectService][], services: FileServices): Intent {
  const networks = merged.flatMap(([, service]) => [...service.networks.values()])
  const isolations = [...new Set(merged.map(([, { isolation }]) => isolation))]
  const platform = intent.platform.declared ? intent.platform : platformOf(path, intent, merged, services)
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
function platformOf(path: string, intent: Intent, merged: readonly [ProjectFacts, ProjectService][], services: FileServices): Platform {
  const others = merged.flatMap(([, service]) => [...service.places.keys()].filter(other => other !== path).flatMap(other => {
    const theirs = services.get(other) ?? []
    return theirs.filter(({ name }) => isMadeOf(service, other, name, theirs)).map(({ platform }) => ({ path: other, platform }))
  }))
  const first = others.find(({ platform }) => platform.declared) ?? (intent.platform.os === 'unknown' ? others.find(({ platform }) => platform.os !== 'unknown') : undefined)
  if (!first || first.platform.os === 'unknown') return intent.platform
  const { os, declared, evidence } = first.platform
  const sign: Evidence = { os, says: `${evidence[0]?.says ?? 'what is written'} in ${first.path}`, range: intent.range }
  return { os, declared, evidence: [sign] }
}

const found = (uses: readonly (NetworkUse | undefined)[]): NetworkUse | undefined => uses.find(use => use !== undefined)

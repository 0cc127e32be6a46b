import { folderOf, isRemote, joinPath } from './compose-path.ts'
import type { Build, Platform } from './intent.ts'
import type { EntryPoint, Reading, Subject } from './language.ts'
import type { NetworkUse } from './network.ts'
import type { Range, Spanned } from './text.ts'

/**
 * What other files of a run may want to know of a file, and what it would want
 * to know of them. It is plain data, without the tree it was read from: it can
 * be kept, and sent to another thread.
 */
export interface FileFacts {
  readonly language: string
  /** What a Dockerfile says of the systems of its stages. */
  readonly stages?: readonly Subject[]
  readonly networks: readonly MadeNetwork[]
  readonly builders: readonly Builder[]
  readonly hasSwarm: boolean
  /** `undefined`: it stands alone. */
  readonly questions?: Questions | undefined
  /** Compose files that it hands to Docker, and those that one command lays over each other, by the paths it names. */
  readonly references: readonly { readonly path: string; readonly entryPoint: EntryPoint }[]
  readonly projects: readonly (readonly string[])[]
  readonly takesFromOthers: boolean
}

/** A network that a file makes. */
export interface MadeNetwork {
  readonly use: NetworkUse
  /** The name that a command gives it; `undefined`: compose makes it. */
  readonly commanded?: Spanned | undefined
}

/** A service that is built from a Dockerfile. */
export interface Builder {
  /** Path of the Dockerfile. */
  readonly dockerfile: string
  readonly name: string | undefined
  readonly platform: Platform
  readonly isolation: string | undefined
  readonly range: Range
}

/** What a file leaves open, and others may know. Of Dockerfiles, those that build from them say so. */
export interface Questions {
  /** Names of networks that are made elsewhere. */
  readonly networks: readonly string[]
  /** Dockerfiles that it builds from, by their paths. */
  readonly dockerfiles: readonly string[]
  /** Whether it has to do with a network of a swarm, for which one has to be there. */
  readonly needsSwarm: boolean
}

/** Drivers with which no network can be made on Windows: what is made with them is for another system. Some are names of networks there, of which rules speak. */
export const otherDrivers: readonly (string | undefined)[] = ['bridge', 'macvlan', 'ipvlan', 'host']

/** The facts of a file at a path, with `/` between folders. */
export function factsOf(path: string, language: string, reading: Reading): FileFacts {
  const { intents, subjects, references = [], projects = [], takesFromOthers = false } = reading
  const networks: MadeNetwork[] = []
  const builders: Builder[] = []
  // Documentation shows by example, and makes nothing.
  const making = language === 'markdown' ? [] : intents
  for (const { verb, name, platform, range, context, networks: uses = [], build } of making) {
    const dockerfile = build && dockerfileOf(path, build)
    if (dockerfile !== undefined) builders.push({ dockerfile, name: name?.value, platform, isolation: context.isolation?.[0], range })
    if (verb !== 'network.create') continue
    const commanded = context.via?.includes('network') ? name : undefined
    for (const use of uses) if (use.name !== undefined && !otherDrivers.includes(use.network.driver)) networks.push({ use, ...(commanded ? { commanded } : {}) })
  }
  return {
    language,
    ...(language === 'dockerfile' ? { stages: subjects } : {}),
    networks,
    builders,
    hasSwarm: making.some(({ verb }) => verb === 'swarm.init' || verb === 'swarm.join'),
    questions: questionsOf(path, reading),
    references: references.map(({ value, entryPoint }) => ({ path: value, entryPoint })),
    projects: projects.map(project => project.map(({ value }) => value)),
    takesFromOthers
  }
}

function questionsOf(path: string, { intents }: Reading): Questions | undefined {
  const networks = new Set<string>()
  const dockerfiles = new Set<string>()
  let needsSwarm = false
  for (const { networks: uses = [], build } of intents) {
    for (const { isElsewhere, name, network } of uses) {
      if (isElsewhere && name !== undefined) networks.add(name)
      if (network.driver === 'overlay') needsSwarm = true
    }
    const dockerfile = build && dockerfileOf(path, build)
    if (dockerfile !== undefined) dockerfiles.add(dockerfile)
  }
  return needsSwarm || networks.size + dockerfiles.size > 0 ? { networks: [...networks], dockerfiles: [...dockerfiles], needsSwarm } : undefined
}

/** moby builder/remotecontext, docker/compose pkg/compose/build.go: the file is seen from the context. */
export function dockerfileOf(path: string, { context, dockerfile }: Build): string | undefined {
  if (context.value === undefined || isRemote(context.value) || /^[a-z+]+:\/\//i.test(context.value) || (dockerfile && dockerfile.value === undefined)) return undefined
  const folder = joinPath(folderOf(path), context.value.replaceAll('\\', '/'))
  return joinPath(folder, (dockerfile?.value || 'Dockerfile').replaceAll('\\', '/'))
}

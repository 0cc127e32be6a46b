import { didYouMean } from './suggestion.ts'
import { parseVersion, isInRange, type Version } from './version.ts'

/** A release of Windows that has run Docker containers. */
export interface WindowsVersion {
  readonly id: string
  readonly name: string
  readonly build: number
  /** Engines that run on it. Since 23.0 the engine needs build 17763 (moby daemon/daemon_windows.go checkSystem). */
  readonly engine: string
  /** Isolation of a container that states none: Hyper-V on client editions, process on servers. */
  readonly defaultIsolation: Isolation
  readonly isServer: boolean
}

export type Isolation = 'process' | 'hyperv'
export type Host = 'azure' | 'other'

/** The machine that the files are judged for. */
export interface Target {
  readonly windows: WindowsVersion
  readonly engine: Version
  /** Where the machine runs; `undefined`: not stated. */
  readonly host?: Host | undefined
  /** How containers are isolated; `undefined`: as the files or the Windows version say. */
  readonly isolation?: Isolation | undefined
  /** Short name, as it is shown: `ws2022`, `ws2019,engine@20.10`. */
  readonly label: string
}

/** The newest Docker Engine that the matrix speaks of. */
export const newestEngine = '29.7.2'
const lastEngineBefore17763 = '20.10'

const server = (id: string, name: string, build: number, aliases: readonly string[] = []): WindowsVersion & { aliases: readonly string[] } =>
  ({ id, name, build, aliases, engine: build < 17763 ? '<=20.10' : '>=0', defaultIsolation: 'process', isServer: true })
const client = (id: string, name: string, build: number, aliases: readonly string[] = []): WindowsVersion & { aliases: readonly string[] } =>
  ({ ...server(id, name, build, aliases), defaultIsolation: 'hyperv', isServer: false })

/** Builds: microsoft/hcsshim osversion/windowsbuilds.go. */
const releases = [
  server('ws2016', 'Windows Server 2016', 14393, ['ltsc2016', '1607']),
  client('1703', 'Windows 10, version 1703', 15063),
  server('1709', 'Windows Server, version 1709', 16299),
  server('1803', 'Windows Server, version 1803', 17134),
  server('ws2019', 'Windows Server 2019', 17763, ['ltsc2019', '1809']),
  server('1903', 'Windows Server, version 1903', 18362),
  server('1909', 'Windows Server, version 1909', 18363),
  server('2004', 'Windows Server, version 2004', 19041),
  server('20h2', 'Windows Server, version 20H2', 19042),
  server('ws2022', 'Windows Server 2022', 20348, ['ltsc2022', '21h2']),
  client('win11', 'Windows 11, version 21H2', 22000),
  client('win11-22h2', 'Windows 11, version 22H2', 22621),
  server('23h2', 'Windows Server, version 23H2', 25398),
  server('ws2025', 'Windows Server 2025', 26100, ['ltsc2025', '24h2'])
] as const

export const windowsVersions: readonly WindowsVersion[] = releases

/**
 * The Windows Server releases that Microsoft supports and the newest engine
 * runs on; Server 2016 is supported until January 2027, but no engine since 23.0 runs on it.
 */
export const defaultTargets = ['ws2019', 'ws2022', 'ws2025']

/** A target that does not exist, in words for the user. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
}

interface Facets {
  readonly windows: WindowsVersion[]
  readonly engines: string[]
  readonly hosts: Host[]
  readonly isolations: Isolation[]
}

/**
 * The targets that `--target` options ask for. Each option is a list of
 * Windows versions and facets (`ws2019,ws2022,engine@28,host=azure,isolation=hyperv`)
 * and stands for all their combinations; an option without a Windows version
 * applies to the others.
 *
 * @throws {TargetError} on an unknown name or a combination that cannot exist
 */
export function parseTargets(options: readonly string[]): Target[] {
  const parsed = options.map(option => parseFacets(option))
  if (options.some(option => /^[\s,]*$/.test(option))) throw new TargetError(`no target is named; known are ${known()}`)
  const groups = parsed.filter(facets => facets.windows.length > 0)
  const general = parsed.filter(facets => facets.windows.length === 0)
  if (groups.length === 0) groups.push({ windows: defaultTargets.map(windowsVersion), engines: [], hosts: [], isolations: [] })
  const targets = new Map<string, Target>()
  for (const group of groups) for (const target of combinations(group, general)) targets.set(target.label, target)
  return [...targets.values()].sort((a, b) => a.windows.build - b.windows.build || a.label.localeCompare(b.label))
}

/** Whether options for targets name a Windows version, and not only facets. */
export const namesWindows = (options: readonly string[]): boolean => options.some(option => parseFacets(option).windows.length > 0)

/** All names that `--target` takes for Windows versions. */
const windowsNames = (): string[] => releases.flatMap(({ id, aliases }) => [id, ...aliases])

function windowsVersion(name: string): WindowsVersion {
  const wanted = name.toLowerCase()
  const release = releases.find(({ id, aliases }) => id === wanted || (aliases as readonly string[]).includes(wanted))
  if (release) return release
  const meant = didYouMean(name, [...windowsNames(), 'engine@29', 'host=azure', 'isolation=hyperv'])
  throw new TargetError(`unknown target \`${name}\`${meant ? `; did you mean \`${meant}\`?` : `; known are ${known()}`}`)
}

const known = (): string => `${releases.map(({ id }) => id).join(', ')}, engine@<version>, host=azure|other and isolation=process|hyperv`

function parseFacets(option: string): Facets {
  const facets: Facets = { windows: [], engines: [], hosts: [], isolations: [] }
  for (const name of option.split(',').map(part => part.trim()).filter(part => part !== '')) {
    const [, key, value] = /^([a-z]+)[@=](.*)$/i.exec(name) ?? []
    if (key === undefined || value === undefined) facets.windows.push(windowsVersion(name))
    else if (key === 'engine') facets.engines.push(engineVersion(value))
    else if (key === 'host') facets.hosts.push(oneOf('host', value, ['azure', 'other']))
    else if (key === 'isolation') facets.isolations.push(oneOf('isolation', value, ['process', 'hyperv']))
    else throw new TargetError(`unknown target \`${name}\`; ${withSuggestion(key, ['engine', 'host', 'isolation'])}`)
  }
  return facets
}

function withSuggestion(key: string, keys: readonly string[]): string {
  const meant = didYouMean(key, keys)
  return meant ? `did you mean \`${meant}\`?` : `known are ${keys.join(', ')}`
}

function engineVersion(text: string): string {
  if (!/^\d{1,3}(\.\d{1,3}){0,2}$/.test(text)) throw new TargetError(`\`engine@${text}\` is no version of Docker Engine; write it as \`engine@29\` or \`engine@28.2.1\``)
  return text
}

function oneOf<T extends string>(key: string, value: string, values: readonly T[]): T {
  const found = values.find(known => known === value.toLowerCase())
  if (found !== undefined) return found
  throw new TargetError(`unknown target \`${key}=${value}\`; ${withSuggestion(value, values)}`)
}

function* combinations(group: Facets, general: readonly Facets[]): Generator<Target> {
  const pick = <K extends 'engines' | 'hosts' | 'isolations'>(key: K): (Facets[K][number] | undefined)[] => {
    const own = group[key].length > 0 ? group[key] : general.flatMap(facets => facets[key])
    return own.length > 0 ? own : [undefined]
  }
  for (const windows of group.windows) for (const engine of pick('engines')) for (const host of pick('hosts')) for (const isolation of pick('isolations')) yield newTarget(windows, engine, host, isolation)
}

function newTarget(windows: WindowsVersion, engine: string | undefined, host: Host | undefined, isolation: Isolation | undefined): Target {
  const version = parseVersion(engine ?? (windows.build < 17763 ? lastEngineBefore17763 : newestEngine))
  if (!isInRange(version, windows.engine)) throw new TargetError(`Docker Engine ${engine} does not run on ${windows.id}: since 23.0 it needs build 17763 (Windows Server 2019)`)
  const label = [windows.id, engine && `engine@${engine}`, host && `host=${host}`, isolation && `isolation=${isolation}`].filter(Boolean).join(',')
  return { windows, engine: version, host, isolation, label }
}

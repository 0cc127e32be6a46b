import type { Release } from './intent.ts'
import { windowsVersions, type WindowsVersion } from './target.ts'

/** A target that files speak of: their machines run it, or their images are made for it. */
export interface InferredTarget<Place> {
  /** As `--target` takes it. */
  readonly option: string
  /** Where it is named, and how. */
  readonly places: readonly { readonly place: Place; readonly name: string }[]
}

/** The targets that files name, each once, with all the places that do. */
export function inferTargets<Place>(named: readonly { readonly place: Place; readonly release: Release }[]): InferredTarget<Place>[] {
  const targets = new Map<string, { place: Place; name: string }[]>()
  for (const { place, release } of named) {
    const windows = windowsOf(release)
    if (!windows) continue
    const option = release.azure ? `${windows.id},host=azure` : windows.id
    targets.set(option, [...(targets.get(option) ?? []), { place, name: release.name }])
  }
  return [...targets].map(([option, places]) => ({ option, places })).sort((a, b) => (a.option < b.option ? -1 : 1))
}

/**
 * The values of `--target` with `auto` replaced by what is inferred; what is
 * said beside it (`auto,engine@28`) holds for each. Without anything inferred
 * the defaults stand in its place.
 */
export function withInferred(options: readonly string[], inferred: readonly string[]): string[] {
  return options.flatMap(option => {
    const parts = option.split(',').map(part => part.trim())
    if (!parts.includes('auto')) return option
    const others = parts.filter(part => part !== 'auto')
    if (inferred.length === 0) return others.length > 0 ? others.join(',') : []
    const statesHost = others.some(part => part.startsWith('host='))
    return inferred.map(target => [statesHost ? target.split(',')[0]! : target, ...others].join(','))
  })
}

export const asksForInference = (options: readonly string[] | undefined): boolean => options?.some(option => option.split(',').some(part => part.trim() === 'auto')) ?? false

const windowsOf = ({ of, name, build }: Release): WindowsVersion | undefined => (of === 'image' ? windowsVersions.find(version => version.build === build) : machineWindows(name.toLowerCase()))

/** Machines whose names do not say it themselves. */
const machines: readonly (readonly [name: RegExp, id: string])[] = [
  // https://www.appveyor.com/docs/windows-images-software/, and what docker-library builds on them.
  [/^(?:previous |preview )?visual studio 2017$/, 'ws2016'],
  [/^(?:previous |preview )?visual studio 2019$/, 'ws2019'],
  // https://docs.gitlab.com/ci/runners/hosted_runners/windows
  [/^saas-windows-medium-amd64$/, 'ws2022']
]

/** `windows-2022`, `vs2017-win2016`, `windows-server-ltsc2019`; names that move, such as `windows-latest`, say nothing. */
function machineWindows(name: string): WindowsVersion | undefined {
  const id = machines.find(([pattern]) => pattern.test(name))?.[1]
  if (id !== undefined) return windowsVersions.find(version => version.id === id)
  // The editions for desks have the same versions as servers, and other builds.
  if (!/win/.test(name) || /win(?:dows)?[-_. ]?1[01](?![0-9])/.test(name)) return undefined
  const releases = [...name.matchAll(/(?:^|[^a-z0-9]|win(?:dows)?|server)(?:ltsc)?(20(?:16|19|22|25))(?![a-z0-9])/g)].map(([, year]) => `ws${year}`)
  const found = [...new Set(releases)]
  return found.length === 1 ? windowsVersions.find(version => version.id === found[0]) : undefined
}

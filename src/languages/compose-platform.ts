import { imagePlatform } from '../image.ts'
import type { Evidence, Platform, Release } from '../intent.ts'
import type { Range } from '../text.ts'
import type { ComposeChild, ComposeValue } from './compose-value.ts'
import { childOf, scalarAt, scalarOf } from './compose-form.ts'

/**
 * Whether a service is for Windows, from what its definition says, the
 * strongest sign first: what is declared (`platform:`, placement), then what
 * only one system has (isolation, pipes, drive paths, images), then the shells.
 * A file's name and the language of a script never decide.
 */
export function servicePlatform(service: ComposeValue | undefined): Platform {
  const declared = declaredPlatform(service)
  const releases = releasesOf(service)
  if (declared) return { os: declared.os, declared: true, evidence: [declared], releases }
  const evidence = concludedEvidence(service)
  return { os: evidence[0]?.os ?? 'unknown', declared: false, evidence, releases }
}

/** Windows if any is for Windows, Linux if all are for Linux. */
export function commonPlatform(platforms: readonly Platform[]): Platform {
  const windows = platforms.find(platform => platform.os === 'windows')
  if (windows) return windows
  const other = platforms.find(platform => platform.os !== 'linux' || !platform.declared)
  if (platforms.length > 0 && platforms.every(platform => platform.os === 'linux')) return other ?? platforms[0]!
  return { os: 'unknown', declared: false, evidence: [] }
}

/** The Windows of the image, or the one that `platform: windows(10.0.17763)/amd64` names. */
function releasesOf(service: ComposeValue | undefined): Release[] {
  const [platform, image] = [childOf(service, 'platform'), childOf(service, 'image')]
  const [, build] = versionedPlatform.exec(scalarOf(platform) ?? '') ?? []
  if (platform && build !== undefined) return [{ of: 'image', name: scalarOf(platform)!, build: Number(build), range: platform.range }]
  const known = image && imagePlatform(scalarOf(image) ?? '')
  return known?.os === 'windows' && known.build !== undefined ? [{ of: 'image', name: scalarOf(image)!, build: known.build, range: image!.range }] : []
}

/** containerd/platforms: the version of the system in brackets. */
const versionedPlatform = /^windows\(10\.0\.(\d{1,6})(?:\.\d+)?\)(?:\/|$)/i

function declaredPlatform(service: ComposeValue | undefined): Evidence | undefined {
  const platform = childOf(service, 'platform')
  const os = /^(windows|linux)(?:\([^()]*\))?(\/|$)/i.exec(scalarOf(platform) ?? '')?.[1]?.toLowerCase()
  if (platform && (os === 'windows' || os === 'linux')) return { os, says: `\`platform: ${scalarOf(platform)}\``, range: platform.range }
  for (const constraint of itemsOf(childOf(childOf(childOf(service, 'deploy')?.value, 'placement')?.value, 'constraints')?.value)) {
    const [, operator, value] = /^\s*node\.platform\.os\s*(==|!=)\s*(windows|linux)\s*$/i.exec(scalarOf(constraint) ?? '') ?? []
    if (operator === undefined || value === undefined) continue
    const named = value.toLowerCase() as 'windows' | 'linux'
    return { os: operator === '==' ? named : named === 'windows' ? 'linux' : 'windows', says: `the placement constraint \`${scalarOf(constraint)!.trim()}\``, range: constraint.range }
  }
  return undefined
}

function concludedEvidence(service: ComposeValue | undefined): Evidence[] {
  const evidence: Evidence[] = []
  const isolation = childOf(service, 'isolation')
  if (isolation) evidence.push({ os: 'windows', says: '`isolation:` exists on Windows only', range: isolation.range })
  const credentials = childOf(service, 'credential_spec')
  if (credentials) evidence.push({ os: 'windows', says: '`credential_spec:` exists on Windows only', range: credentials.range })
  const volumes = itemsOf(childOf(service, 'volumes')?.value)
  if (volumes.length > 0) {
    const targets = volumes.flatMap(volume => pathOf(volume, 'target'))
    addPipeEvidence([...volumes.flatMap(volume => pathOf(volume, 'source')), ...targets], evidence)
    addTargetEvidence(targets, evidence)
  }
  for (const list of ['configs', 'secrets']) for (const item of itemsOf(childOf(service, list)?.value)) addTargetEvidence(pathOf(item, 'target'), evidence)
  const workingDir = childOf(service, 'working_dir')
  const folder = scalarOf(workingDir)
  if (workingDir && folder !== undefined) addTargetEvidence([{ path: folder, range: workingDir.range }], evidence)
  const image = childOf(service, 'image')
  const name = scalarOf(image)
  const known = name === undefined ? undefined : imagePlatform(name)
  if (image && known && known.os !== 'unknown') evidence.push({ os: known.os, says: known.because, range: image.range })
  for (const command of [childOf(service, 'entrypoint'), childOf(service, 'command'), childOf(childOf(service, 'healthcheck')?.value, 'test')]) {
    const program = command && programEvidence(command)
    if (program) evidence.push(program)
  }
  return evidence
}

interface PlacedPath {
  readonly path: string
  readonly range: Range
}

function addPipeEvidence(paths: readonly PlacedPath[], evidence: Evidence[]): void {
  for (const { path, range } of paths) if (/^(\\\\|\/\/)\.[\\/]pipe[\\/]/i.test(path)) evidence.push({ os: 'windows', says: `the named pipe \`${path}\``, range })
}

function addTargetEvidence(targets: readonly PlacedPath[], evidence: Evidence[]): void {
  for (const { path, range } of targets) {
    if (/^[a-z]:([\\/]|$)/i.test(path)) evidence.push({ os: 'windows', says: `the path \`${path}\` inside the container`, range })
    else if (/^\/(?!\/)/.test(path)) evidence.push({ os: 'linux', says: `the path \`${path}\` inside the container`, range })
  }
}

/** Programs that only one system has, as the first word of a command. */
const windowsProgram = /(^|[\\/])(powershell|pwsh|cmd)(\.exe)?$|\.(exe|ps1|cmd|bat)$/i
const linuxProgram = /^(\/(usr\/)?(local\/)?s?bin\/.*|sh|bash|ash|dash)$|^\/[^\s]*\.sh$/

function programEvidence(command: ComposeChild): Evidence | undefined {
  const words = command.value?.kind === 'tree' ? itemsOf(command.value).map(item => ({ word: scalarOf(item), range: item.range })) : firstWord(command)
  const isTest = /^(CMD|CMD-SHELL|NONE)$/.test(words[0]?.word ?? '')
  const program = words[isTest ? 1 : 0]
  const word = words[0]?.word === 'CMD-SHELL' ? program?.word?.trim().split(/\s+/)[0] : program?.word
  if (word === undefined || !program) return undefined
  if (windowsProgram.test(word)) return { os: 'windows', says: `the program \`${word}\``, range: program.range }
  return linuxProgram.test(word) ? { os: 'linux', says: `the program \`${word}\``, range: program.range } : undefined
}

function firstWord(command: ComposeChild): { word: string | undefined; range: Range }[] {
  return [{ word: scalarOf(command)?.trim().replace(/^"([^"]*)".*$/s, '$1').split(/\s+/)[0], range: command.range }]
}

const itemsOf = (value: ComposeValue | undefined): readonly ComposeChild[] => (value?.kind === 'tree' ? value.children().filter(child => child.name === '[]') : [])

function pathOf(item: ComposeChild, key: string): PlacedPath[] {
  const path = scalarAt(item.value, key)?.value
  const child = childOf(item.value, key)
  return path !== undefined && child ? [{ path, range: child.range }] : []
}

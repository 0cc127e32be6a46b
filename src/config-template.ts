import type { PlatformMode } from './linter.ts'
import { defaultTargets } from './target.ts'

/** For which system the services, stages and commands of a project are. */
export interface PlatformCounts {
  readonly windows: number
  readonly linux: number
  readonly undecided: number
}

/** Folders in which people keep what they do not run themselves. */
const foreignFolders = /^(vendor|third[-_]?party|external|testdata|fixtures|examples?|samples?|legacy|archive)$/i

/** The text of a first `porthole.config.yaml` for a project with these files, given with `/` and relative to it. */
export function initialConfig(paths: readonly string[], counts: PlatformCounts, targets: readonly string[] = defaultTargets): string {
  const [platform, why] = platformFor(counts)
  return `# What porthole judges these files for, and how. Every key may be left out.

# The Windows versions that the containers run on: ws2016, ws2019, ws2022, ws2025, win11 and others, each with the newest
# engine that runs on it; an engine, a host and an isolation may be added, as in "ws2022,engine@28,host=azure".
targets:
${targets.map(target => `  - ${target}`).join('\n')}

# windows: everything is judged but what declares Linux. auto: only what is evidently for Windows.
${why.map(line => `# ${line}`).join('\n')}
platform: ${platform}

# The least severity that makes a run fail: error, warning or info.
failOn: warning

# Files that are not linted, as in .gitignore, from the folder of this file on.
${ignoreExample(paths)}

# Severities by rule or feature: error, warning, info or off.
rules: {}
#  unsupported-network-option: error
#  port-host-ip: off

# What differs for some files.
overrides: []
#  - files: ["${overrideExample(paths)}"]
#    targets: [ws2022]
#    rules:
#      unsupported-run-option: off
`
}

/** The mode in which what is found is worth reading, and the reason. */
function platformFor({ windows, linux, undecided }: PlatformCounts): [PlatformMode, string[]] {
  const found = `Found: ${windows} for Windows, ${linux} for Linux, ${undecided} of which nothing says which system they are for.`
  if (linux === 0) return ['windows', [found]]
  return ['auto', [found, ...(undecided > 0 ? ['What is for Windows though nothing says so is not judged: declare it, with `platform: windows/amd64` in compose files', 'or an override below.'] : [])]]
}

function ignoreExample(paths: readonly string[]): string {
  const folders = foldersOf(paths).filter(folder => foreignFolders.test(folder.slice(folder.lastIndexOf('/') + 1))).slice(0, 5)
  return ['ignore: []', ...(folders.length > 0 ? folders : ['vendor']).map(folder => `#  - ${quoted(`/${folder}/`)}`)].join('\n')
}

/** Files that go together: those of a folder, or the scripts. */
function overrideExample(paths: readonly string[]): string {
  const folder = foldersOf(paths).find(name => !foreignFolders.test(name))
  return folder === undefined ? '*.ps1' : quoted(`/${folder}/`).replace(/^"|"$/g, '')
}

/** The folders that hold files, the least deep first. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>()
  for (const path of paths) for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) folders.add(path.slice(0, end))
  const depth = (folder: string): number => folder.split('/').length
  return [...folders].filter(folder => !/[\x00-\x1f]/.test(folder)).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
}

/** A pattern as YAML, in which characters that patterns give a meaning stand for themselves. */
const quoted = (pattern: string): string => JSON.stringify(pattern.replace(/[*?[\]\\]/g, '\\$&'))

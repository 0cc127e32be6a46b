import type { Diagnostic, Severity } from './diagnostic.ts'
import type { PlatformMode } from './linter.ts'
import { defaultTargets } from './target.ts'
import type { Range, Spanned } from './text.ts'

/** Names of configurations, of which a folder may have one. */
export const configNames = ['porthole.config.json', 'porthole.config.yaml', 'porthole.config.yml'] as const

/** Longer chains of configurations are no use to anybody. */
export const longestChain = 20

/** What a configuration says of a rule or a feature. */
export interface RuleSetting {
  readonly severity: Severity | 'off'
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

export type RuleSettings = ReadonlyMap<string, RuleSetting>

/** What may be said of some files otherwise than of all. */
interface Judging {
  /** As `--target` takes them. */
  readonly targets: readonly string[] | undefined
  /** Where the targets are written. */
  readonly targetsRange?: Range | undefined
  readonly platform: PlatformMode | undefined
  readonly rules: RuleSettings
}

/** A configuration as it is written in one place. */
export interface Config extends Judging {
  /** Paths of configurations, relative to this one. */
  readonly extends: readonly Spanned[]
  readonly failOn: Severity | undefined
  readonly ignore: readonly string[]
  readonly overrides: readonly ConfigOverride[]
}

export interface ConfigOverride extends Judging {
  readonly files: readonly string[]
}

/** A part of a configuration, for all files or for those that patterns name; later layers outweigh earlier ones. */
export interface ConfigLayer extends Partial<Judging> {
  /** The file it is written in. */
  readonly origin: string
  /** Where the targets are written, as `path:line:column`. */
  readonly targetsPlace?: string | undefined
  /** The folder, absolute and with `/`, that patterns start from. */
  readonly folder: string
  /** `undefined`: all files. */
  readonly files?: readonly string[] | undefined
  readonly ignore?: readonly string[] | undefined
  readonly failOn?: Severity | undefined
}

/** What holds for one file. */
export interface ResolvedConfig {
  readonly targets: readonly string[] | undefined
  readonly platform: PlatformMode | undefined
  readonly rules: RuleSettings
}

/** The layers of a configuration by itself, without what it extends, which comes before. */
export function layersOf({ targets, targetsRange, platform, failOn, ignore, rules, overrides }: Config, origin: string, folder: string): ConfigLayer[] {
  return [{ origin, folder, targets, targetsRange, platform, failOn, ignore, rules }, ...overrides.map(override => ({ origin, folder, ...override }))]
}

/**
 * Where the patterns of a configuration start from: its own folder, or that of
 * the configuration which extends it, if it is shared and stands elsewhere.
 */
export const patternFolder = (own: string, extending: string | undefined): string => (extending === undefined || below(own, `${extending}/.`) !== undefined ? own : extending)

/** What patterns say of a path that is relative to the folder they start from. */
type Matcher = (path: string) => { readonly ignored: boolean; readonly unignored: boolean }

interface MatchingLayer extends ConfigLayer {
  readonly matchFile?: Matcher | undefined
  readonly matchIgnored?: Matcher | undefined
}

/** What is configured, for every file. Paths are absolute and have `/`. */
export class Configuration {
  readonly #layers: readonly MatchingLayer[]

  private constructor(layers: readonly MatchingLayer[]) {
    this.#layers = layers
  }

  /** Nothing is configured. */
  static readonly none = new Configuration([])

  static async of(layers: readonly ConfigLayer[]): Promise<Configuration> {
    const hasPatterns = layers.some(({ files, ignore }) => files || (ignore && ignore.length > 0))
    if (!hasPatterns) return new Configuration(layers)
    const { default: ignoring } = await import('ignore')
    const matcher = (patterns: readonly string[]): Matcher => {
      const rules = ignoring().add(patterns)
      return path => rules.test(path)
    }
    return new Configuration(layers.map(layer => ({ ...layer, matchFile: layer.files && matcher(layer.files), matchIgnored: layer.ignore && matcher(layer.ignore) })))
  }

  /** The files that say something, in order, each once. */
  get origins(): readonly string[] {
    return [...new Set(this.#layers.map(({ origin }) => origin))]
  }

  /** The layers that name targets, in order. */
  get targetLayers(): readonly ConfigLayer[] {
    return this.#layers.filter(({ targets }) => targets !== undefined)
  }

  get failOn(): Severity | undefined {
    return this.#layers.findLast(({ failOn }) => failOn !== undefined)?.failOn
  }

  /** Whether a file, or a folder if the path ends with `/`, is not to be linted; what a later layer says counts. */
  ignores(path: string): boolean {
    let isIgnored = false
    for (const { folder, matchIgnored } of this.#layers) {
      const relative = below(folder, path)
      const { ignored, unignored } = (relative !== undefined && matchIgnored?.(relative)) || noMatch
      if (ignored || unignored) isIgnored = ignored
    }
    return isIgnored
  }

  /** What holds for a file. */
  for(path: string): ResolvedConfig {
    const rules = new Map<string, RuleSetting>()
    let targets: readonly string[] | undefined
    let platform: PlatformMode | undefined
    for (const layer of this.#layersFor(path)) {
      targets = layer.targets ?? targets
      platform = layer.platform ?? platform
      for (const [id, setting] of layer.rules ?? []) rules.set(id, setting.options ? setting : { ...rules.get(id), ...setting })
    }
    return { targets, platform, rules }
  }

  #layersFor(path: string): readonly MatchingLayer[] {
    return this.#layers.filter(({ folder, files, matchFile }) => {
      if (!files) return true
      const relative = below(folder, path)
      return relative !== undefined && matchFile?.(relative).ignored === true
    })
  }
}

const noMatch: ReturnType<Matcher> = { ignored: false, unignored: false }

/** A path as seen from a folder; `undefined` if it is not in there. */
function below(folder: string, path: string): string | undefined {
  const start = folder.endsWith('/') ? folder : `${folder}/`
  return path.startsWith(start) && path.length > start.length ? path.slice(start.length) : undefined
}

/**
 * Diagnostics with the severities that are configured, without those that are
 * off. What is said of a feature outweighs what is said of its rule; the
 * settings of the command line, which come first, outweigh both.
 */
export function withSeverities(diagnostics: readonly Diagnostic[], settings: readonly RuleSettings[]): Diagnostic[] {
  return diagnostics.flatMap(diagnostic => {
    const severity = severityIn(diagnostic, settings)
    if (severity === 'off') return []
    return [severity === undefined || severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity }]
  })
}

function severityIn({ rule, feature }: Diagnostic, settings: readonly RuleSettings[]): RuleSetting['severity'] | undefined {
  for (const rules of settings) {
    const setting = rules.get(feature) ?? rules.get(rule)
    if (setting) return setting.severity
  }
  return undefined
}

/** What holds for a path as JSON, with the defaults and with what the command line sets. */
export function printableConfig(path: string, configuration: Configuration, commandLine: Partial<ResolvedConfig & Pick<ConfigLayer, 'failOn'>> = {}): string {
  const { targets, platform, rules } = configuration.for(path)
  const all = new Map(rules)
  for (const [id, setting] of commandLine.rules ?? []) all.set(id, { ...all.get(id), ...setting })
  const printed = {
    path,
    configurations: configuration.origins,
    ignored: configuration.ignores(path),
    targets: commandLine.targets ?? targets ?? defaultTargets,
    platform: commandLine.platform ?? platform ?? 'windows',
    failOn: commandLine.failOn ?? configuration.failOn ?? 'warning',
    rules: Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, { severity, options }]) => [id, options ? [severity, options] : severity]))
  }
  return `${JSON.stringify(printed, null, 2)}\n`
}

import type { Config, ConfigOverride, RuleSetting } from './config.ts'
import { severities, type Severity } from './diagnostic.ts'
import type { KnownNames } from './known-name.ts'
import { jsonFault } from './languages/json-syntax.ts'
import type { PlatformMode } from './linter.ts'
import { didYouMean } from './suggestion.ts'
import { parseTargets, TargetError } from './target.ts'
import { Text, type Range } from './text.ts'
import { readYaml } from './yaml-reader.ts'
import { entriesOf, nameOf, resolve, type YamlEntry, type YamlNode, type YamlScalar } from './yaml-tree.ts'

/** A place in a configuration that cannot be taken. */
export interface ConfigFault {
  readonly message: string
  readonly range: Range
}

/** How a configuration is written: as a file of its own, or as the key `porthole` of a package.json. */
export type ConfigNotation = 'json' | 'yaml' | 'package'

/** How a configuration at a path is written. */
export const notationOf = (path: string): ConfigNotation => (/(^|[/\\])package\.json$/.test(path) ? 'package' : /\.json$/i.test(path) ? 'json' : 'yaml')

/** What rules and features are called, and which options rules have. */
export interface ConfigNames extends KnownNames {
  readonly options?: Readonly<Record<string, readonly string[]>> | undefined
}

export interface ConfigReading {
  /** `undefined`: a package.json that has no configuration. */
  readonly config: Config | undefined
  readonly faults: readonly ConfigFault[]
}

/** All keys of a configuration, and those of an override. */
export const configKeys = ['$schema', 'extends', 'targets', 'platform', 'failOn', 'ignore', 'rules', 'overrides'] as const
export const overrideKeys = ['files', 'targets', 'platform', 'rules'] as const
export const platformModes: readonly PlatformMode[] = ['windows', 'auto']
export const ruleSeverities: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'off']

/** Reads the text of a configuration and says of everything that is wrong in it where it is. Never throws. */
export function readConfig(source: string, notation: ConfigNotation, names: ConfigNames): ConfigReading {
  if (notation === 'package' && !source.includes('"porthole"')) return { config: undefined, faults: [] }
  const fault = notation === 'yaml' ? undefined : jsonFault(source)
  if (fault) return { config: undefined, faults: [{ message: fault.message, range: [fault.start, fault.end] }] }
  const [document, another] = readYaml(Text.file(source))
  const reader = new ConfigReader(names)
  for (const { message, range } of document?.problems ?? []) reader.fault(message, range)
  if (another) reader.fault('a configuration is one document', another.root?.range ?? [source.length, source.length])
  if (notation !== 'package') return { config: reader.config(document?.root), faults: reader.faults }
  const entry = entriesOf(document?.root).find(({ name }) => name === 'porthole')
  return { config: entry && reader.config(entry.value), faults: reader.faults }
}

class ConfigReader {
  readonly faults: ConfigFault[] = []
  readonly #names: ConfigNames
  readonly #rules: ReadonlySet<string>
  readonly #ids: ReadonlySet<string>

  constructor(names: ConfigNames) {
    this.#names = names
    this.#rules = new Set(names.rules)
    this.#ids = new Set([...names.rules, ...names.features])
  }

  fault(message: string, range: Range): void {
    this.faults.push({ message, range })
  }

  config(root: YamlNode | undefined): Config {
    const entries = root ? this.#entries(root, 'a configuration', configKeys) : new Map<string, YamlEntry>()
    this.#one(entries, '$schema', entry => this.#string(entry.value, 'the address of a schema', entry))
    return {
      extends: this.#one(entries, 'extends', entry => this.#items(entry, 'a list of paths, such as `[../porthole.config.yaml]`').flatMap(item => this.#path(item, entry) ?? [])) ?? [],
      ...this.#judging(entries),
      failOn: this.#one(entries, 'failOn', entry => this.#oneOf(entry, severities)),
      ignore: this.#one(entries, 'ignore', entry => this.#patterns(entry)) ?? [],
      overrides: this.#one(entries, 'overrides', entry => this.#overrides(entry)) ?? []
    }
  }

  /** What may be said of all files and of some. */
  #judging(entries: ReadonlyMap<string, YamlEntry>): Pick<Config, 'targets' | 'targetsRange' | 'platform' | 'rules'> {
    return {
      targets: this.#one(entries, 'targets', entry => this.#targets(entry)),
      targetsRange: entries.get('targets')?.key.range,
      platform: this.#one(entries, 'platform', entry => this.#oneOf(entry, platformModes)),
      rules: this.#one(entries, 'rules', entry => this.#ruleSettings(entry)) ?? new Map()
    }
  }

  #one<T>(entries: ReadonlyMap<string, YamlEntry>, key: string, read: (entry: YamlEntry) => T): T | undefined {
    const entry = entries.get(key)
    return entry && read(entry)
  }

  /** The entries of a map by name, those with a known name. */
  #entries(node: YamlNode, what: string, keys: readonly string[]): ReadonlyMap<string, YamlEntry> {
    const known = new Map<string, YamlEntry>()
    for (const entry of this.#map(node, what)) {
      if (keys.includes(entry.name)) known.set(entry.name, entry)
      else this.fault(`unknown key \`${entry.name}\`${meant(entry.name, keys.filter(key => key !== '$schema'))}`, entry.key.range)
    }
    return known
  }

  #map(node: YamlNode | undefined, what: string, place?: YamlEntry): readonly YamlEntry[] {
    const map = resolve(node)?.node
    if (map?.kind !== 'map') {
      this.fault(`${what} must be a map of keys and values`, node?.range ?? place!.key.range)
      return []
    }
    const written = new Set<string>()
    for (const { key } of map.pairs) {
      const name = nameOf(key)
      if (written.has(name)) this.fault(`\`${name}\` stands here twice`, key.range)
      written.add(name)
    }
    return entriesOf(map)
  }

  #items(entry: YamlEntry, what: string): readonly (YamlNode | undefined)[] {
    const list = resolve(entry.value)?.node
    if (list?.kind === 'list') return list.items
    this.fault(`\`${entry.name}\` must be ${what}`, entry.value?.range ?? entry.key.range)
    return []
  }

  #scalar(node: YamlNode | undefined, what: string, place: YamlEntry): YamlScalar | undefined {
    const scalar = resolve(node)?.node
    if (scalar?.kind === 'scalar' && typeof scalar.value === 'string' && scalar.value.trim() !== '') return scalar
    this.fault(`here must be ${what}`, node?.range ?? place.key.range)
    return undefined
  }

  #string(node: YamlNode | undefined, what: string, place: YamlEntry): string | undefined {
    return this.#scalar(node, what, place)?.text.value
  }

  #oneOf<T extends string>(entry: YamlEntry, values: readonly T[]): T | undefined {
    const what = `one of ${values.map(value => `\`${value}\``).join(', ')}`
    const scalar = this.#scalar(entry.value, what, entry)
    return scalar && this.#among(scalar, values)
  }

  #among<T extends string>(scalar: YamlScalar, values: readonly T[]): T | undefined {
    const written = scalar.text.value
    const found = values.find(value => value === written)
    if (found === undefined) this.fault(`unknown value \`${written}\`${meant(written, values)}`, scalar.range)
    return found
  }

  #path(node: YamlNode | undefined, place: YamlEntry): Config['extends'] | undefined {
    const scalar = this.#scalar(node, 'the path of a configuration', place)
    return scalar && [{ value: scalar.text.value, range: scalar.range }]
  }

  #targets(entry: YamlEntry): readonly string[] | undefined {
    const items = this.#items(entry, 'a list of targets, such as `[ws2022]`')
    const places = items.length > 0 ? items.map(item => this.#target(item, entry)) : []
    if (items.length === 0 && resolve(entry.value)?.node.kind === 'list') this.fault('name a target, such as `ws2022`', entry.value!.range)
    const targets = places.filter(target => target !== undefined)
    if (targets.length === 0 || targets.length < items.length) return undefined
    return this.#acceptsTargets(targets, entry.value!.range) ? targets : undefined
  }

  #target(node: YamlNode | undefined, place: YamlEntry): string | undefined {
    const item = resolve(node)?.node
    // `1809` is a number in YAML and the name of a Windows version.
    const scalar = item?.kind === 'scalar' && typeof item.value === 'number' ? item : this.#scalar(node, 'a target, such as `ws2022` or `ws2019,engine@28`', place)
    return scalar && this.#acceptsTargets([scalar.text.value], scalar.range) ? scalar.text.value : undefined
  }

  #acceptsTargets(targets: readonly string[], range: Range): boolean {
    try {
      parseTargets(targets)
      return true
    } catch (error) {
      if (!(error instanceof TargetError)) throw error
      this.fault(error.message, range)
      return false
    }
  }

  #patterns(entry: YamlEntry): readonly string[] {
    return this.#items(entry, 'a list of patterns, such as `[vendor/]`').flatMap(item => {
      const scalar = this.#scalar(item, 'a pattern, such as `vendor/` or `*.ps1`', entry)
      return scalar ? this.#pattern(scalar) ?? [] : []
    })
  }

  /** A pattern as .gitignore has it; what would silently match nothing is a fault. */
  #pattern(scalar: YamlScalar): string | undefined {
    const written = scalar.text.value.trim()
    const fault = /\\[^*?[\]!# \\]/.test(written) ? 'folders are parted by `/` in patterns'
      : /^!?(\/?\.\.(\/|$)|[a-z]:)/i.test(written) ? 'a pattern cannot reach outside of the folder of its configuration'
        : written.startsWith('#') ? 'a pattern that begins with `#` is a comment; write `\\#`' : undefined
    if (fault) this.fault(fault, scalar.range)
    return fault ? undefined : written.replace(/^(!?)\.\/(?=.)/, '$1/')
  }

  #overrides(entry: YamlEntry): readonly ConfigOverride[] {
    return this.#items(entry, 'a list of overrides').flatMap(item => {
      if (item === undefined) return []
      const entries = this.#entries(item, 'an override', overrideKeys)
      const files = this.#one(entries, 'files', names => this.#patterns(names)) ?? []
      if (!entries.has('files') && resolve(item)?.node.kind === 'map') this.fault('an override must say for which `files` it is', item.range)
      return [{ files, ...this.#judging(entries) }]
    })
  }

  #ruleSettings(place: YamlEntry): ReadonlyMap<string, RuleSetting> {
    const settings = new Map<string, RuleSetting>()
    for (const entry of this.#map(place.value, '`rules`', place)) {
      if (!this.#ids.has(entry.name)) this.fault(`unknown rule or feature \`${entry.name}\`${meant(entry.name, this.#ids)}`, entry.key.range)
      const setting = this.#ruleSetting(entry)
      if (setting && this.#ids.has(entry.name)) settings.set(entry.name, setting)
    }
    return settings
  }

  #ruleSetting(entry: YamlEntry): RuleSetting | undefined {
    const list = resolve(entry.value)?.node
    const what = `a severity: ${ruleSeverities.map(severity => `\`${severity}\``).join(', ')}`
    const [first, second, third] = list?.kind === 'list' ? list.items : [entry.value]
    if (third) this.fault('after the severity and the options, nothing may follow', third.range)
    const scalar = this.#scalar(first, what, entry)
    const severity = scalar && this.#among(scalar, ruleSeverities)
    const options = second && this.#options(entry, second)
    return severity && { severity, ...(options ? { options } : {}) }
  }

  #options(rule: YamlEntry, node: YamlNode): Readonly<Record<string, unknown>> {
    const known = this.#names.options?.[rule.name] ?? []
    const options: Record<string, unknown> = {}
    for (const entry of this.#map(node, 'options')) {
      if (known.includes(entry.name)) options[entry.name] = plain(entry.value)
      else if (known.length > 0) this.fault(`\`${rule.name}\` has no option \`${entry.name}\`${meant(entry.name, known)}`, entry.key.range)
      else this.fault(`${this.#rules.has(rule.name) ? 'the rule' : 'the feature'} \`${rule.name}\` has no options`, entry.key.range)
    }
    return options
  }
}

/** What `--rule no-ipv6:off` options say, and what is wrong with them. */
export function readRuleOptions(options: readonly string[], { rules, features }: KnownNames): { readonly settings: ReadonlyMap<string, RuleSetting>; readonly faults: readonly string[] } {
  const ids = new Set([...rules, ...features])
  const settings = new Map<string, RuleSetting>()
  const faults: string[] = []
  for (const option of options) {
    const [, id = option, written] = /^([^:]*):(.*)$/s.exec(option) ?? []
    const severity = ruleSeverities.find(name => name === written)
    if (!ids.has(id)) faults.push(`unknown rule or feature \`${id}\`${meant(id, ids)}`)
    else if (written === undefined) faults.push(`\`${id}\` needs a severity, as in \`${id}:off\``)
    else if (!severity) faults.push(`unknown severity \`${written}\` of \`${id}\`${meant(written, ruleSeverities)}`)
    else settings.set(id, { severity })
  }
  return { settings, faults }
}

/** What was probably meant, or everything that could be if that is little. */
function meant(name: string, names: Iterable<string>): string {
  const all = [...names]
  const nearest = didYouMean(name, all)
  return nearest ? `; did you mean \`${nearest}\`?` : all.length <= 10 ? `; known are ${all.join(', ')}` : ''
}

/** Options are small; what is nested deeper is no option of ours. */
function plain(node: YamlNode | undefined, depth = 0): unknown {
  const value = resolve(node)?.node
  if (!value || depth > 8) return null
  if (value.kind === 'scalar') return value.value
  if (value.kind === 'list') return value.items.map(item => plain(item, depth + 1))
  return Object.fromEntries(entriesOf(value).map(entry => [entry.name, plain(entry.value, depth + 1)]))
}

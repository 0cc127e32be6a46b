import { appliesTo, combinationsOf, contextKeys, DecidingFactors, type Circumstance } from './circumstance.ts'
import type { Context, ContextKey, FeatureId, Setting } from './intent.ts'
import { parsePath, PathIndex } from './spelling.ts'
import type { Target } from './target.ts'
import { matcherOf, type Answer } from './value-pattern.ts'

/** What Windows does with a feature: the one judgement that is stored; everything else derives from it. */
export type Effect = 'rejected' | 'broken' | 'ignored' | 'differs' | 'supported' | 'unknown'

/** When it shows. */
export type Stage = 'parse' | 'create' | 'start' | 'run' | 'build'

/** How we know. */
export type EvidenceKind = 'executed' | 'source' | 'documented' | 'reported' | 'inferred'

export interface Source {
  /** A URL, or `repository:file:symbol`. */
  readonly where: string
  readonly says?: string
}

/** Circumstances under which an entry of a row applies; what is not named does not matter. */
export interface Conditions {
  readonly windows?: string
  readonly engine?: string
  readonly host?: string | readonly string[]
  readonly isolation?: string | readonly string[]
  readonly driver?: string | readonly string[]
  readonly via?: string | readonly string[]
  readonly subnet?: string
  readonly internal?: string
  readonly network?: string | readonly string[]
  readonly address?: string
  readonly overlap?: string
  readonly swarm?: string
  /** A feature that the same intent asks for as well. */
  readonly beside?: FeatureId | readonly FeatureId[]
  readonly mode?: string
  readonly value?: string
  /** How the Windows of an image, whose build is the value, compares with that of the target. */
  readonly image?: 'older' | 'same' | 'newer'
}

/** What Windows does with a feature under some conditions. */
export interface Support extends Conditions {
  readonly effect: Effect
  /** What is silently lost is protection. */
  readonly unsafe?: true
  readonly stage?: Stage
  /** What the user will see, word for word. */
  readonly error?: string
  readonly message?: string
  readonly evidence: readonly EvidenceKind[]
  readonly where?: string
  readonly note?: string
}

/** A change of the file that mends a finding, where there is only one that does. */
export interface RowFix extends Conditions {
  /** The setting is taken out. */
  readonly remove?: true
  /** It gets this value; what stands in braces is filled in as in messages. */
  readonly replace?: string
  /** It is never safe, even where Windows ignores the setting. */
  readonly unsafe?: true
}

export interface ComposeSpelling { readonly path: string; readonly part?: 'build'; readonly value?: string; readonly absent?: true; readonly example?: unknown }
export interface CliSpelling {
  readonly command: readonly string[]
  readonly flag?: string
  readonly key?: string
  readonly part?: string
  readonly argument?: number
  readonly value?: string
  readonly absent?: true
  readonly example?: string
}
export interface DockerfileSpelling { readonly instruction: readonly string[]; readonly flag?: string; readonly key?: string; readonly part?: string; readonly value?: string; readonly example?: string }
export interface PathSpelling { readonly path: string; readonly value?: string; readonly example?: unknown }
export interface ProgramSpelling { readonly program: string; readonly value?: never; readonly arguments?: readonly string[]; readonly instead?: string }

/** A rule of another linter or a guide. */
export interface Advice {
  /** Its name, and that of the tool. */
  readonly by: string
  /** Which values it asks for; all if missing. */
  readonly value?: string
}

/** One fact of the support matrix: how a feature is spelled, and what Windows does with it. */
export interface Row {
  readonly feature: FeatureId
  readonly rule: string
  readonly title: string
  /** It is reported only for targets that the user has named. */
  readonly statedTarget?: true
  /** One network with which it works is enough; otherwise one with which it does not is too many. */
  readonly anyNetwork?: true
  /** It speaks of this entry point only, and there it alone speaks of what it spells and of all below. */
  readonly entryPoint?: 'stack'
  readonly spelled: {
    readonly compose?: readonly ComposeSpelling[]
    readonly cli?: readonly CliSpelling[]
    readonly dockerfile?: readonly DockerfileSpelling[]
    readonly daemon?: readonly PathSpelling[]
    readonly api?: readonly PathSpelling[]
    readonly program?: readonly ProgramSpelling[]
  }
  readonly support: readonly Support[]
  /** Of several the first that applies; none that may not apply to one of the targets. */
  readonly fix?: readonly RowFix[]
  readonly message: string
  readonly instead?: string
  /** Rules of other linters and guides that ask for this setting: rules/advice.yaml. */
  readonly advice?: readonly Advice[]
  readonly notes?: string
  readonly sources: readonly Source[]
}

/** What a row says about a setting on a target. `support` is missing where no entry speaks of it. */
export interface Verdict {
  readonly target: Target
  readonly effect: Effect
  readonly support?: Support | undefined
}

/** From the worst to none. */
const severities: readonly Effect[] = ['rejected', 'broken', 'ignored', 'differs', 'unknown', 'supported']

/** How bad it is, lower is worse; what is silently lost and protection counts as broken. */
export const rankOf = (verdict: Pick<Verdict, 'effect' | 'support'>): number => (verdict.support?.unsafe ? 1.5 : severities.indexOf(verdict.effect))

/** Values of zero. */
const nothing = /^0*(\.0*)?$/

/** A way to spell a row's feature, with the row. */
export interface Spelled<T> {
  readonly row: Row
  readonly spelling: T
  readonly matchesValue: (value: string | undefined) => Answer
}

/** The rows, and indexes of how they are spelled. */
export class Matrix {
  readonly rows: readonly Row[]
  #compose: PathIndex<Spelled<ComposeSpelling>> | undefined
  #programPattern: RegExp | undefined
  #besides: ReadonlySet<FeatureId> | undefined
  #absent: Map<string, { readonly row: Row; readonly path: readonly string[] }[]> | undefined
  #commands: Map<string, CommandSpellings> | undefined
  #instructions: Map<string, Spelled<DockerfileSpelling>[]> | undefined
  #programs: Map<string, Spelled<ProgramSpelling>[]> | undefined
  readonly #byFeature = new Map<FeatureId, Row[]>()
  readonly #verdicts = new WeakMap<readonly Target[], Map<Row, KnownVerdicts>>()

  constructor(rows: readonly Row[]) {
    this.rows = rows
    for (const row of rows) this.#byFeature.set(row.feature, [...(this.#byFeature.get(row.feature) ?? []), row])
  }

  rowsOf(feature: FeatureId): readonly Row[] {
    return this.#byFeature.get(feature) ?? []
  }

  /** Where compose files spell features, by canonical path. */
  get compose(): PathIndex<Spelled<ComposeSpelling>> {
    if (!this.#compose) {
      this.#compose = new PathIndex()
      for (const row of this.rows) for (const spelling of row.spelled.compose ?? []) this.#compose.add(spelling.path, { row, spelling, matchesValue: matcherOf(spelling.value) })
    }
    return this.#compose
  }

  /** Keys of a section of compose files (`networks`) whose absence asks for something, as paths below an entry. */
  absentKeys(section: string): readonly { readonly row: Row; readonly path: readonly string[] }[] {
    this.#absent ??= absentOf(this.rows)
    return this.#absent.get(section) ?? []
  }

  /** How a command of the Docker CLI spells features, of flags those that are given. */
  commands(command: string, flags: Iterable<string>): readonly Spelled<CliSpelling>[] {
    this.#commands ??= new Map([...indexOf(this.rows, row => row.spelled.cli, ({ command: names }) => names)].map(([name, spelled]) => [name, new CommandSpellings(spelled)]))
    return this.#commands.get(command)?.with(flags) ?? []
  }

  /** How an instruction of a Dockerfile spells features. */
  instructions(name: string): readonly Spelled<DockerfileSpelling>[] {
    this.#instructions ??= indexOf(this.rows, row => row.spelled.dockerfile, ({ instruction }) => instruction)
    return this.#instructions.get(name) ?? []
  }

  /** Matches texts in which a program is named that the matrix speaks of. */
  get programPattern(): RegExp {
    if (!this.#programPattern) {
      const names = this.rows.flatMap(row => (row.spelled.program ?? []).map(({ program }) => program.replace(/[^\w-]/g, '\\$&')))
      this.#programPattern = names.length > 0 ? new RegExp(`(^|[^\\w-])(${names.join('|')})($|[^\\w-])`, 'i') : /(?!)/
    }
    return this.#programPattern
  }

  /** Features that running a program of this name, in lower case, asks for. */
  programs(name: string): readonly Spelled<ProgramSpelling>[] {
    this.#programs ??= indexOf(this.rows, row => row.spelled.program, ({ program }) => [program.toLowerCase()])
    return this.#programs.get(name) ?? []
  }

  /** The features among settings that entries want to see beside others; a value of zero asks for nothing. */
  beside(settings: readonly Setting[]): readonly FeatureId[] | undefined {
    this.#besides ??= new Set(this.rows.flatMap(({ support }) => support.flatMap(({ beside = [] }) => beside)))
    let found: FeatureId[] | undefined
    for (const { row, value } of settings) {
      if (!this.#besides.has(row.feature) || value === undefined || nothing.test(value)) continue
      if (!found) found = [row.feature]
      else if (!found.includes(row.feature)) found.push(row.feature)
    }
    return found
  }

  /** What happens to a setting of an intent on several targets; in the same circumstances always the same, and so computed once. */
  verdicts(row: Row, setting: Setting, context: Context, targets: readonly Target[]): readonly Verdict[] {
    let known = this.#verdicts.get(targets)
    if (!known) this.#verdicts.set(targets, (known = new Map()))
    let ofRow = known.get(row)
    if (!ofRow) known.set(row, (ofRow = { factors: new DecidingFactors(row), verdicts: new Map() }))
    const circumstances = ofRow.factors.key(setting, context)
    let verdicts = ofRow.verdicts.get(circumstances)
    if (!verdicts) {
      const { factors } = ofRow
      const deciding = { ...setting, context: factors.among({ ...context, ...setting.context }) }
      verdicts = targets.map(target => this.verdict(row, deciding, {}, target))
      // Drivers may have any name.
      if (ofRow.verdicts.size >= 500) ofRow.verdicts.clear()
      ofRow.verdicts.set(circumstances, verdicts)
    }
    return verdicts
  }

  /** What happens to a setting of an intent on a target. */
  verdict(row: Row, setting: Setting, context: Context, target: Target): Verdict {
    const circumstances = combinationsOf({ ...context, ...setting.context }, target)
    const verdicts = circumstances.map(circumstance => this.#verdictIn(row, setting.value, circumstance, target))
    return verdicts.reduce((a, b) => ((row.anyNetwork ? rankOf(b) > rankOf(a) : rankOf(b) < rankOf(a)) ? b : a))
  }

  #verdictIn(row: Row, value: string | undefined, circumstance: Circumstance, target: Target): Verdict {
    const possible: Support[] = []
    for (const support of row.support) {
      const applies = appliesTo(support, value, circumstance, target)
      if (applies === false) continue
      possible.push(support)
      if (applies) return agreed(possible, circumstance, target)
    }
    if (possible.length === 0) return { target, effect: 'supported' }
    // None surely applies: unless one does, Windows supports it.
    return { target, effect: 'unknown' }
  }
}

/** The fix of a row that surely applies to a setting, on all targets and under all circumstances. */
export function rowFix(row: Row, setting: Setting, context: Context, targets: readonly Target[]): RowFix | undefined {
  const circumstances = targets.flatMap(target => combinationsOf({ ...context, ...setting.context }, target).map(circumstance => ({ circumstance, target })))
  return row.fix?.find(fix => circumstances.every(({ circumstance, target }) => appliesTo(fix, setting.value, circumstance, target) === true))
}

/** How one command spells features. */
class CommandSpellings {
  readonly #all: readonly Spelled<CliSpelling>[]
  /** Places in `#all` of those that are spelled with a flag, by its name. */
  readonly #byFlag = new Map<string, number[]>()
  /** Places of those that are spelled with none, or by its absence. */
  readonly #others: number[] = []

  constructor(all: readonly Spelled<CliSpelling>[]) {
    this.#all = all
    for (const [place, { spelling: { flag, absent } }] of all.entries()) {
      if (flag === undefined || absent) this.#others.push(place)
      else this.#byFlag.set(flag, [...(this.#byFlag.get(flag) ?? []), place])
    }
  }

  /** Those that may be meant where these flags are given, in the order of the rows. */
  with(flags: Iterable<string>): Spelled<CliSpelling>[] {
    const places = [...this.#others]
    for (const flag of flags) places.push(...(this.#byFlag.get(flag) ?? []))
    return places.sort((a, b) => a - b).map(place => this.#all[place]!)
  }
}

/** Spellings by the names under which they are looked for. */
function indexOf<T extends { readonly value?: string }>(rows: readonly Row[], spellings: (row: Row) => readonly T[] | undefined, names: (spelling: T) => readonly string[]): Map<string, Spelled<T>[]> {
  const index = new Map<string, Spelled<T>[]>()
  for (const row of rows) for (const spelling of spellings(row) ?? []) {
    const spelled = { row, spelling, matchesValue: matcherOf(spelling.value) }
    for (const name of names(spelling)) index.set(name, [...(index.get(name) ?? []), spelled])
  }
  return index
}

/** The verdict when any of several entries may apply: what they agree on; at least the mildest, where each of them is a loss; or unknown. */
function agreed(possible: readonly Support[], circumstance: Circumstance, target: Target): Verdict {
  const [first, ...others] = possible as [Support, ...Support[]]
  if (others.some(other => other.effect !== first.effect || other.unsafe !== first.unsafe)) {
    if (!possible.every(({ effect }) => losses.includes(effect))) return { target, effect: 'unknown' }
    const { effect, unsafe, evidence } = possible.reduce((mildest, support) => (rankOf({ effect: support.effect, support }) > rankOf({ effect: mildest.effect, support: mildest }) ? support : mildest))
    return { target, effect, support: { effect, ...(unsafe ? { unsafe } : {}), evidence, note: `Refused or ignored, depending on ${unknownOf(possible, circumstance)}` } }
  }
  if (others.every(other => other.error === first.error)) return { target, effect: first.effect, support: first }
  const { error: _error, note: _note, ...common } = first
  return { target, effect: first.effect, support: common }
}

/** What nobody gets anything from. */
const losses: readonly Effect[] = ['rejected', 'broken', 'ignored']

/** What would have to be known to tell entries apart, in words. */
function unknownOf(possible: readonly Support[], circumstance: Circumstance): string {
  const key = contextKeys.find(name => circumstance[name] === undefined && possible.some(support => support[name] !== undefined))
  return key === undefined ? 'its value' : `the ${contextNouns[key] ?? 'network'}`
}

const contextNouns: { readonly [Key in ContextKey]?: string } = { host: 'host', isolation: 'isolation', via: 'command' }

interface KnownVerdicts {
  readonly factors: DecidingFactors
  readonly verdicts: Map<string, readonly Verdict[]>
}

/** Keys whose absence asks for something, by section. */
function absentOf(rows: readonly Row[]): Map<string, { readonly row: Row; readonly path: readonly string[] }[]> {
  const absent = new Map<string, { readonly row: Row; readonly path: readonly string[] }[]>()
  for (const row of rows) for (const { path } of (row.spelled.compose ?? []).filter(spelling => spelling.absent)) {
    const [section = '', , ...below] = parsePath(path).filter(segment => segment !== '[]')
    absent.set(section, [...(absent.get(section) ?? []), { row, path: below }])
  }
  return absent
}

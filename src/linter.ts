import type { Diagnostic, Related, Severity, TargetVerdict } from './diagnostic.ts'
import { factsOf } from './file-facts.ts'
import { commonFix, fixOf } from './fix.ts'
import type { Intent, Setting } from './intent.ts'
import type { Gap, Language, Problem, Reading, Reference, Subject, Surroundings } from './language.ts'
import { rankOf, type Effect, type Matrix, type Row, type Support, type Verdict } from './matrix.ts'
import { placeholders } from './placeholder.ts'
import type { Rule } from './rule.ts'
import type { Target } from './target.ts'
import { Text } from './text.ts'
import { Workspace } from './workspace.ts'
import { matcherOf } from './value-pattern.ts'

/** Whether containers of unknown or Linux provenance are judged. */
export type PlatformMode = 'windows' | 'auto'

export interface LintOptions {
  readonly targets: readonly Target[]
  /** Whether the user has named the targets. */
  readonly statedTargets?: boolean
  readonly platform: PlatformMode
}

/** What linting needs to know: the facts, the rules and the notations. */
export interface Knowledge {
  readonly matrix: Matrix
  readonly rules: readonly Rule[]
  readonly languages: readonly Language[]
}

/** What was found in a file. */
export interface LintResult {
  /** The language it was read as; `undefined`: none that speaks of Docker. */
  readonly language: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** What would be reported if it were for Windows. */
  readonly leftOut: readonly LeftOut[]
  readonly subjects: readonly Subject[]
  /** What it asks for, found fault with or not. */
  readonly intents: readonly Intent[]
  /** What other files ask for and bears on it. */
  readonly elsewhere: readonly Intent[]
  /** Files that this one hands to Docker. */
  readonly references: readonly Reference[]
  readonly comments: readonly Text[]
  /** What could not be found out. */
  readonly gaps: readonly Gap[]
}

/** A file as one of the languages reads it. */
export interface ReadFile {
  readonly language: string
  readonly reading: Reading
}

/** Diagnostics that are not reported, because the container is not for Windows or nothing says so. */
export interface LeftOut {
  readonly reason: 'declared-linux' | 'linux' | 'undecided'
  readonly subject: string
  readonly diagnostics: number
}

/** Lint one file by itself. Never throws on what the file holds. */
export async function lint(path: string, source: string, knowledge: Knowledge, options: LintOptions, surroundings: Surroundings): Promise<LintResult> {
  const file = await read(path, source, knowledge, surroundings)
  if (!file) return nothing
  const workspace = new Workspace()
  workspace.add(path, factsOf(path, file.language, file.reading))
  return lintReading({ ...file, reading: workspace.join(path, file.reading) }, knowledge, options)
}

/** What is found in a file of which no language knows anything. */
export const nothing: LintResult = { language: undefined, diagnostics: [], leftOut: [], subjects: [], intents: [], elsewhere: [], references: [], comments: [], gaps: [] }

/** Read a file in the first language that knows it; `undefined`: none does. */
export async function read(path: string, source: string, { languages, matrix }: Knowledge, surroundings: Surroundings): Promise<ReadFile | undefined> {
  const file = Text.file(source)
  for (const language of languages) {
    if (surroundings.language === undefined ? !language.mayBe(path) || !language.recognises(path, source) : language.id !== surroundings.language) continue
    const reading = await language.read(file, matrix, path, surroundings)
    if (reading) return { language: language.id, reading }
  }
  return undefined
}

/** Judge what was read. */
export function lintReading({ language, reading }: ReadFile, knowledge: Knowledge, options: LintOptions): LintResult {
  const { subjects, intents, elsewhere = [], references = [], comments, gaps = [] } = reading
  const { diagnostics, leftOut } = judge(reading, knowledge, options)
  return { language, diagnostics, leftOut, subjects, intents, elsewhere, references, comments, gaps }
}

/** What the matrix says about what a file asks for. */
export function judge(reading: Reading, { matrix, rules }: Knowledge, { targets, statedTargets = false, platform }: LintOptions): Pick<LintResult, 'diagnostics' | 'leftOut'> {
  const rulesById = byId(rules)
  const found: Diagnostic[] = speaksOfWindows(reading, platform) ? reading.problems.map(problemDiagnostic) : []
  const leftOut = new Map<string, LeftOut>()
  const others = reading.elsewhere && reading.elsewhere.length > 0 ? [...reading.intents, ...reading.elsewhere] : reading.intents
  for (const intent of reading.intents) {
    const reason = reasonToLeaveOut(intent, platform)
    for (const setting of intent.settings) {
      const { row } = setting
      const rule = rulesById.get(row.rule)
      if (!rule || (row.statedTarget && !statedTargets) || rule.except?.(intent, setting, row, others)) continue
      const diagnostic = diagnosticOf(setting, intent, verdictsOf(setting, intent, matrix, targets))
      if (!diagnostic) continue
      if (!reason) found.push(diagnostic)
      else leaveOut(leftOut, reason, intent)
    }
  }
  return { diagnostics: withoutRepetition(found), leftOut: [...leftOut.values()] }
}

const knownRules = new WeakMap<readonly Rule[], ReadonlyMap<string, Rule>>()

function byId(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  let known = knownRules.get(rules)
  if (!known) knownRules.set(rules, (known = new Map(rules.map(rule => [rule.id, rule]))))
  return known
}

/** Whether faults of the file itself are worth telling: not where all of it is for Linux, or nothing says that it is not. */
function speaksOfWindows({ subjects }: Reading, mode: PlatformMode): boolean {
  if (mode === 'auto') return subjects.some(({ platform }) => platform.os === 'windows')
  return subjects.length === 0 || subjects.some(({ platform }) => !(platform.os === 'linux' && platform.declared))
}

function reasonToLeaveOut({ platform }: Intent, mode: PlatformMode): LeftOut['reason'] | undefined {
  if (platform.os === 'linux' && platform.declared) return 'declared-linux'
  if (mode === 'windows' || platform.os === 'windows') return undefined
  return platform.os === 'linux' ? 'linux' : 'undecided'
}

function leaveOut(leftOut: Map<string, LeftOut>, reason: LeftOut['reason'], intent: Intent): void {
  const subject = intent.name?.value ?? ''
  const key = `${intent.verb} ${subject} ${reason}`
  leftOut.set(key, { reason, subject, diagnostics: (leftOut.get(key)?.diagnostics ?? 0) + 1 })
}

/** What the matrix says of a setting; a diagnostic if it has a severity. */
export type Judgement = Omit<Diagnostic, 'severity'> & { readonly severity: Severity | undefined }

/** What becomes of a setting on each of the targets, whether anything is wrong with it or not. */
export function judgementOf(setting: Setting, intent: Intent, matrix: Matrix, targets: readonly Target[]): Judgement {
  const verdicts = verdictsOf(setting, intent, matrix, targets)
  return accountOf(setting, intent, verdicts, severityOf(worstOf(verdicts)))
}

function diagnosticOf(setting: Setting, intent: Intent, verdicts: readonly Verdict[]): Diagnostic | undefined {
  const severity = severityOf(worstOf(verdicts))
  return severity && accountOf(setting, intent, verdicts, severity)
}

const verdictsOf = (setting: Setting, { context }: Intent, matrix: Matrix, targets: readonly Target[]): readonly Verdict[] => matrix.verdicts(setting.row, setting, context, targets)

const worstOf = (verdicts: readonly Verdict[]): Verdict => verdicts.reduce((a, b) => (rankOf(b) < rankOf(a) ? b : a))

function accountOf<T extends Severity | undefined>(setting: Setting, intent: Intent, verdicts: readonly Verdict[], severity: T): Omit<Diagnostic, 'severity'> & { readonly severity: T } {
  const { row } = setting
  const worst = worstOf(verdicts)
  const fill = placeholders(setting, intent)
  const instead = setting.instead ?? row.instead
  // All in one literal, so that all have one shape: there may be very many.
  return {
    rule: row.rule,
    feature: row.feature,
    severity,
    effect: worst.effect,
    verdicts: targetVerdicts(verdicts, worst, setting, intent),
    message: messageOf(worst, row, fill),
    instead: instead && `${fill(instead)}.`,
    advice: adviceOn(row, setting),
    sources: sourcesOf(row, worst.support),
    range: setting.range,
    related: relatedOf(row, setting, intent, worst.support),
    fix: fixOf(setting, intent, verdicts, fill)
  }
}

/** What is said of the place where something comes into use that is written elsewhere. */
export const usedHere = 'used here'

/** Where it comes into use, and the networks and services on which the verdict rests. */
function relatedOf(row: Row, setting: Setting, intent: Intent, support: Support | undefined): Related[] {
  const restsOnNetwork = support !== undefined && (support.driver ?? support.subnet ?? support.internal ?? support.network ?? support.address) !== undefined
  const uses = !restsOnNetwork || intent.verb === 'network.create' ? [] : setting.network ? [setting.network] : intent.networks ?? []
  return [
    ...(setting.usedAt ? [{ message: usedHere, range: setting.usedAt }] : []),
    ...(setting.related ?? []),
    ...(row.support.some(({ isolation }) => isolation !== undefined) ? intent.related ?? [] : []),
    ...uses.flatMap(({ network: { madeAt } }) => (madeAt ? [{ message: 'the network is made here', ...madeAt }] : []))
  ]
}

/** Who asks for a setting, by its value where that matters. */
function adviceOn({ advice }: Row, { value }: Setting): readonly string[] | undefined {
  const asking = advice?.filter(({ value: pattern }) => pattern === undefined || matcherOf(pattern)(value) === true).map(({ by }) => by)
  return asking && asking.length > 0 ? asking : undefined
}

/** Severity follows from the effect; what nobody has seen or documented is at most information. */
export function severityOf({ effect, support }: Pick<Verdict, 'effect' | 'support'>): Severity | undefined {
  const severity = support?.unsafe ? 'error' : severityByEffect[effect]
  return severity && support?.evidence.every(evidence => evidence === 'inferred') ? 'info' : severity
}

const severityByEffect: Readonly<Record<Effect, Severity | undefined>> = { rejected: 'error', broken: 'error', ignored: 'warning', differs: 'info', supported: undefined, unknown: undefined }

const messageOf = ({ support }: Verdict, row: Row, fill: (text: string) => string): string => `${fill(support?.message ?? row.message)}.`

/** What is said of targets in the same words whatever is written, by the verdicts, which are the same for the same circumstances. */
const knownTargetVerdicts = new WeakMap<readonly Verdict[], readonly TargetVerdict[]>()

function targetVerdicts(verdicts: readonly Verdict[], worst: Verdict, setting: Setting, intent: Intent): readonly TargetVerdict[] {
  let told = knownTargetVerdicts.get(verdicts)
  if (told) return told
  const { row } = setting
  let isFilled = false
  told = verdicts.map(verdict => {
    const fill = placeholders(setting, intent, verdict.target)
    return targetVerdict(verdict, worst, row, text => {
      const filled = fill(text)
      if (filled !== text) isFilled = true
      return filled
    })
  })
  if (!isFilled) knownTargetVerdicts.set(verdicts, told)
  return told
}

function targetVerdict(verdict: Verdict, worst: Verdict, row: Row, fill: (text: string) => string): TargetVerdict {
  const { target, effect, support } = verdict
  const message = messageOf(verdict, row, fill)
  return {
    target: target.label,
    effect,
    ...(severityOf(verdict) && message !== messageOf(worst, row, fill) ? { message } : {}),
    ...(support?.unsafe ? { unsafe: true } : {}),
    ...(support?.stage ? { stage: support.stage } : {}),
    ...(support?.error ? { error: fill(support.error) } : {}),
    ...(support?.note ? { note: fill(support.note) } : {}),
    evidence: support?.evidence ?? []
  }
}

const sourcesOf = (row: Row, support: Support | undefined): Diagnostic['sources'] =>
  support?.where && !row.sources.some(({ where }) => where === support.where) ? [...row.sources, { where: support.where }] : row.sources

function problemDiagnostic({ rule, severity, message, instead, range, sources }: Problem): Diagnostic {
  return { rule, feature: rule, severity, effect: 'rejected', verdicts: [], message: /[.?!]$/.test(message) ? message : `${message}.`, instead, sources, range, related: [] }
}

/**
 * One diagnostic for one text: what is written once and used by several
 * services (an anchor) is reported once, with all the places that use it.
 */
function withoutRepetition(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  if (diagnostics.length < 2) return [...diagnostics]
  const unique = new Map<string, Diagnostic>()
  for (const diagnostic of diagnostics) {
    const key = `${diagnostic.range[0]} ${diagnostic.range[1]} ${diagnostic.rule} ${diagnostic.feature} ${diagnostic.effect}`
    const first = unique.get(key)
    unique.set(key, first ? { ...first, related: union(first.related, diagnostic.related), fix: commonFix(first.fix, diagnostic.fix) } : diagnostic)
  }
  return [...unique.values()].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1] || (a.feature < b.feature ? -1 : 1))
}

const union = (some: readonly Related[], others: readonly Related[]): Related[] =>
  [...some, ...others.filter(({ path, range }) => !some.some(known => known.path === path && known.range[0] === range[0] && known.range[1] === range[1]))].slice(0, 20)


import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import type { KnownNames } from './known-name.ts'
import { severityOf } from './linter.ts'
import { rankOf, type Verdict } from './matrix.ts'
import { readSuppressionComment, type CommentFault, type SuppressionComment } from './suppression-comment.ts'
import type { Range, Text } from './text.ts'

/** What a run knows that bears on suppressions. */
export interface SuppressionCircumstances extends KnownNames {
  /** Labels of the targets that were judged. */
  readonly targets: readonly string[]
  /** Rules and features that this run does not judge: a suppression of them may be of use in another. */
  readonly unjudged?: ReadonlySet<string> | undefined
  /** Whether all that was found is among the diagnostics; if not, nothing can be said of what suppresses none. */
  readonly complete?: boolean | undefined
}

export interface SuppressedDiagnostic {
  readonly diagnostic: Diagnostic
  readonly reason?: string | undefined
}

export interface SuppressionResult {
  readonly kept: readonly Diagnostic[]
  readonly suppressed: readonly SuppressedDiagnostic[]
  /** Comments that cannot be understood, have expired or suppress nothing. */
  readonly problems: readonly Diagnostic[]
}

/**
 * Takes away the diagnostics that the comments of a file ask to be silent
 * about. `today` is a date such as `2027-01-31`. Comments must be given as they
 * are read, with what marks them, in any order.
 */
export function applySuppressions(diagnostics: readonly Diagnostic[], comments: readonly Text[], source: string, today: string, known: SuppressionCircumstances): SuppressionResult {
  const names = new Set([...known.rules, ...known.features])
  const readings = withoutRepetition(comments).map(comment => readSuppressionComment(comment, name => names.has(name), names))
  const found = readings.flatMap(reading => reading.found).sort((a, b) => a.range[0] - b.range[0])
  const faults = readings.flatMap(reading => reading.faults)
  if (found.length === 0) return { kept: diagnostics, suppressed: [], problems: faults.map(problem) }
  const isExpired = ({ until }: SuppressionComment): boolean => until !== undefined && until.value < today
  const scopes = new Scopes(found.filter(comment => !isExpired(comment)), new SourceLines(source, comments))
  const { kept, suppressed } = divide(diagnostics, scopes)
  const unused = known.complete === false ? [] : scopes.suppressions.flatMap(suppression => suppression.unused(known))
  const problems = [...faults, ...scopes.unheard.map(excess), ...found.filter(isExpired).map(expiry), ...(faults.length > 0 ? [] : idleEnds(found)), ...unused]
  return { kept, suppressed, problems: problems.sort((a, b) => a.range[0] - b.range[0]).map(problem) }
}

function divide(diagnostics: readonly Diagnostic[], scopes: Scopes): Pick<SuppressionResult, 'kept' | 'suppressed'> {
  const outcomes = new Map<Diagnostic, Diagnostic | SuppressedDiagnostic>()
  // Scopes follow the file from its beginning to its end.
  for (const diagnostic of [...diagnostics].sort((a, b) => a.range[0] - b.range[0])) outcomes.set(diagnostic, outcomeOf(diagnostic, scopes.at(diagnostic.range[0])))
  const kept: Diagnostic[] = []
  const suppressed: SuppressedDiagnostic[] = []
  for (const diagnostic of diagnostics) {
    const outcome = outcomes.get(diagnostic)!
    if ('diagnostic' in outcome) suppressed.push(outcome)
    else kept.push(outcome)
  }
  return { kept, suppressed }
}

/** A diagnostic, what is left of it, or that nothing is left. */
function outcomeOf(diagnostic: Diagnostic, suppressions: readonly Suppression[]): Diagnostic | SuppressedDiagnostic {
  const matching = suppressions.filter(suppression => suppression.names(diagnostic))
  if (matching.length === 0) return diagnostic
  const effective = matching.filter(suppression => suppression.use(diagnostic))
  const reason = effective.find(({ comment }) => comment.reason !== undefined)?.comment.reason
  if (effective.some(({ comment }) => !comment.targets)) return { diagnostic, reason }
  const left = diagnostic.verdicts.filter(({ target }) => !effective.some(({ comment }) => comment.targets!.matches(target)))
  if (left.length === diagnostic.verdicts.length) return diagnostic
  return narrowed(diagnostic, left) ?? { diagnostic, reason }
}

/** A diagnostic with fewer verdicts, and without a fix, which would hold for the others too; `undefined` if none of them is worth telling. */
function narrowed(diagnostic: Diagnostic, verdicts: readonly SpokenVerdict[]): Diagnostic | undefined {
  const [first, ...others] = verdicts.filter(isReportable)
  if (!first) return undefined
  const worst = others.reduce((a, b) => (rankOf(asVerdict(b)) < rankOf(asVerdict(a)) ? b : a), first)
  return { ...diagnostic, verdicts, effect: worst.effect, severity: severityOf(asVerdict(worst))!, message: worst.message ?? diagnostic.message, fix: undefined }
}

/** A verdict that may say more than the diagnostic does, where the matrix speaks of its target alone. */
type SpokenVerdict = TargetVerdict & { readonly message?: string | undefined }

const isReportable = (verdict: TargetVerdict): boolean => severityOf(asVerdict(verdict)) !== undefined

const asVerdict = ({ effect, unsafe, evidence }: TargetVerdict): Pick<Verdict, 'effect' | 'support'> => ({ effect, support: { effect, evidence, ...(unsafe ? { unsafe } : {}) } })

/** A suppression at work, which remembers of what use it was. */
class Suppression {
  readonly comment: SuppressionComment
  /** Names that a later comment switches on again, within its own scope. */
  readonly ended = new Set<string>()
  readonly #used = new Set<string>()
  #isUsed = false

  constructor(comment: SuppressionComment) {
    this.comment = comment
  }

  /** Whether a diagnostic is one of those that are named. */
  names({ rule, feature }: Diagnostic): boolean {
    if (this.ended.has(rule) || this.ended.has(feature)) return false
    return !this.comment.names || this.comment.names.some(({ value }) => value === rule || value === feature)
  }

  /** Whether it takes anything from a diagnostic that it names. */
  use({ rule, feature, verdicts }: Diagnostic): boolean {
    const { targets, names } = this.comment
    if (targets && !verdicts.some(verdict => targets.matches(verdict.target) && isReportable(verdict))) return false
    this.#isUsed = true
    for (const { value } of names ?? []) if (value === rule || value === feature) this.#used.add(value)
    return true
  }

  /** What of it was of no use, though it could have been. */
  unused({ targets: judged, unjudged }: SuppressionCircumstances): CommentFault[] {
    const { targets, names, range } = this.comment
    if (targets && !judged.some(label => targets.matches(label))) return []
    const idle = names?.filter(({ value }) => !this.#used.has(value) && !unjudged?.has(value)) ?? []
    if (names && this.#isUsed) return idle.map(({ value, range: place }) => ({ message: `\`${value}\` is not found here: there is nothing to suppress.`, instead: 'Remove it.', range: place }))
    return this.#isUsed || (names && idle.length < names.length) ? [] : [{ message: 'This comment suppresses nothing.', instead: 'Remove it.', range }]
  }
}

/** So many suppressions may hold at one place, of the file and of stretches each; every diagnostic there is held against all of them. */
const mostAtOnce = 200

/** Which suppressions hold where; asked from the beginning of the file to its end. */
class Scopes {
  readonly suppressions: readonly Suppression[]
  /** Those that are too many. */
  readonly unheard: readonly SuppressionComment[]
  readonly #ofFile: readonly Suppression[]
  readonly #ofLine = new Map<number, Suppression[]>()
  readonly #lines: SourceLines
  /** Comments that begin or end a stretch, in order. */
  readonly #bounds: readonly (Suppression | SuppressionComment)[]
  #passed = 0
  #open: Suppression[] = []

  constructor(comments: readonly SuppressionComment[], lines: SourceLines) {
    this.#lines = lines
    const all = comments.map(comment => (comment.scope === 'end' ? comment : new Suppression(comment)))
    const heard = hearable(all)
    this.suppressions = all.filter(bound => bound instanceof Suppression).filter(bound => heard.has(bound))
    this.unheard = all.filter(bound => bound instanceof Suppression && !heard.has(bound)).map(bound => (bound as Suppression).comment)
    this.#ofFile = this.suppressions.filter(({ comment }) => comment.scope === 'file')
    this.#bounds = all.filter(bound => !(bound instanceof Suppression) || (bound.comment.scope === 'start' && heard.has(bound)))
    for (const suppression of this.suppressions) this.#placeOnLine(suppression)
  }

  /** The suppressions that hold at an offset, which must not be less than the last. */
  at(offset: number): Suppression[] {
    for (let bound = this.#bounds[this.#passed]; bound && startOf(bound) <= offset; bound = this.#bounds[++this.#passed]) this.#pass(bound)
    return [...(this.#ofLine.get(this.#lines.lineAt(offset)) ?? []), ...this.#open, ...this.#ofFile]
  }

  #placeOnLine(suppression: Suppression): void {
    const { scope, range, whole } = suppression.comment
    const line = scope === 'line' ? this.#lines.lineAt(range[0]) : scope === 'next-line' ? this.#lines.lineWithContentAfter(Math.max(range[0], whole[1] - 1)) : undefined
    const others = line === undefined ? undefined : this.#ofLine.get(line)
    if (others) others.push(suppression)
    else if (line !== undefined) this.#ofLine.set(line, [suppression])
  }

  #pass(bound: Suppression | SuppressionComment): void {
    if (bound instanceof Suppression) this.#open.push(bound)
    else if (!bound.names) this.#open = []
    else for (const { value } of bound.names) for (const suppression of this.#open) suppression.ended.add(value)
  }
}

/** All suppressions but those that are too many at one place. */
function hearable(bounds: readonly (Suppression | SuppressionComment)[]): ReadonlySet<Suppression> {
  const heard = new Set<Suppression>()
  let ofFile = 0
  let open = 0
  for (const bound of bounds) {
    if (!(bound instanceof Suppression)) open = bound.names ? open : 0
    else if (bound.comment.scope === 'file' ? ++ofFile <= mostAtOnce : bound.comment.scope !== 'start' || ++open <= mostAtOnce) heard.add(bound)
  }
  return heard
}

const startOf = (bound: Suppression | SuppressionComment): number => (bound instanceof Suppression ? bound.comment : bound).range[0]

/** The lines of a file, counted from 0, and which of them hold more than comments. */
class SourceLines {
  readonly #starts: number[] = [0]
  /** For each line, the first from it on that holds something. */
  readonly #contentFrom: (number | undefined)[] = []

  constructor(source: string, comments: readonly Text[]) {
    const covered = comments.map(({ whole }) => whole).sort((a, b) => a[0] - b[0])
    const withContent = new Set<number>()
    let next = 0
    let coveredUntil = 0
    for (let at = 0; at < source.length; at++) {
      for (let range = covered[next]; range && range[0] <= at; range = covered[++next]) coveredUntil = Math.max(coveredUntil, range[1])
      const code = source.charCodeAt(at)
      // Before a comment, the `@` of `@rem` says nothing either.
      if (at >= coveredUntil && code > 32 && code !== 0x40) withContent.add(this.#starts.length - 1)
      if (code === 10 || (code === 13 && source.charCodeAt(at + 1) !== 10)) this.#starts.push(at + 1)
    }
    for (let line = this.#starts.length - 1; line >= 0; line--) this.#contentFrom[line] = withContent.has(line) ? line : this.#contentFrom[line + 1]
  }

  lineAt(offset: number): number {
    let low = 0
    let high = this.#starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low
  }

  /** The next line after that of an offset which holds something else than comments. */
  lineWithContentAfter(offset: number): number | undefined {
    return this.#contentFrom[this.lineAt(offset) + 1]
  }
}

const excess = ({ range }: SuppressionComment): CommentFault => ({ message: `More than ${mostAtOnce} suppressions hold here at once; this one is not heard.`, instead: 'Remove it.', range })

const expiry = ({ until, range }: SuppressionComment): CommentFault => ({ message: `This suppression has expired: it held until ${until!.value}.`, instead: 'Remove it, or set another date.', range })

/** Comments that end what has not begun. */
function idleEnds(comments: readonly SuppressionComment[]): CommentFault[] {
  const idle: CommentFault[] = []
  let isOpen = false
  for (const { scope, names, range } of comments) {
    if (scope === 'end' && !isOpen) idle.push({ message: 'Nothing is disabled here that could be enabled.', instead: 'Remove this comment.', range })
    if (scope === 'start' || (scope === 'end' && !names)) isOpen = scope === 'start'
  }
  return idle
}

const problem = ({ message, instead, range }: CommentFault): Diagnostic => ({ rule: 'suppression', feature: 'suppression', severity: 'warning', effect: 'ignored', verdicts: [], message, instead, sources: [], range, related: [] })

/** Readers may come upon a comment more than once. */
function withoutRepetition(comments: readonly Text[]): Text[] {
  const unique = new Map<string, Text>()
  for (const comment of comments) if (comment.value.includes('porthole-')) unique.set(rangeKey(comment.whole), comment)
  return [...unique.values()]
}

const rangeKey = ([start, end]: Range): string => `${start} ${end}`

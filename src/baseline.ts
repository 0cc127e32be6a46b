import type { Diagnostic } from './diagnostic.ts'
import { fnv1a128 } from './fingerprint.ts'
import type { LintedFile } from './formatter.ts'
import { jsonFault } from './languages/json-syntax.ts'
import type { Range } from './text.ts'

/**
 * A finding that is known and not reported: named by what it rests on, not by
 * its line, so that it stays known when the file grows above it.
 */
export interface BaselineEntry {
  /** Path of the file with `/`, relative to the folder of the baseline. */
  readonly path: string
  readonly rule: string
  readonly feature: string
  /** What is underlined, with its white space squeezed. */
  readonly text: string
  /** Which one it is of those that are equal in all else, from 1. */
  readonly ordinal: number
}

/** An entry that was read, and where. */
export interface PlacedEntry extends BaselineEntry {
  readonly range: Range
}

export interface Baseline {
  /** Labels of the targets that it was written for. */
  readonly targets: readonly string[]
  readonly entries: readonly PlacedEntry[]
}

/** What cannot be read as a baseline, and where. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError'
  readonly range: Range

  constructor(message: string, range: Range) {
    super(message)
    this.range = range
  }
}

/** A linted file, whose path is relative to the folder of the baseline. */
export type BaselineFile = Pick<LintedFile, 'path' | 'text' | 'diagnostics' | 'leftOut'>

/** What a run has looked at, without which nothing can be said of what it has not found. */
export interface BaselineCircumstances {
  /** Labels of the targets that were judged. */
  readonly targets: readonly string[]
  /** Whether a file is still there. */
  readonly exists: (path: string) => boolean
}

export interface BaselineComparison {
  /** The diagnostics that the baseline does not know, by file. */
  readonly kept: ReadonlyMap<BaselineFile, readonly Diagnostic[]>
  /** Those that it knows. */
  readonly known: ReadonlyMap<BaselineFile, readonly Diagnostic[]>
  readonly stale: readonly PlacedEntry[]
}

const currentVersion = 1

/** The text of a baseline in which all these diagnostics are known. */
export function writeBaseline(files: readonly BaselineFile[], targets: readonly string[]): string {
  return baselineText([...entriesOf(files).values()], targets)
}

/** The text of a baseline without the entries that stand for nothing any more. */
export function pruneBaseline(baseline: Baseline, files: readonly BaselineFile[], circumstances: BaselineCircumstances): string {
  const stale = new Set(compareWithBaseline(baseline, files, circumstances).stale)
  return baselineText(baseline.entries.filter(entry => !stale.has(entry)), baseline.targets)
}

/** What of the findings is known, what is new, and which entries stand for nothing any more. */
export function compareWithBaseline(baseline: Baseline, files: readonly BaselineFile[], circumstances: BaselineCircumstances): BaselineComparison {
  const entries = new Map(baseline.entries.map(entry => [keyOf(entry), entry]))
  const found = new Set<string>()
  const kept = new Map<BaselineFile, Diagnostic[]>()
  const known = new Map<BaselineFile, Diagnostic[]>()
  const ofDiagnostics = entriesOf(files)
  for (const file of files) {
    const isKnown = (diagnostic: Diagnostic): boolean => entries.has(keyOf(ofDiagnostics.get(diagnostic)!))
    kept.set(file, file.diagnostics.filter(diagnostic => !isKnown(diagnostic)))
    known.set(file, file.diagnostics.filter(isKnown))
    for (const diagnostic of known.get(file)!) found.add(keyOf(ofDiagnostics.get(diagnostic)!))
  }
  const isAnswered = answerer(baseline, files, circumstances)
  return { kept, known, stale: [...entries.values()].filter(entry => !found.has(keyOf(entry)) && isAnswered(entry)) }
}

/** Tells of which entries a run would have found what they stand for, if it were still there. */
function answerer({ targets }: Baseline, files: readonly BaselineFile[], circumstances: BaselineCircumstances): (entry: BaselineEntry) => boolean {
  const judged = new Set(circumstances.targets)
  const hasAllTargets = targets.every(target => judged.has(target))
  // Where nothing says which system something is for, another run may report what this one leaves out.
  const complete = new Set(files.filter(({ leftOut }) => leftOut.every(({ reason }) => reason === 'declared-linux')).map(({ path }) => path))
  return ({ path }) => (complete.has(path) && hasAllTargets) || !circumstances.exists(path)
}

/** Warnings about entries that stand for nothing any more, at their places in the text of the baseline. */
export const staleDiagnostics = (stale: readonly PlacedEntry[]): Diagnostic[] =>
  stale.map(({ path, rule, range }) => ({
    rule: 'baseline',
    feature: 'baseline',
    severity: 'warning',
    effect: 'ignored',
    verdicts: [],
    message: `This finding of \`${rule}\` in ${path} is no longer there.`,
    instead: 'Remove this entry, or run porthole with `--baseline prune`.',
    sources: [],
    range,
    related: []
  }))

/** The entry of each diagnostic. */
function entriesOf(files: readonly BaselineFile[]): ReadonlyMap<Diagnostic, BaselineEntry> {
  const entries = new Map<Diagnostic, BaselineEntry>()
  const counts = new Map<string, number>()
  for (const { path, text, diagnostics } of files) for (const diagnostic of [...diagnostics].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])) {
    const { rule, feature } = diagnostic
    const first = { path, rule, feature, text: evidenceOf(text, diagnostic.range), ordinal: 1 }
    const ordinal = (counts.get(keyOf(first)) ?? 0) + 1
    counts.set(keyOf(first), ordinal)
    entries.set(diagnostic, { ...first, ordinal })
  }
  return entries
}

/** Longer texts are cut, and told apart by a hash of all of it. */
const longestText = 200

function evidenceOf(source: string, [start, end]: Range): string {
  const squeezed = source.slice(start, end).replace(/\s+/g, ' ').trim()
  return squeezed.length <= longestText ? squeezed : `${squeezed.slice(0, longestText - 60).replace(/[\uD800-\uDBFF]$/, '')}… ${fnv1a128(squeezed)}`
}

const keyOf = ({ path, rule, feature, text, ordinal }: BaselineEntry): string => JSON.stringify([path, rule, feature, text, ordinal])

/** One entry a line and in order, so that a change of one finding is a change of one line. */
function baselineText(entries: readonly BaselineEntry[], targets: readonly string[]): string {
  const lines = [...entries].sort(compareEntries).map(({ path, rule, feature, text, ordinal }) => `    ${JSON.stringify({ path, rule, feature, text, ...(ordinal > 1 ? { ordinal } : {}) })}`)
  return `{\n  "version": ${currentVersion},\n  "targets": ${JSON.stringify(targets)},\n  "entries": [${lines.length > 0 ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`
}

function compareEntries(a: BaselineEntry, b: BaselineEntry): number {
  for (const key of ['path', 'rule', 'feature', 'text'] as const) if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1
  return a.ordinal - b.ordinal
}

/**
 * Reads the text of a baseline.
 *
 * @throws {BaselineError} if it is none
 */
export function readBaseline(source: string): Baseline {
  const fault = jsonFault(source)
  if (fault) throw new BaselineError(/^(<{7}|={7}|>{7})/m.test(source) ? 'has a merge conflict' : fault.message, [fault.start, fault.end])
  const content: unknown = JSON.parse(source)
  const start: Range = [0, 1]
  if (!isObject(content)) throw new BaselineError('a baseline must be an object', start)
  const { version, targets, entries, ...others } = content
  for (const key in others) throw new BaselineError(`unknown key \`${key}\``, start)
  if (version !== currentVersion) throw new BaselineError(`unknown version of a baseline: this porthole reads version ${currentVersion}`, start)
  if (!isListOf(targets, isString)) throw new BaselineError('`targets` must be a list of targets', start)
  if (!Array.isArray(entries)) throw new BaselineError('`entries` must be a list', start)
  const ranges = objectRanges(source)
  return { targets, entries: entries.map((entry, index) => placedEntry(entry, ranges[index] ?? start)) }
}

function placedEntry(entry: unknown, range: Range): PlacedEntry {
  if (!isObject(entry)) throw new BaselineError('an entry must be an object', range)
  const { path, rule, feature, text, ordinal = 1 } = entry
  if (!isString(path) || !isString(rule) || !isString(feature) || !isString(text)) throw new BaselineError('an entry must have the texts `path`, `rule`, `feature` and `text`', range)
  if (typeof ordinal !== 'number' || !Number.isInteger(ordinal) || ordinal < 1) throw new BaselineError('`ordinal` must be a whole number from 1 on', range)
  return { path, rule, feature, text, ordinal, range }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isString = (value: unknown): value is string => typeof value === 'string'
const isListOf = <T>(value: unknown, isOne: (item: unknown) => item is T): value is T[] => Array.isArray(value) && value.every(isOne)

/** Where the objects in the list of a sound baseline stand. */
function objectRanges(source: string): Range[] {
  const ranges: Range[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of source.matchAll(/"(?:[^"\\]|\\[^])*"?|[{}[\]]/g)) {
    if (token === '{' || token === '[') {
      if (token === '{' && depth === 2) start = index
      depth++
    } else if (token === '}' || token === ']') {
      depth--
      if (token === '}' && depth === 2) ranges.push([start, index + 1])
    }
  }
  return ranges
}

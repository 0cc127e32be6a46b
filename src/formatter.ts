import type { Diagnostic, Severity } from './diagnostic.ts'
import type { Gap } from './language.ts'
import type { LeftOut } from './linter.ts'
import type { ShardReport } from './shard-report.ts'
import type { Target } from './target.ts'

/** A file that was linted. */
export interface LintedFile {
  /** As it is shown: relative, with `/`. */
  readonly path: string
  readonly text: string
  /** `undefined`: nothing in it speaks of Docker. */
  readonly language: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly leftOut: readonly LeftOut[]
  /** What could not be found out, and is not judged for that. */
  readonly gaps?: readonly Gap[]
  /** Texts of other files that the diagnostics point to, by path. */
  readonly others?: ReadonlyMap<string, string>
  /** Diagnostics that comments take away. */
  readonly suppressed?: readonly { readonly diagnostic: Diagnostic; readonly reason?: string | undefined }[]
}

/** Something that kept a file from being linted. */
export interface RunError {
  readonly path?: string | undefined
  readonly message: string
}

/** What a rule is about, for formats that list rules. */
export interface RuleDescription {
  readonly id: string
  readonly title: string
  /** Its page, in Markdown. */
  readonly page?: string | undefined
}

/** All that a run has found: what formatters make text of. */
export interface Report {
  readonly version: string
  readonly targets: readonly Pick<Target, 'label'>[]
  readonly files: readonly LintedFile[]
  readonly errors: readonly RunError[]
  /** For formatters that ask for them; a rule that is missing is shown by its id. */
  readonly rules?: readonly RuleDescription[] | undefined
  /** What it takes to put it together with those of the other shards, if it is that of one. */
  readonly shard?: ShardReport | undefined
}

export interface FormatOptions {
  readonly color: boolean
  /** Least severity that is shown. */
  readonly show: Severity
  /** Columns of the terminal. */
  readonly width: number
}

/** Turns a report into text; prints nothing and decides nothing. */
export interface Formatter {
  readonly id: string
  /** Whether it wants `Report.rules`. */
  readonly describesRules?: boolean
  format(report: Report, options: FormatOptions): string
}

export interface Summary {
  readonly errors: number
  readonly warnings: number
  readonly infos: number
  readonly files: number
  /** Findings on containers that are not for Windows, or of which nothing says so. */
  readonly leftOut: number
}

export function summaryOf({ files }: Report): Summary {
  const count = (severity: Severity): number => files.reduce((sum, { diagnostics }) => sum + diagnostics.filter(diagnostic => diagnostic.severity === severity).length, 0)
  return {
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    files: files.length,
    leftOut: files.reduce((sum, { leftOut }) => sum + leftOut.reduce((all, { diagnostics }) => all + diagnostics, 0), 0)
  }
}

/** Where the pages of the rules are published, with a `/` at the end; `undefined`: nowhere. */
const rulePages = undefined as string | undefined

/** The address of a rule's page. */
export const rulePage = (rule: string): string | undefined => rulePages && `${rulePages}${encodeURIComponent(rule)}.md`

/**
 * A text as a line can show it: characters that steer a terminal, or end the
 * line, by their pictures (U+2400), so that each still stands at its column.
 */
export const printable = (text: string): string =>
  text.replace(/[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/g, character => (character < ' ' ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : character === '\x7f' ? '\u2421' : '\ufffd'))

/** `1 error`, `2 errors`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** What may have a path. */
interface Placed {
  readonly path?: string | undefined
}

/** Sorts by path; what has none comes first. */
export const byPath = ({ path: a = '' }: Placed, { path: b = '' }: Placed): number => (a < b ? -1 : a > b ? 1 : 0)

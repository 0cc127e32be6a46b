import { isAtLeast, severities, type Diagnostic, type Severity } from './diagnostic.ts'
import type { LintedFile, Report } from './formatter.ts'
import { Lines, type Position } from './position.ts'

/** A diagnostic in its file, with lines and columns. */
export interface Finding {
  readonly file: LintedFile
  readonly lines: Lines
  readonly diagnostic: Diagnostic
  readonly start: Position
  readonly end: Position
}

/** The diagnostics of a report that are shown, file by file. */
export const findingsOf = ({ files }: Pick<Report, 'files'>, show: Severity): Finding[] => files.flatMap(file => findingsIn(file, show))

/** The diagnostics of a file that are shown, in its order. */
export function findingsIn(file: LintedFile, show: Severity): Finding[] {
  const shown = file.diagnostics.filter(({ severity }) => isAtLeast(severity, show))
  if (shown.length === 0) return []
  const lines = new Lines(file.text)
  return shown.map(diagnostic => ({ file, lines, diagnostic, start: lines.position(diagnostic.range[0]), end: lines.position(diagnostic.range[1]) }))
}

/** Errors before warnings before information; otherwise as they were. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(b.diagnostic.severity) - severities.indexOf(a.diagnostic.severity))

/** `compose.yaml:4:5`. */
export const placeOf = ({ file, start }: Finding): string => `${file.path}:${start.line}:${start.column}`

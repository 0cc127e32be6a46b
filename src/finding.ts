import { isAtLeast, severities, type Diagnostic, type Related, type Severity } from './diagnostic.ts'
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

/** Finds the lines of files that the diagnostics of a file point to; those of the file itself are given. */
export function linesFrom(file: LintedFile, lines: Lines): (path: string | undefined) => Lines | undefined {
  const known = new Map<string, Lines>([[file.path, lines]])
  return (path = file.path) => {
    const text = file.others?.get(path)
    if (!known.has(path) && text !== undefined) known.set(path, new Lines(text))
    return known.get(path)
  }
}

/** `setup.ps1:3:8`; without lines where the file is not at hand. */
export function relatedPlace({ path, range }: Related, file: LintedFile, lines: Lines): string {
  const position = linesFrom(file, lines)(path)?.position(range[0])
  return position ? `${path ?? file.path}:${position.line}:${position.column}` : path ?? file.path
}

/** Errors before warnings before information; otherwise as they were. */
export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(b.diagnostic.severity) - severities.indexOf(a.diagnostic.severity))

/** `compose.yaml:4:5`. */
export const placeOf = ({ file, start }: Finding): string => `${file.path}:${start.line}:${start.column}`

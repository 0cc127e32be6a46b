import type { Severity } from '../diagnostic.ts'
import { explanationOf, messageOf } from '../explanation.ts'
import { findingsIn, linesFrom, type Finding } from '../finding.ts'
import { rulePage, type FormatOptions, type Formatter, type Report } from '../formatter.ts'
import type { Position } from '../position.ts'
import type { Range } from '../text.ts'

/** Reviewdog Diagnostic Format. */
export default {
  id: 'rdjson',
  format(report, options) {
    return `${JSON.stringify({ source, diagnostics: rdfDiagnostics(report, options) }, null, 2)}\n`
  }
} satisfies Formatter

export const source = { name: 'porthole' }

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

/** The messages `Diagnostic` of reviewdog.proto; its reader refuses fields that it does not know. */
export function rdfDiagnostics({ files, errors }: Report, { show }: FormatOptions): object[] {
  return [
    ...files.flatMap(file => {
      const byteColumn = byteColumns(file.text)
      return findingsIn(file, show).map(finding => rdfDiagnostic(finding, byteColumn))
    }),
    ...errors.map(({ path, message }) => ({ message, ...(path === undefined ? {} : { location: { path } }), severity: severities.error }))
  ]
}

function rdfDiagnostic(finding: Finding, byteColumn: ByteColumn): object {
  const { diagnostic, file, lines } = finding
  const linesOf = linesFrom(file, lines)
  const position = (offset: number): object => {
    const place = lines.position(offset)
    return { line: place.line, column: byteColumn(place) }
  }
  const place = ([start, end]: Range): object => ({ start: position(start), end: position(end) })
  const url = rulePage(diagnostic.rule)
  const edit = diagnostic.fix?.safe ? joinedEdit(file.text, diagnostic.fix.edits) : undefined
  return {
    message: [messageOf(diagnostic), ...explanationOf(finding)].join('\n'),
    location: { path: file.path, range: place(diagnostic.range) },
    severity: severities[diagnostic.severity],
    code: { value: diagnostic.rule, ...(url === undefined ? {} : { url }) },
    ...(diagnostic.related.length === 0 ? {} : { related_locations: diagnostic.related.map(({ message, path = file.path, range }) => {
      const theirs = path === file.path ? undefined : linesOf(path)
      return { message, location: { path, ...(path === file.path ? { range: place(range) } : theirs ? { range: { start: { line: theirs.position(range[0]).line } } } : {}) } }
    }) }),
    ...(edit === undefined ? {} : { suggestions: [{ range: place(edit.range), text: edit.text }] })
  }
}

interface Edit { readonly range: Range; readonly text: string }

/** Several edits as one: suggestions are taken one by one, and a part of a fix is none. */
function joinedEdit(text: string, edits: readonly Edit[]): Edit | undefined {
  const [first, ...others] = [...edits].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])
  return first && others.reduce((joined, { range, text: replacement }) => ({ range: [joined.range[0], range[1]], text: joined.text + text.slice(joined.range[1], range[0]) + replacement }), first)
}

type ByteColumn = (position: Position) => number

/** Columns as this format counts them: bytes of UTF-8. */
function byteColumns(text: string): ByteColumn {
  let bytesBefore: Uint32Array | undefined
  return ({ offset, column }) => {
    bytesBefore ??= utf8Offsets(text)
    return bytesBefore[offset]! - bytesBefore[offset - column + 1]! + 1
  }
}

/** For every offset the bytes before it; both halves of a pair stand at its start. */
function utf8Offsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1)
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at)!
    const next = at + (point > 0xffff ? 2 : 1)
    offsets.fill(offsets[at]!, at + 1, next)
    offsets[next] = offsets[at]! + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
    at = next
  }
  return offsets
}

import { isAtLeast, type Diagnostic } from '../diagnostic.ts'
import { linesFrom } from '../finding.ts'
import { summaryOf, type Formatter, type LintedFile } from '../formatter.ts'
import { Lines } from '../position.ts'
import type { Range } from '../text.ts'

/** Everything, for machines: schemas/output.schema.json. */
export default {
  id: 'json',
  format(report, options) {
    // What is shown in the end is for the one to say who puts the shards together.
    const show = report.shard ? 'info' : options.show
    const output = {
      version: '1',
      tool: { name: 'porthole', version: report.version },
      targets: report.targets.map(({ label }) => label),
      files: report.files.map(file => ({ path: file.path, language: file.language ?? null, gaps: gapsOf(file) })),
      diagnostics: report.files.flatMap(file => diagnosticsOf(file, file.diagnostics.filter(({ severity }) => isAtLeast(severity, show)))),
      suppressed: report.files.flatMap(file => (file.suppressed ?? []).map(({ diagnostic, reason }) => ({ ...(reason === undefined ? {} : { reason }), diagnostic: diagnosticsOf(file, [diagnostic])[0] }))),
      errors: report.errors.map(({ path, message }) => ({ path: path ?? null, message })),
      summary: summaryOf(report),
      ...(report.shard ? { shard: report.shard } : {})
    }
    return `${JSON.stringify(output, null, 2)}\n`
  }
} satisfies Formatter

const placeIn = (lines: Lines, [start, end]: Range): object => ({ start: lines.position(start), end: lines.position(end) })

/** What could not be found out about a file. */
function gapsOf({ text, gaps = [] }: LintedFile): object[] {
  if (gaps.length === 0) return []
  const lines = new Lines(text)
  return gaps.map(({ message, range }) => ({ message, range: placeIn(lines, range) }))
}

function diagnosticsOf(file: LintedFile, diagnostics: readonly Diagnostic[]): object[] {
  if (diagnostics.length === 0) return []
  const { path } = file
  const lines = new Lines(file.text)
  const linesOf = linesFrom(file, lines)
  const place = (range: Range): object => placeIn(lines, range)
  return diagnostics.map(({ rule, feature, severity, effect, verdicts, message, instead, advice, sources, range, related, fix }) => ({
    rule,
    feature,
    severity,
    effect,
    verdicts,
    message,
    ...(instead === undefined ? {} : { instead }),
    ...(advice === undefined ? {} : { advice }),
    sources,
    path,
    range: place(range),
    related: related.map(other => {
      const theirs = linesOf(other.path)
      return { message: other.message, path: other.path ?? path, ...(theirs ? { range: placeIn(theirs, other.range) } : {}) }
    }),
    ...(fix === undefined ? {} : { fix: { title: fix.title, safe: fix.safe, edits: fix.edits.map(edit => ({ range: place(edit.range), text: edit.text })) } })
  }))
}

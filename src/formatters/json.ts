import { isAtLeast, type Diagnostic } from '../diagnostic.ts'
import { summaryOf, type Formatter, type LintedFile } from '../formatter.ts'
import { Lines } from '../position.ts'
import type { Range } from '../text.ts'

/** Everything, for machines: schemas/output.schema.json. */
export default {
  id: 'json',
  format(report, { show }) {
    const output = {
      version: '1',
      tool: { name: 'porthole', version: report.version },
      targets: report.targets.map(({ label }) => label),
      files: report.files.map(({ path, language }) => ({ path, language: language ?? null })),
      diagnostics: report.files.flatMap(file => diagnosticsOf(file, file.diagnostics.filter(({ severity }) => isAtLeast(severity, show)))),
      suppressed: report.files.flatMap(file => (file.suppressed ?? []).map(({ diagnostic, reason }) => ({ ...(reason === undefined ? {} : { reason }), diagnostic: diagnosticsOf(file, [diagnostic])[0] }))),
      errors: report.errors.map(({ path, message }) => ({ path: path ?? null, message })),
      summary: summaryOf(report)
    }
    return `${JSON.stringify(output, null, 2)}\n`
  }
} satisfies Formatter

function diagnosticsOf({ path, text }: LintedFile, diagnostics: readonly Diagnostic[]): object[] {
  const lines = new Lines(text)
  const place = ([start, end]: Range): object => ({ start: lines.position(start), end: lines.position(end) })
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
    related: related.map(other => ({ message: other.message, path: other.path ?? path, ...(other.path === undefined || other.path === path ? { range: place(other.range) } : {}) })),
    ...(fix === undefined ? {} : { fix: { title: fix.title, safe: fix.safe, edits: fix.edits.map(edit => ({ range: place(edit.range), text: edit.text })) } })
  }))
}

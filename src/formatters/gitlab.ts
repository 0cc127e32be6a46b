import type { Diagnostic } from '../diagnostic.ts'
import { messageOf } from '../explanation.ts'
import { findingsOf, type Finding } from '../finding.ts'
import { fingerprintsOf } from '../fingerprint.ts'
import type { Formatter } from '../formatter.ts'

/** A Code Quality report of GitLab. It has no place for files that could not be read. */
export default {
  id: 'gitlab',
  format(report, { show }) {
    const fingerprints = fingerprintsOf(report.files)
    return `${JSON.stringify(findingsOf(report, show).map(finding => issueOf(finding, fingerprints.get(finding.diagnostic)!)), null, 2)}\n`
  }
} satisfies Formatter

const issueOf = ({ diagnostic, file, start, end }: Finding, fingerprint: string): object => ({
  description: messageOf(diagnostic),
  check_name: diagnostic.rule,
  fingerprint,
  severity: severityOf(diagnostic),
  location: {
    path: file.path.replace(/^(?:\.\/)+/, ''),
    lines: { begin: start.line, end: end.line },
    positions: { begin: { line: start.line, column: start.column }, end: { line: end.line, column: end.column } }
  }
})

function severityOf({ severity, verdicts }: Diagnostic): string {
  if (severity === 'error') return verdicts.some(({ unsafe }) => unsafe) ? 'critical' : 'major'
  return severity === 'warning' ? 'minor' : 'info'
}

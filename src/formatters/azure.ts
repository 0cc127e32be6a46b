import { messageOf } from '../explanation.ts'
import { findingsOf, worstFirst, type Finding } from '../finding.ts'
import type { Formatter, RunError } from '../formatter.ts'

/** Logging commands of Azure Pipelines, which knows errors and warnings; what is information only is left out. */
export default {
  id: 'azure',
  format(report, { show }) {
    const findings = worstFirst(findingsOf(report, show)).filter(({ diagnostic }) => diagnostic.severity !== 'info')
    return [...report.errors.map(errorIssue), ...findings.map(findingIssue)].map(line => `${line}\n`).join('')
  }
} satisfies Formatter

const findingIssue = ({ diagnostic, file, start }: Finding): string =>
  issue({ type: diagnostic.severity, sourcepath: file.path, linenumber: start.line, columnnumber: start.column, code: diagnostic.rule }, messageOf(diagnostic))

const errorIssue = ({ path, message }: RunError): string => issue({ type: 'error', sourcepath: path }, message)

function issue(properties: Readonly<Record<string, string | number | undefined>>, message: string): string {
  const written = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeProperty(String(value))};`])).join('')
  return `##vso[task.logissue ${written}]${escapeMessage(message)}`
}

// azure-pipelines-agent reads %AZP25, not %25, as a percent sign: docs/design/percentEncoding.md.
const escapeMessage = (text: string): string => text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(']', '%5D').replaceAll(';', '%3B')

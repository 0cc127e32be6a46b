import type { Severity } from '../diagnostic.ts'
import { messageOf } from '../explanation.ts'
import { findingsOf, type Finding } from '../finding.ts'
import type { Formatter, Report, RunError } from '../formatter.ts'

/** Service messages of TeamCity: an inspection type for each rule, then the inspections. */
export default {
  id: 'teamcity',
  describesRules: true,
  format(report, { show }) {
    const findings = findingsOf(report, show)
    const rules = [...new Set(findings.map(({ diagnostic }) => diagnostic.rule))].sort()
    return [...rules.map(rule => inspectionType(rule, report)), ...findings.map(inspection), ...report.errors.map(errorMessage)].map(line => `${line}\n`).join('')
  }
} satisfies Formatter

/** Longest values that TeamCity takes. */
const longestName = 255
const longestText = 4000

function inspectionType(id: string, { rules }: Report): string {
  const title = rules?.find(rule => rule.id === id)?.title ?? id
  return serviceMessage('inspectionType', { id: cut(id, longestName), name: cut(title, longestName), category: 'Docker on Windows', description: cut(title, longestText) })
}

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

const inspection = ({ diagnostic, file, start }: Finding): string =>
  serviceMessage('inspection', { typeId: cut(diagnostic.rule, longestName), message: cut(messageOf(diagnostic), longestText), file: file.path, line: start.line, SEVERITY: severities[diagnostic.severity] })

const errorMessage = ({ path, message }: RunError): string =>
  serviceMessage('message', { text: cut(`porthole: ${path === undefined ? '' : `${path}: `}${message}`, longestText), status: 'ERROR' })

const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

const serviceMessage = (name: string, properties: Readonly<Record<string, string | number>>): string =>
  `##teamcity[${name} ${Object.entries(properties).map(([key, value]) => `${key}='${escapeValue(String(value))}'`).join(' ')}]`

const named: Readonly<Record<string, string>> = { '\n': '|n', '\r': '|r' }

const escapeValue = (text: string): string => text
  .replace(/['|[\]]/g, '|$&')
  .replace(/[\n\r]/g, character => named[character]!)
  .replace(/[^\t\x20-\x7E]/g, unit => `|0x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)

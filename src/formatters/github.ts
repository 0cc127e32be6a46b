import type { Severity } from '../diagnostic.ts'
import { explanationOf, messageOf } from '../explanation.ts'
import { findingsOf, worstFirst, type Finding } from '../finding.ts'
import { counted, type Formatter, type RunError } from '../formatter.ts'

/**
 * Workflow commands of GitHub Actions, the worst first: GitHub shows ten
 * errors, ten warnings and ten notices of a step and drops the others.
 */
export default {
  id: 'github',
  format(report, { show }) {
    const findings = worstFirst(findingsOf(report, show))
    return [...report.errors.map(errorCommand), ...overflowNotice(findings, report.errors.length), ...findings.map(findingCommand)].map(line => `${line}\n`).join('')
  }
} satisfies Formatter

const shownOfALevel = 10

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

/** A notice that there is more than GitHub shows. It comes before other notices, or it would be dropped itself. */
function overflowNotice(findings: readonly Finding[], runErrors: number): string[] {
  const count = (severity: Severity): number => findings.filter(({ diagnostic }) => diagnostic.severity === severity).length
  const [errors, warnings, infos] = [count('error'), count('warning'), count('info')]
  if (errors + runErrors <= shownOfALevel && warnings <= shownOfALevel && infos <= shownOfALevel) return []
  const message = `${counted(errors, 'error')}, ${counted(warnings, 'warning')} and ${counted(infos, 'notice')} were found. GitHub shows ${shownOfALevel} of each; all are in the log of this step.`
  return [command('notice', { title: 'porthole' }, message)]
}

function findingCommand(finding: Finding): string {
  const { diagnostic, file, start, end } = finding
  const isOneLine = start.line === end.line
  return command(levels[diagnostic.severity], {
    title: `porthole: ${diagnostic.rule}`,
    file: file.path,
    line: start.line,
    endLine: end.line,
    // The runner drops columns of a range of several lines.
    ...(isOneLine ? { col: start.column, endColumn: end.column } : {})
  }, [messageOf(diagnostic), ...explanationOf(finding)].join('\n'))
}

const errorCommand = ({ path, message }: RunError): string => command('error', { title: 'porthole', file: path }, message)

function command(name: string, properties: Readonly<Record<string, string | number | undefined>>, message: string): string {
  const written = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`])).join(',')
  return `::${name} ${written}::${escapeMessage(message)}`
}

// Both as actions/toolkit writes them and actions/runner reads them.
const escapeMessage = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

import { explanationOf, messageOf } from '../explanation.ts'
import { findingsIn, placeOf, type Finding } from '../finding.ts'
import type { Formatter, LintedFile, Report, RunError } from '../formatter.ts'
import type { Severity } from '../diagnostic.ts'
import { element, textElement } from '../xml.ts'

/**
 * JUnit's XML: a test suite for each file and a test case for each finding.
 * Errors and warnings fail; what is information only passes and says so. A
 * clean file is one test that passes, and a file without Docker one that is skipped.
 */
export default {
  id: 'junit',
  format(report, { show }) {
    const suites = [...report.files.map(file => suiteOf(file, show)), ...report.errors.map(errorSuite)]
    const total = (key: keyof Counts): number => suites.reduce((sum, { counts }) => sum + counts[key], 0)
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: `porthole ${targetsOf(report)}`, tests: total('tests'), failures: total('failures'), errors: total('errors'), time: 0 }, suites.map(({ xml }) => xml))}`
  }
} satisfies Formatter

const targetsOf = ({ targets }: Report): string => targets.map(({ label }) => label).join(' ')

interface Counts { readonly tests: number; readonly failures: number; readonly errors: number; readonly skipped: number }
interface Suite { readonly counts: Counts; readonly xml: string }

function suite(name: string, counts: Partial<Counts>, cases: readonly string[]): Suite {
  const all = { tests: cases.length, failures: 0, errors: 0, skipped: 0, ...counts }
  return { counts: all, xml: element('testsuite', { name, ...all }, cases) }
}

function suiteOf(file: LintedFile, show: Severity): Suite {
  const findings = findingsIn(file, show)
  if (findings.length > 0) return suite(file.path, { failures: findings.filter(fails).length }, casesOf(findings))
  const isForeign = file.language === undefined
  return suite(file.path, { skipped: isForeign ? 1 : 0 }, [testCase('porthole', file.path, {}, isForeign ? [element('skipped', { message: 'nothing in it speaks of Docker' })] : [])])
}

const fails = ({ diagnostic }: Finding): boolean => diagnostic.severity !== 'info'

/** Readers take test cases of one file and name for one: the second of a rule is numbered. */
function casesOf(findings: readonly Finding[]): string[] {
  const counts = new Map<string, number>()
  return findings.map(finding => {
    const { rule } = finding.diagnostic
    const ordinal = (counts.get(rule) ?? 0) + 1
    counts.set(rule, ordinal)
    return testCase(ordinal === 1 ? rule : `${rule} (${ordinal})`, finding.file.path, { line: finding.start.line }, [outcomeOf(finding)])
  })
}

function outcomeOf(finding: Finding): string {
  const { diagnostic } = finding
  const text = [`${placeOf(finding)} ${diagnostic.severity} ${diagnostic.rule}: ${messageOf(diagnostic)}`, ...explanationOf(finding)].join('\n')
  return fails(finding) ? textElement('failure', { message: messageOf(diagnostic), type: diagnostic.severity }, text) : textElement('system-out', {}, text)
}

const errorSuite = ({ path = 'porthole', message }: RunError): Suite =>
  suite(path, { errors: 1 }, [testCase('porthole', path, {}, [element('error', { message, type: 'error' })])])

const testCase = (name: string, path: string, { line }: { line?: number }, content: readonly string[]): string =>
  element('testcase', { name, classname: path, file: path, line }, content)

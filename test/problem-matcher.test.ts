import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import compact from '../src/formatters/compact.ts'
import { findingsOf } from '../src/finding.ts'
import { fileOf, options, reportOf } from './report-sample.ts'

interface Pattern { readonly regexp: string; readonly file: number; readonly line: number; readonly column: number; readonly severity?: number; readonly code: number; readonly message: number }
interface Matcher { readonly owner: string; readonly severity?: string; readonly pattern: readonly [Pattern] }

const { problemMatcher: matchers } = JSON.parse(readFileSync('examples/integrations/problem-matcher.json', 'utf8')) as { problemMatcher: readonly Matcher[] }

/** What a runner of GitHub makes of a line. */
const problemsIn = (line: string): object[] => matchers.flatMap(({ severity, pattern: [pattern] }) => {
  const match = new RegExp(pattern.regexp).exec(line)
  const group = (index: number): string => match![index]!
  return match ? [{ file: group(pattern.file), line: Number(group(pattern.line)), column: Number(group(pattern.column)), severity: pattern.severity === undefined ? severity : group(pattern.severity), code: group(pattern.code), message: group(pattern.message) }] : []
})

const report = reportOf([
  fileOf('deploy/a b (1).yml', 'a: ⟦b⟧\nc: ⟦d\ne⟧\n', [{}, { severity: 'warning', message: 'Two\nlines: of [it]' }]),
  fileOf('C:/ü/compose.yaml', '\n\n  ⟦x⟧\n', [{ severity: 'info', rule: 'no-http-proxy' }])
])

it('the problem matcher finds every line of the format compact, once', () => {
  const expected = findingsOf(report, 'info').map(({ file, start, diagnostic: { severity, rule, message } }) => ({ file: file.path, line: start.line, column: start.column, severity: severity === 'info' ? 'notice' : severity, code: rule, message: message.replace(/\s+/g, ' ') }))
  expect(new Set(expected.map(({ severity }) => severity))).toEqual(new Set(['error', 'warning', 'notice']))
  expect(compact.format(report, options).trimEnd().split('\n').map(problemsIn)).toEqual(expected.map(problem => [problem]))
})

it('a message that looks like a place is none', () => {
  expect(problemsIn('C:/a b/f.yml:4:5-4:9 error no-x See a.yml:1:2-3:4 error no-y of it')).toEqual([{ file: 'C:/a b/f.yml', line: 4, column: 5, severity: 'error', code: 'no-x', message: 'See a.yml:1:2-3:4 error no-y of it' }])
})

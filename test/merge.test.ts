import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import outputSchema from '../schemas/output.schema.json' with { type: 'json' }
import { version } from '../src/about.ts'
import type { Severity } from '../src/diagnostic.ts'
import type { Formatter, LintedFile, Report } from '../src/formatter.ts'
import { formatNames } from '../src/option.ts'
import json from '../src/formatters/json.ts'
import { mergeReports } from '../src/merge.ts'
import { Lines } from '../src/position.ts'
import { ruleDescriptions } from '../src/rule-description.ts'
import type { RunResult } from '../src/run.ts'
import { isOfShard } from '../src/shard.ts'
import { shardReport, type ShardReport } from '../src/shard-report.ts'
import { TextFrame } from '../src/text-frame.ts'
import type { Range } from '../src/text.ts'
import { diagnostic, fileOf, hostileReport, options, reportOf } from './report-sample.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'porthole-merge-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const byPath = (a: { path?: string | undefined }, b: { path?: string | undefined }): number => ((a.path ?? '') < (b.path ?? '') ? -1 : (a.path ?? '') > (b.path ?? '') ? 1 : 0)

/** A report as a run makes it. */
const asRun = (report: Report): Report => ({ ...report, version, files: [...report.files].sort(byPath), errors: report.errors.filter(({ path }) => path !== undefined).sort(byPath) })

/** The report of a shard of a run. */
function reportOfShard(report: Report, index: number, count: number, special: Partial<ShardReport> = {}): Report {
  const files = report.files.filter(({ path }) => isOfShard(path, { index, count }))
  const errors = report.errors.filter(({ path = '' }) => isOfShard(path, { index, count }))
  const result = { files, found: report.files.map(({ path }) => path), firstJudged: new Map(files.slice(0, 1).flatMap(({ path }) => report.targets.map(({ label }) => [label, path]))), noneFound: { message: 'no Docker configuration found' } } as unknown as RunResult
  return { ...report, files, errors, shard: { ...shardReport({ index, count }, result, {}, 'warning'), ...special } }
}

let written = 0
function write(text: string): string {
  const path = join(folder, `${written++}.json`)
  writeFileSync(path, text)
  return path
}

const writeShard = (report: Report, index: number, count: number, special?: Partial<ShardReport>): string => write(json.format(reportOfShard(report, index, count, special), { ...options, show: 'error' }))
const writeShards = (report: Report, count: number): string[] => Array.from({ length: count }, (_, at) => writeShard(report, at + 1, count))

const formatted = async (report: Report, format: string, show: Severity): Promise<string> => {
  const { default: formatter } = (await import(`../src/formatters/${format}.ts`)) as { default: Formatter }
  return formatter.format({ ...report, rules: ruleDescriptions() }, { ...options, show })
}

const lineEnds: Report = reportOf([
  fileOf('crlf.yaml', 'a\r\n\r\n  ⟦b\r\n c⟧ d\r\n\r\n⟦e⟧\r\n'), fileOf('cr.yaml', '\r⟦a\r⟧\r\r⟦b⟧\r'), fileOf('mixed.yaml', 'x\n\r⟦a\n\r\n⟧\r\n\n⟦y⟧'), fileOf('long.yaml', `${'x'.repeat(5000)}\n⟦${'é'.repeat(3000)}\n${'z'.repeat(3000)}⟧ tail`),
  fileOf('twice.yaml', '⟦a: 1⟧\nb: 2\n⟦a: 1⟧\n'), { ...fileOf('left.yaml', '⟦a⟧'), leftOut: [{ reason: 'linux', subject: 'web', diagnostics: 3 }] },
  { ...fileOf('silenced.yaml', 'é\n\n⟦a⟧ b\n'), suppressed: [{ diagnostic: diagnostic([7, 8], { related: [{ message: 'made here', path: 'maker.sh', range: [5, 9] }] }), reason: 'why' }, { diagnostic: diagnostic([0, 1]) }], gaps: [{ message: 'not known', range: [3, 4] }], others: new Map([['maker.sh', 'one\ntwo three\n']]) },
  { ...fileOf('joined.yaml', '⟦a⟧', [{ related: [{ message: 'made here', path: 'maker.sh', range: [8, 13] }, { message: 'unseen', path: 'gone.sh', range: [3, 4] }] }]), others: new Map([['maker.sh', 'one\ntwo three\n']]) },
  fileOf('maker.sh', 'one\n⟦two⟧ three\n', [{ fix: { title: 'Mend it', safe: true, edits: [{ range: [0, 3], text: '' }, { range: [8, 13], text: '4' }] } }])
])

describe.each([['hostile texts', hostileReport], ['all ends of lines', lineEnds], ['nothing', reportOf([])]])('a report with %s', (_, sample) => {
  const report = asRun(sample)

  it.each([1, 3, 50])('is the same from %i shards in every format', async count => {
    const merged = mergeReports(writeShards(report, count)).report
    const whole = report.files.length + report.errors.length > 0 ? report : { ...report, errors: [{ message: 'no Docker configuration found' }] }
    for (const format of formatNames) for (const show of ['info', 'error'] as const) expect(await formatted(merged, format, show), format).toBe(await formatted(whole, format, show))
  })

  it('has the shape that the schema says', () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(outputSchema)
    for (const index of [1, 2, 3]) expect(validate(JSON.parse(json.format(reportOfShard(report, index, 3), options))), JSON.stringify(validate.errors)).toBe(true)
  })
})

describe('reports that do not belong together', () => {
  const pathIn = (index: number): string => ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => `${name}.yaml`).find(path => isOfShard(path, { index, count: 2 }))!
  const [one, two] = [pathIn(1), pathIn(2)]
  const report = asRun(reportOf([fileOf(one, '⟦x⟧'), fileOf(two, '⟦y⟧')]))
  const changed = (index: number, change: (report: { [key: string]: any }) => unknown): string => { // eslint-disable-line @typescript-eslint/no-explicit-any
    const value = JSON.parse(json.format(reportOfShard(report, index, 2), options)) as object
    change(value)
    return write(JSON.stringify(value))
  }
  const first = (): string => writeShard(report, 1, 2)
  const second = (): string => writeShard(report, 2, 2)

  it.each<[string, () => string[], RegExp]>([
    ['none', () => [], /there is no report/],
    ['a missing shard', () => [first()], /of 2 shards 2 is missing/],
    ['many missing shards', () => [writeShard(report, 1, 20)], /of 20 shards 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 9 more are missing/],
    ['the same shard twice', () => [first(), first(), second()], /\.json and .*\.json are both of shard 1\/2/],
    ['another count', () => [first(), writeShard(report, 2, 3)], /is one of 3 shards, and .* one of 2/],
    ['no file', () => [join(folder, 'gone.json')], /gone\.json: no such file or folder/],
    ['no JSON', () => [write('{'), second()], /is not JSON$/],
    ['an empty file', () => [write(''), second()], /is not JSON, but empty; the run that was to write it may have failed/],
    ['another JSON', () => [write('[1]'), second()], /is no report .*: it is not an object/],
    ['another version of the format', () => [changed(1, value => (value.version = '2')), second()], /version is not one of 1/],
    ['another version of porthole', () => [changed(1, value => (value.tool.version = '0.0.1')), second()], /is the report of porthole 0\.0\.1, and this is/],
    ['the report of a whole run', () => [changed(1, value => delete value.shard), second()], /is the report of a whole run/],
    ['other options', () => [writeShard(report, 1, 2, { options: { target: ['ws2019'] } }), writeShard(report, 2, 2, { options: { target: ['ws2022'] } })], /are not of one run: their --target differs/],
    ['an option more', () => [first(), writeShard(report, 2, 2, { options: { rule: ['no-host-network:off'] } })], /their --rule differs/],
    ['another severity to fail on', () => [first(), writeShard(report, 2, 2, { failOn: 'info' })], /one fails on warning, the other on info/],
    ['other files', () => [first(), writeShard(report, 2, 2, { tree: 'x' })], /they have found other files/],
    ['other paths', () => [first(), writeShard(report, 2, 2, { noneFound: null })], /they name other paths/],
    ['a file in two reports', () => [first(), changed(2, value => value.files.push({ path: one, language: null, gaps: [] }))], /\.yaml is in several reports/],
    ['a finding in a file that is not there', () => [first(), changed(2, value => value.diagnostics.push({ ...value.diagnostics[0], path: one }))], /speaks of .\.yaml, which is not among its files/],
    ['a text that differs', () => [first(), changed(2, value => value.diagnostics.push(...[1, 2].map(column => ({ ...value.diagnostics[0], range: placeAt(2, column, 5) }))))], /speak of different texts of .\.yaml/],
    ['a text that differs from that of another shard', () => [changed(1, value => value.diagnostics[0].related.push({ message: 'there', path: two, range: placeAt(2, 1, 3) })), changed(2, value => value.diagnostics[0].related.push({ message: 'here', path: two, range: placeAt(2, 1, 4) }))], /speak of different texts of .\.yaml/],
    ['a place before the start', () => [first(), changed(2, value => value.diagnostics.push({ ...value.diagnostics[0], range: placeAt(1, 9, 3) }))], /diagnostics\[\d\]\.range\.start is not a place in a text/],
    ['more lines than characters', () => [first(), changed(2, value => value.diagnostics.push({ ...value.diagnostics[0], range: placeAt(9, 1, 3) }))], /speak of different texts of .\.yaml/],
    ['an index beyond the count', () => [first(), writeShard(report, 2, 2, { index: 3 })], /is of shard 3\/2, which there is not/]
  ])('%s', (_, paths, message) => {
    expect(() => mergeReports(paths())).toThrow(message)
  })

  const placeAt = (line: number, column: number, offset: number): object => ({ start: { line, column, offset }, end: { line, column, offset } })

  it('takes no value of another shape', { timeout: 30_000 }, async () => {
    const some = reportOf(lineEnds.files.filter(({ path }) => ['left.yaml', 'maker.sh', 'silenced.yaml'].includes(path)), [{ path: 'gone.yaml', message: 'no such file' }])
    const sound = JSON.parse(json.format(reportOfShard(asRun(some), 1, 1), options)) as object
    const holders: [holder: Record<string, unknown>, key: string][] = []
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      for (const key of Object.keys(value)) {
        holders.push([value as Record<string, unknown>, key])
        visit((value as Record<string, unknown>)[key])
      }
    }
    visit(sound)
    // Every value in turn is one of another kind: that is told, or makes no difference.
    for (const [holder, key] of holders) for (const wrong of [null, 7, 'x', [], {}]) {
      const right = holder[key]
      holder[key] = wrong
      try {
        const { report: merged } = mergeReports([write(JSON.stringify(sound))])
        for (const format of ['pretty', 'sarif', 'markdown', 'rdjson']) await formatted(merged, format, 'info')
      } catch (error) {
        expect((error as Error).name, `${key}: ${JSON.stringify(wrong)}`).toBe('MergeError')
      } finally {
        holder[key] = right
        written--
      }
    }
    expect(holders.length).toBeGreaterThan(200)
  })
})

describe('a text of which lines are known', () => {
  const text = fc.array(fc.constantFrom('a', 'é', ' ', '\n', '\r', '\r\n'), { maxLength: 40 }).map(parts => parts.join(''))

  it('has every place where it was, and what is known of it', () => {
    fc.assert(fc.property(text, fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 6 }), fc.array(fc.nat(40), { maxLength: 4 }), (source, pairs, places) => {
      // Nothing that is told begins or ends between CR and LF.
      const within = (offset: number): number => Math.min(offset, source.length) - (source.slice(Math.min(offset, source.length) - 1).startsWith('\r\n') && offset > 0 ? 1 : 0)
      const ranges = pairs.map(([a, b]): Range => [within(Math.min(a, b)), within(Math.max(a, b))])
      const file: LintedFile = { path: 'a', text: source, language: 'compose', diagnostics: ranges.map(range => diagnostic(range)), leftOut: [] }
      const [extra] = shardReport({ index: 1, count: 1 }, { files: [file], firstJudged: new Map(), found: [], noneFound: undefined } as unknown as RunResult, {}, 'info').files
      const lines = new Lines(source)
      const frame = new TextFrame()
      const noted = [...ranges.flat(), ...places.map(within)]
      for (const offset of noted) frame.noteLine(lines.position(offset))
      for (const excerpt of extra?.excerpts ?? []) frame.noteExcerpt(excerpt)
      const again = new Lines(frame.text)
      for (const offset of noted) expect(again.position(offset)).toEqual(lines.position(offset))
      for (const range of ranges) {
        expect(frame.text.slice(...range)).toBe(source.slice(...range))
        for (const offset of range) expect(again.line(again.position(offset).line)).toBe(lines.line(lines.position(offset).line))
      }
    }), { numRuns: 2000 })
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import outputSchema from '../schemas/output.schema.json' with { type: 'json' }
import { explanationOf, messageOf } from '../src/explanation.ts'
import { findingsOf, worstFirst, type Finding } from '../src/finding.ts'
import { fingerprintsOf, fnv1a128 } from '../src/fingerprint.ts'
import type { Formatter, LintedFile, Report } from '../src/formatter.ts'
import azure from '../src/formatters/azure.ts'
import checkstyle from '../src/formatters/checkstyle.ts'
import github from '../src/formatters/github.ts'
import gitlab from '../src/formatters/gitlab.ts'
import jsonl from '../src/formatters/jsonl.ts'
import junit from '../src/formatters/junit.ts'
import markdown from '../src/formatters/markdown.ts'
import rdjson from '../src/formatters/rdjson.ts'
import rdjsonl from '../src/formatters/rdjsonl.ts'
import sarif from '../src/formatters/sarif.ts'
import teamcity from '../src/formatters/teamcity.ts'
import { Lines } from '../src/position.ts'
import { ruleDescriptions } from '../src/rule-description.ts'
import { diagnostic, fileOf, hostilePaths, hostileReport, hostileTexts, options, reportOf } from './report-sample.ts'
import { elementsNamed, readXml } from './xml-reader.ts'

/** What a reader of a format gets to know of each finding. */
interface Seen { readonly path: string; readonly message: string }
interface Entry { readonly [key: string]: any } // eslint-disable-line @typescript-eslint/no-explicit-any

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1)
const unescaped = (text: string, escapes: Readonly<Record<string, string>>): string => Object.entries(escapes).reduce((rest, [escape, character]) => rest.replaceAll(escape, character), text)

/** As actions/runner reads a command. */
function readGithub(output: string): { level: string; properties: Record<string, string>; message: string }[] {
  return linesOf(output).map(line => {
    const [, level, list, data] = /^::(\w+) (.*?)::([^]*)$/.exec(line)!
    const properties = Object.fromEntries(list!.split(',').map(pair => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1), { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' })]))
    return { level: level!, properties, message: unescaped(data!, { '%0D': '\r', '%0A': '\n', '%25': '%' }) }
  })
}

/** As azure-pipelines-agent reads a command. */
function readAzure(output: string): { properties: Record<string, string>; message: string }[] {
  return linesOf(output).map(line => {
    const end = line.indexOf(']')
    const list = line.slice('##vso[task.logissue '.length, end).split(';').filter(pair => pair !== '')
    return {
      properties: Object.fromEntries(list.map(pair => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1), { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%AZP25': '%' })])),
      message: unescaped(line.slice(end + 1), { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']', '%AZP25': '%' })
    }
  })
}

/** As TeamCity reads a service message: by its documentation. */
function readTeamCity(output: string): { name: string; attributes: Record<string, string> }[] {
  return linesOf(output).map(line => {
    const [, name, list] = /^##teamcity\[(\w+)((?: \w+='(?:[^'|\n\r[\]]|\|.)*')*)\]$/.exec(line)!
    const value = (text: string): string => text.replace(/\|(?:0x([0-9A-F]{4})|(.))/g, (_, unit: string | undefined, character: string) => (unit ? String.fromCharCode(parseInt(unit, 16)) : character === 'n' ? '\n' : character === 'r' ? '\r' : character))
    return { name: name!, attributes: Object.fromEntries([...list!.matchAll(/ (\w+)='((?:[^'|]|\|.)*)'/g)].map(([, key, text]) => [key!, value(text!)])) }
  })
}

const readers: Readonly<Record<string, { formatter: Formatter; read: (output: string) => Seen[]; expected?: (finding: Finding) => string; keeps?: (finding: Finding) => boolean; path?: (path: string) => string }>> = {
  jsonl: { formatter: jsonl, read: output => linesOf(output).map(line => JSON.parse(line) as Entry).filter(({ error }) => !error).map(({ path, message }) => ({ path, message })), expected: ({ diagnostic: { message } }) => message },
  github: { formatter: github, read: output => readGithub(output).filter(({ properties }) => properties.line).map(({ properties, message }) => ({ path: properties.file!, message })), expected: finding => [messageOf(finding.diagnostic), ...explanationOf(finding)].join('\n') },
  azure: { formatter: azure, read: output => readAzure(output).filter(({ properties }) => properties.linenumber).map(({ properties, message }) => ({ path: properties.sourcepath!, message })), keeps: ({ diagnostic: { severity } }) => severity !== 'info' },
  teamcity: { formatter: teamcity, read: output => readTeamCity(output).filter(({ name }) => name === 'inspection').map(({ attributes }) => ({ path: attributes.file!, message: attributes.message! })) },
  gitlab: { formatter: gitlab, read: output => (JSON.parse(output) as Entry[]).map(({ location, description }) => ({ path: location.path, message: description })) },
  checkstyle: { formatter: checkstyle, read: output => elementsNamed(readXml(output), 'file').flatMap(file => file.children.filter(({ attributes }) => attributes.column).map(({ attributes }) => ({ path: file.attributes.name!, message: attributes.message! }))), expected: ({ diagnostic: found }) => messageOf(found).replace('\0', '\uFFFD') },
  rdjson: { formatter: rdjson, read: output => (JSON.parse(output) as { diagnostics: Entry[] }).diagnostics.filter(({ location }) => location?.range).map(({ message, location }) => ({ path: location.path, message })), expected: finding => [messageOf(finding.diagnostic), ...explanationOf(finding)].join('\n') },
  rdjsonl: { formatter: rdjsonl, read: output => linesOf(output).map(line => JSON.parse(line) as Entry).filter(({ location }) => location?.range).map(({ message, location }) => ({ path: location.path, message })), expected: finding => [messageOf(finding.diagnostic), ...explanationOf(finding)].join('\n') }
}

const sarifRun = (report: Report, show = options.show): Entry => (JSON.parse(sarif.format({ ...report, rules: ruleDescriptions() }, { ...options, show })) as Entry).runs[0]
const all = [jsonl, sarif, github, gitlab, junit, checkstyle, rdjson, rdjsonl, azure, teamcity, markdown] as readonly Formatter[]

describe.each(Object.entries(readers))('%s', (_, { formatter, read, expected = ({ diagnostic: found }) => messageOf(found), keeps = () => true }) => {
  const sorted = (seen: readonly Seen[]): string[] => seen.map(entry => JSON.stringify(entry)).sort()
  const wanted = (report: Report): Seen[] => findingsOf(report, 'info').filter(keeps).map(finding => ({ path: finding.file.path, message: expected(finding) }))

  it('brings hostile paths and messages to its readers', () => {
    const seen = read(formatter.format(hostileReport, options))
    expect(sorted(seen)).toEqual(sorted(wanted(hostileReport)))
    expect(seen.length).toBeGreaterThan(hostilePaths.length)
  })

  it('brings any text', () => {
    const text = fc.string({ unit: 'binary' }).filter(value => !/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value))
    fc.assert(fc.property(text, text.filter(path => path !== '' && !path.startsWith('./')), (message, path) => {
      const report = reportOf([fileOf(path, '⟦x⟧', [{ message, verdicts: [], sources: [] }])])
      expect(read(formatter.format(report, options))).toEqual(wanted(report))
    }), { numRuns: 100 })
  })
})

describe.each(all.map(formatter => ({ id: formatter.id, formatter })))('$id', ({ formatter }) => {
  it('shows the least severity that is asked for', () => {
    const output = formatter.format(reportOf([fileOf('f.yaml', '⟦a⟧⟦b⟧', [{ message: 'worst' }, { message: 'least', severity: 'info' }])]), { ...options, show: 'warning' })
    expect(output).toContain('worst')
    expect(output).not.toContain('least')
  })

  it('says what could not be read', () => {
    if (formatter.id === 'gitlab') return
    expect(formatter.format(reportOf([], [{ path: 'gone.yaml', message: 'no such file' }]), options)).toMatch(/gone\.yaml[^]*no such file|no such file[^]*gone\.yaml/)
  })

  it('ends with a line end and says nothing that is undefined', () => {
    const output = formatter.format(hostileReport, options)
    expect(output.endsWith('\n')).toBe(true)
    expect(output).not.toMatch(/undefined|\[object|NaN/)
  })

  it('takes an empty report and half a character', () => {
    formatter.format(reportOf([]), options)
    formatter.format(reportOf([fileOf('\uD800.yaml', '\uDC00⟦\uD83D⟧', [{ message: '\uDFFF' }])]), options)
  })

  it('takes many findings in one line', () => {
    const report = reportOf([fileOf('long.yaml', `é${'⟦ab⟧ '.repeat(5000)}`, [])])
    const before = performance.now()
    formatter.format(report, options)
    expect(performance.now() - before).toBeLessThan(3000)
  })
})

describe('sarif', () => {
  const decoded = (uri: string): string => decodeURIComponent(uri).replace(/^file:\/\/\/(?=[A-Za-z]:)|^file:\/\//, '')

  it('brings hostile paths and messages to its readers', () => {
    const { results } = sarifRun(hostileReport)
    expect(results.map((result: Entry) => decoded(result.locations[0].physicalLocation.artifactLocation.uri))).toEqual(findingsOf(hostileReport, 'info').map(({ file }) => file.path))
    for (const text of hostileTexts.slice(0, hostilePaths.length)) expect(results.some((result: Entry) => result.message.text.replaceAll('\\[', '[').startsWith(text))).toBe(true)
  })

  it.each([
    ['a b/c%d,e:f#g?.yaml', 'a%20b/c%25d%2Ce%3Af%23g%3F.yaml', '%SRCROOT%'],
    ['./x.yaml', 'x.yaml', '%SRCROOT%'],
    ['../x.yaml', '../x.yaml', '%SRCROOT%'],
    ['ü.yaml', '%C3%BC.yaml', '%SRCROOT%'],
    ['D:/a b/c.yaml', 'file:///D:/a%20b/c.yaml', undefined],
    ['//server/share/c.yaml', 'file://server/share/c.yaml', undefined],
    ['/a/c.yaml', 'file:///a/c.yaml', undefined]
  ])('%s is %s', (path, uri, uriBaseId) => {
    expect(sarifRun(reportOf([fileOf(path, '⟦x⟧')])).results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri, ...(uriBaseId === undefined ? {} : { uriBaseId }) })
  })

  it('counts UTF-16 units, says so, and slices to the text', () => {
    const run = sarifRun(hostileReport)
    expect(run.columnKind).toBe('utf16CodeUnits')
    const { region } = run.results[0].locations[0].physicalLocation
    expect(region).toEqual({ startLine: 1, startColumn: 5, endLine: 1, endColumn: 23, snippet: { text: 'network_mode: host' } })
  })

  it('indexes its rules and describes them', () => {
    const { results, tool: { driver } } = sarifRun(hostileReport)
    for (const { ruleId, ruleIndex } of results) expect(driver.rules[ruleIndex].id).toBe(ruleId)
    const rule = driver.rules.find(({ id }: Entry) => id === 'no-host-network')
    expect(rule).toMatchObject({ name: 'NoHostNetwork', help: { text: expect.stringContaining('# no-host-network') } })
    expect(JSON.stringify(driver)).not.toContain('⟦')
  })

  it('speaks of security only where protection is lost', () => {
    const { results, tool: { driver } } = sarifRun(hostileReport)
    const security = driver.rules.filter(({ properties }: Entry) => properties['security-severity'] !== undefined || properties.tags.includes('security'))
    expect(security.map(({ id }: Entry) => id)).toEqual(['unsupported-network-option/unsafe'])
    expect(results.filter(({ ruleId }: Entry) => ruleId === 'unsupported-network-option/unsafe')).toHaveLength(1)
    expect(results.filter(({ ruleId }: Entry) => ruleId === 'unsupported-network-option')).toHaveLength(1)
  })

  it('links related places, in this file with their region', () => {
    const [result] = sarifRun(hostileReport).results
    expect(result.message.text).toContain('[used here](1)')
    expect(result.relatedLocations.map(({ id, physicalLocation }: Entry) => [id, physicalLocation.region?.endColumn])).toEqual([[1, 4], [2, undefined]])
  })

  it('offers safe fixes only', () => {
    const fixes = sarifRun(hostileReport).results.flatMap((result: Entry) => result.fixes ?? [])
    expect(fixes).toHaveLength(hostilePaths.filter((_, at) => at % 2 === 0).length)
    expect(fixes[0].artifactChanges[0].replacements).toHaveLength(2)
  })

  it('tells of errors', () => {
    expect(sarifRun(hostileReport).invocations[0]).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }, { level: 'error' }] })
    expect(sarifRun(reportOf([])).invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] })
  })

  it('keeps the worst where there are too many', () => {
    const file: LintedFile = { path: 'f.yaml', text: 'x', language: 'compose', leftOut: [], diagnostics: Array.from({ length: 25_001 }, (_, at) => diagnostic([0, 1], { severity: at === 0 ? 'info' : 'error', related: [], verdicts: [] })) }
    const { results, invocations } = sarifRun(reportOf([file]))
    expect(results).toHaveLength(25_000)
    expect(results.every(({ level }: Entry) => level === 'error')).toBe(true)
    expect(invocations[0].toolExecutionNotifications).toHaveLength(1)
  })
})

describe('github', () => {
  it('has columns for ranges of one line only', () => {
    const [one, two] = readGithub(github.format(reportOf([fileOf('f.yaml', '⟦a⟧ ⟦b\nc⟧')]), options))
    expect(one!.properties).toEqual({ title: 'porthole: no-host-network', file: 'f.yaml', line: '1', endLine: '1', col: '1', endColumn: '2' })
    expect(two!.properties).toEqual({ title: 'porthole: no-host-network', file: 'f.yaml', line: '1', endLine: '2' })
  })

  it.each([[10, 0], [11, 1]])('%i of a level: %i notices that GitHub hides some', (count, notices) => {
    const report = reportOf([fileOf('f.yaml', '⟦x⟧'.repeat(count + 1), [{ severity: 'warning' }])])
    const commands = readGithub(github.format(report, options))
    expect(commands.filter(({ level }) => level === 'notice')).toHaveLength(notices)
    expect(commands.map(({ level }) => level).filter(level => level !== 'notice')).toEqual([...Array.from({ length: count }, () => 'error'), 'warning'])
  })
})

describe('gitlab', () => {
  it('has all that GitLab requires, and no fingerprint twice', () => {
    const issues = JSON.parse(gitlab.format(hostileReport, options)) as Entry[]
    for (const issue of issues) {
      expect(issue).toEqual({
        description: expect.any(String), check_name: expect.any(String), fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/), severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/),
        location: { path: expect.not.stringMatching(/^\.\//), lines: { begin: expect.any(Number), end: expect.any(Number) }, positions: { begin: { line: expect.any(Number), column: expect.any(Number) }, end: { line: expect.any(Number), column: expect.any(Number) } } }
      })
    }
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
  })
})

describe('junit', () => {
  const document = readXml(junit.format(hostileReport, options))

  it('counts what it holds', () => {
    const counts = (name: string): number => elementsNamed(document, name).length
    expect(document.attributes).toMatchObject({ tests: String(counts('testcase')), failures: String(counts('failure')), errors: String(counts('error')) })
    for (const suite of elementsNamed(document, 'testsuite')) {
      expect(suite.attributes).toMatchObject({ tests: String(elementsNamed(suite, 'testcase').length), failures: String(elementsNamed(suite, 'failure').length), errors: String(elementsNamed(suite, 'error').length), skipped: String(elementsNamed(suite, 'skipped').length) })
      const names = suite.children.map(({ attributes }) => attributes.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('keeps hostile texts', () => {
    const messages = elementsNamed(document, 'failure').map(({ attributes }) => attributes.message)
    const texts = elementsNamed(document, 'failure').map(({ text }) => text)
    const findings = findingsOf(hostileReport, 'warning')
    expect(messages).toEqual(findings.map(finding => messageOf(finding.diagnostic)))
    for (const [at, { diagnostic: found }] of findings.entries()) expect(texts[at]).toContain(found.message)
    expect(elementsNamed(document, 'testsuite').slice(0, hostilePaths.length).map(({ attributes }) => attributes.name)).toEqual(hostilePaths)
  })

  it('passes a clean file, skips one without Docker, lets information pass', () => {
    const suiteOf = (name: string): string => JSON.stringify(elementsNamed(document, 'testsuite').find(({ attributes }) => attributes.name === name)!.children.map(({ children }) => children.map(child => child.name)))
    expect(suiteOf('clean.yaml')).toBe('[[]]')
    expect(suiteOf('README.md')).toBe('[["skipped"]]')
    expect(suiteOf(hostilePaths[1]!)).toBe('[["failure"],["system-out"]]')
  })
})

describe('checkstyle', () => {
  it('holds no character that XML cannot hold', () => {
    const output = checkstyle.format(reportOf([fileOf('a\x01b.yaml', '⟦x⟧', [{ message: 'nul \0, escape \x1b[31m, \uFFFE' }])]), options)
    const [error] = elementsNamed(readXml(output), 'error')
    expect(error!.attributes).toEqual({ line: '1', column: '1', severity: 'error', message: 'nul \uFFFD, escape \uFFFD[31m, \uFFFD', source: 'porthole.no-host-network' })
  })
})

describe('rdjson', () => {
  /** Fields of the messages of reviewdog's proto/rdf/reviewdog.proto. */
  const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    DiagnosticResult: { diagnostics: 'Diagnostic', source: 'Source', severity: '' },
    Diagnostic: { message: '', location: 'Location', severity: '', source: 'Source', code: 'Code', suggestions: 'Suggestion', original_output: '', related_locations: 'RelatedLocation' },
    RelatedLocation: { message: '', location: 'Location' },
    Location: { path: '', range: 'Range' },
    Range: { start: 'Position', end: 'Position' },
    Position: { line: '', column: '' },
    Suggestion: { range: 'Range', text: '' },
    Source: { name: '', url: '' },
    Code: { value: '', url: '' }
  }

  function expectMessage(value: Entry, type: string): void {
    expect(Object.keys(fields[type]!)).toEqual(expect.arrayContaining(Object.keys(value)))
    for (const [key, inner] of Object.entries(value)) {
      const innerType = fields[type]![key]!
      if (innerType !== '') for (const entry of [inner].flat()) expectMessage(entry, innerType)
      else expect(typeof inner).toMatch(/string|number/)
    }
  }

  it('has the fields of the protocol and no others', () => {
    expectMessage(JSON.parse(rdjson.format(hostileReport, options)) as Entry, 'DiagnosticResult')
    for (const line of linesOf(rdjsonl.format(hostileReport, options))) expectMessage(JSON.parse(line) as Entry, 'Diagnostic')
  })

  it('counts bytes of UTF-8', () => {
    const text = 'a: é漢😀⟦x⟧ ⟦ü\r\n𝒳⟧y'
    const { diagnostics } = JSON.parse(rdjson.format(reportOf([fileOf('f.yaml', text)]), options)) as { diagnostics: Entry[] }
    expect(diagnostics.map(({ location }) => location.range)).toEqual([
      { start: { line: 1, column: 13 }, end: { line: 1, column: 14 } },
      { start: { line: 1, column: 15 }, end: { line: 2, column: 5 } }
    ])
  })

  it('counts bytes of UTF-8, in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, within) => {
      const file: LintedFile = { path: 'f', text: before + within, language: 'compose', leftOut: [], diagnostics: [diagnostic([before.length, before.length + within.length])] }
      const { start } = (JSON.parse(rdjson.format(reportOf([file]), options)) as { diagnostics: Entry[] }).diagnostics[0]!.location.range
      const { column } = new Lines(file.text).position(before.length)
      expect(start.column).toBe(new TextEncoder().encode(before.slice(before.length - column + 1)).length + 1)
    }))
  })

  it('suggests safe fixes only, each as one replacement', () => {
    const { diagnostics } = JSON.parse(rdjson.format(reportOf([fileOf('f.yaml', '⟦abcdefgh⟧⟦x⟧', [
      { fix: { title: 'x', safe: true, edits: [{ range: [4, 5], text: 'E' }, { range: [1, 2], text: '' }] } },
      { fix: { title: 'x', safe: false, edits: [{ range: [0, 1], text: '' }] } }
    ])]), options)) as { diagnostics: Entry[] }
    expect(diagnostics.map(({ suggestions }) => suggestions)).toEqual([[{ range: { start: { line: 1, column: 2 }, end: { line: 1, column: 6 } }, text: 'cdE' }], undefined])
  })
})

describe('jsonl', () => {
  it('has diagnostics as the schema of json has them, each on a line of its own', () => {
    const isDiagnostic = new Ajv({ strict: false }).compile({ ...outputSchema, type: undefined, required: undefined, properties: undefined, additionalProperties: undefined, $ref: '#/definitions/diagnostic' } as object)
    const output = jsonl.format(hostileReport, options)
    expect(output).not.toMatch(/[\x85\u2028\u2029]/)
    const values = linesOf(output).map(line => JSON.parse(line) as Entry)
    for (const value of values.filter(({ error }) => error === undefined)) expect([isDiagnostic(value), isDiagnostic.errors]).toEqual([true, null])
    expect(values.filter(({ error }) => error !== undefined)).toEqual(hostileReport.errors.map(({ path, message }) => ({ error: { path: path ?? null, message } })))
  })
})

describe('azure', () => {
  it('has one command on each line', () => {
    for (const line of linesOf(azure.format(hostileReport, options))) expect(line).toMatch(/^##vso\[task\.logissue type=(?:error|warning);/)
  })
})

describe('teamcity', () => {
  it('names each rule once, before what it found, in ASCII', () => {
    const output = teamcity.format({ ...hostileReport, rules: ruleDescriptions() }, options)
    expect(output).toMatch(/^[\t\n\x20-\x7E]*$/)
    const messages = readTeamCity(output)
    expect(messages.filter(({ name }) => name === 'inspectionType').map(({ attributes }) => attributes.id)).toEqual(['no-host-network', 'unsupported-network-option'])
    expect(messages.map(({ name }) => name).lastIndexOf('inspectionType')).toBeLessThan(messages.findIndex(({ name }) => name === 'inspection'))
    expect(messages.at(-1)!.attributes).toEqual({ text: 'porthole: no Docker configuration found', status: 'ERROR' })
  })

  it('writes characters beyond ASCII by their UTF-16 units', () => {
    expect(teamcity.format(reportOf([fileOf('ü😀.yaml', '⟦x⟧')]), options)).toContain('file=\'|0x00FC|0xD83D|0xDE00.yaml\'')
  })
})

describe('markdown', () => {
  const output = markdown.format(hostileReport, options)

  it('has tables whose rows have as many cells as their heads', () => {
    const tables = output.split('\n\n').map(block => block.split('\n').filter(line => line.startsWith('|'))).filter(table => table.length > 0)
    for (const table of tables) expect(new Set(table.map(line => line.split('|').length)).size).toBe(1)
    expect(tables.length).toBe(hostilePaths.length + 2)
  })

  it('lets no text be markup', () => {
    expect(output).not.toMatch(/<(?!\/?code>|br>)/)
    expect(output).not.toMatch(/(?<!&)#\d|@somebody|\]\(|https:\/\//)
  })

  it('has files with errors first, and errors before the rest', () => {
    const text = markdown.format(reportOf([fileOf('warned.yaml', '⟦a⟧', [{ severity: 'warning' }]), fileOf('failed.yaml', '⟦a⟧⟦b⟧', [{ severity: 'info', message: 'Later.' }, { message: 'Sooner.' }])]), options)
    expect(text.indexOf('failed.yaml')).toBeLessThan(text.indexOf('warned.yaml'))
    expect(text.indexOf('Sooner.')).toBeLessThan(text.indexOf('Later.'))
  })

  it('says what each file does on each target', () => {
    const text = markdown.format(reportOf([fileOf('f.yaml', '⟦a⟧⟦b⟧', [{}, { effect: 'ignored', verdicts: [{ target: 'ws2019', effect: 'ignored', evidence: [] }, { target: 'ws2022', effect: 'supported', evidence: [] }] }])]), options)
    expect(text).toContain('| <code>f.yaml</code> | 1 refused<br>1 silently ignored | 1 refused |')
    expect(markdown.format(reportOf([fileOf('f.yaml', '⟦a⟧', [{ verdicts: [] }])]), options)).toContain('| <code>f.yaml</code> | 1 at fault everywhere | 1 at fault everywhere |')
    expect(output).toContain('| <code>unsafe.yaml</code> | 1 refused | 1 refused<br>1 unprotected |')
  })

  it('fits into a comment, and says what it leaves out', () => {
    const text = markdown.format(reportOf(Array.from({ length: 300 }, (_, at) => fileOf(`f${at}.yaml`, '⟦x⟧'.repeat(20)))), options)
    expect(text.length).toBeLessThan(65_536)
    expect(text).toMatch(/… and \d+ more findings\.\n$/)
  })

  it('is short where nothing is found', () => {
    expect(markdown.format(reportOf([fileOf('f.yaml', 'x')]), options)).toBe('## porthole found nothing in 1 file\n')
  })
})

describe('fingerprints', () => {
  const fingerprints = (...files: LintedFile[]): string[] => [...fingerprintsOf(files).values()]
  const before = fingerprints(fileOf('f.yaml', 'a\n⟦b:\n  c⟧\n'))

  it.each([
    ['a line is inserted above', fileOf('f.yaml', 'new\na\n⟦b:\n  c⟧\n')],
    ['the message is reworded', fileOf('f.yaml', 'a\n⟦b:\n  c⟧\n', [{ message: 'Other words.', instead: 'Do something.' }])],
    ['other targets are asked for', fileOf('f.yaml', 'a\n⟦b:\n  c⟧\n', [{ verdicts: [], severity: 'warning' }])],
    ['the file is indented in another way', fileOf('f.yaml', 'a\n  ⟦b:\n      c⟧\n')],
    ['lines end with CR LF', fileOf('f.yaml', 'a\r\n⟦b:\r\n  c⟧\r\n')]
  ])('are the same when %s', (_, file) => {
    expect(fingerprints(file)).toEqual(before)
  })

  it.each([
    ['path', fileOf('g.yaml', '⟦b:\n  c⟧')],
    ['rule', fileOf('f.yaml', '⟦b:\n  c⟧', [{ rule: 'other' }])],
    ['feature', fileOf('f.yaml', '⟦b:\n  c⟧', [{ feature: 'other' }])],
    ['text', fileOf('f.yaml', '⟦b:\n  d⟧')]
  ])('differ by the %s', (_, file) => {
    expect(fingerprints(file)).not.toEqual(before)
  })

  it('differ where two findings are equal, in one file or two of one name', () => {
    const twice = fileOf('f.yaml', '⟦x⟧ ⟦x⟧')
    expect(new Set(fingerprints(twice, fileOf('f.yaml', '⟦x⟧'))).size).toBe(3)
    expect(fingerprints(twice)[0]).toBe(fingerprints(fileOf('f.yaml', '⟦x⟧'))[0])
  })

  it('do not depend on what is shown', () => {
    const report = reportOf([fileOf('f.yaml', '⟦x⟧ ⟦x⟧', [{ severity: 'info' }])])
    const shown = (show: 'info' | 'error'): string[] => (JSON.parse(gitlab.format(report, { ...options, show })) as Entry[]).map(({ fingerprint }) => fingerprint)
    expect(shown('info')).toContain(shown('error')[0])
    expect(sarifRun(report, 'error').results[0].partialFingerprints).toEqual({ 'porthole/v1': shown('error')[0] })
  })

  it.each([['', '6c62272e07bb014262b821756295c58d'], ['a', 'd228cb696f1a8caf78912b704e4a8964'], ['foobar', '343e1662793c64bf6f0d3597ba446f18']])('hash %j as FNV-1a does', (text, hash) => {
    expect(fnv1a128(text)).toBe(hash)
  })
})

describe('findings', () => {
  it('are sorted by severity, otherwise as they were', () => {
    const findings = findingsOf(reportOf([fileOf('f.yaml', '⟦a⟧⟦b⟧⟦c⟧⟦d⟧', [{ severity: 'info' }, { severity: 'warning' }, {}, { severity: 'warning' }])]), 'info')
    expect(worstFirst(findings).map(({ start }) => start.column)).toEqual([3, 2, 4, 1])
  })
})

describe('rule descriptions', () => {
  it('name every rule, also those that readers report by themselves', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).map(name => readFileSync(join('src', name), 'utf8'))
    const reported = sources.flatMap(text => [...text.matchAll(/\brule: '([a-z-]+)'/g)].map(match => match[1]!))
    const ids = ruleDescriptions().map(({ id }) => id)
    expect(reported.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['no-ipv6', ...reported]))
  })
})

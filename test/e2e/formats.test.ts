import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explanationOf, messageOf } from '../../src/explanation.ts'
import { findingsOf, worstFirst } from '../../src/finding.ts'
import type { Report } from '../../src/formatter.ts'
import azure from '../../src/formatters/azure.ts'
import checkstyle from '../../src/formatters/checkstyle.ts'
import github from '../../src/formatters/github.ts'
import junit from '../../src/formatters/junit.ts'
import sarif from '../../src/formatters/sarif.ts'
import { ruleDescriptions } from '../../src/rule-description.ts'
import { lintText } from '../linting.ts'
import { fileOf, hostileReport, options, reportOf } from '../report-sample.ts'

const minute = 60_000

/** What SARIF Multitool asks for and a report cannot know. */
const unknowable: readonly string[] = [
  'GHAzDO1019', // numbers of the pipeline: who uploads the report adds them
  'GHAzDO1020', // the same, in the id of the run
  'SARIF2005' // a web site of the tool
]

const folder = mkdtempSync(join(tmpdir(), 'porthole-formats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Why nothing can be installed: where one package has failed, the others need not wait. */
let obstacle = process.env.PORTHOLE_OFFLINE ? 'PORTHOLE_OFFLINE is set' : undefined

/** Installs the reference reader of a format; says why where that is not possible. */
function installed(name: string): string | undefined {
  if (obstacle !== undefined) return skipped(name, obstacle)
  const prefix = mkdtempSync(join(folder, 'npm-'))
  writeFileSync(join(prefix, 'package.json'), '{"private":true}')
  const isWindows = process.platform === 'win32'
  const { status, error, stderr } = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', '--fetch-timeout=20000', name], { encoding: 'utf8', timeout: 2 * minute, shell: isWindows })
  if (status === 0) return join(prefix, 'node_modules')
  obstacle = error?.message ?? `npm exits with ${status}: ${stderr.trim().split('\n')[0]}`
  return skipped(name, obstacle)
}

function skipped(name: string, reason: string): undefined {
  process.stderr.write(`skipped: ${name} cannot be installed: ${reason}\n`)
}

/** A report of a run on the example, as people will see it. */
async function exampleReport(): Promise<Report> {
  const path = 'examples/shop/compose.yaml'
  const text = readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
  return reportOf([{ path, text, ...(await lintText({ source: text, path })) }])
}

describe('sarif', () => {
  const modules = installed(`@microsoft/sarif-multitool-${process.platform}@5.7.0`)
  const schemaFile = modules === undefined ? undefined : ['', 'amd64', 'arm64'].map(part => join(modules, `@microsoft/sarif-multitool-${process.platform}`, part, 'sarif-2.1.0.json')).find(path => existsSync(path))
  const reports = new Map<string, Report>([['hostile', hostileReport], ['empty', reportOf([])]])
  beforeAll(async () => void reports.set('example', await exampleReport()))
  const names = ['hostile', 'empty', 'example']

  it.skipIf(modules === undefined).each(names)('%s: SARIF Multitool finds no fault for GitHub and Azure DevOps', name => {
    const multitool = join(modules!, `@microsoft/sarif-multitool-${process.platform}`, process.platform === 'win32' ? 'Sarif.Multitool.exe' : 'Sarif.Multitool')
    if (process.platform !== 'win32') chmodSync(multitool, 0o755)
    const [log, judgement] = [join(folder, `${name}.sarif`), join(folder, `${name}.judged.sarif`)]
    writeFileSync(log, sarif.format({ ...reports.get(name)!, rules: ruleDescriptions() }, options))
    const { stderr, stdout } = spawnSync(multitool, ['validate', log, '--rule-kind', 'Sarif;Ghas;Ado', '--level', 'Error;Warning;Note', '-o', judgement, '--log', 'ForceOverwrite'], { encoding: 'utf8', timeout: 2 * minute })
    expect(existsSync(judgement), stdout + stderr).toBe(true)
    const { runs: [run] } = JSON.parse(readFileSync(judgement, 'utf8').replace(/^\uFEFF/, '')) as { runs: [{ results: { ruleId: string; level?: string; message: { arguments?: string[] } }[] }] }
    // It says `warning` by leaving the level out.
    const faults = run.results.filter(({ ruleId, level = 'warning' }) => level !== 'note' && !unknowable.includes(ruleId)).map(({ ruleId, level = 'warning', message }) => `${level} ${ruleId} ${(message.arguments ?? []).join(' ')}`)
    expect(faults).toEqual([])
  }, 3 * minute)

  it.skipIf(schemaFile === undefined).each(names)('%s: follows the schema', name => {
    const schema = JSON.parse(readFileSync(schemaFile!, 'utf8').replace(/^\uFEFF/, '')) as object
    const isUri = (uri: string): boolean => URL.canParse(uri)
    const isReference = (uri: string): boolean => /^(?:[\w.~!$&'()*+,;=:@/?#[\]-]|%[0-9A-Fa-f]{2})*$/.test(uri)
    const validate = new Ajv2020({ strict: false, unicodeRegExp: false, formats: { uri: isUri, 'uri-reference': isReference, 'date-time': true, uuid: true } }).compile(schema)
    validate(JSON.parse(sarif.format({ ...reports.get(name)!, rules: ruleDescriptions() }, options)))
    expect(validate.errors).toBeNull()
  })
}, 5 * minute)

describe('github', () => {
  const modules = installed('@actions/core@3.0.1')

  it.skipIf(modules === undefined)('prints what @actions/core prints', () => {
    const calls = worstFirst(findingsOf(hostileReport, 'info')).map(finding => {
      const { diagnostic: { severity, rule }, file, start, end } = finding
      const columns = start.line === end.line ? { startColumn: start.column, endColumn: end.column } : {}
      return [{ error: 'error', warning: 'warning', info: 'notice' }[severity], [messageOf(finding.diagnostic), ...explanationOf(finding)].join('\n'), { title: `porthole: ${rule}`, file: file.path, startLine: start.line, endLine: end.line, ...columns }]
    })
    const script = `import * as core from ${JSON.stringify(pathToFileURL(join(modules!, '@actions/core/lib/core.js')).href)}
      for (const [level, message, properties] of ${JSON.stringify(calls)}) core[level](message, properties)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], { input: script, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(github.format({ ...hostileReport, errors: [] }, options).split('\n').filter(line => !line.startsWith('::notice title=porthole::')).join('\n')).toBe(stdout.replaceAll('\r\n', '\n'))
  })
}, 3 * minute)

describe('azure', () => {
  const modules = installed('azure-pipelines-task-lib@5.281.0')

  it.skipIf(modules === undefined)('prints what azure-pipelines-task-lib prints', () => {
    const { TaskCommand } = createRequire(import.meta.url)(join(modules!, 'azure-pipelines-task-lib/taskcommand.js')) as { TaskCommand: new (command: string, properties: object, message: string) => object }
    const commands = worstFirst(findingsOf(hostileReport, 'warning')).map(({ diagnostic, file, start }) =>
      `${String(new TaskCommand('task.logissue', { type: diagnostic.severity, sourcepath: file.path, linenumber: start.line, columnnumber: start.column, code: diagnostic.rule }, messageOf(diagnostic)))}\n`)
    expect(azure.format({ ...hostileReport, errors: [] }, options)).toBe(commands.join(''))
  })
}, 3 * minute)

describe('XML', () => {
  const modules = installed('saxes@6.0.0')

  it.skipIf(modules === undefined).each([junit, checkstyle])('$id is well-formed', ({ format }) => {
    const { SaxesParser } = createRequire(import.meta.url)(join(modules!, 'saxes')) as { SaxesParser: new () => { on(event: 'error', handler: (error: Error) => void): void; write(text: string): { close(): void } } }
    const parser = new SaxesParser()
    const errors: Error[] = []
    parser.on('error', error => errors.push(error))
    const controls = fileOf('a\x01.yaml', '⟦x⟧', [{ message: 'nul \0 escape \x1b half \uD800' }])
    parser.write(format({ ...hostileReport, files: [...hostileReport.files, controls] }, options)).close()
    expect(errors).toEqual([])
  })
}, 3 * minute)

describe('junit', () => {
  const modules = installed('junit2json@4.0.0')

  it.skipIf(modules === undefined)('is read by junit2json', () => {
    const script = `import { parse } from ${JSON.stringify(pathToFileURL(createRequire(join(modules!, 'x.js')).resolve('junit2json')).href)}
      console.log(JSON.stringify(await parse(${JSON.stringify(junit.format(hostileReport, options))})))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], { input: script, encoding: 'utf8' })
    expect(stderr).toBe('')
    const { tests, failures, errors, testsuite } = JSON.parse(stdout) as { tests: number; failures: number; errors: number; testsuite: { name: string; testcase: { name: string; failure?: { message: string }[] }[] }[] }
    const cases = testsuite.flatMap(({ testcase }) => testcase)
    expect({ tests, failures, errors }).toEqual({ tests: cases.length, failures: findingsOf(hostileReport, 'warning').length, errors: hostileReport.errors.length })
    expect(cases.flatMap(({ failure }) => failure ?? []).map(({ message }) => message)).toEqual(findingsOf(hostileReport, 'warning').map(({ diagnostic }) => messageOf(diagnostic)))
  })
}, 3 * minute)

import { mkdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root, Workspace, type Outcome } from './workspace.ts'

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly runs: { readonly using: string; readonly main: string }
}

const metadata = parse(readFileSync(`${root}/action.yml`, 'utf8')) as Metadata
const main = `${root}/${metadata.runs.main}`

interface Step extends Outcome {
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

let workspace: Workspace
let count = 0
let place = ''

beforeAll(() => void (workspace = new Workspace()))
afterAll(() => workspace.remove())
beforeEach(() => {
  place = `w${count++}`
  mkdirSync(workspace.path(`${place}/temp`), { recursive: true })
})

const write = (path: string, content: string): string => workspace.write(`${place}/${path}`, content)

/** Runs the action as a runner does: inputs with their defaults in the environment, files for outputs and summary. */
async function step(inputs: Readonly<Record<string, string>>): Promise<Step> {
  const defaults = Object.fromEntries(Object.entries(metadata.inputs).map(([name, { default: value = '' }]) => [name, value]))
  const given = Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])
  const [outputs, summary] = [`${place}-outputs`, `${place}-summary`]
  for (const name of [outputs, summary]) workspace.write(name, '')
  const env = { ...Object.fromEntries(given), CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace.path(place), GITHUB_OUTPUT: workspace.path(outputs), GITHUB_STEP_SUMMARY: workspace.path(summary), RUNNER_TEMP: workspace.path(`${place}/temp`) }
  const outcome = await workspace.run(process.execPath, [main], { in: place, env })
  const lines = readFileSync(workspace.path(outputs), 'utf8').split(/\r?\n/).filter(line => line !== '')
  return { ...outcome, outputs: Object.fromEntries(lines.map(line => line.split(/=(.*)/s, 2))), summary: readFileSync(workspace.path(summary), 'utf8') }
}

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'

describe('the action', () => {
  it('annotates, counts, and fails the step', async () => {
    write('deploy/compose.yaml', hostMode)
    const { status, stdout, outputs, summary } = await step({})
    expect(status).toBe(1)
    expect(stdout).toMatch(/^::error title=porthole%3A no-host-network,file=deploy\/compose\.yaml,line=4,endLine=4,col=5,endColumn=23::/)
    expect(outputs).toEqual({ errors: '1', warnings: '0', infos: '0' })
    expect(summary).toMatch(/^## porthole found 1 error, 0 warnings in 1 file\n/)
  })

  it('passes where nothing is found', async () => {
    write('compose.yaml', 'services:\n  web:\n    image: x\n')
    expect(await step({})).toMatchObject({ status: 0, stdout: '', outputs: { errors: '0' }, summary: '## porthole found nothing in 1 file\n' })
  })

  it('hands every input on', async () => {
    write('a b/compose.yaml', hostMode)
    write('c/stack.yml', hostMode)
    write('other/compose.yaml', hostMode)
    write('strict.yaml', 'rules: { no-host-network: warning }\n')
    const { status, stdout, outputs, summary } = await step({ paths: '  a b\r\n\n c/**/*.yml ', targets: 'ws2019\nws2022', platform: 'windows', config: 'strict.yaml', 'fail-on': 'error', format: 'compact', 'sarif-file': 'reports/porthole.sarif', summary: 'false', args: '--explain-platform\n--stats' })
    expect(status).toBe(0)
    expect(stdout.split('\n').map(line => line.split(' no-host')[0])).toEqual(['a b/compose.yaml:4:5-4:23 warning', 'c/stack.yml:4:5-4:23 warning', ''])
    expect(outputs).toEqual({ errors: '0', warnings: '2', infos: '0', 'sarif-file': workspace.path(`${place}/reports/porthole.sarif`) })
    expect(summary).toBe('')
    const { runs: [run] } = JSON.parse(readFileSync(outputs['sarif-file']!, 'utf8')) as { runs: [{ automationDetails: { id: string }; results: unknown[] }] }
    expect([run.automationDetails.id, run.results.length]).toEqual(['porthole/ws2019+ws2022/', 2])
  })

  it('names files from the workspace on, wherever it works', async () => {
    write('shop/deploy/compose.yaml', hostMode)
    write('shop/porthole.config.yaml', 'failOn: error\n')
    write('compose.yaml', hostMode)
    const { stdout, outputs } = await step({ 'working-directory': 'shop', paths: 'deploy', config: 'porthole.config.yaml', 'sarif-file': 'x.sarif' })
    expect(stdout).toContain('file=shop/deploy/compose.yaml,')
    expect(stdout).not.toContain('file=compose.yaml')
    expect(outputs).toMatchObject({ errors: '1', 'sarif-file': workspace.path(`${place}/shop/x.sarif`) })
  })

  it('a path that looks like an option is a path', async () => {
    write('--exit-zero', 'x')
    expect(await step({ paths: '--exit-zero' })).toMatchObject({ status: 0, stderr: expect.stringContaining('nothing that speaks of Docker in --exit-zero') })
  })

  it.each([
    [{ targets: 'ws2202' }, 'did you mean `ws2022`?'],
    [{ args: '--nonsense' }, 'unknown option `--nonsense`'],
    [{ 'fail-on': '100%' }, 'unknown value `100%25` for --fail-on'],
    [{ summary: 'yes' }, 'the input `summary` is true or false, not `yes`'],
    [{ paths: 'missing.yaml' }, 'no such file or folder']
  ])('%j is an error in an annotation', async (inputs, message) => {
    write('compose.yaml', hostMode)
    const { status, stdout } = await step(inputs)
    expect(status).toBe(2)
    expect(stdout.split('\n').find(line => line.startsWith('::error title=porthole'))).toContain(message)
  })

  it('has what it says it has', () => {
    const source = readFileSync(`${root}/src/action.ts`, 'utf8')
    const named = (pattern: RegExp): string[] => [...new Set([...source.matchAll(pattern)].map(match => match[1]!))].sort()
    expect(named(/\b(?:input|lines|flag)\('([\w-]+)'\)/g)).toEqual(Object.keys(metadata.inputs).sort())
    expect(named(/setOutput\('([\w-]+)'/g)).toEqual(Object.keys(metadata.outputs).sort())
    expect(metadata.runs.using).toBe('node24')
  })
})

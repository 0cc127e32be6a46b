import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { has, program, Workspace, type Outcome } from './workspace.ts'

let workspace: Workspace
let count = 0

beforeAll(() => void (workspace = new Workspace()))
afterAll(() => workspace.remove())

const name = 'porthole.config.yaml'

/** A folder with files, in which `porthole --init` runs. */
async function init(files: Readonly<Record<string, string>>): Promise<Outcome & { place: string; config: { targets: string[]; platform: string } | undefined }> {
  const place = `i${count++}`
  mkdirSync(workspace.path(place))
  for (const [path, text] of Object.entries(files)) workspace.write(`${place}/${path}`, text)
  const outcome = await workspace.porthole(['--init'], { in: place })
  const written = workspace.path(`${place}/${name}`)
  return { ...outcome, place, config: existsSync(written) ? (parse(readFileSync(written, 'utf8')) as { targets: string[]; platform: string }) : undefined }
}

describe('--init', () => {
  it.each<[string, Record<string, string>, string[], string]>([
    ['FROM', { Dockerfile: 'FROM mcr.microsoft.com/windows/servercore:ltsc2019\n' }, ['ws2019'], 'Dockerfile:1'],
    ['an ARG', { Dockerfile: '# on ltsc2016\nARG TAG=ltsc2022\nFROM mcr.microsoft.com/windows/nanoserver:${TAG}\n' }, ['ws2022'], 'Dockerfile:3'],
    ['an image', { 'compose.yaml': 'services:\n  web:\n    image: "mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-1809"\n' }, ['ws2019'], 'compose.yaml:3'],
    ['runs-on', { '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    runs-on: windows-2025\n    steps:\n      - run: docker build .\n' }, ['ws2025,host=azure'], '.github/workflows/ci.yml:4'],
    ['a matrix', { '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [windows-2022, windows-2025, ubuntu-latest]\n    runs-on: ${{ matrix.os }}\n    steps:\n      - run: docker build .\n' }, ['ws2022,host=azure', 'ws2025,host=azure'], '.github/workflows/ci.yml:7'],
    ['vmImage', { 'azure-pipelines.yml': 'pool: { vmImage: windows-2022 }\nsteps:\n  - script: docker build .\n' }, ['ws2022,host=azure'], 'azure-pipelines.yml:1']
  ])('takes the targets from %s', async (_, files, targets, where) => {
    const { status, stdout, stderr, config, place } = await init(files)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toMatch(`porthole: wrote ${name}\n`)
    expect(stderr).toContain(`porthole: ${targets[0]}: ${where}:`)
    expect(config).toMatchObject({ targets })
    expect((await workspace.porthole(['.'], { in: place })).status).toBeLessThan(2)
  })

  it('takes the default where nothing names a version', async () => {
    const { stderr, config } = await init({ 'compose.yaml': 'services:\n  web:\n    image: x\n', 'notes.txt': 'ltsc2016', '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: docker build .\n' })
    expect(stderr).toContain('no file names a version of Windows')
    expect(config).toMatchObject({ targets: ['ws2019', 'ws2022', 'ws2025'], platform: 'windows' })
  })

  it('knows files for both systems', async () => {
    const { config } = await init({ 'a/compose.yaml': 'services:\n  web:\n    image: nginx:alpine\n', 'b/compose.yaml': 'services:\n  web:\n    image: mcr.microsoft.com/windows/nanoserver:ltsc2022\n' })
    expect(config).toMatchObject({ platform: 'auto', targets: ['ws2022'] })
  })

  it.each([[name, '{}\n', `${name} is there already`], ['porthole.config.json', '{}', 'porthole.config.json is there already'], ['package.json', '{ "porthole": {} }', 'package.json has a configuration already']])('leaves %s alone', async (path, text, message) => {
    const { status, stderr, place } = await init({ [path]: text })
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) })
    expect(readFileSync(workspace.path(`${place}/${path}`), 'utf8')).toBe(text)
    if (path !== name) expect(existsSync(workspace.path(`${place}/${name}`))).toBe(false)
  })

  it('may be narrower than a configuration further up', async () => {
    const { place } = await init({})
    mkdirSync(workspace.path(`${place}/sub`))
    expect(await workspace.porthole(['--init'], { in: `${place}/sub` })).toMatchObject({ status: 0 })
  })

  it('takes no paths', async () => {
    expect(await workspace.porthole(['--init', '.'])).toMatchObject({ status: 2, stderr: expect.stringContaining('takes no paths') })
  })
})

describe('a run', () => {
  it('says with --stats what was read, on standard error', async () => {
    workspace.write('s/compose.yaml', 'services:\n  web:\n    image: x\n')
    workspace.write('s/up.ps1', 'docker run x\n')
    workspace.write('s/vendor/compose.yaml', 'services:\n  web:\n    image: x\n')
    workspace.write('s/notes.yaml', 'a: 1\n')
    workspace.write(`s/${name}`, 'ignore: [vendor/]\n')
    const { status, stdout, stderr } = await workspace.porthole(['--stats', '--format=json', '.'], { in: 's' })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ summary: { files: 2 } })
    for (const line of [/^porthole: compose: 1 file, /m, /^porthole: powershell: 1 file, /m, /^porthole: nothing that speaks of Docker: 2 files, /m, /^porthole: 1 file left out by the configuration$/m, /^porthole: start \d+ ms, search \d+ ms, lint \d+ ms, report \d+ ms$/m]) expect(stderr).toMatch(line)
  })

  it.skipIf(process.platform !== 'linux' || !has('script', 'progress on a terminal'))('shows on a terminal how far it is, and nothing where CI is set', { timeout: 60_000 }, async () => {
    const source = `services:\n${Array.from({ length: 200 }, (_, service) => `  web${service}:\n    image: x\n    network_mode: host\n`).join('')}`
    for (let at = 0; at < 150; at++) workspace.write(`t/${at}/compose.yaml`, source)
    const shown = async (env: Readonly<Record<string, string>>): Promise<string> =>
      (await workspace.run('script', ['--quiet', '--command', `"${process.execPath}" "${program}" --quiet --output-file=/dev/null .`, '/dev/null'], { in: 't', env: { TERM: 'xterm', ...env } })).stdout
    expect(await shown({})).toMatch(/^(?:\r\x1b\[K\d+\/150 \d+\/compose\.yaml)+\r\x1b\[K$/)
    expect(await shown({ CI: 'true' })).toBe('')
    expect(await shown({ TERM: 'dumb' })).toBe('')
  })

  it('leaves out with --force-exclude what is named but ignored', async () => {
    workspace.write('f/compose.yaml', 'services:\n  web:\n    image: x\n    network_mode: host\n')
    workspace.write(`f/${name}`, 'ignore: [compose.yaml]\n')
    expect(await workspace.porthole(['compose.yaml'], { in: 'f' })).toMatchObject({ status: 1 })
    expect(await workspace.porthole(['--force-exclude', 'compose.yaml'], { in: 'f' })).toMatchObject({ status: 0 })
  })
})

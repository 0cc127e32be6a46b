import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import outputSchema from '../../schemas/output.schema.json' with { type: 'json' }

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const isRoot = process.getuid?.() === 0
let folder: string

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const clean = 'services:\n  web:\n    image: x\n'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-'))
  if (isRoot) process.stderr.write('skipped: no permission can be taken from the superuser\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
  return path
}

interface Run { readonly args: readonly string[]; readonly input?: string; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string }

function run({ args, input = '', env = {}, cwd = folder }: Run): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, input, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', ...env } })
  return { status, stdout, stderr }
}

describe('the command line', () => {
  it('exits 0 on nothing, 1 on findings, 2 when the job cannot be done', () => {
    write('ok/compose.yaml', clean)
    write('bad/compose.yaml', hostMode)
    expect(run({ args: ['ok'] }).status).toBe(0)
    expect(run({ args: ['bad'] }).status).toBe(1)
    expect(run({ args: ['bad/compose.yaml', '--format', 'json'] }).status).toBe(1)
    expect(run({ args: ['missing.yaml'] })).toMatchObject({ status: 2, stderr: expect.stringContaining('missing.yaml: no such file or folder') })
    expect(run({ args: [] }).status).toBe(2)
  })

  it('lints the others when one cannot be read', () => {
    write('some/compose.yaml', hostMode)
    const { status, stdout, stderr } = run({ args: ['some/missing.yaml', 'some/compose.yaml', '--format', 'compact'] })
    expect(status).toBe(2)
    expect(stdout).toContain('some/compose.yaml:4:5-4:23 error no-host-network')
    expect(stderr).toContain('some/missing.yaml')
  })

  it.each([
    ['--nonsense', 'unknown option `--nonsense`'],
    ['--fromat=json', 'did you mean `--format`?'],
    ['--target=ws2202', 'did you mean `ws2022`?'],
    ['--target=ws2016,engine@29', 'needs build 17763'],
    ['--target=host=azur', 'did you mean `azure`?'],
    ['--format=jsno', 'did you mean `json`?'],
    ['--platform=linux', 'unknown value `linux`'],
    ['--fail-on=warn', 'did you mean `warning`?']
  ])('refuses %s', (argument, message) => {
    write('ok/compose.yaml', clean)
    expect(run({ args: [argument, 'ok'] })).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })

  it.each([
    ['not YAML', 'services: [a: }\n  - {', 1, 'yaml-syntax'],
    ['empty', '', 1, 'compose-structure'],
    ['a list', '- a\n', 0, ''],
    ['cut short', 'services:\n  web:\n    image: x\n    network_mode: host\n    ports: ["80', 1, 'no-host-network']
  ])('reads a compose file that is %s', (name, content, status, rule) => {
    const path = write(`${name.replaceAll(' ', '-')}/compose.yaml`, content)
    const result = run({ args: [path, '--format', 'compact'] })
    expect(result).toMatchObject({ status, stdout: expect.stringContaining(rule) })
    expect(result.stderr).not.toContain('internal error')
  })

  it('says of a binary file that it is none', () => {
    const path = write('binary/compose.yaml', Uint8Array.from({ length: 64 }, (_, index) => index))
    expect(run({ args: [path] })).toMatchObject({ status: 2, stderr: expect.stringContaining('is not a text file') })
  })

  it.skipIf(isRoot)('says that it may not read a file', () => {
    const path = write('secret/compose.yaml', clean)
    chmodSync(join(folder, path), 0)
    expect(run({ args: [path] })).toMatchObject({ status: 2, stderr: expect.stringContaining('permission denied') })
  })

  it('survives files made to harm', { timeout: 60_000 }, () => {
    const levels = Array.from({ length: 30 }, (_, level) => `x-${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`).join('\n')
    const paths = [
      write('harm/alias/compose.yaml', `x-0: &a0 [1]\n${levels}\nservices:\n  web:\n    image: x\n    cap_add: *a30\n    network_mode: host\n`),
      write('harm/deep/compose.yaml', `services:\n  web:\n    image: x\n    labels: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`),
      write('harm/indented/compose.yaml', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')),
      write('harm/many/compose.yaml', `services:\n${Array.from({ length: 140_000 }, (_, index) => `  s${index}: {image: x}\n`).join('')}`),
      write('harm/long/compose.yaml', `services:\n  web:\n    image: x\n    command: ${'a '.repeat(2_000_000)}\n    network_mode: host\n`)
    ]
    for (const path of paths) expect([0, 1], path).toContain(run({ args: [path, '--format', 'compact'] }).status)
    expect(run({ args: [paths.at(-1)!, '--format', 'compact'] }).stdout).toContain('no-host-network')
  })

  it.each([
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16BE', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()]
  ])('reads %s, and counts no mark', (name, encode) => {
    const path = write(`${name.replaceAll(' ', '-')}/compose.yaml`, encode(`{services: {web: {image: "é😀", network_mode: host}}}\r\n`))
    const { diagnostics } = JSON.parse(run({ args: [path, '--format', 'json'] }).stdout) as { diagnostics: { range: { start: { offset: number; column: number } } }[] }
    const offset = '{services: {web: {image: "é😀", '.length
    expect(diagnostics.map(({ range }) => [range.start.offset, range.start.column])).toEqual([[offset, offset + 1]])
  })

  it('shows the targets in force with where they come from, and judges for those that files name', () => {
    write('targets/ci/azure-pipelines.yml', 'pool: {vmImage: windows-2022}\nsteps: [{script: docker network create -d transparent lan}]\n')
    write('targets/Dockerfile', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2019\n')
    const named = '  ws2019             Dockerfile:1:6 mcr.microsoft.com/windows/nanoserver:ltsc2019\n  ws2022,host=azure  ci/azure-pipelines.yml:1:17 windows-2022\n'
    const cwd = join(folder, 'targets')
    expect(run({ args: ['targets'], cwd }).stdout).toMatch(/^ws2019 .* by default\n[^]*\n\nThese files name, in force with --target auto:\n/)
    expect(run({ args: ['targets'], cwd }).stdout).toContain(named)
    expect(run({ args: ['targets', '--target', 'ws2025'], cwd }).stdout).toMatch(/^ws2025 .*, from --target\n\n/)
    write('targets/porthole.config.yaml', 'platform: auto\ntargets: [ws2022]\noverrides:\n  - files: [old/**]\n    targets: [ws2019]\n')
    expect(run({ args: ['targets'], cwd }).stdout).toMatch(/^ws2022 .*, from porthole.config.yaml:2:1\nws2019 .*, for old\/\*\*, from porthole.config.yaml:5:5\n/)
    const judgedFor = (...args: string[]): unknown => (JSON.parse(run({ args: ['--format', 'json', ...args], cwd }).stdout) as { targets: unknown }).targets
    expect(judgedFor('--target', 'auto', '.')).toEqual(['ws2019', 'ws2022,host=azure'])
    expect(judgedFor('--target', 'auto,engine@28', 'Dockerfile')).toEqual(['ws2019,engine@28'])
    write('targets/none/compose.yaml', clean)
    expect(judgedFor('--target', 'auto', 'none')).toEqual(['ws2022'])
    expect(run({ args: ['--target', 'auto', 'none'], cwd })).toMatchObject({ status: 0, stderr: expect.stringContaining('names a version of Windows') })
  })

  it('reads the compose files that scripts hand to Docker', () => {
    write('handed/deploy/up.ps1', 'docker compose -f ../files/production.txt up -d\ndocker stack deploy -c missing.yml shop\n')
    write('handed/files/production.txt', hostMode)
    expect(run({ args: ['handed', '--format', 'compact'] }).stdout).toContain('handed/files/production.txt:4:5-4:23 error no-host-network')
  })

  it('reads standard input under the name it is given', () => {
    const { status, stdout } = run({ args: ['-', '--stdin-filename', 'deploy/app.yml', '--format', 'compact'], input: hostMode })
    expect(status).toBe(1)
    expect(stdout).toMatch(/^deploy\/app\.yml:4:5-4:23 error /)
  })

  it('searches folders as git would, dot-folders too', () => {
    const top = 'tree'
    mkdirSync(join(folder, top, '.git'), { recursive: true })
    write(`${top}/.gitignore`, 'ignored/\n*.local.yaml\n!keep.local.yaml\n')
    for (const path of ['compose.yaml', '.devcontainer/docker-compose.yml', 'ignored/compose.yaml', 'node_modules/a/compose.yaml', 'a.local.yaml', 'keep.local.yaml', 'sub/app.yml']) write(`${top}/${path}`, hostMode)
    write(`${top}/sub/workflow.yml`, 'jobs: {}\nservices:\n  a:\n    image: x\n')
    write(`${top}/sub/Dockerfile/readme.txt`, 'x')
    symlinkSync('..', join(folder, top, 'sub/loop'))
    const { stdout } = run({ args: [top, '--format', 'compact'] })
    expect([...new Set(stdout.trim().split('\n').map(line => line.split(':')[0]))]).toEqual([`${top}/.devcontainer/docker-compose.yml`, `${top}/compose.yaml`, `${top}/keep.local.yaml`, `${top}/sub/app.yml`])
    expect(run({ args: [`${top}/ignored/compose.yaml`] }).status).toBe(1)
    expect(run({ args: [`${top}/**/*.yml`, '--format', 'compact'] }).stdout).toContain(`${top}/sub/app.yml`)
    expect(run({ args: [`${top}/**/*.nothing`] }).status).toBe(2)
  })

  it('never takes a folder without Docker for a clean one', () => {
    write('nothing/readme.yaml', 'a: 1\n')
    expect(run({ args: ['nothing'] })).toMatchObject({ status: 2, stderr: expect.stringContaining('no Docker configuration found') })
  })

  it('fails on what --fail-on names, whatever is shown', () => {
    write('info/compose.yaml', 'services:\n  web:\n    image: x\n    environment:\n      HTTP_PROXY: http://p\n')
    expect(run({ args: ['info'] }).status).toBe(0)
    expect(run({ args: ['info', '--fail-on', 'info'] }).status).toBe(1)
    expect(run({ args: ['info', '--quiet', '--format', 'compact'] }).stdout).toBe('')
  })

  it('colours only what a person reads', () => {
    write('bad/compose.yaml', hostMode)
    const escape = '\u001b['
    expect(run({ args: ['bad'] }).stdout).not.toContain(escape)
    expect(run({ args: ['bad'], env: { FORCE_COLOR: '1' } }).stdout).toContain(escape)
    expect(run({ args: ['bad'], env: { FORCE_COLOR: '0', CLICOLOR_FORCE: '1' } }).stdout).not.toContain(escape)
    expect(run({ args: ['bad', '--no-color'], env: { FORCE_COLOR: '1' } }).stdout).not.toContain(escape)
    expect(run({ args: ['bad', '--color', '--format', 'json'] }).stdout).not.toContain(escape)
  })

  it('writes JSON that fits its schema', () => {
    write('json/compose.yaml', hostMode)
    const { stdout } = run({ args: ['json', 'missing', '--format', 'json'] })
    const validate = new Ajv({ allErrors: true }).compile(outputSchema)
    const output: unknown = JSON.parse(stdout)
    validate(output)
    expect(validate.errors).toBeNull()
    expect(output).toMatchObject({ diagnostics: [{ rule: 'no-host-network', path: 'json/compose.yaml', range: { start: { line: 4, column: 5, offset: hostMode.indexOf('network_mode') } } }], errors: [{ path: 'missing' }] })
  })

  it('explains rules and features, and shows the matrix', () => {
    expect(run({ args: ['explain', 'no-host-network'] })).toMatchObject({ status: 0, stdout: expect.stringContaining('host-network') })
    expect(run({ args: ['explain', 'host-network'] }).stdout).toContain('network host not found')
    expect(run({ args: ['explain', 'host-netwrok'] })).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean `host-network`?') })
    expect(run({ args: ['matrix', '--target', 'ws2019'] }).stdout).toMatch(/^feature +ws2019$/m)
  })

  it.each([
    ['failed to create endpoint web on network nat: Windows does not support host IP addresses in NAT settings', 'port-host-ip', ' 127.0.0.1'],
    ['Error response from daemon: could not find plugin macvlan in v1 plugin registry: plugin not found', 'network-driver-unknown', 'Nothing in these files'],
    ['the read-only mode for containers is not supported on Windows', 'read-only (unsupported-security-option), the nearest', 'Nothing in these files']
  ])('tells why Docker said %j', (text, feature, place) => {
    write('why/compose.yaml', 'services:\n  web:\n    image: x\n    ports: ["127.0.0.1:80:80"]\n')
    expect(run({ args: ['why', text, 'why'] })).toMatchObject({ status: 0, stdout: expect.stringContaining(feature) })
    expect(run({ args: ['why', '-', 'why'], input: `web  Starting\n${text}\n` }).stdout).toContain(place)
  })

  it('tells what a move changes', () => {
    write('move/compose.yaml', 'services:\n  web:\n    image: x\n    cap_add: [NET_ADMIN]\n')
    expect(run({ args: ['diff', '--from', 'ws2019,engine@20.10', '--to', 'ws2025', 'move'] })).toMatchObject({ status: 1, stdout: expect.stringContaining(' ign-cap-add: ignored → rejected') })
    expect(run({ args: ['diff', '--from', 'ws2025', '--to', 'ws2019,engine@20.10', 'move'] })).toMatchObject({ status: 0, stdout: expect.stringContaining('Gets better on ws2019,engine@20.10:') })
    expect(run({ args: ['diff', '--from', 'ws2019', 'move'] }).status).toBe(2)
    expect(run({ args: ['diff', '--from', 'host=other', '--to', 'host=azure', 'move'] }).status).toBe(2)
    expect(run({ args: ['diff', '--from', 'ws2022', '--to', 'ws2025', 'move'] })).toMatchObject({ status: 0, stdout: 'Nothing changes between ws2022 and ws2025.\n' })
  })

  it('tells what a move to Azure changes, for machines too', () => {
    write('azure/compose.yaml', 'services: {web: {image: x, networks: [lan]}}\nnetworks:\n  lan: {driver: transparent}\n')
    expect(run({ args: ['diff', '--from', 'ws2022,engine@28,host=other', '--to', 'host=azure', 'azure'] })).toMatchObject({ status: 1, stdout: 'Gets worse on ws2022,engine@28,host=azure:\n  azure/compose.yaml:3:9 azure-transparent: differs → broken\n' })
    const { status, stdout } = run({ args: ['diff', '--from', 'ws2022', '--to', 'host=azure', '--format', 'json', 'azure'] })
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ from: 'ws2022', to: 'ws2022,host=azure', changes: [{ change: 'worse', file: 'azure/compose.yaml', line: 3, column: 9, rule: 'no-azure-transparent', feature: 'azure-transparent', before: { effect: 'differs' }, after: { effect: 'broken' } }] })
    expect(run({ args: ['diff', '--from', 'ws2022', '--to', 'host=azure', '--format', 'sarif', 'azure'] }).status).toBe(2)
  })

  describe('a configuration', () => {
    it('is found upwards, and says what is judged and how', () => {
      write('configured/porthole.config.yaml', 'targets: [ws2022]\nrules:\n  no-host-network: info\nignore: [old/]\noverrides:\n  - files: [quiet/**]\n    rules:\n      host-network: off\n')
      for (const path of ['a', 'quiet', 'old']) write(`configured/${path}/compose.yaml`, hostMode)
      const cwd = join(folder, 'configured')
      const { status, stdout } = run({ args: ['.', '--format', 'json'], cwd })
      expect(status).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ targets: ['ws2022'], diagnostics: [{ path: 'a/compose.yaml', severity: 'info' }] })
      expect(run({ args: ['.', '--no-config'], cwd }).status).toBe(1)
      expect(run({ args: ['a', '--rule', 'no-host-network:error'], cwd }).status).toBe(1)
      expect(JSON.parse(run({ args: ['--print-config', 'quiet/compose.yaml'], cwd }).stdout)).toMatchObject({ targets: ['ws2022'] })
    })

    it.each([
      ['rulse: {}\n', 'did you mean `rules`?'],
      ['rules: {no-host-netwrok: off}\n', 'did you mean `no-host-network`?'],
      ['targets: [ws2202]\n', 'did you mean `ws2022`?']
    ])('is refused at its place: %j', (text, message) => {
      write('misconfigured/porthole.config.yaml', text)
      write('misconfigured/compose.yaml', clean)
      const { status, stderr } = run({ args: ['.'], cwd: join(folder, 'misconfigured') })
      expect(status).toBe(2)
      expect(stderr).toMatch(/porthole\.config\.yaml:1:\d+/)
      expect(stderr).toContain(message)
    })
  })

  it('hears comments that suppress, and says which are of no use', () => {
    write('suppressed/compose.yaml', hostMode.replace('    network_mode', '    # porthole-disable-next-line no-host-network -- a network of this name is made first\n    network_mode'))
    const { status, stdout } = run({ args: ['suppressed', '--format', 'json'] })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [], suppressed: [{ reason: 'a network of this name is made first', diagnostic: { rule: 'no-host-network' } }] })
    write('suppressed/compose.yaml', `# porthole-disable-file no-ipv6\n${hostMode}`)
    expect(run({ args: ['suppressed', '--format', 'compact'] }).stdout).toContain('warning suppression')
  })

  it('adopts an old repository with a baseline', () => {
    write('old/compose.yaml', hostMode)
    const cwd = join(folder, 'old')
    expect(run({ args: ['.', '--baseline', 'check'], cwd })).toMatchObject({ status: 2, stderr: expect.stringContaining('--baseline write') })
    expect(run({ args: ['.', '--baseline', 'write'], cwd }).status).toBe(0)
    write('old/compose.yaml', `# moved down\n${hostMode}    privileged: true\n`)
    const { status, stdout } = run({ args: ['.', '--baseline', 'check', '--format', 'compact'], cwd })
    expect(status).toBe(1)
    expect(stdout.trim().split('\n').map(line => line.split(' ')[2])).toEqual(['unsupported-security-option'])
    write('old/compose.yaml', clean)
    expect(run({ args: ['.', '--baseline', 'check', '--format', 'compact'], cwd }).stdout).toContain('warning baseline')
    expect(run({ args: ['.', '--baseline', 'prune'], cwd }).status).toBe(0)
    expect(run({ args: ['.', '--baseline', 'check'], cwd }).status).toBe(0)
  })

  it('prints help and version', () => {
    expect(run({ args: ['--help'] })).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage:') })
    expect(run({ args: ['--version'] }).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

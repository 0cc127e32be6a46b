import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const example = readFileSync(resolve(import.meta.dirname, '../../examples/shop/compose.yaml'), 'utf8')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-migrate-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'migrate', ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH ?? '' } })
  return { status, stdout, stderr }
}

const hostMode = 'services:\n  web:\n    image: mcr.microsoft.com/windows/nanoserver:ltsc2022\n    network_mode: bridge\n'

describe('porthole migrate', () => {
  it('writes beside the file, leaves the file alone, and overwrites nothing by itself', () => {
    write('a/compose.yaml', hostMode)
    expect(run('a/compose.yaml')).toEqual({ status: 0, stdout: '', stderr: 'porthole: wrote a/compose.windows.yaml, which changes 1 setting; nothing is left to do\n' })
    expect(read('a/compose.yaml')).toBe(hostMode)
    const written = read('a/compose.windows.yaml')
    expect(written).toContain('docker compose -f compose.yaml -f compose.windows.yaml up')
    expect(written).toContain('    network_mode: !reset null\n')
    write('a/compose.windows.yaml', '# mine\n')
    expect(run('a/compose.yaml')).toEqual({ status: 2, stdout: '', stderr: 'porthole: a/compose.windows.yaml exists already; --force overwrites it, --output-file names another\n' })
    expect(read('a/compose.windows.yaml')).toBe('# mine\n')
    expect(run('--force', 'a/compose.yaml').status).toBe(0)
    expect(read('a/compose.windows.yaml')).toBe(written)
  })

  it('takes a folder, several files, and names for what it writes', () => {
    write('b/compose.yaml', hostMode)
    write('b/compose.override.yaml', 'services: {web: {privileged: true}}\n')
    expect(run('b', '-o', 'b/windows/w.yaml').stderr).toContain('cannot write b/windows/w.yaml')
    expect(run('b', '-o', 'b/w.yaml').stderr).toContain('wrote b/w.yaml, which changes 2 settings')
    expect(read('b/w.yaml')).toContain('-f compose.yaml -f compose.override.yaml -f w.yaml up')
    expect(run('b/compose.yaml', '-o', '-').stdout).not.toContain('privileged')
    expect(run('b/compose.yaml', 'b/compose.override.yaml', '-o', '-').stdout).toContain('    privileged: !reset null\n')
  })

  it('shows the checklist as Markdown, and exits 1 while there is something on it', () => {
    write('c/compose.yaml', example)
    const { status, stdout } = run('c/compose.yaml', '--checklist')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^# To Windows\n\n## Left to you/)
    expect(stdout).toContain('- [ ] c/compose.yaml:60:5 `back`: `internal` isolates nothing on Windows')
    expect(run('c/compose.yaml', '--force', '--exit-zero').status).toBe(0)
  })

  it('says where compose refuses the project', () => {
    write('d/compose.yaml', 'services:\n  web:\n    image: x\n    nonsense: 1\n')
    expect(run('d/compose.yaml')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining("d/compose.yaml:4:5 services.web additional properties 'nonsense' not allowed") })
    expect(run('missing.yaml')).toMatchObject({ status: 2, stderr: expect.stringContaining('no such file or directory') })
    expect(run('d', 'd/compose.yaml').status).toBe(2)
  })

  it('writes nothing where nothing is to be changed', () => {
    write('e/compose.yaml', hostMode.replace('bridge', 'nat'))
    expect(run('e/compose.yaml')).toEqual({ status: 0, stdout: '', stderr: 'porthole: no overlay is needed; nothing is left to do\n' })
  })
})

/** Version of the real `docker compose`, if there is one that knows `!override`. */
const compose = /v?(\d+)\.(\d+)\.(\d+)/.exec(spawnSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8', timeout: 20_000 }).stdout ?? '')?.slice(1).map(Number)
const isAble = compose !== undefined && (compose[0]! > 2 || (compose[0] === 2 && (compose[1]! > 24 || (compose[1] === 24 && compose[2]! >= 4))))
if (!isAble) process.stderr.write(`skipped: overlays through docker compose: ${compose ? `${compose.join('.')} is older than 2.24.4` : 'docker compose is not installed'}\n`)

describe.skipIf(!isAble)('docker compose', () => {
  it('takes the overlay, and none of what it takes away is left', { timeout: 60_000 }, () => {
    write('f/compose.yaml', example)
    run('f/compose.yaml', '--force')
    const { stdout, stderr, status } = spawnSync('docker', ['compose', '-f', 'compose.yaml', '-f', 'compose.windows.yaml', 'config', '--format', 'json'], { cwd: join(folder, 'f'), encoding: 'utf8', timeout: 30_000 })
    expect([status, stderr]).toEqual([0, expect.any(String)])
    const { services, networks } = JSON.parse(stdout) as { services: Record<string, Record<string, unknown>>; networks: Record<string, Record<string, unknown>> }
    expect(Object.keys(services['web']!)).not.toEqual(expect.arrayContaining(['read_only', 'dns_opt']))
    expect(services['api']).not.toHaveProperty('network_mode')
    expect(networks['legacy']).toMatchObject({ driver: 'nat' })
  })
})

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
/** What is worth its while only where a file needs it. */
const heavy = ['bash', 'powershell', 'cmd', 'javascript-program', 'docker-intent', 'yaml-reader', 'server', 'compose-project', 'explain']
let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'porthole-loading-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The modules that a run of the built program has loaded in the end. */
function modulesOf(path: string, source: string): { status: number | null; modules: string[] } {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), source)
  const script = `process.argv.splice(1, 1, ${JSON.stringify(program)}, ${JSON.stringify(path)}); process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n'))); require(${JSON.stringify(program)})`
  const { status, stderr } = spawnSync(process.execPath, ['-e', script, '--'], { cwd: folder, encoding: 'utf8', timeout: 20_000 })
  return { status, modules: stderr.split('\n').filter(line => line.startsWith(dirname(program))) }
}

const nameOf = (module: string): string => basename(module).replace(/-[A-Z0-9]{8}\.js$/, '')

describe('a run loads what its files need', () => {
  it.each([
    ['compose.yaml', 'services: { a: { image: x, network_mode: host } }\n', 1, []],
    ['b.yaml', 'services: { a: { image: x, network_mode: !reset host } }\n', 0, ['yaml-reader']],
    ['a.sh', 'docker run --network host x\n', 1, ['bash', 'docker-intent']],
    ['a.ps1', 'docker run --network host x\n', 1, ['docker-intent', 'powershell']],
    ['a.cmd', 'docker run --network host x\n', 1, ['cmd', 'docker-intent']],
    ['daemon.json', '{ "ipv6": true }\n', 1, []],
    ['b.ps1', `'{ "ipv6": true }' | Set-Content docker\\daemon.json\n`, 1, ['docker-intent', 'powershell']],
    ['a.md', '```sh\ndocker run --network host x\n```\n', 1, ['bash', 'docker-intent']],
    ['.github/workflows/a.yml', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: docker run --network host x\n', 1, ['docker-intent', 'powershell']],
    ['b.md', 'Nothing to see.\n', 0, []],
    ['a.js', 'export const a = 1\n', 0, []],
    ['b.js', "require('child_process').exec('docker run --network host x')\n", 1, ['bash', 'docker-intent', 'javascript-program']]
  ] as const)('%s', (path, source, status, expected) => {
    const { modules, ...result } = modulesOf(path, source)
    expect(result.status).toBe(status)
    expect(modules).toContain(program)
    expect(modules.map(nameOf).filter(name => heavy.includes(name)).sort()).toEqual(expected)
    // The parser of JavaScript by what it is, whatever its chunk is called.
    expect(modules.some(module => readFileSync(module, 'utf8').includes('createSourceFile'))).toBe((expected as readonly string[]).includes('javascript-program'))
  })
})

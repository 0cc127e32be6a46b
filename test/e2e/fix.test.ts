import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFixed } from '../../src/fix-file.ts'
import { encode } from '../../src/source-file.ts'

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const head = '# a „shop“ 🏪\nservices:\n  web:\n    image: x\n    isolation: process\n'
const before = `${head}    init: true # why\n    privileged: true\n`
const safely = `${head}    privileged: true\n`
let folder: string

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porthole-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string): string => join(folder, name)

function run(args: readonly string[], input: string | Uint8Array = ''): { status: number | null; stdout: string; stderr: string; bytes: Buffer } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--no-config', ...args], { cwd: folder, input, env: { PATH: process.env.PATH ?? '' }, timeout: 30_000 })
  return { status, stdout: stdout.toString(), stderr: stderr.toString(), bytes: stdout }
}

describe('--fix', { timeout: 60_000 }, () => {
  it('makes what is safe, and says what else could be made', () => {
    writeFileSync(file('compose.yaml'), before)
    const { status, stdout, stderr } = run(['--fix', '-f', 'compact', '.'])
    expect(readFileSync(file('compose.yaml'), 'utf8')).toBe(safely)
    expect(stdout).toMatch(/^compose.yaml:6:5-6:21 error [^\n]*\n$/)
    expect(stderr).toBe('porthole: fixed 1 finding in 1 file; 1 more can be fixed with --unsafe-fixes\n')
    expect(status).toBe(1)
    expect(readdirSync(folder)).toEqual(['compose.yaml'])
  })

  it('makes all with --unsafe-fixes, and exits with what is left', () => {
    writeFileSync(file('compose.yaml'), before)
    expect(run(['--fix', '--unsafe-fixes', '.'])).toMatchObject({ status: 0, stderr: 'porthole: fixed 2 findings in 1 file\n' })
    expect(readFileSync(file('compose.yaml'), 'utf8')).toBe(head)
    const { mtimeNs } = statSync(file('compose.yaml'), { bigint: true })
    expect(run(['--fix', '--unsafe-fixes', '.'])).toMatchObject({ status: 0, stderr: 'porthole: fixed nothing\n' })
    expect(statSync(file('compose.yaml'), { bigint: true }).mtimeNs).toBe(mtimeNs)
  })

  it.each(['utf-8', 'utf-16le', 'utf-16be'] as const)('stores a file in %s as it was, with its mark and its line ends', encoding => {
    for (const hasMark of encoding === 'utf-8' ? [true, false] : [true]) {
      for (const end of ['\n', '\r\n']) {
        const stored = (text: string): Uint8Array => encode(text.replaceAll('\n', end), { encoding, hasMark })
        writeFileSync(file('compose.yaml'), stored(before))
        run(['--fix', 'compose.yaml'])
        expect(readFileSync(file('compose.yaml')).equals(stored(safely))).toBe(true)
        expect(run(['--fix', '-'], stored(before)).bytes.equals(stored(safely))).toBe(true)
      }
    }
  })

  it('leaves a file alone that holds other bytes than it can write', () => {
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0x23, 0xe9, 0x0a])])
    writeFileSync(file('compose.yaml'), bytes)
    expect(run(['--fix', 'compose.yaml'])).toMatchObject({ status: 2, stderr: expect.stringContaining('compose.yaml: holds bytes that are not UTF-8; it was not fixed') })
    expect(readFileSync(file('compose.yaml')).equals(bytes)).toBe(true)
  })

  it('follows symbolic links and keeps permissions', ({ skip }) => {
    if (process.platform === 'win32') skip('Windows has neither for everybody')
    writeFileSync(file('there.yaml'), before)
    chmodSync(file('there.yaml'), 0o640)
    symlinkSync('there.yaml', file('compose.yaml'))
    run(['--fix', 'compose.yaml'])
    expect(lstatSync(file('compose.yaml')).isSymbolicLink()).toBe(true)
    expect(readFileSync(file('there.yaml'), 'utf8')).toBe(safely)
    expect(statSync(file('there.yaml')).mode & 0o777).toBe(0o640)
  })

  it('writes over nothing that has changed since it was read', () => {
    writeFileSync(file('a.yaml'), 'new')
    expect(() => writeFixed(file('a.yaml'), 'old', 'fixed')).toThrow('has changed since it was read; it was not fixed')
    expect(readFileSync(file('a.yaml'), 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['a.yaml'])
  })

  it('says why a file cannot be written, and fixes the others', ({ skip }) => {
    if (process.getuid?.() === 0) skip('no permission can be taken from the superuser')
    writeFileSync(file('a-compose.yaml'), before)
    writeFileSync(file('b-compose.yaml'), before)
    chmodSync(file('a-compose.yaml'), 0o444)
    expect(run(['--fix', 'a-compose.yaml', 'b-compose.yaml'])).toMatchObject({ status: 2, stderr: expect.stringContaining('a-compose.yaml: permission denied; it was not fixed') })
    expect(readFileSync(file('b-compose.yaml'), 'utf8')).toBe(safely)
  })

  it('does not fix what a comment or the configuration is silent about', () => {
    const silent = before.replace('init: true # why', 'init: true # porthole-disable-line unsupported-container-option')
    writeFileSync(file('compose.yaml'), silent)
    run(['--fix', '--unsafe-fixes', '--rule', 'unsupported-security-option:off', '.'])
    expect(readFileSync(file('compose.yaml'), 'utf8')).toBe(silent)
  })

  it('fixes only what was named, not what a script hands to Docker', () => {
    writeFileSync(file('a.sh'), 'docker compose -f other.txt up\n')
    writeFileSync(file('other.txt'), before)
    expect(run(['--fix', 'a.sh']).stdout).toContain('other.txt:6:5')
    expect(readFileSync(file('other.txt'), 'utf8')).toBe(before)
  })

  it('gives standard input back, fixed or not, and reports to standard error', () => {
    expect(run(['--fix', '-'], before)).toMatchObject({ status: 1, stdout: safely, stderr: expect.stringContaining('compose.yaml:6:16 warning'.replace('6:16 warning', '6:5 error')) })
    expect(run(['--fix', '-'], 'nothing\n').stdout).toBe('nothing\n')
  })

  it.each([[['--unsafe-fixes', '.'], '--unsafe-fixes needs --fix or --diff'], [['--diff', '-f', 'json', '.'], '--diff prints a diff and nothing else']])('refuses %j', (args, message) => {
    expect(run(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})

describe('--diff', { timeout: 60_000 }, () => {
  it('shows what --fix would change, and changes nothing', () => {
    writeFileSync(file('compose.yaml'), before)
    expect(run(['--diff', '.'])).toEqual(expect.objectContaining({
      status: 1,
      stdout: "--- compose.yaml\n+++ compose.yaml\n@@ -3,5 +3,4 @@\n   web:\n     image: x\n     isolation: process\n-    init: true # why\n     privileged: true\n",
      stderr: 'porthole: would fix 1 finding in 1 file; 1 more can be fixed with --unsafe-fixes\n'
    }))
    expect(run(['--diff', '--unsafe-fixes', '-'], before).stdout).toContain('-    init: true # why\n-    privileged: true\n')
    expect(readFileSync(file('compose.yaml'), 'utf8')).toBe(before)
    writeFileSync(file('compose.yaml'), head)
    expect(run(['--diff', '.'])).toMatchObject({ status: 0, stdout: '' })
  })
})

describe('ended in the middle', () => {
  it('no file is half-written', async () => {
    const filler = `# ${'filler '.repeat(12)}\n`.repeat(40_000)
    const dockerfile = (flag: string): string => `FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY ${flag}a b\n${filler}`
    const [old, now] = [dockerfile('--chmod=755 '), dockerfile('')]
    const names = ['a', 'b'].map(name => `Dockerfile.${name}`)
    const count = { old: 0, now: 0, temporary: 0 }
    const start = Date.now()
    for (let round = 0; round < 24 && Date.now() - start < 30_000; round++) {
      for (const name of names) writeFileSync(file(name), old)
      await endedWhileWriting(names, round)
      const left = readdirSync(folder).filter(name => !names.includes(name))
      count.temporary += left.length
      for (const name of left) {
        expect(name).toMatch(/^\.porthole-[\da-f-]{36}$/)
        rmSync(file(name))
      }
      for (const name of names) {
        const text = readFileSync(file(name), 'utf8')
        expect(text === old || text === now).toBe(true)
        count[text === old ? 'old' : 'now']++
      }
    }
    process.stderr.write(`files after the end: ${count.old} old, ${count.now} fixed, ${count.temporary} temporary\n`)
    // Else nothing was ended while there was something to do.
    expect(count.old).toBeGreaterThan(0)
  }, 120_000)
})

/** Fixes files, and ends that once as many temporary files as `round` says have been seen, a little later each time. */
async function endedWhileWriting(names: readonly string[], round: number): Promise<void> {
  const child = spawn(process.execPath, [program, '--no-config', '--fix', '--unsafe-fixes', '-q', ...names], { cwd: folder, stdio: 'ignore', timeout: 30_000 })
  const ended = new Promise(done => child.once('exit', done))
  const seen = new Set<string>()
  while (child.exitCode === null && seen.size <= round % names.length) {
    for (const name of readdirSync(folder)) if (name.startsWith('.porthole-')) seen.add(name)
    await new Promise(done => setImmediate(done))
  }
  for (const end = performance.now() + (round % 10); performance.now() < end;);
  child.kill('SIGKILL')
  await ended
}

import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

/** What files and streams may do to a program that reads them; nothing here may block, crash or be silent. */
const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0
const longest = 20_000
let folder: string

vi.setConfig({ testTimeout: 3 * longest })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-hostile-'))
  if (isWindows) process.stderr.write('skipped: pipes, devices and links as files are of Unix\n')
  if (isRoot) process.stderr.write('skipped: nothing is unreadable for the superuser\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
  return path
}

interface Outcome { readonly status: number | null; readonly stdout: string; readonly stderr: string }

function run(args: readonly string[], { cwd = folder, input = '' }: { cwd?: string; input?: string } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, input, encoding: 'utf8', timeout: longest, env: { PATH: process.env.PATH ?? '' } })
  return { status, stdout, stderr }
}

/** Runs a line of the shell in which `porthole` is this program. */
function shell(line: string, cwd = folder): Outcome {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `porthole() { '${process.execPath}' '${program}' "$@"; }\n${line}`], { cwd, encoding: 'utf8', timeout: longest, env: { PATH: process.env.PATH ?? '' } })
  return { status, stdout, stderr }
}

describe.skipIf(isWindows)('what is no file', () => {
  it.each([
    ['a pipe', 'pipe.yaml', (path: string) => spawnSync('mkfifo', [path])],
    ['a device', 'device.yaml', (path: string) => symlinkSync('/dev/zero', path)],
    ['a folder', 'folder.yaml', (path: string) => mkdirSync(path)],
    ['a link to itself', 'loop.yaml', (path: string) => symlinkSync(path, path)]
  ])('%s is not waited for', (_name, name, make) => {
    write('other/compose.yaml', hostMode)
    make(join(folder, 'other', name))
    const { status, stdout } = run(['other', '--format', 'compact'])
    expect(stdout).toContain('other/compose.yaml:4:5')
    expect(status).toBe(1)
    expect(run([`other/${name}`]).status).toBe(2)
  })

  it.each(['.env', '.gitignore', 'porthole.config.json', 'package.json', 'porthole-baseline.json'])('a pipe in place of %s', name => {
    const at = `pipes-${name}`
    write(`${at}/compose.yaml`, hostMode)
    spawnSync('mkfifo', [join(folder, at, name)])
    const { status } = run(['compose.yaml', '.', '--format', 'compact', '--baseline', 'check'], { cwd: join(folder, at) })
    expect(status).toBe(2)
    expect(run(['.', '--format', 'compact'], { cwd: join(folder, at) })).toMatchObject({ status: 1, stdout: expect.stringContaining('no-host-network') })
  })

  it('folders that lead back to themselves end', () => {
    write('loop/a/compose.yaml', hostMode)
    symlinkSync(join(folder, 'loop'), join(folder, 'loop/a/up'))
    expect(run(['loop', '--format', 'compact']).stdout.trim().split('\n')).toHaveLength(1)
  })
})

describe('files that cannot be read', () => {
  it.skipIf(isWindows || isRoot)('are told, and never count as clean', () => {
    write('secret/compose.yaml', hostMode)
    write('secret/other.yaml', 'services:\n  web:\n    image: x\n')
    chmodSync(join(folder, 'secret/compose.yaml'), 0)
    const { status, stdout, stderr } = run(['secret/compose.yaml', 'secret/other.yaml'])
    expect(status).toBe(2)
    expect(stderr).toContain('secret/compose.yaml: permission denied')
    expect(stdout).toContain('Nothing found in 1 file; 1 could not be read.')
  })

  it('that are too large are told', () => {
    write('large/compose.yaml', `${hostMode}${'#'.repeat(33 * 1024 * 1024)}`)
    expect(run(['large'])).toMatchObject({ status: 2, stderr: expect.stringContaining('large/compose.yaml: is larger than 32 MB') })
    expect(run(['-'], { input: `${hostMode}${'#'.repeat(33 * 1024 * 1024)}` })).toMatchObject({ status: 2, stderr: expect.stringContaining('is larger than 32 MB') })
  })

  it.skipIf(isWindows)('that go while others are read leave these alone', async () => {
    for (let index = 0; index < 200; index++) write(`going/${index}/compose.yaml`, hostMode)
    const child = spawn(process.execPath, [program, 'going', '--format', 'compact'], { cwd: folder, timeout: longest })
    let stderr = ''
    child.stderr.on('data', chunk => (stderr += String(chunk)))
    child.stdout.resume()
    const ended = new Promise<number | null>(resolve => child.on('exit', resolve))
    for (let index = 199; index >= 0 && child.exitCode === null; index--) {
      rmSync(join(folder, 'going', String(index)), { recursive: true, force: true })
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    expect([1, 2]).toContain(await ended)
    expect(stderr).not.toContain('internal error')
  })

  it.skipIf(isWindows)('names of any bytes', () => {
    const odd = join(folder, 'odd')
    mkdirSync(odd, { recursive: true })
    writeFileSync(Buffer.concat([Buffer.from(`${odd}/b`), Buffer.from([0xff, 0xfe]), Buffer.from('.yaml')]), hostMode)
    writeFileSync(`${odd}/compose\n2:1 \u001b[31m.yaml`, hostMode)
    writeFileSync(`${odd}/compose😀.yaml`, hostMode)
    for (const format of ['compact', 'pretty', 'json', 'sarif', 'github', 'junit', 'checkstyle']) expect(run(['odd', '--format', format]).stderr).not.toContain('internal error')
    const { stdout } = run(['odd', '--format', 'compact'])
    expect(stdout).not.toContain('\u001b')
    expect(stdout.trim().split('\n').filter(line => /:4:5-4:23 error/.test(line)).length).toBe(stdout.trim().split('\n').length)
  })

  it('deep folders', () => {
    write(`${'d/'.repeat(300)}compose.yaml`, hostMode)
    expect(run(['d', '--format', 'compact']).stdout).toContain('no-host-network')
  })
})

describe.skipIf(isWindows)('what is outside of the project', () => {
  const project = (): string => {
    write('outside/secret.yaml', hostMode)
    write('inside/deploy.sh', 'docker compose -f ../outside/secret.yaml up\n')
    write('inside/compose.yaml', 'services:\n  web:\n    extends: {file: ../outside/secret.yaml, service: web}\n')
    return join(folder, 'inside')
  }

  it('is not read unless that is allowed, and told', () => {
    const cwd = project()
    if (!existsSync(join(cwd, 'linked.yaml'))) symlinkSync('../outside/secret.yaml', join(cwd, 'linked.yaml'))
    const closed = run(['.', '--format', 'compact'], { cwd })
    expect(closed.stdout).not.toContain('no-host-network')
    expect(closed.stderr).toContain('../outside/secret.yaml is outside of the project and was not read; --allow-outside reads it')
    expect(closed.stderr).toContain('linked.yaml is outside of the project')
    const open = run(['.', '--format', 'compact', '--allow-outside'], { cwd })
    expect(open.stdout).toContain('../outside/secret.yaml:4:5')
    expect(open.stdout).toContain('linked.yaml:4:5')
  })

  it('is read where the command line names it, and in the same repository', () => {
    const cwd = project()
    expect(run(['../outside/secret.yaml', '--format', 'compact'], { cwd }).stdout).toContain('no-host-network')
    mkdirSync(join(folder, '.git'))
    expect(run(['.', '--format', 'compact'], { cwd }).stdout).toContain('../outside/secret.yaml:4:5')
    rmSync(join(folder, '.git'), { recursive: true })
  })

  it('leaves a gap in a project', () => {
    const cwd = project()
    const projectOf = (...args: string[]): { project: object | null; gaps: { message: string }[] } => JSON.parse(run(['inspect', 'compose.yaml', ...args], { cwd }).stdout).projects[0]
    expect(projectOf().gaps.map(({ message }) => message)).toEqual([expect.stringMatching(/outside\/secret\.yaml is not at hand/)])
    expect(projectOf('--allow-outside').gaps).toEqual([])
  })
})

describe.skipIf(isWindows)('streams', () => {
  it('whoever reads may stop reading', () => {
    write('many/compose.yaml', `services:\n${Array.from({ length: 3000 }, (_, index) => `  s${index}:\n    image: x\n    network_mode: host\n`).join('')}`)
    expect(shell('porthole many | head -1')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('many/compose.yaml:4:5') })
  })

  it.skipIf(!existsSync('/dev/full'))('a full disk is told', () => {
    write('full/compose.yaml', hostMode)
    for (const line of ['porthole full > /dev/full', 'porthole full -o /dev/full', 'porthole full -f sarif=/dev/full', 'porthole full --baseline write --baseline-file /dev/full']) {
      const { status, stderr } = shell(line)
      expect([line, status, /cannot write/.test(stderr), /internal error/.test(stderr)]).toEqual([line, 2, true, false])
    }
  })

  it('closed streams', () => {
    write('closed/compose.yaml', hostMode)
    expect(shell('porthole - <&-').stderr).not.toContain('internal error')
    expect(shell('porthole closed -f compact 2>&-')).toMatchObject({ status: 1, stdout: expect.stringContaining('no-host-network') })
    expect(shell('porthole closed -f compact >&-; echo $?').stderr).not.toContain('internal error')
  })

  it('is interrupted at once', async () => {
    const child = spawn(process.execPath, [program, '-'], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], timeout: longest })
    await new Promise(resolve => setTimeout(resolve, 300))
    const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)))
    child.kill('SIGINT')
    // A shell makes 130 of it.
    expect(await ended).toBe('SIGINT')
  })
})

describe('what is asked for and is not there', () => {
  it.each([
    [['matrix', 'zzz'], 'there is no rule or feature `zzz` in the matrix'],
    [['matrix', 'internal-netwrk'], 'did you mean `internal-network`?'],
    [['-t', '', '.'], 'no target is named'],
    [['-t', ' , ', '.'], 'no target is named']
  ])('%j', (args, message) => {
    expect(run(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('says so of a file that does not speak of Docker', () => {
    write('plain/notes.yaml', 'a: b\n')
    expect(run(['plain/notes.yaml'])).toMatchObject({ status: 0, stdout: '? Nothing in 1 file speaks of Docker.\n' })
  })

  it('reads a file that nests too deep as what it looks like', () => {
    write('deep/stack.yaml', `services:\n  web:\n    image: x\n    network_mode: host\n    x-deep: ${'['.repeat(300)}${']'.repeat(300)}\n`)
    expect(run(['deep', '--format', 'compact'])).toMatchObject({ status: 1, stdout: expect.stringContaining('nested deeper than 200 levels') })
  })
})

it('the terminal is left as it is', () => {
  expect(readFileSync(program, 'utf8')).not.toContain('setRawMode')
})

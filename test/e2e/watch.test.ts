import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const clean = 'services:\n  web:\n    image: x\n'
const hostMode = `${clean}    network_mode: host\n`

/** A watching porthole and what it has written. */
class Watching {
  readonly folder = mkdtempSync(join(tmpdir(), 'porthole-watch-'))
  stdout = ''
  stderr = ''
  #child: ChildProcess | undefined

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true })
    writeFileSync(join(this.folder, path), text)
  }

  start(...args: string[]): void {
    this.#child = spawn(process.execPath, [program, '--watch', '--format', 'compact', ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout!.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()))
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
  }

  /** The statuses of the rounds that are over. */
  get statuses(): number[] {
    return [...this.stderr.matchAll(/^porthole: watching for changes \(status (\d)\)$/gm)].map(([, status]) => Number(status))
  }

  /** Waits for a round that ends with a status, after the first `from`. */
  async round(status: number, from = 0): Promise<void> {
    const end = Date.now() + 30_000
    while (!this.statuses.slice(from).includes(status)) {
      if (Date.now() > end) throw new Error(`no round ended with ${status}: ${this.stderr}`)
      await new Promise(done => setTimeout(done, 50))
    }
  }

  async interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    const ended = new Promise<number | null>(done => this.#child!.on('exit', done))
    this.#child!.kill(signal)
    return await ended
  }

  remove(): void {
    this.#child?.kill('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

describe.each([{ ways: [] }, { ways: ['--poll'] }])('--watch $ways', ({ ways }) => {
  let watching: Watching
  afterEach(() => watching.remove())

  it('lints again what changes and what is new, and ends with the status of the last round', async () => {
    watching = new Watching()
    watching.write('app/compose.yaml', clean)
    watching.start('.', ...ways)
    await watching.round(0)
    watching.write('app/compose.yaml', hostMode)
    await watching.round(1)
    expect(watching.stdout).toMatch(/^app\/compose\.yaml:4:5-4:23 error no-host-network .+\n$/)
    watching.write('app/compose.yaml', clean)
    await watching.round(0, watching.statuses.length)
    watching.write('new/deep/compose.yaml', hostMode)
    await watching.round(1, watching.statuses.length)
    expect(watching.stderr).toMatch(/^(porthole: linting\nporthole: watching for changes \(status \d\)\n)+$/)
    expect(watching.stdout).not.toContain('\x1b')
    expect(await watching.interrupt()).toBe(1)
  }, 120_000)

  it('goes on when a configuration or a file cannot be used for a while', async () => {
    watching = new Watching()
    watching.write('compose.yaml', clean)
    watching.start('compose.yaml', ...ways)
    await watching.round(0)
    watching.write('porthole.config.yaml', 'targets: [nope]\n')
    await watching.round(2)
    expect(watching.stderr).toContain('porthole.config.yaml:1:11')
    rmSync(join(watching.folder, 'porthole.config.yaml'))
    await watching.round(0, watching.statuses.length)
    rmSync(join(watching.folder, 'compose.yaml'))
    await watching.round(2, watching.statuses.length)
    watching.write('compose.yaml', clean)
    await watching.round(0, watching.statuses.length)
    expect(await watching.interrupt('SIGTERM')).toBe(0)
  }, 120_000)
})

describe('--watch', () => {
  let watching: Watching | undefined
  afterEach(() => watching?.remove())

  it('does not start again for what it writes itself', async () => {
    watching = new Watching()
    watching.write('compose.yaml', hostMode)
    watching.start('.', '--format', 'markdown=report.md')
    await watching.round(1)
    await new Promise(done => setTimeout(done, 1000))
    expect(watching.statuses).toEqual([1])
  }, 60_000)
})

import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const program = join(root, 'dist/cli/porthole.js')

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Below the workspace. */
  readonly in?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Milliseconds after which it is ended, with all that it has started. */
  readonly limit?: number
}

/** A folder of a test's own, and programs that run in it without anybody's settings. */
export class Workspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'porthole-')))
  readonly env: Readonly<Record<string, string>>

  constructor() {
    const home = join(this.folder, 'home')
    mkdirSync(home)
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n[commit]\n\tgpgSign = false\n')
    const inherited = ['PATH', 'TMPDIR', 'npm_config_registry', 'npm_config_cache', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy']
    this.env = { ...Object.fromEntries(inherited.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))), HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: join(home, '.gitconfig'), LC_ALL: 'C.UTF-8' }
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string | Uint8Array, mode?: number): string {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), content, { mode })
    return name
  }

  run(command: string, args: readonly string[], { in: place = '.', env = {}, input = '', limit = 60_000 }: RunOptions = {}): Promise<Outcome> {
    const child = spawn(command, [...args], { cwd: this.path(place), env: { ...this.env, ...env }, detached: true })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const stop = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), limit)
    return new Promise((done, fail) => {
      child.on('error', fail)
      child.on('close', status => done({ status, ...output }))
    }).finally(() => clearTimeout(stop)) as Promise<Outcome>
  }

  porthole(args: readonly string[], options?: RunOptions): Promise<Outcome> {
    return this.run(process.execPath, [program, ...args], options)
  }

  /** Runs git, which must not fail. */
  async git(args: readonly string[], options?: RunOptions): Promise<string> {
    const { status, stdout, stderr } = await this.run('git', args, options)
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
    return stdout
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Whether a program is there; if not, says once what is skipped. */
export function has(command: string, skipped: string, args: readonly string[] = ['--version']): boolean {
  const found = spawnSync(command, [...args], { stdio: 'ignore', timeout: 20_000 }).status === 0
  if (!found) process.stderr.write(`skipped: ${skipped}: ${command} is not installed\n`)
  return found
}

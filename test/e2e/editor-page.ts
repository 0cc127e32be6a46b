import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A code block of editors/README.md: the first in a language under a heading, or one after it. */
export function snippet(heading: string, language: string, index = 0): string {
  const [, section = ''] = readFileSync(join(root, 'editors/README.md'), 'utf8').split(`\n## ${heading}\n`)
  const block = section.split('\n## ')[0]!.split(`\n\`\`\`${language}\n`)[index + 1]?.split('\n```')[0]
  if (block === undefined) throw new Error(`editors/README.md has no ${language} under ${heading}`)
  return block
}

/** A home of its own, with porthole on the path. */
export class EditorHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'porthole-editor-'))

  constructor() {
    mkdirSync(join(this.folder, 'bin'))
    const program = join(root, 'dist/cli/porthole.js')
    chmodSync(program, 0o755)
    symlinkSync(program, join(this.folder, 'bin/porthole'))
    symlinkSync(process.execPath, join(this.folder, 'bin/node'))
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  /** Runs an editor for two minutes at most; returns what it has said. */
  run(program: string, ...args: string[]): string {
    const { stdout, stderr, error } = spawnSync(program, args, { cwd: this.folder, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL', env: { ...process.env, HOME: this.folder, XDG_CONFIG_HOME: this.folder, PATH: `${join(this.folder, 'bin')}:${process.env['PATH']}` } })
    return `${stdout}\n${stderr}\n${error ?? ''}`
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Why a program cannot be had; `undefined`: it is there. With CI set, Debian's packages are tried. */
export function installFromDebian(isThere: () => boolean, ...names: string[]): string | undefined {
  if (isThere()) return undefined
  if (!process.env['CI']) return `${names.join(' and ')} not installed (with CI set, apt-get is tried)`
  const { status } = spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', ...names], { timeout: 180_000 })
  return isThere() ? undefined : `${names.join(' and ')} not installed, and apt-get ended with ${status}`
}

export const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args, { timeout: 20_000 }).status === 0

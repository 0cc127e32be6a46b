import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const minute = 60_000
const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const folder = mkdtempSync(join(tmpdir(), 'porthole-interop-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const skipped = (name: string, reason: string): undefined => void process.stderr.write(`skipped: ${name}: ${reason}\n`)

/** The entry of the real dclint; says why there is none where it cannot be installed. */
function dclint(): string | undefined {
  if (process.env.PORTHOLE_OFFLINE) return skipped('dclint', 'PORTHOLE_OFFLINE is set')
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const isWindows = process.platform === 'win32'
  const { status, error, stderr } = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1', '--fetch-timeout=20000', 'dclint@3.1.0'], { encoding: 'utf8', timeout: 2 * minute, shell: isWindows })
  return status === 0 ? join(folder, 'node_modules/dclint/bin/dclint.cjs') : skipped('dclint cannot be installed', error?.message ?? stderr.trim().split('\n')[0] ?? `npm exits with ${status}`)
}

/** The path of a program of this machine that says its version. */
function found(name: string): string | undefined {
  const { status } = spawnSync(name, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return status === 0 ? name : skipped(name, 'it is not installed')
}

const run = (command: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', timeout: minute })
  return { status, output: `${stdout}${stderr}` }
}

const configuration = (tool: string): string => spawnSync(process.execPath, [program, 'interop', tool, 'compose.yaml'], { cwd: folder, encoding: 'utf8', timeout: minute }).stdout

writeFileSync(join(folder, 'compose.yaml'), 'name: shop\nservices:\n  web:\n    image: mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022\n    ports:\n      - "8080:80"\n')

describe('dclint', () => {
  const entry = dclint()
  it.skipIf(!entry)('no longer asks for an address when it is told what interop prints', { timeout: 2 * minute }, () => {
    expect(run(process.execPath, entry!, 'compose.yaml').output).toContain('no-unbound-port-interfaces')
    writeFileSync(join(folder, '.dclintrc'), configuration('dclint'))
    const after = run(process.execPath, entry!, 'compose.yaml')
    expect(after.output).not.toContain('no-unbound-port-interfaces')
    expect(after.status).toBe(0)
  })
})

describe('compose-lint', () => {
  const command = found('compose-lint')
  it.skipIf(!command)('suppresses what Windows does not take, for the service of Windows', { timeout: 2 * minute }, () => {
    writeFileSync(join(folder, '.compose-lint.yml'), configuration('compose-lint'))
    const { output } = run(command!, '--strict-config', '--skip-suppressed', 'compose.yaml')
    for (const rule of ['CL-0003', 'CL-0005', 'CL-0006', 'CL-0007']) expect(output).not.toContain(rule)
  })
})

describe('hadolint', () => {
  const command = found('hadolint')
  it.skipIf(!command)('no longer asks for an option of Unix shells', { timeout: 2 * minute }, () => {
    writeFileSync(join(folder, 'Dockerfile'), 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir | findstr x\n')
    expect(run(command!, '--no-color', 'Dockerfile').output).toContain('DL4006')
    writeFileSync(join(folder, '.hadolint.yaml'), configuration('hadolint'))
    expect(run(command!, '--no-color', 'Dockerfile').output).not.toContain('DL4006')
  })
})

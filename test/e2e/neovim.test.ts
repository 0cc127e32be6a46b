import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServerProgram } from '../server-process.ts'

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'

/** Why the real Neovim cannot be had; `undefined`: it is there. */
function obstacle(): string | undefined {
  if (isThere()) return undefined
  if (!process.env['CI']) return 'nvim is not installed (with CI set, apt-get is tried)'
  const { status } = spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'neovim'], { timeout: 60_000 })
  return isThere() ? undefined : `nvim is not installed, and apt-get ended with ${status}`
}

const isThere = (): boolean => spawnSync('nvim', ['--version']).status === 0

const reason = obstacle()
if (reason !== undefined) console.log(`Neovim: skipped: ${reason}`) // eslint-disable-line no-console

describe.skipIf(reason !== undefined)('Neovim', () => {
  const program = new ServerProgram()
  beforeAll(() => program.build(), 60_000)
  afterAll(() => program.remove())

  it('shows what is found, follows what is typed, and applies what is offered', () => {
    const file = join(program.folder, 'compose.yaml')
    const seenFile = join(program.folder, 'seen.json')
    writeFileSync(file, hostMode)
    const { stderr } = spawnSync('nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${join(import.meta.dirname, 'neovim.lua')}`], {
      encoding: 'utf8', timeout: 110_000, env: { ...process.env, HOME: program.folder, XDG_STATE_HOME: program.folder, PORTHOLE_NODE: process.execPath, PORTHOLE_SERVER: program.path, PORTHOLE_FILE: file, PORTHOLE_SEEN: seenFile }
    })
    const seen = JSON.parse(readFileSync(seenFile, 'utf8')) as Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(seen['fault'], stderr).toBeUndefined()
    expect(seen['opened']).toMatchObject([{ line: 3, column: 4, finish: 22, code: 'no-host-network', source: 'porthole', severity: 1, message: expect.stringContaining('Docker will say') }])
    expect(seen['typed']).toMatchObject([{ line: 5, column: 4, finish: 22 }])
    expect(seen['hover']).toContain('network host not found')
    expect(seen['actions']).toEqual(['Suppress `no-host-network` here with a comment', 'Explain `no-host-network`'])
    expect(seen['suppressed']).toBe(0)
    expect(seen['stopped']).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(`# first\n# sécond 🦊\n${hostMode.replace('    network_mode', '    # porthole-disable-next-line no-host-network -- reason\n    network_mode')}`)
  }, 120_000)
})

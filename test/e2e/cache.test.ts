import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { root, Workspace } from './workspace.ts'

const workspace = new Workspace()
afterAll(() => workspace.remove())
vi.setConfig({ testTimeout: 60_000 })

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
let place = ''
let places = 0

/** Each test has a folder of its own, with two files of which one has a finding. */
beforeEach(() => {
  place = `p${places++}`
  workspace.write(`${place}/compose.yaml`, hostMode)
  workspace.write(`${place}/other/compose.yaml`, 'services:\n  web:\n    image: x\n')
})

const lint = (...args: string[]) => workspace.porthole(['.', '--format', 'json', ...args], { in: place })
const cached = (...args: string[]) => lint('--cache', ...args)
const cacheFile = (): string => workspace.path(`${place}/.porthole-cache`)

/** Changes what the cache remembers; `isSound`: its digest is that of the change. */
function tamper(change: (body: string) => string, isSound: boolean): void {
  const [head = '', ...lines] = readFileSync(cacheFile(), 'utf8').split('\n')
  const body = change(lines.join('\n'))
  const [program = ''] = head.split(' ').slice(2)
  writeFileSync(cacheFile(), isSound ? `porthole-cache 1 ${program} ${createHash('sha256').update(body).digest('hex')}\n${body}` : `${head}\n${body}`)
}

const rumour = (body: string): string => body.replaceAll('"feature":"host-network"', '"feature":"rumour"')

describe('--cache', () => {
  it('says the same again, of files that bear on each other too', async () => {
    cpSync(join(root, 'examples/depot/broken'), workspace.path(`${place}/depot`), { recursive: true })
    const plain = await lint()
    expect(plain.status).toBe(1)
    expect(await cached()).toEqual(plain)
    expect(await cached()).toEqual(plain)
    expect(await cached('--target', 'ws2016')).toEqual(await lint('--target', 'ws2016'))
  })

  it('is believed where it is sound', async () => {
    await cached()
    tamper(rumour, true)
    expect((await cached()).stdout).toContain('"feature": "rumour"')
  })

  it.each<[what: string, damage: () => void]>([
    ['of a body that is not the one it was written with', () => tamper(rumour, false)],
    ['that ends midway', () => writeFileSync(cacheFile(), readFileSync(cacheFile()).subarray(0, -20))],
    ['of which only the first line is left', () => writeFileSync(cacheFile(), readFileSync(cacheFile(), 'utf8').split('\n')[0]!)],
    ['of another program', () => writeFileSync(cacheFile(), readFileSync(cacheFile(), 'utf8').replace(/(?<=^porthole-cache 1 )\w+/, '0'.repeat(64)))]
  ])('uses nothing %s', async (_what, damage) => {
    const plain = await cached()
    damage()
    expect(await cached()).toEqual(plain)
    // It is written anew, and used.
    tamper(rumour, true)
    expect((await cached()).stdout).toContain('rumour')
  })

  it.each<[what: string, change: () => void, args: string[], status: number]>([
    ['its text', () => workspace.write(`${place}/compose.yaml`, 'services:\n  web:\n    image: x\n'), [], 0],
    ['its variables', () => workspace.write(`${place}/.env`, 'MODE=nat\n'), [], 0],
    ['the configuration', () => workspace.write(`${place}/porthole.config.yaml`, 'rules:\n  host-network: off\n'), [], 0],
    ['a rule on the command line', () => {}, ['--rule', 'host-network:off'], 0],
    ['the platform', () => {}, ['--platform', 'auto'], 0],
    ['another file', () => workspace.write(`${place}/up.sh`, 'docker network create -d nat host\n'), [], 0]
  ])('sees a change of %s', async (what, change, args, status) => {
    if (what === 'its variables') workspace.write(`${place}/compose.yaml`, hostMode.replace('host', '${MODE:-host}'))
    expect(await cached()).toMatchObject({ status: 1 })
    change()
    expect(await cached(...args)).toMatchObject({ status })
    expect(await cached(...args)).toEqual(await lint(...args))
  })

  it('is where --cache-location says, and forgets files that are gone', async () => {
    await cached('--cache-location', 'a.cache')
    expect(existsSync(cacheFile())).toBe(false)
    rmSync(workspace.path(`${place}/other`), { recursive: true })
    workspace.write(`${place}/new/compose.yaml`, hostMode)
    await cached('--cache-location', 'a.cache')
    const known = readFileSync(workspace.path(`${place}/a.cache`), 'utf8').trim().split('\n').slice(1).map(line => JSON.parse(line.split('\t')[1]!) as string)
    expect(known.sort()).toEqual(['compose.yaml', 'new/compose.yaml'])
  })

  it('keeps what it knows of files that a run does not ask for', async () => {
    await cached()
    tamper(rumour, true)
    workspace.write(`${place}/new.yaml`, hostMode)
    await workspace.porthole(['new.yaml', '--cache'], { in: place })
    expect((await cached()).stdout).toContain('rumour')
  })

  it('writes over nothing else', async () => {
    workspace.write(`${place}/notes.txt`, 'mine\n')
    const { status, stderr } = await cached('--cache-location', 'notes.txt')
    expect(status).toBe(2)
    expect(stderr).toContain('is no cache of porthole')
    expect(readFileSync(workspace.path(`${place}/notes.txt`), 'utf8')).toBe('mine\n')
  })

  it('is shared by runs at the same time', async () => {
    const plain = await lint()
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => cached()))
    expect(outcomes).toEqual(outcomes.map(() => plain))
    expect(await cached()).toEqual(plain)
    expect(readdirSync(workspace.path(place)).filter(name => name.startsWith('.porthole-cache'))).toEqual(['.porthole-cache'])
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('costs time, and nothing else, where it cannot be written', async () => {
    chmodSync(workspace.path(place), 0o555)
    const { status, stderr } = await cached()
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot write the cache') as string })
  })

  it('is told where its folder is not there', async () => {
    const { status, stderr } = await cached('--cache-location', 'no/such/folder/cache')
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot write the cache') as string })
  })
})

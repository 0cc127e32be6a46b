import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { composeFile, randomNumbers } from '../../bench/generate.mjs'
import { root, Workspace } from './workspace.ts'

const workspace = new Workspace()
afterAll(() => workspace.remove())
vi.setConfig({ testTimeout: 120_000 })

beforeAll(() => {
  const random = randomNumbers(1)
  for (let file = 0; file < 1100; file++) workspace.write(`many/${file % 10}/compose${file}.yaml`, composeFile(random))
  workspace.write('many/3/compose.bad.yaml', new Uint8Array([115, 0, 1, 2]))
  workspace.write('many/3/.env', 'TAG=1\n')
  workspace.write('many/compose.yaml', 'services:\n  web:\n    build: .\n    networks: [lan]\nnetworks:\n  lan: {external: true}\n')
  workspace.write('many/Dockerfile', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n')
  workspace.write('many/up.ps1', 'docker network create -d overlay lan\ndocker compose -f extra.yml up\n')
  workspace.write('many/extra.yml', 'services: {a: {image: x, network_mode: host}}\n')
})

describe('--concurrency', () => {
  it('changes nothing but the time', async () => {
    const [off, two] = await Promise.all(['off', '2'].map(threads => workspace.porthole(['many', '--format', 'json', '--verbose', '--concurrency', threads])))
    expect(off).toMatchObject({ status: 2, stderr: expect.stringContaining('many/3/compose.bad.yaml: is not a text file') as string })
    expect(two).toEqual(off)
  })

  it('does without threads that die', async () => {
    cpSync(join(root, 'dist/cli'), workspace.path('program'), { recursive: true })
    rmSync(workspace.path('program/lint-worker.js'))
    const lint = (threads: string) => workspace.run(process.execPath, [workspace.path('program/porthole.js'), 'many', '--format', 'json', '--concurrency', threads])
    expect(await lint('2')).toEqual(await lint('off'))
  })

  it.each(['0', '-1', 'many', '100', '1.5'])('takes no %s', async value => {
    const { status, stderr } = await workspace.porthole(['many', `--concurrency=${value}`])
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('--concurrency takes auto, off or a number') as string })
  })
})

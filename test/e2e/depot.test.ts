import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = resolve(import.meta.dirname, '../../dist/cli/porthole.js')
const examples = resolve(import.meta.dirname, '../../examples/depot')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-depot-'))
  cpSync(examples, folder, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(project: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: join(folder, project), encoding: 'utf8' })
  return { status, stdout, stderr }
}

interface Range { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } }
interface Diagnostic { readonly feature: string; readonly path: string; readonly range: Range; readonly related: readonly { readonly path: string; readonly range: Range }[] }

/** What only the whole project shows: the feature, what is underlined where, and the other end. */
const conflicts: readonly [feature: string, place: string, other?: string][] = [
  // A published port on a driver that cannot publish, and on a network that drops it.
  ['port-publish-by-driver', 'compose.yaml: 8080', 'network/setup.ps1: network create'],
  ['port-publish-by-driver', 'compose.yaml: 1433', 'network/setup.ps1: network create'],
  // An address outside the subnet of its network.
  ['static-ipv4', 'compose.yaml: ipv4_address: 10.30.1.20', 'network/setup.ps1: network create'],
  // A name that nobody resolves on this network.
  ['network-alias', 'compose.yaml: aliases', 'network/setup.ps1: network create'],
  // Services of a swarm on networks of one host.
  ['service-on-local-network', '.github/workflows/deploy.yml: --network depot-backend', 'network/setup.ps1: network create'],
  ['service-on-local-network', 'network/stack.yml: driver: nat'],
  // An overlay network without a swarm.
  ['overlay-needs-swarm', 'network/setup.ps1: -d overlay'],
  // Two nat networks with the same addresses.
  ['nat-subnet-overlap', 'compose.yaml: subnet: 10.40.0.0/16', 'compose.override.yaml: traces'],
  ['nat-subnet-overlap', 'compose.override.yaml: subnet: 10.40.8.0/24', 'compose.yaml: jobs'],
  // The Windows of a base image against the host and the isolation of the service.
  ['base-image-build', 'worker/Dockerfile: mcr.microsoft.com/windows/nanoserver:ltsc2019', 'compose.yaml: worker'],
  // A service on a network that is made with --internal.
  ['internal-network', 'compose.yaml: name: depot-backend', 'network/setup.ps1: network create']
]

describe('the depot', () => {
  it('is diagnosed with both ends', () => {
    const { status, stdout } = run('broken', '--format', 'json', '.')
    expect(status).toBe(1)
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] }
    const place = ({ path, range: { start, end } }: { path: string; range: Range }): string => `${path}: ${readFileSync(join(folder, 'broken', path), 'utf8').slice(start.offset, end.offset)}`
    const found = diagnostics.map(diagnostic => [diagnostic.feature, place(diagnostic), ...diagnostic.related.slice(0, 1).map(place)])
    for (const conflict of conflicts) expect(found).toContainEqual(conflict)
  })

  it('is clean when it is mended', () => {
    expect(run('mended', '--verbose', '.')).toEqual({ status: 0, stdout: '✓ Nothing found in 8 files.\n', stderr: '' })
  })

  it('tells with --verbose what it could not find out', () => {
    rmSync(join(folder, 'mended/network/setup.ps1'))
    const { stderr } = run('mended', '--verbose', '.')
    expect(stderr).toContain('Nothing that was read makes the network `lan`')
  })

  it('takes --compose-file for what is laid over each other', () => {
    writeFileSync(join(folder, 'broken/windows.yaml'), 'services:\n  database:\n    privileged: !reset null\n')
    writeFileSync(join(folder, 'broken/lan.yaml'), 'networks:\n  jobs: !reset null\n')
    const files = (...names: readonly string[]): string[] => names.flatMap(name => ['--compose-file', name])
    expect(run('broken', 'compose.yaml', '--format', 'compact').stdout).toContain('10.40.0.0/16 another one has')
    // Named so, it is all there is: compose does not look for an override of its own.
    expect(run('broken', ...files('compose.yaml'), '--format', 'compact').stdout).not.toContain('10.40.0.0/16 another one has')
    expect(run('broken', ...files('compose.yaml', 'compose.override.yaml'), '--format', 'compact').stdout).toContain('10.40.0.0/16 another one has')
    expect(run('broken', ...files('compose.yaml', 'compose.override.yaml', 'lan.yaml'), '--format', 'compact').stdout).not.toContain('10.40.0.0/16 another one has')
    expect(run('broken', ...files('common.yml', 'windows.yaml'), '--format', 'compact')).toMatchObject({ status: 0, stdout: '' })
  })
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import lock from '../package-lock.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface LockedPackage { readonly version?: string; readonly license?: string; readonly resolved?: string; readonly hasInstallScript?: boolean; readonly dev?: boolean }

const packages = Object.entries(lock.packages as Record<string, LockedPackage>).filter(([path]) => path !== '')

/** Whoever uses porthole has to do no more than keep their texts. */
const permissive = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'])

/** Packages whose parts are in what is published, with version and licence. */
const bundled = (): { name: string; version: string; licence: string }[] =>
  [...read('dist/THIRD-PARTY-LICENSES.txt').matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d\S*) \(([^)]+)\)$/gm)].map(([, name, version, licence]) => ({ name: name!, version: version!, licence: licence! }))

describe('packages', () => {
  it('run nothing when they are installed, but for one that builds', () => {
    // esbuild makes its command start sooner; it builds just the same under `npm ci --ignore-scripts`, and is not in what is published.
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path, { dev }]) => [path, dev])).toEqual([['node_modules/esbuild', true]])
  })

  it('come from no registry in particular', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  it('have the licences that were agreed to', () => {
    // lightningcss is a tool of the tests' own runner, which nobody else gets.
    const others = packages.filter(([, { license = '' }]) => !permissive.has(license)).map(([path, { license }]) => [path.replace(/^node_modules\/(lightningcss).*/, '$1'), license])
    expect([...new Set(others.map(other => other.join(' ')))]).toEqual(['lightningcss MPL-2.0'])
  })

  it('say of themselves what the lock file says of them', () => {
    const installed = packages.flatMap(([path, { license }]) => {
      try {
        return [[path, license, (JSON.parse(read(`${path}/package.json`)) as { license?: string }).license]]
      } catch {
        // Only the binaries for this machine are installed.
        return []
      }
    })
    expect(installed.length).toBeGreaterThan(100)
    expect(installed.filter(([, locked, own]) => locked !== own)).toEqual([])
  })
})

describe('what is bundled', () => {
  it('is permissive, and its texts are there', () => {
    expect(bundled().length).toBeGreaterThan(10)
    expect(bundled().filter(({ licence }) => !permissive.has(licence))).toEqual([])
    for (const name of ['yaml', 'unbash', 'typescript', 'fast-glob', 'ignore', 'vscode-languageserver']) expect(bundled().map(each => each.name)).toContain(name)
    expect(read('dist/THIRD-PARTY-LICENSES.txt')).toContain('Permission to use, copy, modify, and/or distribute this software')
  })

  it('is named in CONTRIBUTING', () => {
    const section = read('CONTRIBUTING.md')
    expect([...new Set(bundled().map(({ name }) => name))].filter(name => !section.includes(name.replace(/^@(typescript-eslint|nodelib)\/.*/, '@$1')))).toEqual([])
  })
})

describe('what is published', () => {
  let folder: string
  let archive: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'porthole-pack-'))
    // The tests run on what is built already.
    const { status, stderr } = npm(['pack', '--ignore-scripts', '--pack-destination', folder], root)
    if (status !== 0) throw new Error(stderr)
    archive = join(folder, readdirSync(folder).find(name => name.endsWith('.tgz'))!)
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** npm in a home of its own and without the network. */
  function npm(args: readonly string[], cwd: string): { status: number | null; stdout: string; stderr: string } {
    return spawnSync('npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier'], { cwd, encoding: 'utf8', timeout: 60_000, shell: process.platform === 'win32', env: { PATH: process.env.PATH ?? '', HOME: folder, npm_config_cache: join(folder, 'cache'), npm_config_userconfig: join(folder, 'npmrc') } })
  }

  it('is what runs, what it is described by, and its licences', { timeout: 60_000 }, () => {
    const { stdout } = npm(['pack', '--ignore-scripts', '--dry-run', '--json'], root)
    const files = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path)
    const expected = /^(?:dist\/(?:cli\/[\w-]+\.js|cli\/(?:package|matrix)\.json|cli\/digest|chunks\/[\w-]+\.js|index\.js|docker-cli\.js|THIRD-PARTY-LICENSES\.txt|types\/.*\.d\.ts)|rules\/[\w-]+\.md|examples\/integrations\/(?:README\.md|problem-matcher\.json)|schemas\/[\w-]+\.schema\.json|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/
    expect(files.filter(path => !expected.test(path))).toEqual([])
    for (const path of ['dist/cli/porthole.js', 'dist/index.js', 'dist/THIRD-PARTY-LICENSES.txt', 'LICENSE']) expect(files).toContain(path)
  })

  it('installs without the network, alone, and runs', { timeout: 120_000 }, () => {
    const project = mkdtempSync(join(folder, 'project-'))
    writeFileSync(join(project, 'package.json'), '{ "private": true }')
    writeFileSync(join(project, 'compose.yaml'), 'services:\n  web:\n    image: x\n    network_mode: host\n')
    writeFileSync(join(project, 'run.js'), "require('child_process').execSync('docker run --network host x')\n")
    expect(npm(['install', archive], project)).toMatchObject({ status: 0 })
    expect(readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual(['porthole'])
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'node_modules/porthole/dist/cli/porthole.js'), '.', '--format', 'compact'], { cwd: project, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH ?? '', HOME: folder } })
    expect({ status, stderr, found: stdout.trim().split('\n').map(line => line.split(':')[0]).sort() }).toEqual({ status: 1, stderr: '', found: ['compose.yaml', 'run.js'] })
  })
})

import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { printable } from '../../src/formatter.ts'
import { has, program, Workspace, type Outcome } from './workspace.ts'

const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const clean = 'services:\n  web:\n    image: x\n'

let workspace: Workspace
let count = 0
let repository = ''

beforeAll(() => void (workspace = new Workspace()))
afterAll(() => workspace.remove())

const write = (path: string, content: string | Uint8Array): string => workspace.write(`${repository}/${path}`, content)
const git = (...args: string[]): Promise<string> => workspace.git(args, { in: repository })
const porthole = (...args: string[]): Promise<Outcome> => workspace.porthole(['--format=compact', ...args], { in: repository })

/** The files that were found fault with. */
const filesOf = ({ stdout }: Outcome): string[] => [...new Set(stdout.split('\n').filter(line => line !== '').map(line => line.replace(/:\d+:\d+-.*/, '')))]

describe.skipIf(!has('git', 'the tests of --staged and --changed'))('files that git knows to be changed', () => {
  beforeEach(async () => {
    repository = `r${count++}`
    mkdirSync(workspace.path(repository))
    await git('init', '--quiet')
    write('old/compose.yaml', hostMode)
    write('same/compose.yaml', hostMode)
    await git('add', '.')
    await git('commit', '--quiet', '--message=first')
  })

  it('--staged lints what is in the index and nothing else', async () => {
    write('staged/compose.yaml', hostMode)
    await git('add', '.')
    write('loose/compose.yaml', hostMode)
    const outcome = await porthole('--staged')
    expect(outcome.status).toBe(1)
    expect(filesOf(outcome)).toEqual(['staged/compose.yaml'])
  })

  it('--staged lints what is staged where the working tree holds something else', async () => {
    write('mended/compose.yaml', hostMode)
    write('spoilt/compose.yaml', clean)
    write('gone/compose.yaml', hostMode)
    await git('add', '.')
    write('mended/compose.yaml', clean)
    write('spoilt/compose.yaml', hostMode)
    rmSync(workspace.path(`${repository}/gone/compose.yaml`))
    expect(filesOf(await porthole('--staged'))).toEqual(['gone/compose.yaml', 'mended/compose.yaml'])
  })

  it('--staged knows line ends as a checkout writes them', async () => {
    await git('config', 'core.autocrlf', 'true')
    write('compose.yaml', hostMode.replaceAll('\n', '\r\n'))
    await git('add', '.')
    write('compose.yaml', clean)
    const { stdout } = await workspace.porthole(['--staged', '--format=json'], { in: repository })
    const [{ range }] = (JSON.parse(stdout) as { diagnostics: [{ range: { start: { offset: number } } }] }).diagnostics
    expect(range.start.offset).toBe(hostMode.replaceAll('\n', '\r\n').indexOf('network_mode'))
  })

  it('takes a renamed file for a new one, and a deleted one for none', async () => {
    mkdirSync(workspace.path(`${repository}/new`))
    renameSync(workspace.path(`${repository}/old/compose.yaml`), workspace.path(`${repository}/new/compose.yaml`))
    await git('add', '--all')
    await git('rm', '--quiet', 'same/compose.yaml')
    for (const option of ['--staged', '--changed']) expect(filesOf(await porthole(option)), option).toEqual(['new/compose.yaml'])
  })

  it('reads neither submodules nor symbolic links', async () => {
    await git('clone', '--quiet', '.', 'other')
    await git('submodule', '--quiet', 'add', './other', 'module')
    rmSync(workspace.path(`${repository}/other`), { recursive: true })
    symlinkSync('old/compose.yaml', workspace.path(`${repository}/compose.yaml`))
    await git('add', '--all')
    for (const option of ['--staged', '--changed']) expect(await porthole(option), option).toMatchObject({ status: 0, stdout: '' })
  })

  it.each(['ü n\u0301.yaml', 'a\nb.yaml', '"q".yaml', '-t.yaml', '[x]*.yaml', 'tab\there.yaml'])('reads a file that is called %j', async name => {
    write(name, hostMode)
    await git('add', '.')
    for (const option of ['--staged', '--changed']) expect((await porthole(option)).stdout, option).toContain(`${printable(name)}:4:5-4:23`)
    write(name, clean)
    expect((await porthole('--staged')).stdout).toContain(`${printable(name)}:4:5-4:23`)
    expect(filesOf(await porthole('--staged', '--', `./${name}`))).toEqual([printable(name)])
  })

  it('--changed compares the working tree with the last commit, new files too', async () => {
    write('old/compose.yaml', `${hostMode}# more\n`)
    write('new/compose.yaml', hostMode)
    write('ignored/compose.yaml', hostMode)
    write('.gitignore', 'ignored/\n')
    expect(filesOf(await porthole('--changed'))).toEqual(['new/compose.yaml', 'old/compose.yaml'])
  })

  it('--changed=<ref> compares with where the branch left it', async () => {
    await git('checkout', '--quiet', '-b', 'work')
    write('mine/compose.yaml', hostMode)
    await git('add', '.')
    await git('commit', '--quiet', '--message=mine')
    await git('checkout', '--quiet', 'main')
    write('old/compose.yaml', clean)
    await git('commit', '--quiet', '--all', '--message=theirs')
    await git('checkout', '--quiet', 'work')
    write('loose/compose.yaml', hostMode)
    expect(filesOf(await porthole('--changed=main'))).toEqual(['loose/compose.yaml', 'mine/compose.yaml'])
    expect(filesOf(await porthole('--changed'))).toEqual(['loose/compose.yaml'])
  })

  it('lints of the changed files those that are named', async () => {
    for (const path of ['a/compose.yaml', 'b/compose.yaml', 'c/deep/compose.yml']) write(path, hostMode)
    await git('add', '.')
    expect(filesOf(await porthole('--staged', 'a'))).toEqual(['a/compose.yaml'])
    expect(filesOf(await porthole('--staged', 'c/**/*.yml', 'b/compose.yaml'))).toEqual(['b/compose.yaml', 'c/deep/compose.yml'])
    const below = await workspace.porthole(['--staged', '--format=compact'], { in: `${repository}/c` })
    expect(filesOf(below)).toEqual(['deep/compose.yml'])
    const above = await workspace.porthole(['--staged', '--format=compact', '..'], { in: `${repository}/c` })
    expect(filesOf(above)).toEqual(['../a/compose.yaml', '../b/compose.yaml', 'deep/compose.yml'])
  })

  it('leaves out what the configuration ignores, and files without Docker', async () => {
    write('porthole.config.yaml', 'ignore: [vendor/]\n')
    write('vendor/compose.yaml', hostMode)
    write('notes.yaml', 'a: 1\n')
    await git('add', '.')
    expect(await porthole('--staged')).toEqual({ status: 0, stdout: '', stderr: 'porthole: nothing that is staged speaks of Docker\n' })
  })

  it('--fix mends what is staged, and never writes over what is not', async () => {
    const ulimits = `${clean.replace('image: x', 'image: mcr.microsoft.com/windows/nanoserver:ltsc2022')}    cpu_shares: 512\n    shm_size: 1g\n`
    write('whole/compose.yaml', ulimits)
    write('part/compose.yaml', ulimits)
    await git('add', '.')
    write('part/compose.yaml', `${ulimits}# not staged\n`)
    const { status, stderr } = await porthole('--staged', '--fix')
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('part/compose.yaml: has changed since it was read; it was not fixed') })
    expect(readFileSync(workspace.path(`${repository}/part/compose.yaml`), 'utf8')).toBe(`${ulimits}# not staged\n`)
    expect(readFileSync(workspace.path(`${repository}/whole/compose.yaml`), 'utf8')).not.toContain('shm_size')
  })

  it('works before the first commit', async () => {
    repository = `r${count++}`
    mkdirSync(workspace.path(repository))
    await git('init', '--quiet')
    expect(await porthole('--staged')).toMatchObject({ status: 0, stderr: 'porthole: nothing that is staged speaks of Docker\n' })
    write('compose.yaml', hostMode)
    await git('add', '.')
    for (const option of ['--staged', '--changed']) expect(filesOf(await porthole(option)), option).toEqual(['compose.yaml'])
  })

  it('does as it should in a hook, where git names another index', async () => {
    workspace.write(`${repository}/.git/hooks/pre-commit`, `#!/bin/sh\n"${process.execPath}" "${program}" --staged --format=compact\n`, 0o755)
    write('old/compose.yaml', `${hostMode}# more\n`)
    const outcome = await workspace.run('git', ['commit', '--quiet', '--all', '--message=all'], { in: repository })
    expect(outcome.status).toBe(1)
    expect(outcome.stdout + outcome.stderr).toContain('old/compose.yaml:4:5-4:23 error no-host-network')
    write('old/compose.yaml', clean)
    expect(await workspace.run('git', ['commit', '--quiet', '--all', '--message=all'], { in: repository })).toMatchObject({ status: 0 })
  })

  it.each([
    [['--staged', '--changed'], 'exclude each other'],
    [['--staged', '--watch'], 'not at what git knows of them'],
    [['--staged', '-'], 'standard input is in no git repository'],
    [['--changed=nope'], 'git knows no commit `nope`'],
    [['--changed=--output=x'], 'git knows no commit `--output=x`']
  ])('refuses %j', async (args, message) => {
    expect(await porthole(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })

  it.each(['--staged', '--changed', '--changed=main'])('%s says that there is no repository, or no git', async option => {
    mkdirSync(workspace.path('nowhere'), { recursive: true })
    expect(await workspace.porthole([option], { in: 'nowhere' })).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^porthole: --\w+ needs a git repository, and .*nowhere is in none\n$/) })
    expect(await workspace.porthole([option], { in: repository, env: { PATH: '' } })).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^porthole: --\w+ needs git, which was not found\n$/) })
  })

  it('takes --changed behind -- for a path', async () => {
    write('--changed', 'x')
    expect((await porthole('--staged', '--', '--changed')).status).toBe(0)
  })
})

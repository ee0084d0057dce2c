// Finds a Chromium-like browser on this machine for the end-to-end tests, and installs Debian's where that is possible.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** The path of a browser, or undefined. SPACEPORT_BROWSER names one outright. */
export function findBrowser() {
  const named = process.env.SPACEPORT_BROWSER
  if (named && existsSync(named)) return named
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...fixed].find((path) => existsSync(path))
}

/** Installs Debian's Chromium as root; elsewhere the tests that need a browser are skipped by name. */
export function installBrowser() {
  const isRoot = process.getuid?.() === 0
  if (!isRoot || spawnSync('apt-get', ['--version']).status !== 0) {
    process.stderr.write('set-up  no browser found: the tests of the screens will be skipped (install Chromium, Chrome or Edge)\n')
    return
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' })
  const result = spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { env, stdio: 'ignore' })
  if (result.status !== 0) process.stderr.write('set-up  chromium could not be installed: the tests of the screens will be skipped\n')
}

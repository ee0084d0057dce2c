import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { findBrowser } from '../../build/browser.mjs'

const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run']

/**
 * Seconds from the start of the program behind `npm start`, on a fresh home, until the first button of the page can be clicked in a browser
 * that is open already. NaN where this machine has no browser.
 */
export async function pageUsableS(root: string): Promise<number> {
  const executablePath = findBrowser()
  if (executablePath === undefined) return Number.NaN
  const home = mkdtempSync(join(tmpdir(), 'spaceport-bench-page-'))
  const browser = await chromium.launch({ executablePath, args: flags })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const from = performance.now()
  const child = spawn(process.execPath, [join(root, 'build/start.ts')], {
    env: { ...process.env, SPACEPORT_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  try {
    await page.goto(await firstLine(child.stdout))
    // A trial click waits until the button is visible, still, and takes the click.
    await page.getByRole('button', { name: 'Try the sample capture' }).click({ trial: true })
    return (performance.now() - from) / 1000
  } finally {
    child.kill('SIGINT')
    await ended
    await browser.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line
  throw new Error('the program ended before it gave its address')
}

/**
 * Makes docs/pictures anew: `node tests/pictures.ts [HOME]`. The sample capture is opened in a browser, run at preview quality where HOME holds
 * no run of it yet, and photographed in the Capture room and in Scene.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openBrowser } from './browser.ts'
import { root, served } from './served.ts'

// Only ends what hangs: a run at preview quality takes a minute on two quiet cores.
const longMs = 900_000

const home = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'spaceport-pictures-'))
const host = await served(home)
const browser = await openBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  await page.goto(host.url)
  await page.evaluate(() => (window.location.hash = '#/new'))
  await page.getByRole('button', { name: 'Try the sample capture' }).click()
  await page
    .getByText(/of 26 photos should register/)
    .first()
    .waitFor({ timeout: longMs })
  await page.locator('[data-file]').nth(8).click()
  await keep(page, 'capture')
  await openScene(page)
  await keep(page, 'scene')
} finally {
  await browser.close()
  await host.stop()
}

/** Opens the scene of the capture at hand; it is made first where there is none. */
async function openScene(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+3')
  if (await page.getByText('No scene yet').isVisible()) {
    await page.getByRole('button', { name: 'Set up run' }).click()
    await page.getByRole('button', { name: 'Run on this machine, free' }).click()
  }
  await page.locator('.stage[data-state=shown]').waitFor({ timeout: longMs })
}

async function keep(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => [...document.images].every((one) => one.complete))
  const picture = await page.screenshot()
  await sharp(picture)
    .jpeg({ quality: 88, mozjpeg: true })
    .toFile(join(root, 'docs', 'pictures', `${name}.jpg`))
}

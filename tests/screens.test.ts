import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { browserPath, openBrowser } from './browser.ts'
import { root, type Served, served } from './served.ts'

// The first run on the sample takes 30 s on two quiet cores; CI's are not quiet, and software WebGL takes its share.
const LINE_MS = 420_000
const shots = join(root, '.cache', 'tests', 'screens')

describe.skipIf(browserPath === undefined)('the screens, driven by the real engine in a browser', () => {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-screens-'))
  let host: Served
  let browser: Browser
  let page: Page
  const requests: string[] = []
  const errors: string[] = []

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    host = await served(home)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
  })

  afterAll(async () => {
    await browser.close()
    await host.stop()
    rmSync(home, { recursive: true, force: true })
  })

  test('the first start shows one primary button and no dialog', async () => {
    await page.goto(host.url)
    await page.getByRole('button', { name: 'Try the sample capture' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.screenshot({ path: join(shots, 'first-start.png') })
  })

  test('the sample is read, judged ready, and every tile is a real photo', { timeout: 180_000 }, async () => {
    await page.getByRole('button', { name: 'Try the sample capture' }).click()
    await page
      .getByText(/26 of 26 photos should register/)
      .first()
      .waitFor({ timeout: 170_000 })
    await page.getByRole('button', { name: 'Set up run' }).waitFor()
    const broken = await page
      .locator('img')
      .evaluateAll((images) => (images as HTMLImageElement[]).filter((one) => one.complete && one.naturalWidth === 0).map((one) => one.src))
    expect(broken).toEqual([])
    expect(await page.locator('img').count()).toBeGreaterThan(6)
    await page.screenshot({ path: join(shots, 'capture.png') })
  })

  test('a run on this machine counts its stages and ends in the scene', { timeout: LINE_MS + 30_000 }, async () => {
    await page.getByRole('button', { name: 'Set up run' }).click()
    await page.getByText('Preview', { exact: true }).first().click()
    await page.screenshot({ path: join(shots, 'set-up.png') })
    await page.getByRole('button', { name: 'Run on this machine, free' }).click()
    await page.getByText('Structure from motion').first().waitFor()
    await page
      .getByText(/of 1,800|\/ 1,800/)
      .first()
      .waitFor({ timeout: LINE_MS })
    await page.screenshot({ path: join(shots, 'run.png') })
    expect(await violations(page)).toEqual([])
    // The run is the engine's: a page that is loaded anew goes on with what it sees.
    await page.reload()
    await page
      .getByText(/of 1,800|\/ 1,800|20,000 gaussians|19,\d{3} gaussians/)
      .first()
      .waitFor({ timeout: LINE_MS })
    await page.waitForURL(/\/scene\//, { timeout: LINE_MS })
    await page
      .getByText(/\b(19,\d{3}|20,000) gaussians/)
      .first()
      .waitFor({ timeout: 60_000 })
  })

  test('the stage shows a picture, not an empty canvas', async () => {
    const { default: sharp } = await import('sharp')
    // The first frame has the cameras only: the splat is drawn once it is sorted.
    const liveliness = async () => {
      const picture = await page
        .locator('canvas')
        .first()
        .screenshot({ path: join(shots, 'stage.png') })
      const { channels } = await sharp(picture).stats()
      return Math.max(...channels.map((channel) => channel.stdev))
    }
    await expect.poll(liveliness, { timeout: 60_000, interval: 500 }).toBeGreaterThan(12)
    await page.screenshot({ path: join(shots, 'scene.png') })
  })

  test('axe finds nothing in the rooms of a finished run', { timeout: 60_000 }, async () => {
    expect(await violations(page)).toEqual([])
    const [, captureId = '', runId = ''] = /(c-[a-z0-9]+)\/scene\/(r-[a-z0-9-]+)/.exec(page.url()) ?? []
    await page.goto(`${new URL(host.url).origin}/#/capture/${captureId}/run/${runId}`)
    await page.getByText('Done: the scene is here').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('the library lists the scene, also after the engine was killed and started again', { timeout: 60_000 }, async () => {
    await host.kill()
    host = await served(home)
    await page.goto(host.url)
    await page.goto(`${new URL(host.url).origin}/#/library`)
    await page.getByText('Sample', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: 'Open scene' }).first().waitFor()
    // Its picture is the scene's, and its files are named without a visit to the run's room.
    await page.getByText('compression/scene.sog').first().waitFor()
    const picture = page.locator('img.library-picture')
    await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(100)
    expect(await picture.getAttribute('src')).toContain('/view/r-')
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(shots, 'library.png') })
  })

  test('the settings name what this machine can do', { timeout: 60_000 }, async () => {
    await page.goto(`${new URL(host.url).origin}/#/settings/machine`)
    await page.getByText('pycolmap', { exact: false }).first().waitFor({ timeout: 50_000 })
    await page.screenshot({ path: join(shots, 'settings.png') })
  })

  test('nothing left the loopback and nothing was reported on the console', () => {
    const foreign = requests.filter((url) => !/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(url))
    expect(foreign).toEqual([])
    expect(errors.filter((text) => !/GPU stall|WebGL|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(text))).toEqual([])
  })
})

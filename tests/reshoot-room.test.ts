import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { browserPath, openBrowser } from './browser.ts'
import { root, type Served, served } from './served.ts'

const shots = join(root, '.cache', 'tests', 'screens')
const SCAN_MS = 170_000

// Of the sample: two groups and a photo that joins neither, and what was taken between them.
const APART = ['9362', '9363', '9364', '9365', '9370', '9374', '9375', '9355']
const BETWEEN = ['9366', '9367', '9368', '9369', '9371', '9372', '9373']

describe.skipIf(browserPath === undefined)('the re-shoot plan, worked with in a browser over two checks', () => {
  const place = mkdtempSync(join(tmpdir(), 'spaceport-reshoot-'))
  const folder = join(place, 'survey')
  let host: Served
  let browser: Browser
  let page: Page

  const add = (numbers: readonly string[]): void => {
    for (const number of numbers) copyFileSync(join(root, 'samples', 'caliterra', `IMG_${number}.jpg`), join(folder, `IMG_${number}.jpg`))
  }
  const panel = () => page.getByRole('region', { name: 'Re-shoot plan' })
  const ticks = () => panel().getByRole('checkbox')
  const exported = async (): Promise<string> => {
    const download = page.waitForEvent('download')
    await panel().getByRole('button', { name: 'KML' }).click()
    return readFileSync(await (await download).path(), 'utf8')
  }
  // Positions are left to take, so its exit status is not that of a capture that is ready.
  const checkedByCommand = async (kml: string): Promise<string> => {
    const words = [join(root, 'engine/hosts/cli.ts'), 'check', folder, '--kml', kml]
    const env = { ...process.env, SPACEPORT_HOME: join(place, 'home') }
    const ended: { readonly stderr: string } = await promisify(execFile)(process.execPath, words, { env }).catch(
      (error: Error & { readonly stderr: string }) => error,
    )
    return ended.stderr
  }
  const placemarks = (kml: string): readonly string[] => [...kml.matchAll(/<Placemark>\n<name>(\d+) /g)].map(([, number]) => number!)

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    mkdirSync(folder)
    add(APART)
    host = await served(join(place, 'home'))
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(host.url)
    await page.getByRole('button', { name: 'Try the sample capture' }).waitFor()
  })

  afterAll(async () => {
    await browser.close()
    await host.stop()
    rmSync(place, { recursive: true, force: true })
  })

  test('positions that are left out are in no export, also after the page was loaded again', { timeout: SCAN_MS + 60_000 }, async () => {
    const captureId = await page.evaluate(async (path) => {
      const reply = await fetch('/call/captures.open', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ folder: path }),
      })
      return ((await reply.json()) as { value: { captureId: string } }).value.captureId
    }, folder)
    await page.evaluate((hash) => void (window.location.hash = hash), `#/capture/${captureId}/photos`)
    await page.getByRole('button', { name: /^Re-shoot plan/ }).click({ timeout: SCAN_MS })
    const all = await ticks().count()
    expect(all).toBeGreaterThan(4)
    await ticks().nth(1).click()
    await expect
      .poll(async () => placemarks(await exported()))
      .toEqual(Array.from({ length: all }, (_, i) => String(i + 1)).filter((n) => n !== '2'))
    const kml = join(place, 'plan.kml')
    expect(await checkedByCommand(kml)).toContain(`1 of its ${all} positions are left out`)
    expect(placemarks(readFileSync(kml, 'utf8'))).toEqual(placemarks(await exported()))
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(shots, 'reshoot-plan.png') })
    await page.reload()
    await page.getByRole('button', { name: /^Re-shoot plan/ }).click()
    await expect.poll(() => ticks().nth(1).isChecked()).toBe(false)
  })

  test('after more photos were checked each place says whether they closed it', { timeout: SCAN_MS + 60_000 }, async () => {
    add(BETWEEN)
    await page.getByRole('button', { name: 'Read again' }).click()
    await panel()
      .getByText(/^Closed: /)
      .first()
      .waitFor({ timeout: SCAN_MS })
    const words = await panel().locator('.reshoot-outcome').allTextContents()
    expect(words.every((each) => /^(Closed|Still open|Not known): /.test(each))).toBe(true)
    expect(await panel().getByRole('heading', { level: 2 }).textContent()).toContain('closed')
    expect(await violations(page)).toEqual([])
    await page.screenshot({ path: join(shots, 'reshoot-closed.png') })
    await panel().getByRole('button', { name: 'Plan anew' }).click()
    await expect.poll(() => page.locator('.reshoot-outcome').count()).toBe(0)
    await page.screenshot({ path: join(shots, 'reshoot-anew.png') })
    await page.getByRole('button', { name: /^Undo/ }).first().click()
    await expect.poll(() => panel().locator('.reshoot-outcome').allTextContents()).toEqual(words)
    await page.screenshot({ path: join(shots, 'reshoot-undone.png') })
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => page.locator('.reshoot-outcome').count()).toBe(0)
    await page.keyboard.press('Control+z')
    await expect.poll(() => panel().locator('.reshoot-outcome').allTextContents()).toEqual(words)
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { browserPath, openBrowser } from './browser.ts'
import { type Served, served } from './served.ts'
import { writeTinySplat } from './tiny-splat.ts'

// Ends only what hangs: the sample's check takes seconds, on CI's machines a minute.
const LONG_MS = 240_000

describe.skipIf(browserPath === undefined)('the rooms for everybody: by keyboard, by screen reader, without a graphics card', () => {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-rooms-'))
  const scene = join(home, 'square.ply')
  let host: Served
  let browser: Browser
  let page: Page
  let captureId: string

  const go = async (hash: string) => {
    await page.evaluate((to) => (window.location.hash = to), hash)
  }
  const rooms = (): Readonly<Record<string, string>> => ({
    '#/new': 'Drop a folder of photos',
    [`#/capture/${captureId}/photos`]: '26 of 26 photos should register',
    [`#/capture/${captureId}/run`]: 'Set up the run',
    [`#/capture/${captureId}/run/r-20260101-abcdef`]: 'That run is not on this machine',
    [`#/capture/${captureId}/scene`]: 'No scene yet',
    '#/capture/c-000000000000/photos': 'That capture is not on this machine',
    '#/library': 'Canon PowerShot SX260 HS',
    '#/settings/general': 'Theme',
    '#/settings/storage': 'Most that caches may take',
    '#/settings/keyboard': 'Everywhere',
    '#/settings/about': 'Licences',
  })

  beforeAll(async () => {
    writeTinySplat(scene)
    host = await served(home)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(host.url)
  }, LONG_MS)

  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    rmSync(home, { recursive: true, force: true })
  })

  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')

  test('the sample is opened without a mouse', { timeout: LONG_MS }, async () => {
    const button = page.getByRole('button', { name: 'Try the sample capture' })
    await button.waitFor()
    for (let turn = 0; turn < 40 && !(await button.evaluate((one) => one === document.activeElement)); turn++)
      await page.keyboard.press('Tab')
    expect(await focused()).toBe('Try the sample capture')
    await page.keyboard.press('Enter')
    await page.getByText('26 of 26 photos should register').first().waitFor({ timeout: LONG_MS })
    captureId = /c-[a-z0-9]+/.exec(page.url())?.[0] ?? ''
    expect(captureId).not.toBe('')
  })

  test('F6 goes through the parts of the window and back, and each time something has the focus', { timeout: LONG_MS }, async () => {
    const where = () =>
      page.evaluate(() => {
        const parts = ['.sidebar', 'main aside', 'main', '.top-bar']
        return parts.find((one) => document.activeElement?.closest(one)) ?? 'nowhere'
      })
    await go('#/library')
    await page.getByRole('grid', { name: 'Captures' }).waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const walked: string[] = []
    for (let turn = 0; turn < 5; turn++) {
      await page.keyboard.press('F6')
      walked.push(await where())
    }
    expect(walked).toEqual(['.top-bar', '.sidebar', 'main', 'main aside', '.top-bar'])
    await page.keyboard.press('Shift+F6')
    await page.keyboard.press('Shift+F6')
    expect(await where()).toBe('main')
  })

  test('keys alone choose a photo, leave it out, take that back, and reach every room', { timeout: LONG_MS }, async () => {
    await go(`#/capture/${captureId}/photos`)
    const grid = page.getByRole('grid', { name: 'Photos' })
    await grid.waitFor()
    await grid.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('x')
    await page.getByText('25 in run', { exact: false }).first().waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('26 in run', { exact: false }).first().waitFor()
    const keys = { 'Control+2': 'Set up the run', 'Control+3': 'No scene yet', 'Control+4': 'Library', 'Control+,': 'General' }
    for (const [key, title] of Object.entries(keys)) {
      await page.keyboard.press(key)
      await page.getByRole('heading', { name: title }).first().waitFor()
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  for (const theme of ['dark', 'light'] as const)
    for (const [width, height] of [
      [1440, 900],
      [1024, 700],
    ] as const)
      test(`axe finds nothing in any room, ${theme}, ${width} x ${height}`, { timeout: LONG_MS }, async () => {
        // Without motion a colour is what it will stay.
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height })
        for (const [hash, text] of Object.entries(rooms())) {
          await go(hash)
          await page.getByText(text, { exact: false }).first().waitFor()
          expect(await violations(page), hash).toEqual([])
        }
      })

  test('a narrow window keeps its details in a drawer: opened, read and closed by keys', { timeout: LONG_MS }, async () => {
    await page.setViewportSize({ width: 1024, height: 700 })
    await go('#/library')
    const open = page.getByRole('button', { name: 'Details', exact: false }).first()
    await open.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  test('a scene is measured with the pointer and by keys, and its file can be saved', { timeout: LONG_MS }, async () => {
    await go(`#/scene?path=${encodeURIComponent(scene)}`)
    const stage = page.locator('.stage')
    await expect.poll(() => stage.getAttribute('data-state'), { timeout: 60_000 }).toBe('shown')
    const box = page.locator('.stage-box')
    await box.focus()
    await page.keyboard.press('m')
    await page.getByText('Click the first end').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Now the other end.').waitFor()
    const { width = 0, height = 0 } = (await box.boundingBox()) ?? {}
    await box.click({ position: { x: width / 2 + 60, y: height / 2 } })
    await page.getByText('not metres: the scene has no scale').waitFor()
    // The square is one unit wide: what lies 60 pixels apart on it is some tenths of that.
    const length = Number(await page.locator('.measure-bar .num').textContent())
    expect(length).toBeGreaterThan(0.02)
    expect(length).toBeLessThan(0.9)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save square.ply' }).click()])
    expect(readFileSync(await saved.path()).equals(readFileSync(scene))).toBe(true)
  })

  test('a lost graphics card is said, and the scene is shown again', { timeout: LONG_MS }, async () => {
    await go(`#/scene?path=${encodeURIComponent(scene)}`)
    const stage = page.locator('.stage')
    const state = () => stage.getAttribute('data-state')
    await expect.poll(state, { timeout: 60_000 }).toBe('shown')
    expect(await violations(page)).toEqual([])
    await stage.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
    })
    await page.getByText('The graphics card dropped the picture.').waitFor()
    await page.getByRole('button', { name: 'Show it again' }).click()
    await expect.poll(state, { timeout: 60_000 }).toBe('shown')
  })
})

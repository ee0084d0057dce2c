import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../engine/cloud/testing/fault-proxy.ts'
import { prepareServer, rootKey, type Server, startServer, storedFiles } from '../engine/cloud/testing/versitygw.ts'
import { browserPath, openBrowser } from './browser.ts'
import { root, type Served, served } from './served.ts'

const shots = join(root, '.cache', 'tests', 'screens')
const missing = browserPath === undefined ? 'no browser was found' : prepareServer()
const bucket = 'field-photos'
// Ends what hangs; says nothing about speed.
const longMs = 200_000

describe.skipIf(missing !== null)(`photos sent, in the Run room${missing ? ` (left out: ${missing})` : ''}`, { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-sent-'))
  const home = join(folder, 'home')
  const credentials = join(folder, 'credentials')
  let server: Server
  let proxy: FaultProxy
  let host: Served
  let browser: Browser
  let page: Page
  const errors: string[] = []
  const quarry = join(folder, 'quarry')
  let room = ''
  /** Photos beyond this many stand before the server's door, so that every state can be looked at for as long as it takes. */
  let allowed = 4
  let asked = 0
  let expired = false

  const isLetIn = (photo: number) => photo <= allowed
  const signIn = (word: string) =>
    writeFileSync(
      credentials,
      `# ${word}\n[studio]\naws_access_key_id = ${rootKey.accessKeyId}\naws_secret_access_key = ${rootKey.secretAccessKey}\n`,
    )
  const hasSignedInAgain = () => readFileSync(credentials, 'utf8').includes('again')

  // The first of these is the last to run, also where another fails.
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    Object.assign(process.env, {
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_CONFIG_FILE: join(folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
    })
    mkdirSync(quarry)
    const sample = join(root, 'samples', 'caliterra')
    const photos = readdirSync(sample).filter((name) => /\.jpe?g$/i.test(name))
    for (const name of photos.slice(0, 18)) copyFileSync(join(sample, name), join(quarry, name))
    signIn('first')
    server = await startServer(bucket)
    proxy = await startFaultProxy(server.endpoint)
    proxy.plan = async ({ method }) => {
      if (method !== 'PUT') return null
      if (expired && !hasSignedInAgain()) return { kind: 'answer', status: 400, code: 'ExpiredToken' }
      for (const mine = ++asked; !isLetIn(mine);) await sleep(10)
      return null
    }
    const words = [
      'target',
      'studio',
      '--bucket',
      bucket,
      '--region',
      'us-east-1',
      '--tenant',
      'acme',
      '--profile',
      'studio',
      '--endpoint',
      proxy.endpoint,
    ]
    const env = { ...process.env, SPACEPORT_HOME: home }
    expect(spawnSync(process.execPath, [join(root, 'engine/hosts/cli.ts'), ...words], { env }).status).toBe(0)
    host = await served(home)
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.setDefaultTimeout(longMs)
    page.on('pageerror', (error) => errors.push(error.message))
  })
  afterAll(async () => {
    allowed = Number.POSITIVE_INFINITY
    await browser.close()
    await host.stop()
    await proxy.close()
    await server.close()
  })

  // A failure here is seldom seen twice: what the page and the engine said goes with it.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    const shown = page.locator('main').innerText({ timeout: 5_000 })
    const words = await shown.catch((cause: unknown) => `the page gave no answer: ${String(cause)}`)
    await page.screenshot({ path: join(shots, 'transfer-failed.png'), timeout: 5_000 }).catch(() => null)
    const state = `browser ${browser.isConnected()}, asked ${asked}, allowed ${allowed}, page errors: ${errors.join('; ')}`
    const up = await fetch(`${server.endpoint}/health`).then(({ status }) => status, String)
    throw new Error(`${state}; ${proxy.requests.length} requests, server: ${up}\nengine: ${host.said()}\n${page.url()}\n${words}`)
  })

  const enter = () => page.evaluate((hash) => void (window.location.hash = hash), room)
  const row = () => page.getByRole('list', { name: 'Photos sent' }).getByRole('listitem')
  const settings = () =>
    page.evaluate(async () => {
      const reply = await fetch('/call/app.settings', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      return ((await reply.json()) as { value: unknown }).value
    })
  const says = (words: RegExp) => row().filter({ hasText: words }).waitFor()
  const shot = (name: string) => page.screenshot({ path: join(shots, `transfer-${name}.png`) })

  test('a checked capture is sent, counted by what the server has proven, and Activity shows the same', async () => {
    await page.goto(host.url)
    const captureId = await page.evaluate(async (photos) => {
      const headers = { 'content-type': 'application/json' }
      const reply = await fetch('/call/captures.open', { method: 'POST', headers, body: JSON.stringify({ folder: photos }) })
      return ((await reply.json()) as { value: { captureId: string } }).value.captureId
    }, quarry)
    room = `#/capture/${captureId}/run`
    await enter()
    await page.getByRole('button', { name: 'Send 18 photos' }).waitFor()
    await shot('before')
    await page.getByRole('button', { name: 'Send 18 photos' }).click()
    await says(/4 of 18 verified/)
    await shot('moving')
    await page.getByRole('button', { name: /^Activity: 1/ }).click()
    await page.getByRole('link', { name: /to studio$/ }).waitFor()
    await shot('activity')
    await page.keyboard.press('Escape')
  })

  test('a killed engine goes on by itself, and sends none of the verified photos again', async () => {
    await host.kill()
    await proxy.cut()
    allowed = asked + 2
    const before = new Map(proxy.received.byKey)
    host = await served(home)
    await page.goto(host.url)
    await enter()
    await says(/6 of 18 verified/)
    const twice = [...before].filter(([key, bytes]) => (proxy.received.byKey.get(key) ?? 0) > bytes)
    // What was on the line when the engine died, and nothing else, left twice.
    expect(twice.length).toBeLessThanOrEqual(2)
  })

  test('paused is paused, over a reload too; Resume goes on where it was', async () => {
    await page.keyboard.press('p')
    // Held before any of those at the door is let in: else what follows them would be asked for as well.
    await says(/Paused at \d+ of 18/)
    allowed = asked
    await says(/Paused at \d+ of 18\. What is verified is never sent again\./)
    await shot('paused')
    await page.reload()
    await says(/Paused at \d+ of 18/)
    expired = true
    allowed = Number.POSITIVE_INFINITY
    await row().getByRole('button', { name: 'Resume' }).click()
  })

  test('a sign-in that ran out says where, with one button that goes on', async () => {
    await row()
      .getByText(/The sign-in ran out at \d+ of 18 photos\./)
      .waitFor()
    expect(await row().getByRole('button').allTextContents()).toEqual(['Sign in and go on'])
    await shot('expired')
    allowed = asked + 1
    signIn('again')
    await row().getByRole('button', { name: 'Sign in and go on' }).click()
    await says(/verified, /)
  })

  test('the settings keep a limit of the line with its hours; an account is added, asked and forgotten, with the way back', async () => {
    await page.evaluate(() => void (window.location.hash = '#/settings/transfers'))
    await page.getByLabel('Most of the line, in kB/s').fill('90000')
    await page.getByRole('radio', { name: 'In these hours' }).click()
    await page.getByLabel('Until this hour').fill('17')
    await page.getByRole('checkbox', { name: 'Pause on battery' }).check()
    await shot('settings')
    await expect
      .poll(() => settings())
      .toMatchObject({ bandwidth: { bytesPerS: 90_000_000, hours: { from: 8, to: 17 } }, pauseOnBattery: true })
    await page.getByRole('button', { name: 'Most of the line back to all of it' }).click()
    await page.getByRole('button', { name: 'Pause on battery back to off' }).click()
    await expect.poll(() => settings()).toMatchObject({ bandwidth: null, pauseOnBattery: false })
    await page.evaluate(() => void (window.location.hash = '#/settings/accounts'))
    await page.getByRole('button', { name: 'Add an account' }).click()
    const fill = async (fields: Record<string, string>) => {
      for (const [label, text] of Object.entries(fields)) await page.getByRole('textbox', { name: label }).fill(text)
    }
    await fill({
      Name: 'second',
      Bucket: 'No Bucket',
      Region: 'us-east-1',
      'Place in it': 'other',
      'AWS profile': 'studio',
      Server: server.endpoint,
    })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Does not fit').waitFor()
    await shot('account-form')
    await fill({ Bucket: bucket })
    await page.getByRole('button', { name: 'Save' }).click()
    const account = page.getByRole('region', { name: 'Account second' })
    await account.getByRole('button', { name: 'Test' }).click()
    await account.getByText('Photos may be sent to t/other/photos/.').waitFor()
    await shot('accounts')
    await account.getByRole('button', { name: 'Forget' }).click()
    await account.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await account.waitFor()
    await account.getByRole('button', { name: 'Forget' }).click()
    await account.waitFor({ state: 'detached' })
    await enter()
  })

  test('offline it waits, and goes on by itself to the last photo', async () => {
    await proxy.away()
    await says(/Offline since \d\d:\d\d, nothing lost/)
    await shot('offline')
    allowed = Number.POSITIVE_INFINITY
    await proxy.back()
    await says(/18 of 18 verified in field-photos/)
    await shot('done')
    const stored = storedFiles(server, bucket)
    for (const name of readdirSync(quarry)) {
      const bytes = readFileSync(join(quarry, name))
      expect(stored.get(`t/acme/photos/${createHash('sha256').update(bytes).digest('hex')}.jpg`)?.equals(bytes), name).toBe(true)
    }
    expect(errors).toEqual([])
  })
})

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redirectOf } from '../../core/cloud/people.ts'
import { openSignInServer, type SignInServer } from '../../engine/cloud/testing/sign-in-server.ts'
import { freePort } from '../../engine/cloud/testing/versitygw.ts'
import type { Engine } from '../../engine/engine.ts'
import { type BrowserHost, openBrowserHost } from '../../engine/hosts/browser-host.ts'
import { checked, makePlace, open, type Place } from '../../engine/run/fixtures/line.ts'
import { violations } from '../axe.ts'
import { browserPath, openBrowser } from '../browser.ts'
import { root } from '../served.ts'

const shots = join(root, '.cache', 'tests', 'screens')
const missing = browserPath === undefined ? 'no browser was found' : null
// Ends what hangs; says nothing about speed.
const longMs = 60_000

describe.skipIf(missing !== null)(`an account on the screens${missing ? ` (left out: ${missing})` : ''}`, { timeout: 300_000 }, () => {
  let place: Place
  let account: SignInServer
  let engine: Engine
  let host: BrowserHost
  let browser: Browser
  let page: Page
  let captureId = ''

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    const port = await freePort()
    account = await openSignInServer([redirectOf(port)])
    place = makePlace()
    engine = await open(place, { signIn: { ports: [port] } }, 'browser')
    captureId = await checked(engine, place.photos)
    host = await openBrowserHost({ engine, screens: join(root, 'dist', 'renderer'), log: () => undefined })
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 1100 } })
    page.setDefaultTimeout(longMs)
    await page.goto(host.startUrl)
  })
  afterAll(async () => {
    await browser?.close()
    await host?.close()
    await engine?.close()
    await account?.close()
    rmSync(place.root, { recursive: true, force: true })
  })
  const enter = (hash: string) => page.evaluate((to) => void (window.location.hash = to), hash)
  const card = () => page.getByRole('region', { name: 'Account studio' })
  const shot = (name: string) => page.screenshot({ path: join(shots, `account-${name}.png`) })

  test('an account with a user pool is added; Start says that nobody is signed in, and sends nothing', async () => {
    await enter('#/settings/accounts')
    await page.getByRole('button', { name: 'Add an account' }).click()
    const { signIn, client, userPool, identityPool } = account.people
    const fields = {
      name: 'studio',
      bucket: 'photos',
      region: 'us-east-1',
      // Nothing answers there: whoever is not signed in asks nothing of it.
      endpoint: account.endpoint,
      api: `${account.endpoint}/v1/`,
      signIn,
      client,
      userPool,
      identityPool,
    }
    for (const [field, text] of Object.entries(fields)) await page.locator(`input[name="${field}"]`).fill(text)
    await page.getByRole('button', { name: 'Save' }).click()
    await card().getByText('Nobody is signed in').waitFor()

    await enter(`#/capture/${captureId}/run`)
    await page.getByRole('radio', { name: /studio/ }).click()
    await page.getByRole('button', { name: /^Start/ }).click()
    const dialog = page.getByRole('dialog', { name: 'studio cannot run this yet' })
    await dialog.getByText('Nobody is signed in to "studio".').waitFor()
    await shot('start-check')
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Open the account’s settings' }).click()
    await card().waitFor()
    expect([await engine.handlers['runs.list']({}), await engine.handlers['transfers.list']({})]).toEqual([[], []])
  })

  test('a person signs in with the address that the card shows, is named, and signs out', async () => {
    await card().getByRole('button', { name: 'Sign in' }).click()
    const link = card().getByRole('link', { name: 'Open the sign-in page' })
    await link.waitFor()
    await shot('signing-in')
    expect(await account.visit((await link.getAttribute('href')) ?? '')).toBe(200)
    await card().getByText('Signed in as anna@example.org').waitFor()
    await card().getByText('kept in a file that only your user can read').waitFor()
    await card().getByText('t/0a0a0a0a-0000-4000-8000-00000000000a/').waitFor()
    await shot('signed-in')
    expect(await violations(page)).toEqual([])
    await card().getByRole('button', { name: 'Sign out' }).click()
    await card().getByText('Nobody is signed in').waitFor()
    expect(account.refreshable.size).toBe(0)
  })
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { app, type BrowserWindow, powerMonitor, seen } from './testing/electron-stand-in.ts'

vi.mock('electron', async () => await import('./testing/electron-stand-in.ts'))

// The real main with the real engine on an empty home; only the electron module is a stand-in.
let home: string
let photos: string
const firstWindow = (): BrowserWindow => seen.windows[0] ?? expect.fail('no window was opened')
const ask = async (channel: string, event: unknown, ...given: unknown[]) =>
  await (seen.ipc.get(channel) ?? expect.fail(channel))(event, ...given)
const ours = () => ({ sender: firstWindow().webContents, senderFrame: firstWindow().webContents.mainFrame })
const call = async (name: string, input: unknown, event: unknown = ours()) => await ask('spaceport:call', event, name, input)

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'spaceport-window-'))
  photos = path.join(home, 'photos')
  await mkdir(photos)
  await writeFile(path.join(photos, 'notes.txt'), 'no photo')
  vi.stubEnv('SPACEPORT_HOME', path.join(home, 'home'))
  const { started } = await import('./main.ts')
  await started
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true, force: true })
})

it('the window is sandboxed, isolated and shows the screens', () => {
  expect(seen.errors).toEqual([])
  expect(firstWindow().options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  })
  expect(firstWindow().options.webPreferences['preload']).toBe(path.resolve('dist/electron/preload.cjs'))
  expect(firstWindow().webContents.mainFrame.url).toBe('spaceport://app/index.html')
  expect(app.paths.get('userData')).toBe(path.join(home, 'home', 'window'))
})

it('the screens are answered by the engine', async () => {
  expect(await call('captures.list', {})).toEqual({ ok: true, value: [] })
  expect(await call('captures.open', { folder: 3 })).toMatchObject({ ok: false, problem: { code: 'call/input' } })
  expect(await call('runs.get', { runId: 'r-20261124-abcdef' })).toMatchObject({ ok: false, problem: { code: 'run/unknown' } })
  expect(await call('constructor', {})).toMatchObject({ ok: false, problem: { code: 'call/unknown' } })
})

it('nobody else is', async () => {
  const { webContents } = firstWindow()
  const strangers = [
    { sender: {}, senderFrame: webContents.mainFrame },
    { sender: webContents, senderFrame: { url: 'spaceport://app/index.html' } },
    { sender: webContents, senderFrame: null },
  ]
  for (const event of strangers) {
    expect(await call('captures.list', {}, event)).toMatchObject({ ok: false, problem: { code: 'call/sender' } })
    expect(await ask('spaceport:choose-folder', event)).toBeNull()
    expect(await ask('spaceport:take-paths', event, [photos])).toMatchObject({ problem: { code: 'call/sender' } })
  }
  const own = webContents.mainFrame
  webContents.mainFrame = { url: 'https://evil.example/' }
  expect(await call('captures.list', {})).toMatchObject({ problem: { code: 'call/sender' } })
  webContents.mainFrame = own
})

it('a page can neither leave nor open others nor embed any', () => {
  const { webContents } = firstWindow()
  const isStopped = (name: string, address: string) => {
    let stopped = false
    const event = { url: address, preventDefault: () => (stopped = true) }
    webContents.emit(name, event, address)
    return stopped
  }
  for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    expect(isStopped(name, 'https://evil.example/'), name).toBe(true)
    expect(isStopped(name, 'file:///etc/passwd'), name).toBe(true)
    expect(isStopped(name, 'spaceport://app/index.html#/library'), name).toBe(false)
  }
  expect(isStopped('will-attach-webview', '')).toBe(true)
  expect(webContents.openHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' })
  expect(webContents.openHandler?.({ url: 'https://github.com/spaceport' })).toEqual({ action: 'deny' })
  expect(seen.outside).toEqual(['https://github.com/spaceport'])
})

it('no permission is given', () => {
  let given: boolean | null = null
  seen.permission.request?.({}, 'media', (answer: boolean) => (given = answer))
  expect([given, seen.permission.check?.()]).toEqual([false, false])
})

it('a chosen folder and a dropped one are opened, and the window hears of it', async () => {
  seen.chosen.push(photos)
  expect(await ask('spaceport:choose-folder', ours())).toBe(photos)
  expect(await ask('spaceport:take-paths', ours(), [photos])).toEqual({ folder: photos })
  expect(await ask('spaceport:take-paths', ours(), 'nonsense')).toMatchObject({ problem: { code: 'call/sender' } })
  // "photos" says nothing of the place: the folder above names it.
  expect(await call('captures.open', { folder: photos })).toMatchObject({ ok: true, value: { name: path.basename(home) } })
  await vi.waitFor(
    () =>
      expect(firstWindow().webContents.sent).toContainEqual({
        channel: 'spaceport:change',
        given: [expect.objectContaining({ kind: 'capture' })],
      }),
    60_000,
  )
})

it('a second start and a link bring the window to the front', async () => {
  app.emit('second-instance', {}, ['electron', '.', 'spaceport://open/library'], home)
  await vi.waitFor(() => expect(firstWindow().webContents.sent).toContainEqual({ channel: 'spaceport:go', given: ['library'] }), 60_000)
  app.emit('open-url', {}, 'spaceport://open/../../etc')
  await vi.waitFor(() => expect(firstWindow().focused).toBe(true), 60_000)
  expect(firstWindow().webContents.sent.filter((one) => one.channel === 'spaceport:go')).toHaveLength(1)
  expect(seen.windows).toHaveLength(1)
})

it('leaving closes the engine first', async () => {
  app.quit()
  expect(seen.exits).toEqual([])
  await vi.waitFor(() => expect(seen.exits).toEqual([0]), 60_000)
  expect(seen.ipc.size).toBe(0)
  expect(powerMonitor.eventNames()).toEqual([])
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type TinyEngine, tinyEngine } from '../engine/hosts/testing/tiny-engine.ts'
import { seen } from './testing/electron-stand-in.ts'

vi.mock('electron', async () => await import('./testing/electron-stand-in.ts'))

let tiny: TinyEngine
let screens: string
beforeAll(async () => {
  const { registerScheme, serveScheme } = await import('./artefact-protocol.ts')
  tiny = await tinyEngine()
  screens = await mkdtemp(path.join(os.tmpdir(), 'spaceport-screens-'))
  await mkdir(path.join(tiny.folder, 'library'))
  await writeFile(path.join(tiny.folder, 'library', 'scene.sog'), Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  await writeFile(path.join(tiny.folder, 'secret.txt'), 'secret')
  await writeFile(path.join(screens, 'index.html'), '<title>Spaceport</title>')
  registerScheme()
  serveScheme(tiny.engine, screens, () => undefined)
})
afterAll(async () => {
  await rm(tiny.folder, { recursive: true })
  await rm(screens, { recursive: true })
})

const ask = async (address: string, init: RequestInit = {}) =>
  (await seen.protocols.get('spaceport')?.(new Request(address, init))) ?? Response.error()

it('the scheme is a secure, streaming origin', () => {
  expect(seen.privileged).toEqual([
    { scheme: 'spaceport', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true } },
  ])
})

it('the screens come with the strict policy', async () => {
  const page = await ask('spaceport://app/index.html')
  expect(await page.text()).toContain('Spaceport')
  expect(page.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' spaceport://artefact",
  )
})

it('artefacts come in ranges, readable by the screens only', async () => {
  const part = await ask('spaceport://artefact/scene.sog', { headers: { range: 'bytes=2-4' } })
  expect([part.status, part.headers.get('content-range'), part.headers.get('access-control-allow-origin')]).toEqual([
    206,
    'bytes 2-4/10',
    'spaceport://app',
  ])
  expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([2, 3, 4])
  expect((await ask('spaceport://artefact/scene.sog', { headers: { range: 'bytes=10-' } })).status).toBe(416)
  expect((await ask('spaceport://artefact/scene.sog', { method: 'HEAD' })).headers.get('content-length')).toBe('10')
})

it('nothing outside the library or the screens is given, by any spelling', async () => {
  const escapes = [
    'spaceport://artefact/../secret.txt',
    'spaceport://artefact/..%2fsecret.txt',
    'spaceport://artefact/%2e%2e%2f%2e%2e%2fsecret.txt',
    'spaceport://artefact/%2fetc%2fpasswd',
    'spaceport://artefact/%zz',
    'spaceport://app/..%2fsecret.txt',
    'spaceport://app/%00',
    'spaceport://open/library',
    'spaceport://evil/index.html',
  ]
  for (const address of escapes) {
    const answer = await ask(address)
    expect(answer.status, address).toBe(404)
    expect(await answer.text(), address).toBe('')
  }
  expect((await ask('spaceport://app/index.html', { method: 'POST' })).status).toBe(405)
})

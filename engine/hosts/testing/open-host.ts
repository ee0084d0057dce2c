import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BrowserHost, openBrowserHost } from '../browser-host.ts'
import { ask, type Asked, type Asking } from './ask.ts'
import { type TinyEngine, tinyEngine } from './tiny-engine.ts'

export type OpenHost = TinyEngine & {
  readonly host: BrowserHost
  readonly cookie: string
  readonly logged: string[]
  /** Asks as the browser that was let in. */
  readonly ask: (path: string, asking?: Asking) => Promise<Asked>
  readonly end: () => Promise<void>
}

/** A browser host on a tiny engine, with screens and one artefact of 1000 known bytes. */
export async function openHost(heartbeatMs = 60_000): Promise<OpenHost> {
  const tiny = await tinyEngine()
  const screens = path.join(tiny.folder, 'screens')
  await mkdir(path.join(screens, 'assets'), { recursive: true })
  await mkdir(path.join(tiny.folder, 'library'))
  await writeFile(path.join(screens, 'index.html'), '<!doctype html><title>Spaceport</title>')
  await writeFile(path.join(screens, 'assets', 'index-a1B2c3D4.js'), 'export {}')
  await writeFile(path.join(tiny.folder, 'secret.txt'), 'secret')
  await writeFile(path.join(tiny.folder, 'library', 'scene.sog'), Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251)))
  const logged: string[] = []
  const host = await openBrowserHost({ engine: tiny.engine, screens, log: (line) => logged.push(line), heartbeatMs })
  const cookie = await enter(host)
  return {
    ...tiny,
    host,
    cookie,
    logged,
    ask: async (at, asking = {}) => await ask(host.port, at, { ...asking, headers: { cookie, ...asking.headers } }),
    end: async () => {
      await host.close()
      await rm(tiny.folder, { recursive: true })
    },
  }
}

/** Opens the start address and keeps the cookie. */
async function enter(host: BrowserHost): Promise<string> {
  const start = new URL(host.startUrl)
  const answer = await ask(host.port, start.pathname + start.search)
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

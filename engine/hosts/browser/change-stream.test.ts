import http from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type OpenHost, openHost } from '../testing/open-host.ts'

let open: OpenHost
beforeEach(async () => {
  open = await openHost(20)
})
afterEach(async () => await open.end())

type Reader = { readonly until: (pattern: RegExp) => Promise<string>; readonly leave: () => void; readonly ended: Promise<void> }

/** Reads the stream as text; `until` waits for what is still to come and gives all that was read. */
async function read(lastId?: string): Promise<Reader> {
  let text = ''
  let look = () => undefined as void
  const headers = { cookie: open.cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
  const request = http.get({ host: '127.0.0.1', port: open.host.port, path: '/changes', headers })
  const response = await new Promise<http.IncomingMessage>((done) => request.on('response', done))
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    look()
  })
  response.on('error', () => undefined)
  const ended = new Promise<void>((done) => void response.on('close', done))
  const until = async (pattern: RegExp) =>
    await new Promise<string>((done) => {
      look = () => (pattern.test(text) ? done(text) : undefined)
      look()
    })
  return { until, leave: () => request.destroy(), ended }
}

const removed = (captureId: string) => ({ kind: 'capture-removed' as const, captureId })
const idOf = (text: string, captureId: string) => new RegExp(`id: (\\S+)\\ndata: [^\\n]*${captureId}`).exec(text)?.[1] ?? ''

it('each reader hears each change, with heartbeats between', async () => {
  const readers = [await read(), await read()]
  await Promise.all(readers.map(async (one) => await one.until(/event: hello/)))
  open.say(removed('c-000001'))
  for (const reader of readers) expect(await reader.until(/c-000001/)).toContain('data: {"kind":"capture-removed","captureId":"c-000001"}')
  expect(await readers[0]?.until(/heartbeat/)).toContain('event: heartbeat')
  for (const reader of readers) reader.leave()
})

it('a reader that comes back gets exactly what it missed, in order', async () => {
  const first = await read()
  await first.until(/hello/)
  open.say(removed('c-000001'))
  const id = idOf(await first.until(/c-000001/), 'c-000001')
  first.leave()
  open.say(removed('c-000002'))
  open.say(removed('c-000003'))
  const again = await read(id)
  const text = await again.until(/c-000003/)
  expect(text).not.toContain('c-000001')
  expect(text.indexOf('c-000002')).toBeLessThan(text.indexOf('c-000003'))
  expect(text).not.toContain('event: reset')
  again.leave()
})

it('a reader that missed too much, or comes from an earlier start, is told to read everything anew', async () => {
  const first = await read()
  await first.until(/hello/)
  open.say(removed('c-000001'))
  const id = idOf(await first.until(/c-000001/), 'c-000001')
  first.leave()
  for (let at = 0; at < 2100; at += 1) open.say(removed(`c-x${at}`))
  for (const old of [id, 'deadbeef-3', 'nonsense']) {
    const again = await read(old)
    expect(await again.until(/reset|data: \{"kind/)).toContain('event: reset')
    again.leave()
  }
})

it('closing ends the streams', async () => {
  const reader = await read()
  await reader.until(/hello/)
  await open.host.close()
  await reader.ended
})

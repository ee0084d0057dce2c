import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Change } from '../../../core/contract.ts'

// Proxies and browsers give up on silent streams after 30 s or more; a screen shows "last heard" after 40 s.
const HEARTBEAT_MS = 10_000
// A laptop that slept for a moment comes back within these; one that missed more asks for everything anew.
const KEPT_CHANGES = 2000
// A reader that does not read must not make this process grow: it is cut off and comes back with what it missed.
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/** The stream of changes for any number of readers. */
export type ChangeStream = { readonly join: (request: IncomingMessage, response: ServerResponse) => void; readonly close: () => void }

/**
 * GET /changes: server-sent events. Messages without a name carry a Change, `id: <boot>-<n>`. `event: heartbeat` carries the time.
 * A reader that reconnects (Last-Event-ID) gets what it missed, or `event: reset` where that is no longer known: it must read everything anew.
 */
export function openChangeStream(subscribe: (hear: (change: Change) => void) => () => void, heartbeatMs = HEARTBEAT_MS): ChangeStream {
  const boot = randomBytes(4).toString('hex')
  const kept: { readonly n: number; readonly text: string }[] = []
  const readers = new Set<ServerResponse>()
  let last = 0
  const send = (reader: ServerResponse, text: string) => {
    if (reader.writableLength > MAX_WAITING_BYTES) reader.destroy()
    else reader.write(text)
  }
  const leave = subscribe((change) => {
    last += 1
    const text = `id: ${boot}-${last}\ndata: ${JSON.stringify(change)}\n\n`
    kept.push({ n: last, text })
    if (kept.length > KEPT_CHANGES) kept.shift()
    for (const reader of readers) send(reader, text)
  })
  const beat = setInterval(() => {
    for (const reader of readers) send(reader, `event: heartbeat\ndata: ${JSON.stringify({ at: new Date().toISOString() })}\n\n`)
  }, heartbeatMs)
  const missed = (lastId: string): string => {
    const [itsBoot, n] = lastId.split('-')
    const from = Number(n) + 1
    const isKnown =
      itsBoot === boot && Number.isInteger(from) && from <= last + 1 && (from === last + 1 || (kept[0]?.n ?? Infinity) <= from)
    return isKnown
      ? kept
          .filter((one) => one.n >= from)
          .map((one) => one.text)
          .join('')
      : `id: ${boot}-${last}\nevent: reset\ndata: {}\n\n`
  }
  return {
    join(request, response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
      const lastId = request.headers['last-event-id']
      response.write(`retry: 1000\n\n${typeof lastId === 'string' ? missed(lastId) : `id: ${boot}-${last}\nevent: hello\ndata: {}\n\n`}`)
      readers.add(response)
      response.on('close', () => readers.delete(response))
    },
    close() {
      leave()
      clearInterval(beat)
      for (const reader of readers) reader.end()
    },
  }
}

import { once } from 'node:events'
import { type ClientRequest, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the proxy does to one request. */
export type Fault =
  | { readonly kind: 'reset'; readonly afterBytes: number }
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'answer'; readonly status: number; readonly code: string; readonly date?: Date }
  /** The server does it, the client never hears of it. */
  | { readonly kind: 'drop-answer' }

export type Seen = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** The first byte that a ranged GET asks for; 0 where no range is named. */
  readonly from: number
}

export type FaultProxy = {
  readonly endpoint: string
  readonly port: number
  /** Asked for each request in order, which waits for the answer; null lets it pass. */
  plan: (seen: Seen) => Fault | null | Promise<Fault | null>
  /** Slows bodies down, all of them together; null: not at all. */
  bytesPerS: number | null
  /** Body bytes of PUTs (photos and parts) that reached this side, in all and by path. */
  readonly received: { total: number; readonly byKey: Map<string, number> }
  readonly requests: Seen[]
  /** Cuts every connection that was opened until now, also one whose first byte was not looked at yet. */
  readonly cut: () => Promise<void>
  /** No way to the server: every connection is cut, and new ones are refused until `back`. */
  readonly away: () => Promise<void>
  readonly back: () => Promise<void>
  readonly close: () => Promise<void>
}

/** An HTTP server between client and S3 that passes everything on but what it is told to spoil. Tests only. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const target = new URL(upstream)
  const sockets = new Set<Socket>()
  let free = Promise.resolve()
  const server: Server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()))
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
  })
  const proxy: FaultProxy = {
    endpoint: '',
    port: 0,
    plan: () => null,
    bytesPerS: null,
    received: { total: 0, byKey: new Map() },
    requests: [],
    async cut() {
      // Connections are taken in their order: when this one is, the older ones are.
      const probe = connect(proxy.port, '127.0.0.1')
      await once(server, 'connection')
      await once(probe, 'connect')
      for (const socket of sockets) socket.destroy()
      probe.destroy()
    },
    away: stop,
    back: () => listen(proxy.port),
    close: stop,
  }

  async function stop(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  async function listen(at: number): Promise<void> {
    await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  }

  // One queue for all bodies: the cut is that of a line, not of a connection.
  const slow = (bytes: number) => {
    if (proxy.bytesPerS === null) return Promise.resolve()
    const ms = (bytes * 1000) / proxy.bytesPerS
    free = free.then(() => sleep(ms))
    return free
  }

  const count = (path: string, bytes: number) => {
    proxy.received.total += bytes
    proxy.received.byKey.set(path, (proxy.received.byKey.get(path) ?? 0) + bytes)
  }

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? '/', 'http://proxy')
    const from = Number(/^bytes=(\d+)-/.exec(asked.headers.range ?? '')?.[1] ?? 0)
    const seen: Seen = { method: asked.method ?? '', path: decodeURIComponent(url.pathname), query: url.searchParams, from }
    proxy.requests.push(seen)
    const fault = await proxy.plan(seen)
    // Gone while the plan was made, as a killed client is.
    if (asked.destroyed && !asked.complete) return
    if (fault?.kind === 'answer') return await refuse(asked, answer, fault)
    if (fault?.kind === 'black-hole') return
    const onward = request({ host: target.hostname, port: target.port, method: asked.method, path: asked.url, headers: asked.headers })
    asked.on('close', () => asked.complete || onward.destroy())
    onward.on('error', () => broken(asked))
    onward.on('response', (reply) => {
      if (fault?.kind === 'drop-answer') {
        reply.resume().on('end', () => broken(asked))
        return
      }
      answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders)
      reply.pipe(answer)
    })
    let got = 0
    for await (const chunk of asked as AsyncIterable<Buffer>) {
      got += chunk.byteLength
      if (seen.method === 'PUT') count(seen.path, chunk.byteLength)
      if (fault?.kind === 'reset' && got > fault.afterBytes) {
        onward.destroy()
        return broken(asked)
      }
      await slow(chunk.byteLength)
      if (!onward.write(chunk)) await drained(onward)
    }
    onward.end()
  }

  await listen(0)
  const { port } = server.address() as AddressInfo
  return Object.assign(proxy, { port, endpoint: `http://127.0.0.1:${port}` })
}

// A connection reset (RST), as broken middle boxes send it; the socket may be gone already.
function broken(asked: IncomingMessage): void {
  const socket: Socket | null = asked.socket
  socket?.resetAndDestroy()
}

function drained(onward: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      onward.off('drain', settle).off('close', settle)
      resolve()
    }
    onward.on('drain', settle).on('close', settle)
  })
}

async function refuse(asked: IncomingMessage, answer: ServerResponse, fault: Fault & { kind: 'answer' }): Promise<void> {
  asked.resume()
  await new Promise((resolve) => asked.on('end', resolve).on('close', resolve))
  const body =
    asked.method === 'HEAD'
      ? ''
      : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${fault.code}</Code><Message>by the fault proxy</Message></Error>`
  answer.writeHead(fault.status, {
    'content-type': 'application/xml',
    date: (fault.date ?? new Date()).toUTCString(),
    'content-length': Buffer.byteLength(body),
  })
  answer.end(body)
}

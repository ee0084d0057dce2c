import { createServer as createPlain, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecure, setDefaultCACertificates } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { StraightGet } from './straight-get.ts'
import { noise } from './testing/capture.ts'
import { loopbackTls } from './testing/loopback-tls.ts'

const body = noise(3_000_000, 5)
const head = (length: number, more = '') => `HTTP/1.1 206 Partial Content\r\nContent-Length: ${length}\r\nETag: "x"\r\n${more}\r\n`
setDefaultCACertificates([loopbackTls.cert])

describe.each([false, true])('GET straight into memory, over TLS: %s', (secure) => {
  let server: Server
  let connections = 0
  const client = new StraightGet()
  const signal = new AbortController().signal
  const open = new Set<Socket>()
  afterEach(async () => {
    client.close()
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  /** Serves each request by `answer`, called with its number. */
  const serve = async (answer: (socket: Socket, count: number) => unknown) => {
    let count = 0
    connections = 0
    const hear = (socket: Socket) => {
      connections++
      open.add(socket.on('close', () => open.delete(socket)))
      let asked = ''
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        asked += bytes.toString('latin1')
        for (; asked.includes('\r\n\r\n'); asked = asked.slice(asked.indexOf('\r\n\r\n') + 4)) void answer(socket, ++count)
      })
    }
    server = secure ? createSecure(loopbackTls, hear) : createPlain(hear)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return { secure, host: 'localhost', port, path: '/k', headers: { host: 'localhost' } }
  }
  const memory = (size: number) => new Uint8Array(new SharedArrayBuffer(size + 8), 4, size)
  const into = (bytes: Uint8Array, came: (bytes: number) => Promise<void> | null = () => null) => ({ bytes, came })

  test('the body lies in the destination, byte for byte, and the connection is used again', async () => {
    const request = await serve((socket) => socket.write(Buffer.concat([Buffer.from(head(body.byteLength)), body])))
    for (let round = 0; round < 3; round++) {
      const bytes = memory(body.byteLength)
      let came = 0
      const answer = await client.get(
        request,
        into(bytes, (more) => ((came += more), null)),
        20_000,
        signal,
      )
      expect(answer.head).toMatchObject({ status: 206, headers: { etag: '"x"' } })
      expect(came).toBe(body.byteLength)
      expect(Buffer.from(bytes).equals(body)).toBe(true)
    }
    expect(connections).toBe(1)
  })

  test('a head that comes in pieces, and a destination that asks for time', async () => {
    const request = await serve(async (socket) => {
      for (const piece of [head(body.byteLength).slice(0, 20), head(body.byteLength).slice(20)]) {
        socket.write(piece)
        await sleep(20)
      }
      socket.write(body)
    })
    const bytes = memory(body.byteLength)
    await client.get(
      request,
      into(bytes, () => sleep(1)),
      20_000,
      signal,
    )
    expect(Buffer.from(bytes).equals(body)).toBe(true)
  })

  test.skipIf(secure)('a line that the destination holds for longer than silence may last is not a dead one', async () => {
    const small = body.subarray(0, 1000)
    const request = await serve((socket) => {
      socket.write(head(small.byteLength))
      socket.write(small)
    })
    const bytes = memory(small.byteLength)
    await client.get(
      request,
      // Silence is long enough for a slow machine to have answered before.
      into(bytes, () => sleep(5000)),
      4000,
      signal,
    )
    expect(Buffer.from(bytes).equals(small)).toBe(true)
  })

  test('an error is given whole, of a known length or chunked, and leaves the destination alone', async () => {
    const request = await serve((socket, count) => {
      if (count === 1) return socket.write('HTTP/1.1 412 Precondition Failed\r\nContent-Length: 6\r\n\r\n<Err/>')
      socket.write('HTTP/1.1 503 Slow\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<Er\r\n')
      return setTimeout(() => socket.write('3\r\nr/>\r\n0\r\n\r\n'), 20)
    })
    for (const status of [412, 503]) {
      const bytes = memory(10)
      const answer = await client.get(request, into(bytes), 20_000, signal)
      expect([answer.head.status, answer.errorBody?.toString()]).toEqual([status, '<Err/>'])
      expect(bytes.every((byte) => byte === 0)).toBe(true)
    }
  })

  test('what is not what was asked for, ends early, falls silent or is no HTTP is a broken connection', async () => {
    const answers = [head(99) + 'x'.repeat(99), `${head(100)}xxx`, head(100), 'SSH-2.0\r\n\r\n']
    const request = await serve((socket, count) => (count === 2 ? socket.end(answers[1] ?? '') : socket.write(answers[count - 1] ?? '')))
    // Only the silent one may run out of time, however slow this machine is.
    for (const [code, silentMs] of [
      ['ECONNRESET', 20_000],
      ['ECONNRESET', 20_000],
      ['ETIMEDOUT', 200],
      ['ECONNRESET', 20_000],
    ] as const) {
      await expect(client.get(request, into(memory(100)), silentMs, signal)).rejects.toMatchObject({ code })
    }
  })

  test('aborting ends it at once with the signal’s reason', async () => {
    const request = await serve(() => {})
    const stop = new AbortController()
    const asked = client.get(request, into(memory(10)), 10_000, stop.signal)
    setTimeout(() => stop.abort(new Error('enough')), 30)
    await expect(asked).rejects.toThrow('enough')
  })
})

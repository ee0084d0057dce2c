import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type SlowLine = {
  readonly endpoint: string
  /** Bytes that came up the line so far, heads of requests included. */
  readonly up: () => number
  readonly close: () => Promise<void>
}

// What is forwarded at a time: small against a photo, so that connections share the line as packets would.
const pieceBytes = 64 * 1024

/**
 * A line to a server: carries bytes as a network does, at `bytesPerS` upwards over all connections. What a dead client's system had
 * accepted still arrives, and only then the connection ends. Tests only.
 */
export async function startSlowLine(upstream: string, bytesPerS: number): Promise<SlowLine> {
  const { hostname, port } = new URL(upstream)
  const sockets = new Set<Socket>()
  let up = 0
  let line = Promise.resolve()
  const carry = (bytes: number) => (line = line.then(() => sleep((bytes * 1000) / bytesPerS)))

  const server = createServer({ allowHalfOpen: true, highWaterMark: pieceBytes }, (client) => {
    const onward = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    for (const socket of [client, onward]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('error', () => onward.destroy())
    onward.on('error', () => client.resetAndDestroy())
    onward.on('close', () => client.destroy())
    onward.pipe(client)
    void upward(client, onward).catch(() => onward.destroy())
  })

  async function upward(client: Socket, onward: Socket): Promise<void> {
    for await (const chunk of client as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.byteLength; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes)
        await carry(piece.byteLength)
        if (onward.destroyed) return
        up += piece.byteLength
        if (!onward.write(piece)) await drained(onward)
      }
    }
    onward.end()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    up: () => up,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
  })
}

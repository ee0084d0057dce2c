import { connect as connectPlain, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectSecure } from 'node:tls'
import { type AnswerHead, ErrorBody, headOf } from './answer-head.ts'

/** Where the body of an answer goes, and who hears of it. */
export type Destination = {
  readonly bytes: Uint8Array
  /** More bytes came; a promise holds the line until it resolves. */
  readonly came: (bytes: number) => Promise<void> | null
}

export type StraightRequest = {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** An answer whose body, where it is not an error's, lies in the destination already. */
export type StraightAnswer = { readonly head: AnswerHead; readonly errorBody: Buffer | null }

type Exchange = { readonly into: Destination; readonly resolve: (answer: StraightAnswer) => void; readonly reject: (error: Error) => void }

// Room for the head of an answer; what of the body comes with it is copied.
const headBytes = 64 * 1024
// One read of the system at most: large, because each costs a turn of the event loop.
const readBytes = 1024 * 1024

/**
 * GET over a connection of its own that the system reads straight into the destination. Node's client makes a fresh buffer for every 64 KiB, and
 * their making, copying and collecting costs more than all else of a download (measured: 5.5 CPU seconds a GiB).
 */
export class StraightGet {
  private readonly idle = new Map<string, Line[]>()
  private closed = false

  async get(request: StraightRequest, into: Destination, silentMs: number, signal: AbortSignal | undefined): Promise<StraightAnswer> {
    signal?.throwIfAborted()
    const origin = `${request.secure}:${request.host}:${request.port}`
    const line = this.take(origin) ?? new Line(request)
    const onAbort = () => line.destroy(signal?.reason as Error)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const answer = await line.exchange(request, into, silentMs)
      if (line.isReusable && !this.closed) this.idle.set(origin, [...(this.idle.get(origin) ?? []), line])
      else line.destroy()
      return answer
    } catch (error) {
      line.destroy()
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  close(): void {
    this.closed = true
    for (const lines of this.idle.values()) for (const line of lines) line.destroy()
    this.idle.clear()
  }

  private take(origin: string): Line | undefined {
    const lines = this.idle.get(origin) ?? []
    for (let line = lines.pop(); line; line = lines.pop()) if (line.isReusable) return line
    return undefined
  }
}

/** One connection, one exchange at a time. */
class Line {
  private readonly socket: Socket
  private readonly room = Buffer.alloc(headBytes)
  private filled = 0
  private head: AnswerHead | null = null
  private received = 0
  private error: ErrorBody | null = null
  private now: Exchange | null = null
  private keeps = true
  private isHeld = false

  constructor({ secure, host, port }: StraightRequest) {
    const onread = { buffer: () => this.place(), callback: (bytes: number) => this.came(bytes) }
    this.socket = secure
      ? connectSecure({ host, port, servername: host, onread } as ConnectionOptions)
      : connectPlain({ host, port, onread })
    this.socket.on('error', (error) => this.fail(error))
    this.socket.on('close', () => this.fail(broken('the connection was closed')))
    this.socket.on('end', () => this.fail(broken('the connection ended')))
    this.socket.on('timeout', () => {
      // A line that the destination holds is not a dead one.
      if (!this.isHeld) this.destroy(Object.assign(broken('no byte comes'), { name: 'TimeoutError', code: 'ETIMEDOUT' }))
    })
    this.socket.setNoDelay(true)
  }

  get isReusable(): boolean {
    return this.keeps && this.now === null && !this.socket.destroyed && this.socket.writable
  }

  exchange({ path, headers }: StraightRequest, into: Destination, silentMs: number): Promise<StraightAnswer> {
    Object.assign(this, { filled: 0, head: null, received: 0, error: null })
    this.socket.setTimeout(silentMs)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return new Promise((resolve, reject) => {
      this.now = { into, resolve, reject }
      this.socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}connection: keep-alive\r\n\r\n`)
    })
  }

  destroy(error?: Error): void {
    if (error) this.fail(error)
    this.socket.destroy()
  }

  /** Where the system is to put the next bytes. Never nowhere: an empty place ends the connection with ENOBUFS. */
  private place(): Uint8Array {
    if (this.head === null) return this.room.subarray(this.filled)
    const { length } = this.head
    if (this.now === null || this.error !== null || length === null || this.received >= length) return this.room
    return this.now.into.bytes.subarray(this.received, Math.min(this.received + readBytes, length))
  }

  private came(bytes: number): boolean {
    try {
      if (this.now === null) throw broken('bytes came that nobody asked for')
      if (this.head === null) this.readHead(bytes)
      else if (this.error) this.error.add(this.room.subarray(0, bytes))
      else return this.bodyCame(bytes)
      this.finishIfWhole()
    } catch (error) {
      this.destroy(error as Error)
    }
    return true
  }

  private readHead(bytes: number): void {
    this.filled += bytes
    const found = headOf(this.room.subarray(0, this.filled))
    if (found === null) {
      if (this.filled === headBytes) throw broken('the head of the answer has no end')
      return
    }
    this.head = found.head
    this.keeps = found.head.keeps
    const rest = this.room.subarray(found.bytes, this.filled)
    if (found.head.status >= 300 || found.head.length === null) {
      this.error = new ErrorBody(found.head)
      return this.error.add(rest)
    }
    const into = (this.now as Exchange).into
    if (found.head.length !== into.bytes.byteLength || rest.byteLength > found.head.length)
      throw broken('the answer is not what was asked for')
    into.bytes.set(rest)
    if (rest.byteLength > 0) this.bodyCame(rest.byteLength)
  }

  /** Counts body bytes; false holds the line until the destination wants more. */
  private bodyCame(bytes: number): boolean {
    this.received += bytes
    const hold = (this.now as Exchange).into.came(bytes)
    if (hold === null) return this.finishIfWhole()
    void this.goOnAfter(hold)
    return false
  }

  private async goOnAfter(hold: Promise<void>): Promise<void> {
    this.isHeld = true
    await hold
    this.isHeld = false
    this.finishIfWhole()
    this.socket.resume()
  }

  private finishIfWhole(): true {
    const { head, now } = this
    if (head === null || now === null) return true
    const isWhole = this.error ? this.error.isWhole : this.received === head.length
    if (!isWhole) return true
    this.now = null
    this.socket.setTimeout(0)
    now.resolve({ head, errorBody: this.error?.bytes ?? null })
    return true
  }

  private fail(error: Error): void {
    this.keeps = false
    const now = this.now
    this.now = null
    now?.reject(error)
  }
}

function broken(what: string): Error {
  return Object.assign(new Error(what), { code: 'ECONNRESET' })
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { Agent as HttpAgent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { type Destination, StraightGet } from './straight-get.ts'
import { queryText } from './url-text.ts'

/** What the sender of one request wants to know and to slow down while its body leaves. */
export type BodyHooks = {
  /** Body bytes that the system has taken since the last call. */
  readonly moved: (bytes: number) => void
  /** The whole body was handed to the system: the line is free for the next one, the answer still comes. */
  readonly flushed: () => void
  /** How much to hand to the system at a time. */
  readonly sliceBytes: number
  /** Resolves when so many bytes may leave; absent: no limit. */
  readonly allow: ((bytes: number) => Promise<void>) | null
}

/** Limits of patience, milliseconds. */
export type Patience = {
  readonly connectMs: number
  /** No byte taken by the system, none received: the line is dead. Long enough for a slice at 10 kB/s. */
  readonly silentMs: number
  /** From the last body byte to the first of the answer: what the system had buffered must still leave. */
  readonly answerMs: number
}

export const patience: Patience = { connectMs: 10_000, silentMs: 30_000, answerMs: 90_000 }

/** Hooks of the request that is sent inside `hooks.run`: the SDK between caller and wire has no place for them. */
export const hooks = new AsyncLocalStorage<BodyHooks>()

/** Where the body of the GET that is sent inside `landing.run` goes, past all streams. */
export const landing = new AsyncLocalStorage<Destination>()

export type WireRequest = {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}
export type WireResponse = {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Readable
  readonly reason: string
}

/**
 * The SDK's request handler on Node's own client. The SDK's NodeHttpHandler takes a body whole: it cannot be counted while it leaves,
 * slowed down, or told apart from one that waits for its answer. Bodies are always byte arrays, so every request can be repeated.
 */
export class Wire {
  readonly metadata = { handlerProtocol: 'http/1.1' }
  private readonly agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent }
  private readonly patience: Patience
  private readonly straight = new StraightGet()

  constructor(limits: Patience = patience) {
    this.patience = limits
    const options = { keepAlive: true, maxSockets: 64, keepAliveMsecs: 10_000 }
    this.agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  }

  handle(request: WireRequest, { abortSignal }: { abortSignal?: unknown } = {}): Promise<{ response: WireResponse }> {
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined
    const into = landing.getStore()
    if (into && request.method === 'GET') return this.land(request, into, signal)
    const secure = request.protocol === 'https:'
    const options = {
      host: request.hostname.replaceAll(/^\[|\]$/g, ''),
      ...(request.port ? { port: request.port } : {}),
      method: request.method,
      path: request.path + queryText(request.query),
      headers: request.headers as Record<string, string>,
      agent: secure ? this.agents['https:'] : this.agents['http:'],
      ...(signal ? { signal } : {}),
    }
    const sent = secure ? httpsRequest(options) : httpRequest(options)
    return exchange(sent, bytesOf(request.body), hooks.getStore(), this.patience)
  }

  destroy(): void {
    this.straight.close()
    this.agents['http:'].destroy()
    this.agents['https:'].destroy()
  }

  /** Closes idle connections and keeps no more of them; requests under way go to their end. */
  retire(): void {
    this.straight.close()
    for (const agent of Object.values(this.agents)) {
      agent.maxFreeSockets = 0
      for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy()
    }
  }

  private async land(request: WireRequest, into: Destination, signal: AbortSignal | undefined): Promise<{ response: WireResponse }> {
    const secure = request.protocol === 'https:'
    const { hostname: host, port = secure ? 443 : 80, headers } = request
    const asked = { secure, host: host.replaceAll(/^\[|\]$/g, ''), port, path: request.path + queryText(request.query), headers }
    const { head, errorBody } = await this.straight.get(asked, into, this.patience.silentMs, signal)
    const body = Readable.from(errorBody === null ? [] : [errorBody])
    return { response: { statusCode: head.status, headers: { ...head.headers }, body, reason: head.reason } }
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {}
  }
}

function exchange(
  sent: ClientRequest,
  body: Uint8Array | null,
  told: BodyHooks | undefined,
  limits: Patience,
): Promise<{ response: WireResponse }> {
  const clock = watch(sent, limits)
  return new Promise((resolve, reject) => {
    sent.on('error', (error) => {
      clock.end()
      reject(error)
    })
    sent.on('response', (answer) => {
      clock.end()
      // A body that stops coming is as dead as an answer that never starts.
      sent.setTimeout(limits.silentMs, () => sent.destroy(timeout('the answer stopped')))
      resolve({
        response: { statusCode: answer.statusCode ?? 0, headers: headersOf(answer), body: answer, reason: answer.statusMessage ?? '' },
      })
    })
    void sendBody(sent, body, told, clock).then(clock.sent, (error: unknown) => sent.destroy(error as Error))
  })
}

async function sendBody(
  sent: ClientRequest,
  body: Uint8Array | null,
  told: BodyHooks | undefined,
  clock: ReturnType<typeof watch>,
): Promise<void> {
  if (body === null) return void sent.end()
  const sliceBytes = told?.sliceBytes ?? body.byteLength
  for (let at = 0; at < body.byteLength && !sent.destroyed; at += sliceBytes) {
    const slice = body.subarray(at, at + sliceBytes)
    if (told?.allow) {
      // A line that a limit holds is not a dead one.
      clock.end()
      await told.allow(slice.byteLength)
      clock.tick()
    }
    if (sent.destroyed) return
    const more = sent.write(slice)
    if (!more) await drained(sent)
    if (sent.destroyed) return
    told?.moved(slice.byteLength)
    clock.tick()
  }
  sent.end()
  told?.flushed()
}

function drained(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      sent.off('drain', settle).off('close', settle)
      resolve()
    }
    sent.on('drain', settle).on('close', settle)
  })
}

/** Destroys the request when it connects, moves or answers too late. */
function watch(sent: ClientRequest, limits: Patience) {
  let timer: NodeJS.Timeout | undefined
  const within = (ms: number, what: string) => {
    clearTimeout(timer)
    timer = setTimeout(() => sent.destroy(timeout(what)), ms)
  }
  within(limits.connectMs, 'no connection')
  sent.on('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => within(limits.silentMs, 'no byte moves'))
    else within(limits.silentMs, 'no byte moves')
  })
  return {
    tick: () => within(limits.silentMs, 'no byte moves'),
    sent: () => within(limits.answerMs, 'no answer'),
    end: () => clearTimeout(timer),
  }
}

// The name is the one by which the SDK and s3-trouble.ts know it.
function timeout(what: string): Error {
  return Object.assign(new Error(what), { name: 'TimeoutError', code: 'ETIMEDOUT' })
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  const entries = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value] as const],
  )
  return Object.fromEntries(entries)
}

function bytesOf(body: unknown): Uint8Array | null {
  if (body === undefined || body === null || body === '') return null
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  throw new TypeError('a body must be bytes: a stream could not be sent a second time')
}

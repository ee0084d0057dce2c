import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is refused, as the status that tells the browser so. */
export type Refusal = { readonly status: 401 | 403 | 421; readonly says: string }

/** Who may speak to this host: the browser that was opened with the start address, and nothing else. */
export type Session = {
  readonly token: string
  /** The address that lets a browser in; it is good as long as the host lives. */
  readonly startUrl: string
  readonly cookie: string
  /** Null: admitted. */
  readonly refusal: (request: IncomingMessage) => Refusal | null
  /** True where the address carries the right token. */
  readonly isStart: (url: URL) => boolean
}

const TOKEN_BYTES = 24
const loopbackNames = ['127.0.0.1', 'localhost']

/** Opens a session for a host on `port`. Cookies know no ports, so the port stands in the name: two hosts do not sign each other out. */
export function openSession(port: number): Session {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const name = `spaceport-${port}`
  const hosts = loopbackNames.map((host) => `${host}:${port}`)
  return {
    token,
    startUrl: `http://${hosts[0]}/?token=${token}`,
    cookie: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    isStart: (url) => isSame(url.searchParams.get('token') ?? '', token),
    refusal: (request) => refusalOf(request, hosts, name, token),
  }
}

function refusalOf(request: IncomingMessage, hosts: readonly string[], name: string, token: string): Refusal | null {
  // A page whose name was re-pointed at 127.0.0.1 (DNS rebinding) still sends its own name here.
  if (!hosts.includes(request.headers.host ?? '')) return { status: 421, says: 'This address is not served here.' }
  if (!isOwnOrigin(request, hosts)) return { status: 403, says: 'Another page may not write here.' }
  if (!isSame(cookieOf(request, name), token)) return { status: 401, says: 'Open the address that Spaceport printed.' }
  return null
}

/** Browsers name the origin of every write; what is not a browser has no origin and needs the token all the same. */
function isOwnOrigin(request: IncomingMessage, hosts: readonly string[]): boolean {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD'
  if (origin !== undefined) return hosts.some((host) => origin === `http://${host}`)
  return !isWrite || site === undefined || site === 'same-origin'
}

function cookieOf(request: IncomingMessage, name: string): string {
  const pairs = (request.headers.cookie ?? '').split(';').map((one) => one.trim())
  return pairs.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

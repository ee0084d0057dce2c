import type { Readable } from 'node:stream'
import { fromBase64, toBase64 } from './crc64-text.ts'
import type { Access } from './s3-client.ts'
import { Refusal } from './refusal.ts'
import { emptySha256, signed } from './signature.ts'
import type { Found, ListPage, Sealed } from './store.ts'
import { keyText, queryText } from './url-text.ts'
import { xmlElements, xmlField } from './xml-text.ts'

type Ask = {
  readonly method: 'GET' | 'HEAD' | 'PUT'
  /** Absent: the bucket itself. */
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Sealed
}
type Answer = { readonly headers: Readonly<Record<string, string>>; readonly text: string }

/**
 * The verbs that every photo of a transfer costs, each as one request made here: the SDK's way through its layers takes longer than a photo's
 * checksums. Conditions, checksums and signatures are the SDK's own (requests.test.ts compares them); the rarer verbs stay with the SDK.
 */
export function requestsOf(access: Access, bucket: string, signal: AbortSignal) {
  const send = (ask: Ask) => sendOne(access, bucket, ask, signal)
  return {
    async head(key: string): Promise<Found> {
      const { headers } = await send({ method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' } })
      return foundIn(headers, Number(headers['content-length'] ?? -1))
    },
    /** The first byte: its refusal says why where that of a HEAD cannot. */
    async firstByte(key: string): Promise<void> {
      await send({ method: 'GET', key, headers: { range: 'bytes=0-0' } })
    },
    list: async (prefix: string, next: string | null): Promise<ListPage> => {
      const query = { 'list-type': '2', prefix, ...(next === null ? {} : { 'continuation-token': next }) }
      const { text } = await send({ method: 'GET', query })
      const objects = xmlElements(text, 'Contents').map((one) => ({
        key: xmlField(one, 'Key') ?? '',
        sizeBytes: Number(xmlField(one, 'Size') ?? -1),
        etag: xmlField(one, 'ETag'),
      }))
      return { objects, next: xmlField(text, 'NextContinuationToken') }
    },
    /** `condition`: under which the server takes it. */
    async put(key: string, body: Sealed, condition: Readonly<Record<string, string>>): Promise<Found> {
      const { headers } = await send({ method: 'PUT', key, headers: condition, body })
      return foundIn(headers, body.bytes.byteLength)
    },
    part: async (key: string, uploadId: string, number: number, body: Sealed): Promise<string> => {
      const { headers } = await send({ method: 'PUT', key, query: { partNumber: String(number), uploadId }, body })
      return headers['etag'] ?? ''
    },
    /** Into the landing that is set (wire.ts). */
    range: async (key: string, etag: string, from: number, to: number): Promise<void> => {
      await send({ method: 'GET', key, headers: { 'if-match': etag, range: `bytes=${from}-${to}` } })
    },
  }
}

function foundIn(headers: Answer['headers'], sizeBytes: number): Found {
  return { sizeBytes, crc64: fromBase64(headers['x-amz-checksum-crc64nvme']), etag: headers['etag'] }
}

async function sendOne(access: Access, bucket: string, { method, key, query, body, ...ask }: Ask, signal: AbortSignal): Promise<Answer> {
  const { protocol, hostname, port, host, path: base } = await access.placeOf(bucket)
  const path = `${base}/${keyText(key ?? '')}`
  const own = body === undefined ? {} : bodyHeaders(body)
  const request = {
    method,
    host,
    path,
    headers: { ...ask.headers, ...own },
    bodySha256: body?.sha256 ?? emptySha256,
    ...(query ? { query } : {}),
  }
  const headers = signed(request, access.signer, access.now())
  const where = { protocol, hostname, ...(port === undefined ? {} : { port }), path: path + queryText(query) }
  const sent = { ...where, method, headers, ...(body ? { body: body.bytes } : {}) }
  const { response } = await access.wire.handle(sent, { abortSignal: signal })
  const text = await textOf(response.body)
  if (response.statusCode >= 300) throw new Refusal(response.statusCode, response.headers, text)
  return { headers: response.headers, text }
}

function bodyHeaders({ bytes, crc64 }: Sealed): Record<string, string> {
  const type = { 'content-type': 'application/octet-stream', 'content-length': String(bytes.byteLength) }
  return { ...type, 'x-amz-checksum-crc64nvme': toBase64(crc64) }
}

// Read to its end also where it says nothing: only then is the connection free for the next request.
async function textOf(body: Readable): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece as Uint8Array)
  return pieces.length === 0 ? '' : Buffer.concat(pieces).toString()
}

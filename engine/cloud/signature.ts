import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from './target.ts'
import { queryText } from './url-text.ts'

/** Whose signature, for which region, and by how much the server's clock is ahead of ours. */
export type Signer = { readonly credentials: Credentials; readonly region: string; readonly clockOffsetMs: number }

export type Unsigned = {
  readonly method: string
  readonly host: string
  /** Encoded, as it is sent. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | string[] | null>>
  /** Names in lower case; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body, hex. */
  readonly bodySha256: string
}

const algorithm = 'AWS4-HMAC-SHA256'
/** SHA-256 of no byte. */
export const emptySha256 = createHash('sha256').digest('hex')

/**
 * The headers with which S3 takes the request (AWS Signature Version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 * The SDK's own way to the same header takes some 3 ms of processor time a request while its code is cold, which it is for all of a capture's photos.
 */
export function signed(request: Unsigned, { credentials, region, clockOffsetMs }: Signer, now: Date): Record<string, string> {
  const at = new Date(now.getTime() + clockOffsetMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-amz-content-sha256': request.bodySha256,
    'x-amz-date': at,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    request.method,
    request.path,
    queryText(request.query).slice(1),
    ...names.map((name) => `${name}:${(headers[name] as string).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    request.bodySha256,
  ].join('\n')
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`
  const text = [algorithm, at, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const signature = hmac(keyOf(credentials.secretAccessKey, scope), text).toString('hex')
  headers['authorization'] =
    `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return headers
}

// The key holds for a day, a region and a secret: made once, not once a request.
let known: { readonly of: string; readonly key: Buffer } | null = null

function keyOf(secret: string, scope: string): Buffer {
  const of = `${secret}/${scope}`
  if (known?.of !== of) known = { of, key: scope.split('/').reduce<Buffer>((key, word) => hmac(key, word), Buffer.from(`AWS4${secret}`)) }
  return known.key
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

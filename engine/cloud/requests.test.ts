import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toBase64 } from './crc64-text.ts'
import { placeAt, placeBySdk } from './place.ts'
import { Refusal } from './refusal.ts'
import { requestsOf } from './requests.ts'
import { type Access, type Connection, connect } from './s3-client.ts'
import { serverClock, troubleOf } from './s3-trouble.ts'
import { signed } from './signature.ts'
import type { Target } from './target.ts'

type Heard = { readonly method: string; readonly url: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }
type Said = { status?: number; headers?: Record<string, string>; body?: string }

const at = new Date('2026-03-04T05:06:07.000Z')
const bytes = new TextEncoder().encode('a photo')
const sealed = { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: 0x0123456789abcdefn }
const key = "t/eu-1:7f/photos/a b+c'(1)*~é.jpg"
// What differs by its nature: who asks, when, and how the connection is kept.
const own = new Set([
  'user-agent',
  'x-amz-user-agent',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
  'connection',
  'x-amz-date',
])

describe('requests made here', () => {
  let server: Server
  let heard: Heard[]
  let says: (asked: Heard) => Said
  let connection: Connection
  let access: Access

  beforeEach(async () => {
    heard = []
    says = () => ({})
    server = createServer((asked, answer) => {
      void textOf(asked).then((body) => {
        const one = { method: asked.method ?? '', url: asked.url ?? '', headers: asked.headers, body }
        heard.push(one)
        const said = says(one)
        answer.writeHead(said.status ?? 200, said.headers).end(said.body)
        return null
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    connection = connect(target(), { now: () => at })
    access = await connection.access()
  })
  afterEach(async () => {
    connection.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const target = (): Target => ({
    bucket: 'photos',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tenant: 'eu-1:7f',
    credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', sessionToken: 'token//==' }),
  })
  const ours = () => requestsOf(access, 'photos', new AbortController().signal)
  const what = ({ method, url, headers, body }: Heard) => {
    const [path = '', query = ''] = url.split('?')
    const told = Object.entries(headers).filter(([name]) => !own.has(name))
    return {
      method,
      path,
      query: query.split('&').filter((one) => one !== '' && !one.startsWith('x-id=')),
      headers: Object.fromEntries(told),
      body,
    }
  }

  test.each<[string, (client: S3Client) => Promise<unknown>, () => Promise<unknown>]>([
    [
      'HEAD',
      (client) => client.send(new HeadObjectCommand({ Bucket: 'photos', Key: key, ChecksumMode: 'ENABLED' })),
      () => ours().head(key),
    ],
    [
      'PUT',
      (client) =>
        client.send(
          new PutObjectCommand({
            Bucket: 'photos',
            Key: key,
            Body: bytes,
            ContentLength: 7,
            ChecksumCRC64NVME: toBase64(sealed.crc64),
            IfNoneMatch: '*',
          }),
        ),
      () => ours().put(key, sealed, { 'if-none-match': '*' }),
    ],
    [
      'a part',
      (client) =>
        client.send(
          new UploadPartCommand({
            Bucket: 'photos',
            Key: key,
            UploadId: 'a/b=c',
            PartNumber: 7,
            Body: bytes,
            ContentLength: 7,
            ChecksumCRC64NVME: toBase64(sealed.crc64),
          }),
        ),
      () => ours().part(key, 'a/b=c', 7, sealed),
    ],
    [
      'one byte',
      (client) => client.send(new GetObjectCommand({ Bucket: 'photos', Key: key, Range: 'bytes=0-0' })),
      () => ours().firstByte(key),
    ],
    [
      'a listing',
      (client) => client.send(new ListObjectsV2Command({ Bucket: 'photos', Prefix: 't/eu-1:7f/', ContinuationToken: 'more/=' })),
      () => ours().list('t/eu-1:7f/', 'more/='),
    ],
  ])('%s asks for the same as the SDK does', async (_, sdk, own) => {
    says = ({ url }) => (url.includes('list-type') ? { body: '<ListBucketResult></ListBucketResult>' } : { headers: { etag: '"e"' } })
    await sdk(await connection.client())
    await own()
    expect(heard).toHaveLength(2)
    const [theirs, mine] = heard.map(what)
    expect(mine).toEqual(theirs)
  })

  test('a signature is the one that AWS prints for its own example', async () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object".
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
    const request = {
      method: 'GET',
      host: 'examplebucket.s3.amazonaws.com',
      path: '/test.txt',
      headers: { range: 'bytes=0-9' },
      bodySha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    }
    const { authorization } = signed(request, { credentials, region: 'us-east-1', clockOffsetMs: 0 }, new Date('2013-05-24T00:00:00Z'))
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  test('a listing is read with its odd names and where it goes on', async () => {
    const row = '<Contents><Key>t/a&amp;b/&#x27;q&#39;&lt;.jpg</Key><ETag>&quot;e1&quot;</ETag><Size>12</Size></Contents>'
    const body = `<ListBucketResult><Prefix>t/</Prefix>${row}<NextContinuationToken>n&amp;m</NextContinuationToken></ListBucketResult>`
    says = () => ({ body })
    expect(await ours().list('t/', null)).toEqual({
      objects: [{ key: "t/a&b/'q'<.jpg", sizeBytes: 12, etag: '"e1"' }],
      next: 'n&m',
    })
  })

  test('refusals have the names and the clock of the SDK’s errors', async () => {
    const date = 'Wed, 04 Mar 2026 06:06:07 GMT'
    const refused = async (status: number, body?: string) => {
      says = () => ({ status, headers: { date }, ...(body === undefined ? {} : { body }) })
      return await ours()
        .put(key, sealed, {})
        .catch((error: unknown) => error)
    }
    const skewed = await refused(403, '<Error><Code>RequestTimeTooSkewed</Code><Message>x</Message></Error>')
    expect(skewed).toBeInstanceOf(Refusal)
    expect([troubleOf(skewed), serverClock(skewed)]).toEqual(['skewed', new Date(date)])
    expect(troubleOf(await refused(400, '<Error><Code>XAmzContentSHA256Mismatch</Code></Error>'))).toBe('spoilt')
    expect(troubleOf(await refused(503, '<html>busy</html>'))).toBe('slow-down')
    expect(troubleOf(await refused(404))).toBe('absent')
    expect(troubleOf(await refused(302))).toBe('surprise')
  })

  test('a bucket of AWS lies where the SDK says, also with dots in its name and in other partitions', async () => {
    const places = async (bucket: string, region: string) => {
      const { S3Client: Client } = await import('@aws-sdk/client-s3')
      const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
      return await placeBySdk(async (requestHandler) => new Client({ region, credentials, requestHandler, maxAttempts: 1 }), bucket)
    }
    expect(await places('photos', 'eu-central-1')).toMatchObject({
      protocol: 'https:',
      host: 'photos.s3.eu-central-1.amazonaws.com',
      path: '',
    })
    expect(await places('my.photos', 'eu-central-1')).toMatchObject({ host: 's3.eu-central-1.amazonaws.com', path: '/my.photos' })
    expect(await places('photos', 'cn-north-1')).toMatchObject({ host: 'photos.s3.cn-north-1.amazonaws.com.cn', path: '' })
    expect(placeAt('https://[::1]:9000/base/', 'photos')).toEqual({
      protocol: 'https:',
      hostname: '[::1]',
      host: '[::1]:9000',
      port: 9000,
      path: '/base/photos',
    })
  })
})

async function textOf(asked: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of asked) text += String(piece)
  return text
}

import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { WireRequest } from './wire.ts'

/** What carries the SDK's requests. */
export type Handler = NonNullable<S3ClientConfig['requestHandler']>

/** Where the objects of a bucket lie: the server, and the path before each key. */
export type Place = {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  /** The Host header. */
  readonly host: string
  readonly path: string
}

/** The bucket of a server other than AWS, by its path. */
export function placeAt(endpoint: string, bucket: string): Place {
  const { protocol, hostname, port, host, pathname } = new URL(endpoint)
  return { protocol, hostname, host, path: `${pathname.replace(/\/+$/, '')}/${bucket}`, ...(port === '' ? {} : { port: Number(port) }) }
}

const probe = 'k'

class Asked extends Error {
  readonly request: WireRequest
  constructor(request: WireRequest) {
    super('asked')
    this.request = request
  }
}

/** The bucket's place in AWS by the SDK's own rules (partitions, names with dots, addresses from the environment): read off a request that never leaves. */
export async function placeBySdk(makeClient: (requestHandler: Handler) => Promise<S3Client>, bucket: string): Promise<Place> {
  const { HeadObjectCommand } = await import('@aws-sdk/client-s3')
  const metadata = { handlerProtocol: 'http/1.1' }
  const handle = (request: WireRequest) => Promise.reject(new Asked(request))
  const client = await makeClient({ metadata, handle })
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: probe }))
  } catch (error) {
    if (!(error instanceof Asked)) throw error
    const { protocol, hostname, port, path, headers } = error.request
    return { protocol, hostname, host: headers['host'] ?? hostname, path: path.slice(0, -`/${probe}`.length), ...(port ? { port } : {}) }
  }
  throw new Error('the SDK asked nothing')
}

import type { S3Client } from '@aws-sdk/client-s3'
import { type Handler, type Place, placeAt, placeBySdk } from './place.ts'
import type { Signer } from './signature.ts'
import type { Credentials, Target } from './target.ts'
import { type Patience, patience, Wire } from './wire.ts'

/** What requests are made with until the next renewal: one wire, one signature. */
export type Access = {
  readonly wire: Wire
  readonly signer: Signer
  readonly now: () => Date
  readonly placeOf: (bucket: string) => Promise<Place>
  /** The SDK's client over the same wire. Loaded at its first use: it takes longer to load than a small upload. */
  readonly sdk: () => Promise<S3Client>
}

/** One access at a time to a target; a fresh one after new credentials, a corrected clock or a wake from sleep. */
export type Connection = {
  readonly access: () => Promise<Access>
  /** The SDK's client of the access that holds now. */
  readonly client: () => Promise<S3Client>
  /** Asks for new credentials and takes a new access: one refresh for all that ask at once, none for one that was replaced already. */
  readonly renew: (used?: Access) => Promise<void>
  /** Signs from now on by the server's clock. */
  readonly setClock: (server: Date) => Promise<void>
  readonly close: () => void
}

export type ConnectionOptions = { readonly patience?: Patience; readonly now: () => Date }

/** Opens a target. Nothing is sent before the first request. */
export function connect(target: Target, options: ConnectionOptions): Connection {
  let clockOffsetMs = 0
  let current: Promise<Access> | null = null
  let renewing: Promise<void> | null = null
  const fresh = () => {
    const signer = (credentials: Credentials) => ({ credentials, region: target.region, clockOffsetMs })
    const made = target.credentials().then((found) => accessTo(target, signer(found), options))
    // A sign-in that failed must be asked for again, not remembered.
    made.catch(() => {
      if (current === made) current = null
    })
    return made
  }
  const replace = async () => {
    const old = current
    current = fresh()
    // Requests of the old access go to their end: what they carry is not to be sent twice.
    await old?.then(({ wire }) => wire.retire()).catch(() => {})
    await current
  }
  const shared = () => (renewing ??= replace().finally(() => (renewing = null)))
  const access = () => (current ??= fresh())
  return {
    access,
    client: async () => await (await access()).sdk(),
    async renew(used) {
      const known = await current?.catch(() => undefined)
      if (used === undefined || used === known) await shared()
    },
    setClock(server) {
      clockOffsetMs = server.getTime() - options.now().getTime()
      return shared()
    },
    close() {
      void current?.then(({ wire }) => wire.destroy()).catch(() => {})
    },
  }
}

function accessTo(target: Target, signer: Signer, { now, patience: limits = patience }: ConnectionOptions): Access {
  const wire = new Wire(limits)
  const clientOver = (handler: Handler) => clientFor(target, signer, handler)
  let client: Promise<S3Client> | null = null
  const places = new Map<string, Promise<Place>>()
  const find = async (bucket: string) =>
    target.endpoint === undefined ? await placeBySdk(clientOver, bucket) : placeAt(target.endpoint, bucket)
  const placeOf = (bucket: string): Promise<Place> => {
    const place = places.get(bucket) ?? find(bucket)
    places.set(bucket, place)
    return place
  }
  return { wire, signer, now, placeOf, sdk: () => (client ??= clientOver(wire)) }
}

async function clientFor(
  target: Target,
  { credentials: { accessKeyId, secretAccessKey, sessionToken }, clockOffsetMs }: Signer,
  requestHandler: Handler,
): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  return new S3Client({
    region: target.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint, forcePathStyle: true }),
    systemClockOffset: clockOffsetMs,
    requestHandler,
    // Uploads bring their own checksum of every byte; a second one by the SDK would cost as much as the first.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Bodies of 2 MiB and more would each open a new connection (measured: 40 parts, 40 connections).
    expectContinueHeader: false,
    // The SDK's budget for repeats drains after some ten failures; repeats happen in persistence.ts.
    maxAttempts: 1,
  })
}

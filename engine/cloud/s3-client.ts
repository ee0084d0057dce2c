import { S3Client } from '@aws-sdk/client-s3'
import type { Credentials, Target } from './target.ts'
import { type Patience, patience, Wire } from './wire.ts'

/** One client at a time for a target; a fresh one after new credentials, a corrected clock or a wake from sleep. */
export type Connection = {
  readonly client: () => Promise<S3Client>
  /** Asks for new credentials and takes a new client: one refresh for all that ask at once, none for a client that was replaced already. */
  readonly renew: (used?: S3Client) => Promise<void>
  /** Signs from now on by the server's clock. */
  readonly setClock: (server: Date) => Promise<void>
  readonly close: () => void
}

export type ConnectionOptions = { readonly patience?: Patience; readonly now: () => Date }

/** Opens a target. Nothing is sent before the first request. */
export function connect(target: Target, options: ConnectionOptions): Connection {
  let offsetMs = 0
  let current: Promise<S3Client> | null = null
  let renewing: Promise<void> | null = null
  const fresh = () => {
    const made = target.credentials().then((found) => clientFor(target, found, offsetMs, options.patience ?? patience))
    // A sign-in that failed must be asked for again, not remembered.
    made.catch(() => {
      if (current === made) current = null
    })
    return made
  }
  const replace = async () => {
    const old = current
    current = fresh()
    // Requests of the old client go to their end: what they carry is not to be sent twice.
    await old?.then((client) => (client.config.requestHandler as Wire).retire()).catch(() => {})
    await current
  }
  const shared = () => (renewing ??= replace().finally(() => (renewing = null)))
  return {
    client: () => (current ??= fresh()),
    async renew(used) {
      const known = await current?.catch(() => undefined)
      if (used === undefined || used === known) await shared()
    },
    setClock(server) {
      offsetMs = server.getTime() - options.now().getTime()
      return shared()
    },
    close() {
      void current?.then((client) => client.destroy()).catch(() => {})
    },
  }
}

function clientFor(
  target: Target,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  offsetMs: number,
  limits: Patience,
): S3Client {
  return new S3Client({
    region: target.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint, forcePathStyle: true }),
    systemClockOffset: offsetMs,
    requestHandler: new Wire(limits),
    // Uploads bring their own checksum of every byte; a second one by the SDK would cost as much as the first.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Bodies of 2 MiB and more would each open a new connection (measured: 40 parts, 40 connections).
    expectContinueHeader: false,
    // The SDK's budget for repeats drains after some ten failures; repeats happen in retry.ts.
    maxAttempts: 1,
  })
}

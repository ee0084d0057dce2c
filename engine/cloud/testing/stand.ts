import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '../../../core/capture/manifest.ts'
import { bucket as keys } from '../../../core/layout.ts'
import type { TransferEvent } from '../../../core/transfer/events.ts'
import { emptyLedger, type Ledger, record } from '../../../core/transfer/ledger.ts'
import { type Database, openDatabase } from '../../history/database.ts'
import { connect } from '../s3-client.ts'
import { type Store, storeOf } from '../store.ts'
import type { Target } from '../target.ts'
import { uploadFolder, type UploadFolderOptions } from '../upload-folder.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { type Server, startServer, targetOf } from './versitygw.ts'

export const bucketName = 'photos'
const now = () => new Date()

/** A server, the fault proxy before it, and a fresh home: what a transfer test stands on. */
export type Stand = {
  readonly server: Server
  readonly proxy: FaultProxy
  readonly folder: string
  readonly db: Database
  readonly target: Target
  /** Straight to the server, past the proxy. */
  readonly store: Store
  /** Runs a transfer that ends with the stand at the latest: also where its test failed or ran out of time, no thread or socket stays. */
  readonly transfer: (run: (signal: AbortSignal) => AsyncIterable<TransferEvent>, signal?: AbortSignal) => AsyncIterable<TransferEvent>
  readonly close: () => Promise<void>
}

export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-transfer-'))
  const server = await startServer(bucketName)
  const proxy = await startFaultProxy(server.endpoint)
  const { db } = openDatabase(join(folder, 'home'), now)
  const closing = new AbortController()
  const under = new Set<Promise<void>>()
  const direct = connect(targetOf(server.endpoint, bucketName), { now })
  return {
    server,
    proxy,
    folder,
    db,
    target: targetOf(proxy.endpoint, bucketName),
    store: storeOf(await direct.access(), bucketName, new AbortController().signal),
    async *transfer(run, signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      under.add(promise)
      try {
        yield* run(AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]))
      } finally {
        under.delete(promise)
        resolve()
      }
    },
    async close() {
      closing.abort()
      try {
        await Promise.all(under)
        direct.close()
        db.close()
        await proxy.close()
      } finally {
        await server.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

export type Told = { readonly events: readonly TransferEvent[]; readonly ledger: Ledger }

/** Reads a transfer to its end; `hear` is called with each event before the next is read. */
export async function told(
  events: AsyncIterable<TransferEvent>,
  hear: (event: TransferEvent, ledger: Ledger) => unknown = () => {},
): Promise<Told> {
  const all: TransferEvent[] = []
  let ledger = emptyLedger
  for await (const event of events) {
    all.push(event)
    ledger = record(ledger, event)
    await hear(event, ledger)
  }
  return { events: all, ledger }
}

/** Uploads a capture over the stand with quick patience. */
export function send(
  stand: Stand,
  manifest: Manifest,
  over: Partial<UploadFolderOptions> & { target?: Target; signal?: AbortSignal; folder?: string } = {},
): AsyncIterable<TransferEvent> {
  const { target = stand.target, signal, folder = manifest.folder, ...options } = over
  return stand.transfer((either) => uploadFolder(manifest, folder, target, { db: stand.db, now, ...options }, either), signal)
}

/** Unfinished multiparts of a capture's keys. */
export async function orphansOf(stand: Stand, manifest: Manifest): Promise<number> {
  let count = 0
  for (const photo of manifest.photos) count += (await stand.store.uploadsOf(keys.photo('acme', photo.object))).length
  return count
}

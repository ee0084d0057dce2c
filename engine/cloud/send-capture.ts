import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest, ManifestPhoto } from '../../core/capture/manifest.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import type { BandwidthLimit } from '../../core/transfer/bandwidth.ts'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { emptyLedger, type Ledger, record } from '../../core/transfer/ledger.ts'
import { convertedLock } from '../cache/cache.ts'
import { shareLock } from '../cache/shared-lock.ts'
import type { Database } from '../history/database.ts'
import type { DeskState, TransferStore } from '../history/transfers.ts'
import type { Host } from '../host.ts'
import { takeLock } from '../lock.ts'
import { cancelled, closing } from './ending.ts'
import type { PauseSwitch } from './pause.ts'
import { sealCapture } from './seal-capture.ts'
import { signedTarget } from './sign-in.ts'
import { transferIdOf } from './transfer-id.ts'
import { uploadFolder } from './upload-folder.ts'
import type { UploadTools } from './upload-tools.ts'

export type SendParts = {
  readonly host: Host
  readonly db: Database
  readonly store: TransferStore
  readonly freeze: (captureId: string) => Promise<Manifest>
  readonly limit: () => BandwidthLimit | null
}

/** What was told, and the sums after it. */
export type Sent = { readonly event: TransferEvent; readonly ledger: Ledger }

// What a killed process had counted since is counted anew from the receipts; this is only how old the shown sums can be.
const noteMs = 500

/** Brings a capture's photos to a target and then its manifest, once at a time over all processes of this home, and keeps its sums. Throws ProblemError before the first event. */
export async function* sendCapture(
  parts: SendParts,
  captureId: string,
  target: CloudTarget,
  pause: PauseSwitch,
  signal: AbortSignal,
): AsyncGenerator<Sent> {
  const { host, store, db } = parts
  const transferId = transferIdOf(captureId, target.name)
  const sources = shareLock(host.home, convertedLock)
  const lock = takeLock(host.home, `transfer-${transferId}`)
  if (lock === null) {
    sources.release()
    throw new ProblemError(
      problem('upload/busy', 'Another window or command sends these photos already.', 'Follow it there, or end it there first.'),
    )
  }
  try {
    const manifest = await parts.freeze(captureId)
    let ledger = carriedOver(store.get(transferId)?.ledger)
    store.begin({ transferId, captureId, target: target.name, startedAt: host.now().toISOString(), state: 'going', ledger: bare(ledger) })
    const sourceOf = sourceIn(host, manifest)
    const seal = (tools: UploadTools, both: AbortSignal) => sealCapture(manifest, sourceOf, target.tenant, tools, both)
    const options = { db, now: host.now, pause, limit: parts.limit, sourceOf, seal }
    let notedMs = 0
    for await (const event of uploadFolder(manifest, manifest.folder, signedTarget(target, store), options, signal)) {
      ledger = record(ledger, event)
      const state = stateAfter(event, signal, pause)
      if (state !== 'going' || event.kind === 'planned' || event.atMs - notedMs >= noteMs) {
        notedMs = event.atMs
        store.note(transferId, state, bare(ledger))
      }
      yield { event, ledger }
    }
  } finally {
    sources.release()
    lock.release()
  }
}

function stateAfter(event: TransferEvent, signal: AbortSignal, pause: PauseSwitch): DeskState {
  if (event.kind === 'done' || event.kind === 'failed') return event.kind
  if (event.kind === 'stopped' && signal.reason === cancelled) return 'cancelled'
  if (event.kind === 'stopped' && signal.reason !== closing) return 'paused'
  return pause.heldBy === 'user' ? 'paused' : 'going'
}

/** A transfer that goes on starts its counts anew, but for the bytes that left: those stay left. */
function carriedOver(before: Ledger | undefined): Ledger {
  if (before === undefined || before.state === 'done') return emptyLedger
  const { moved, twice } = before.bytes
  return { ...emptyLedger, bytes: { ...emptyLedger.bytes, moved, twice } }
}

const bare = (ledger: Ledger): Ledger => ({ ...ledger, samples: [] })

/** A photo that COLMAP cannot read was converted when it was frozen: that JPEG is sent, by its own size. */
function sourceIn(host: Host, manifest: Manifest) {
  return (photo: ManifestPhoto) => {
    const derived = join(host.home, 'cache', 'derived', photo.object)
    const facts = statSync(derived, { throwIfNoEntry: false })
    return facts ? { path: derived, sizeBytes: facts.size } : { path: join(manifest.folder, photo.file), sizeBytes: photo.sizeBytes }
  }
}

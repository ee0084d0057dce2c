import { partRange } from '../../core/transfer/plan.ts'
import type { PartReceipt, UploadReceipt } from './receipts.ts'
import { troubleOf } from './s3-trouble.ts'
import type { HeldPart, Store } from './store.ts'
import type { UploadItem, UploadTools } from './upload-tools.ts'

// Servers refuse requests whose clock differs by more than this, so theirs cannot be further from ours.
const clockToleranceMs = 15 * 60_000

/** The receipt to go on with, its parts brought into line with what the server holds; null where the upload must start anew. */
export async function resumeParts(item: UploadItem, tools: UploadTools, signal: AbortSignal): Promise<UploadReceipt | null> {
  const { receipts, persist } = tools
  const receipt = receipts.find(item.key)
  if (receipt === null || receipt.state === 'done' || receipt.state === 'sending') return null
  if (receipt.uploadId === null || receipt.sizeBytes !== item.sizeBytes) {
    await persist(item.file, signal, (store) => reap(store, receipt, tools))
    return null
  }
  const uploadId = receipt.uploadId
  const held = await persist(item.file, signal, (store) => partsOrNull(store, item.key, uploadId))
  if (held === null) {
    receipts.forget(item.key)
    return null
  }
  reconcile(item, receipt, held, tools)
  return receipts.find(item.key)
}

/** Frees what an upload left on the server. Killed between Create and its receipt: found by its key, and known as ours by having no part. */
export async function reap(store: Store, receipt: UploadReceipt, { receipts, news }: UploadTools): Promise<void> {
  const ids = receipt.uploadId === null ? await emptyUploads(store, receipt) : [receipt.uploadId]
  let uploads = 0
  for (const uploadId of ids) if (await store.abort(receipt.key, uploadId)) uploads++
  receipts.forget(receipt.key)
  if (uploads > 0) news.tell({ kind: 'reaped', key: receipt.key, uploads })
}

async function emptyUploads(store: Store, receipt: UploadReceipt): Promise<string[]> {
  const since = Date.parse(receipt.updatedAt) - clockToleranceMs
  const candidates = (await store.uploadsOf(receipt.key)).filter((one) => one.initiated === undefined || one.initiated.getTime() >= since)
  const empty: string[] = []
  for (const { uploadId } of candidates) {
    const held = await partsOrNull(store, receipt.key, uploadId)
    if (held?.length === 0) empty.push(uploadId)
  }
  return empty
}

async function partsOrNull(store: Store, key: string, uploadId: string): Promise<HeldPart[] | null> {
  try {
    return await store.parts(key, uploadId)
  } catch (error) {
    if (troubleOf(error) === 'absent') return null
    throw error
  }
}

/** The server is the authority: what it holds and the receipts agree with is kept, what it does not hold is forgotten. */
function reconcile(item: UploadItem, receipt: UploadReceipt, held: readonly HeldPart[], { receipts, news }: UploadTools): void {
  const partBytes = receipt.partBytes as number
  const byNumber = new Map(held.map((one) => [one.number, one]))
  let parts = 0
  let bytes = 0
  for (const known of receipts.parts(item.key)) {
    const there = byNumber.get(known.number)
    const same =
      there !== undefined && there.crc64 === known.crc64 && there.sizeBytes === partRange(item.sizeBytes, partBytes, known.number).sizeBytes
    if (same && !known.etag) [parts, bytes] = [parts + 1, bytes + known.sizeBytes]
    if (!same && known.etag === '') news.tell({ kind: 'again', file: item.file, bytes: known.sizeBytes })
    const now: PartReceipt = { ...known, etag: same ? there.etag : null }
    if (now.etag !== known.etag) receipts.partDone(item.key, now)
  }
  if (parts > 0) news.tell({ kind: 'adopted', file: item.file, parts, bytes })
}

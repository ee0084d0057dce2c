import { ProblemError, problemOf } from '../../core/problem.ts'
import { combineAll } from '../../core/transfer/crc64.ts'
import { planObject } from '../../core/transfer/plan.ts'
import { type FileIdentity, identityOf, identityText } from './file-identity.ts'
import { resumeParts } from './resume-parts.ts'
import type { UploadReceipt } from './receipts.ts'
import { troubleOf } from './s3-trouble.ts'
import { sendParts } from './send-parts.ts'
import type { Store } from './store.ts'
import { transferProblem } from './transfer-problem.ts'
import { agrees, Changed, reading, type UploadItem, type UploadTools } from './upload-tools.ts'

/** Sends a large file in parts, going on where an earlier process was, and proves it. `replaces`: the ETag of a broken object in its place. */
export async function uploadParts(item: UploadItem, replaces: string | null, tools: UploadTools, signal: AbortSignal): Promise<void> {
  const identity = await reading(item, identityOf(item.path))
  if (identity.sizeBytes !== item.sizeBytes) throw new Changed(item)
  const receipt = (await resumeParts(item, tools, signal)) ?? (await begin(item, identityText(identity), tools, signal))
  try {
    await sendParts(item, receipt, identity, tools, signal)
    await complete(item, receipt, identity, replaces, tools, signal)
  } catch (error) {
    // Bytes that are not the key's must not stay behind as parts that are billed.
    if (error instanceof Changed) await abandon(item, receipt, tools, signal)
    throw error
  }
}

async function begin(
  item: UploadItem,
  identity: string,
  { receipts, line, persist }: UploadTools,
  signal: AbortSignal,
): Promise<UploadReceipt> {
  const plan = planObject(item.sizeBytes, line.rate())
  if (!('kind' in plan)) throw new ProblemError(plan)
  const partBytes = plan.kind === 'put' ? item.sizeBytes : plan.partBytes
  receipts.creating(item.key, item.sizeBytes, partBytes, identity)
  const uploadId = await persist(item.file, signal, (store) => store.create(item.key))
  receipts.created(item.key, uploadId)
  return receipts.find(item.key) as UploadReceipt
}

/** Completes with the whole's checksum, which the server compares with its own; a HEAD then proves what is there. */
async function complete(
  item: UploadItem,
  receipt: UploadReceipt,
  identity: FileIdentity,
  replaces: string | null,
  tools: UploadTools,
  signal: AbortSignal,
): Promise<void> {
  const { receipts, persist } = tools
  const uploadId = receipt.uploadId as string
  const parts = receipts.parts(item.key)
  const crc64 = combineAll(parts)
  await assertUnchanged(item, tools)
  receipts.completing(item.key, crc64)
  const etag = await persist(item.file, signal, async (store) => {
    await completeOnce(store, item, uploadId, parts, crc64, replaces)
    const found = await store.head(item.key)
    if (found && agrees(found, item.sizeBytes, crc64)) return found.etag ?? null
    throw new ProblemError(transferProblem(found ? 'spoilt' : 'absent', item.file))
  })
  receipts.done(item.key, item.sizeBytes, crc64, etag, { file: identity, hash: { sha256: item.sha256, crc64 } })
}

async function completeOnce(
  store: Store,
  item: UploadItem,
  uploadId: string,
  parts: Parameters<Store['complete']>[2],
  crc64: bigint,
  replaces: string | null,
): Promise<void> {
  try {
    await store.complete(item.key, uploadId, parts, { crc64, sizeBytes: item.sizeBytes }, replaces)
  } catch (error) {
    const trouble = troubleOf(error)
    // Complete happened and its answer was lost: HEAD decides.
    if (trouble === 'absent') return
    if (trouble !== 'precondition') throw error
    // Another machine of this tenant was first: ours is not needed any more.
    await store.abort(item.key, uploadId)
  }
}

async function assertUnchanged(item: UploadItem, { receipts }: UploadTools): Promise<void> {
  const now = await reading(item, identityOf(item.path))
  if (identityText(now) !== receipts.find(item.key)?.identity) throw new Changed(item)
}

async function abandon(item: UploadItem, receipt: UploadReceipt, { persist, receipts }: UploadTools, signal: AbortSignal): Promise<void> {
  try {
    await persist(item.file, signal, (store) => store.abort(item.key, receipt.uploadId as string))
    receipts.forget(item.key)
  } catch (error) {
    // The receipt stays: the next start reaps it.
    if (!problemOf(error)) throw error
  }
}

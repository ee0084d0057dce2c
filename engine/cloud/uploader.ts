import { type Problem, ProblemError, problemOf } from '../../core/problem.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { multipartFromBytes } from '../../core/transfer/plan.ts'
import { identityOf } from './file-identity.ts'
import { fileReceipts } from './file-receipts.ts'
import { Gate } from './gate.ts'
import { listPresence, type Presence } from './presence.ts'
import { type UploadReceipt, uploadReceipts } from './receipts.ts'
import { reap } from './resume-parts.ts'
import type { Found, Listed } from './store.ts'
import { type Target, targetName } from './target.ts'
import { layDown, type TransferPlan } from './transfer-plan.ts'
import { transferProblem } from './transfer-problem.ts'
import { type TransferOptions, transferring } from './transferring.ts'
import { uploadParts } from './upload-parts.ts'
import { agrees, Changed, crcOfFile, reading, type UploadItem, type UploadTools } from './upload-tools.ts'
import { uploadWhole } from './upload-whole.ts'

export type UploadOptions = TransferOptions & {
  /** The same for every attempt at the same set of files: the plan is kept under it. */
  readonly transferId: string
  /** Done once every item is proven, and only then, before the upload counts as done. Gives the key of what it wrote. */
  readonly seal?: (tools: UploadTools, signal: AbortSignal) => Promise<string>
}

// Objects asked about ahead of the sending: hides the round trips, and stays small where 10,000 are planned.
const askedAhead = 64
// Large files at once: their parts share the lanes; a second one fills them while the first is being completed.
const largeAtOnce = 2

/**
 * Brings every item into the bucket, proven by size and checksum, sending nothing that is there. Events in order; the last is done, failed or
 * stopped. Aborting stops at once and leaves all resumable.
 */
export async function* upload(
  items: Iterable<UploadItem>,
  target: Target,
  options: UploadOptions,
  signal: AbortSignal,
): AsyncGenerator<TransferEvent> {
  const { db, now } = options
  yield* transferring(target, options, signal, async (shared, both) => {
    const tools: UploadTools = { ...shared, receipts: uploadReceipts(db, targetName(target), now), files: fileReceipts(db) }
    await run(items, target, options, tools, both)
  })
}

async function run(
  items: Iterable<UploadItem>,
  target: Target,
  options: UploadOptions,
  tools: UploadTools,
  signal: AbortSignal,
): Promise<void> {
  const plan = layDown(options.db, options.transferId, targetName(target), items, options.now)
  tools.news.tell({ kind: 'planned', files: plan.files, bytes: plan.bytes })
  await reapAbandoned(tools, signal)
  const problem = await settleAll(plan, await listPresence(plan, tools, signal), tools, signal)
  if (problem) throw new ProblemError(problem)
  const manifest = await options.seal?.(tools, signal)
  plan.end()
  tools.news.tell({ kind: 'done', ...(manifest === undefined ? {} : { manifest }) })
}

/** Uploads that an earlier plan began and none wants any more. */
async function reapAbandoned(tools: UploadTools, signal: AbortSignal): Promise<void> {
  for (const receipt of tools.receipts.abandoned()) await tools.persist(receipt.key, signal, (store) => reap(store, receipt, tools))
}

/** Settles every item; a file's own trouble is remembered and the others go on. Returns the first. */
async function settleAll(plan: TransferPlan, presence: Presence, tools: UploadTools, signal: AbortSignal): Promise<Problem | null> {
  const ahead = new Gate(askedAhead)
  const large = new Gate(largeAtOnce)
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const under = new Set<Promise<void>>()
  const known = { presence, startedAt: plan.startedAt }
  let first: Problem | null = null
  try {
    for (const item of plan.items()) {
      const leave = await ahead.enter(either)
      const end: Promise<void> = settle(item, known, large, tools, either)
        .catch((error: unknown) => {
          const problem = problemOf(error)
          if (!problem || !isOfFile(problem)) return failed.abort(error)
          first ??= problem
          tools.news.tell({ kind: 'file-failed', file: item.file, problem })
        })
        .finally(() => {
          leave()
          under.delete(end)
        })
      under.add(end)
    }
    await Promise.all(under)
    either.throwIfAborted()
    return first
  } finally {
    failed.abort()
    await Promise.all(under)
  }
}

/** What is known of the bucket, and since when this transfer has been sending. */
type Known = { readonly presence: Presence; readonly startedAt: string }

// What is wrong with one file says nothing of the others; everything else stops the transfer.
function isOfFile(problem: Problem): boolean {
  return ['upload/changed', 'upload/too-large', 'upload/spoilt', 'file/unreadable', 'intake/disk-gone'].includes(problem.code)
}

async function settle(item: UploadItem, known: Known, large: Gate, tools: UploadTools, signal: AbortSignal): Promise<void> {
  try {
    await settleOnce(item, known, large, tools, signal)
  } catch (error) {
    if (!(error instanceof Changed)) throw error
    // A file that was still being copied when it was read is whole a moment later: from the start, once.
    tools.news.tell({ kind: 'restarted', file: item.file, problem: error.problem })
    await settleOnce(item, known, large, tools, signal)
  }
}

async function settleOnce(item: UploadItem, known: Known, large: Gate, tools: UploadTools, signal: AbortSignal): Promise<void> {
  const listed = known.presence.of(item.key)
  const verified = (there: boolean) => tools.news.tell({ kind: 'verified', file: item.file, key: item.key, bytes: item.sizeBytes, there })
  const ours = tools.receipts.find(item.key)
  const isThere = ours === null || (ours.state === 'done' && !(ours.sentAt !== null && ours.sentAt > known.startedAt))
  if (ours && typeof listed === 'object' && (await isProvenBefore(item, listed, ours, tools))) return verified(isThere)
  const found = listed === 'absent' ? null : await ask(item, tools, signal)
  if (found && (await isProven(item, found, tools))) {
    // Parts of ours that are not needed any more: another machine was faster, or Complete happened and its answer was lost.
    if (ours && isMultipart(ours)) await tools.persist(item.file, signal, (store) => reap(store, ours, tools))
    // Killed between the server's yes and its receipt: it is there, and this transfer put it there. So it did before it was interrupted.
    if (ours !== null && ours.state !== 'done')
      tools.receipts.done(item.key, item.sizeBytes, found.crc64 as bigint, found.etag ?? null, null)
    else tools.receipts.found(item.key, item.sizeBytes, found.crc64 as bigint, found.etag ?? null)
    return verified(isThere)
  }
  const replaces = found?.etag ?? null
  if (found) tools.news.tell({ kind: 'restarted', file: item.file, problem: transferProblem('spoilt', item.file) })
  if (item.sizeBytes < multipartFromBytes) await uploadWhole(item, replaces, tools, signal)
  else await alone(large, signal, () => uploadParts(item, replaces, tools, signal))
  verified(false)
}

const isMultipart = ({ state }: UploadReceipt) => state === 'creating' || state === 'uploading' || state === 'completing'

async function ask(item: UploadItem, { line, persist }: UploadTools, signal: AbortSignal): Promise<Found | null> {
  const leave = await line.questions.enter(signal)
  try {
    return await persist(item.file, signal, async (store) => {
      const askedMs = performance.now()
      const found = await store.head(item.key)
      line.answered(performance.now() - askedMs)
      return found
    })
  } finally {
    leave()
  }
}

/** The listed object is, by its ETag and size, the one that was proven by its checksum before, and that is still the file's. */
async function isProvenBefore(item: UploadItem, listed: Listed, ours: UploadReceipt, tools: UploadTools): Promise<boolean> {
  if (ours.state !== 'done' || ours.etag === null || ours.etag !== listed.etag || listed.sizeBytes !== item.sizeBytes) return false
  return (await crcOfFile(item, await reading(item, identityOf(item.path)), tools)) === ours.crc64
}

async function isProven(item: UploadItem, found: Found, tools: UploadTools): Promise<boolean> {
  if (found.sizeBytes !== item.sizeBytes || found.crc64 === undefined) return false
  const identity = await reading(item, identityOf(item.path))
  return agrees(found, item.sizeBytes, await crcOfFile(item, identity, tools))
}

async function alone<T>(gate: Gate, signal: AbortSignal, deed: () => Promise<T>): Promise<T> {
  const leave = await gate.enter(signal)
  try {
    return await deed()
  } finally {
    leave()
  }
}

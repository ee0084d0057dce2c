import { ProblemError } from '../../core/problem.ts'
import type { PieceHash } from './hash-job.ts'
import { troubleOf } from './s3-trouble.ts'
import type { Sealed, Store } from './store.ts'
import { transferProblem } from './transfer-problem.ts'
import { agrees, Changed, leaving, reading, type UploadItem, type UploadTools } from './upload-tools.ts'
import { hooks } from './wire.ts'

/** Sends a photo in one request and proves it. `replaces`: the ETag of a broken object in its place. */
export async function uploadWhole(item: UploadItem, replaces: string | null, tools: UploadTools, signal: AbortSignal): Promise<void> {
  const { line, receipts, news } = tools
  // The lane first, everywhere: who holds memory and waits for a lane could block those who hold the lanes.
  const leave = await line.lanes.enter(signal)
  try {
    const loan = await line.memory.borrow(item.sizeBytes)
    try {
      const { sealed, hash } = await seal(item, loan.bytes, tools.hasher)
      // Killed while sending, and the question before this showed that nothing arrived: those bytes leave a second time.
      const before = receipts.find(item.key)
      if (before?.state === 'sending') news.tell({ kind: 'again', file: item.file, bytes: item.sizeBytes })
      const etag = await leaving(item.file, item.sizeBytes, news, (count) =>
        tools.persist(item.file, signal, async (store) => {
          const place = await line.body(item.sizeBytes, signal)
          let arrived = false
          receipts.sending(item.key, item.sizeBytes, sealed.crc64)
          try {
            const etag = await hooks.run(place.hooks, () => putProven(store, item, sealed, replaces))
            arrived = true
            return etag
          } finally {
            place.done(arrived)
            count(place.moved())
          }
        }),
      )
      receipts.done(item.key, item.sizeBytes, sealed.crc64, etag, hash.isSteady ? { file: hash.identity, hash } : null)
      line.proven(item.sizeBytes)
    } finally {
      loan.giveBack()
    }
  } finally {
    leave()
  }
}

/** Reads the file once and hashes it; the bytes must be those of the key. */
async function seal(item: UploadItem, bytes: Uint8Array, hasher: UploadTools['hasher']): Promise<{ sealed: Sealed; hash: PieceHash }> {
  const job = { kind: 'piece', path: item.path, offset: 0, bytes, chain: null } as const
  const hash = await reading(item, hasher.run(job))
  if (hash.sha256 !== item.sha256 || hash.identity.sizeBytes !== item.sizeBytes) throw new Changed(item)
  return { sealed: { bytes, sha256: hash.sha256, crc64: hash.crc64 }, hash }
}

/** One attempt. The server's own checksum in its answer is the proof; where it gives none, a HEAD is. */
export async function putProven(
  store: Store,
  item: Pick<UploadItem, 'file' | 'key' | 'sizeBytes'>,
  sealed: Sealed,
  replaces: string | null,
): Promise<string | null> {
  try {
    const put = await store.put(item.key, sealed, replaces)
    if (put.crc64 === sealed.crc64) return put.etag ?? null
  } catch (error) {
    // Somebody, or an attempt of ours whose answer was lost, has put it there: then it must be these bytes.
    if (!['precondition', 'conflict'].includes(troubleOf(error))) throw error
    const found = await store.head(item.key)
    if (found && agrees(found, item.sizeBytes, sealed.crc64)) return found.etag ?? null
    throw error
  }
  const found = await store.head(item.key)
  if (found && agrees(found, item.sizeBytes, sealed.crc64)) return found.etag ?? null
  throw new ProblemError(transferProblem('spoilt', item.file))
}

import { stat } from 'node:fs/promises'
import { type Problem, problem, ProblemError, problemOf } from '../../core/problem.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { firstDownloadPace } from '../../core/transfer/pacing.ts'
import { downloadReceipts } from './download-receipts.ts'
import { Gate } from './gate.ts'
import { type DownloadItem, type DownloadTools, receiveFile, Replaced } from './receive-file.ts'
import type { Found } from './store.ts'
import { type Target, targetName } from './target.ts'
import { type TransferOptions, transferring } from './transferring.ts'

// Files under way at once; their ranges share the lanes.
const filesAtOnce = 8
// An object that is replaced each time it is fetched is being written right now: say so instead of racing it.
const mostRestarts = 3

/** Brings every object to its place on this disk, proven; what came before a kill does not come again. The last event is done, failed or stopped. */
export function download(
  items: readonly DownloadItem[],
  target: Target,
  options: TransferOptions,
  signal: AbortSignal,
): AsyncGenerator<TransferEvent> {
  return downloading(target, options, signal, (tools, both) => bringAll(items, tools, both))
}

/** Runs `work` with what a download needs. */
export function downloading(
  target: Target,
  options: TransferOptions,
  signal: AbortSignal,
  work: (tools: DownloadTools, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<TransferEvent> {
  // Writing is what takes longest: a second thread writes while the first one waits for the disk.
  return transferring(target, { threads: 2, firstPace: firstDownloadPace, ...options }, signal, (shared, both) =>
    work({ ...shared, receipts: downloadReceipts(options.db, targetName(target), options.now) }, both),
  )
}

/** Looks at every object, then brings them; throws the first Problem once the others have come. */
export async function bringAll(items: readonly DownloadItem[], tools: DownloadTools, signal: AbortSignal): Promise<void> {
  const found = await Promise.all(items.map((item) => look(item, tools, signal)))
  tools.news.tell({ kind: 'planned', files: items.length, bytes: found.reduce((bytes, one) => bytes + one.sizeBytes, 0) })
  const failed = await receiveAll(items, found, tools, signal)
  if (failed) throw new ProblemError(failed)
  tools.news.tell({ kind: 'done' })
}

async function receiveAll(
  items: readonly DownloadItem[],
  found: readonly Found[],
  tools: DownloadTools,
  signal: AbortSignal,
): Promise<Problem | null> {
  const gate = new Gate(filesAtOnce)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let first: Problem | null = null
  const one = async (item: DownloadItem, object: Found) => {
    const leave = await gate.enter(either)
    try {
      await receive(item, object, tools, either)
    } catch (error) {
      const trouble = problemOf(error)
      // What is wrong with one object says nothing of the others.
      if (!trouble || !['download/replaced', 'upload/spoilt'].includes(trouble.code)) return stop.abort(error)
      first ??= trouble
      tools.news.tell({ kind: 'file-failed', file: item.file, problem: trouble })
    } finally {
      leave()
    }
  }
  await Promise.allSettled(items.map((item, at) => one(item, found[at] as Found)))
  either.throwIfAborted()
  return first
}

async function receive(item: DownloadItem, object: Found, tools: DownloadTools, signal: AbortSignal): Promise<void> {
  const verified = (bytes: number, there: boolean) => tools.news.tell({ kind: 'verified', file: item.file, key: item.key, bytes, there })
  if (await isThere(item, object, tools)) return verified(object.sizeBytes, true)
  for (let restarts = 0, now = object; ; restarts++) {
    try {
      await receiveFile(item, now, tools, signal)
      return verified(now.sizeBytes, false)
    } catch (error) {
      if (!(error instanceof Replaced) || restarts >= mostRestarts) throw error
      tools.news.tell({ kind: 'restarted', file: item.file, problem: error.problem })
      now = await look(item, tools, signal)
    }
  }
}

async function isThere(item: DownloadItem, object: Found, { receipts }: DownloadTools): Promise<boolean> {
  const known = receipts.find(item.path)
  if (known?.state !== 'done' || known.etag !== object.etag || known.key !== item.key) return false
  return await stat(item.path).then(
    (facts) => facts.size === object.sizeBytes,
    () => false,
  )
}

async function look(item: DownloadItem, { line, persist }: DownloadTools, signal: AbortSignal): Promise<Found> {
  const leave = await line.questions.enter(signal)
  try {
    const found = await persist(item.file, signal, (store) => store.head(item.key))
    if (found) return found
    throw new ProblemError(
      problem('download/absent', `${item.file} is not in the bucket.`, 'Look whether the run wrote it, or fetch another run.'),
    )
  } finally {
    leave()
  }
}

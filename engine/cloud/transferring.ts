import { availableParallelism } from 'node:os'
import { problemOf } from '../../core/problem.ts'
import type { BandwidthLimit } from '../../core/transfer/bandwidth.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import type { Pace } from '../../core/transfer/pacing.ts'
import type { Database } from '../history/database.ts'
import { type Hasher, openHasher } from './hasher.ts'
import { Line } from './line.ts'
import { News } from './news.ts'
import { PauseSwitch } from './pause.ts'
import { type Persistence, persistenceOf } from './persistence.ts'
import { connect } from './s3-client.ts'
import type { Target } from './target.ts'
import type { Patience } from './wire.ts'

export type TransferOptions = {
  readonly db: Database
  readonly now: () => Date
  readonly pause?: PauseSwitch
  /** A function is asked for each body: a limit that changes holds from the next one. */
  readonly limit?: BandwidthLimit | null | (() => BandwidthLimit | null)
  /** Worker threads that read, write and hash; default: one, two from four processors. */
  readonly threads?: number
  readonly firstPace?: Pace
  readonly patience?: Patience
  readonly random?: () => number
}

/** What uploads and downloads share. */
export type SharedTools = Persistence & { readonly hasher: Hasher; readonly line: Line; readonly news: News }

/** Runs `work` with everything that a transfer needs, gives its news in order, and ends with done, failed or stopped. */
export async function* transferring(
  target: Target,
  options: TransferOptions,
  signal: AbortSignal,
  work: (tools: SharedTools, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<TransferEvent> {
  const news = new News(options.now)
  const stop = new AbortController()
  const pause = options.pause ?? new PauseSwitch()
  const undo = pause.listen((by) => news.tell(by === null ? { kind: 'going-on' } : { kind: 'held', by }))
  if (pause.heldBy !== null) news.tell({ kind: 'held', by: pause.heldBy })
  const connection = connect(target, options)
  const { limit = null } = options
  const line = new Line(news, options.now, typeof limit === 'function' ? limit : () => limit, options.firstPace)
  const hasher = openHasher(options.threads ?? (availableParallelism() >= 4 ? 2 : 1))
  const { persist } = persistenceOf({ connection, bucket: target.bucket, line, news, pause, random: options.random ?? Math.random })
  const working = work({ persist, hasher, line, news }, AbortSignal.any([signal, stop.signal]))
    .catch((error: unknown) => {
      const problem = problemOf(error)
      if (signal.aborted) news.tell({ kind: 'stopped' })
      else if (problem) news.tell({ kind: 'failed', problem })
      else throw error
    })
    .finally(() => news.end())
  // A surprise is thrown to the reader once it has read what led to it.
  working.catch(() => {})
  try {
    yield* news.read()
    await working
  } finally {
    stop.abort()
    undo()
    await working.catch(() => {})
    connection.close()
    await hasher.close()
  }
}

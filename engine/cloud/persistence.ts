import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError, problemOf } from '../../core/problem.ts'
import { backoffMs, mostAttempts, offlineWaitMs } from '../../core/transfer/backoff.ts'
import type { Line } from './line.ts'
import type { News } from './news.ts'
import type { PauseSwitch } from './pause.ts'
import type { Access, Connection } from './s3-client.ts'
import { serverClock, type Trouble, troubleOf } from './s3-trouble.ts'
import { type Store, storeOf } from './store.ts'
import { transferProblem } from './transfer-problem.ts'

export type Persistence = {
  /** Does the deed until it succeeds or only a person can help. `absent`, `precondition` and surprises are the caller's. */
  readonly persist: <T>(file: string, signal: AbortSignal, deed: (store: Store) => Promise<T>) => Promise<T>
}

type Tools = {
  readonly connection: Connection
  readonly bucket: string
  readonly line: Line
  readonly news: News
  readonly pause: PauseSwitch
  readonly random: () => number
}

/** Repeats that outlive the SDK's: offline costs no attempt, a wrong clock and an old sign-in are mended once, throttling is waited out. */
export function persistenceOf(tools: Tools): Persistence {
  const { connection, bucket, line, news, pause } = tools
  const network = networkState(news)
  const persist = async <T>(file: string, signal: AbortSignal, deed: (store: Store) => Promise<T>): Promise<T> => {
    const mended = new Set<Trouble>()
    for (let attempt = 1, looks = 0; ;) {
      await pause.passed(signal)
      let access: Access | undefined
      try {
        access = await connection.access()
        const result = await deed(storeOf(access, bucket, signal))
        network.isBack()
        return result
      } catch (error) {
        signal.throwIfAborted()
        if (problemOf(error)) throw error
        const trouble = troubleOf(error)
        if (trouble === 'offline') {
          network.isGone()
          await sleep(offlineWaitMs(looks++, tools.random()), undefined, { signal })
          continue
        }
        if (isAnswer(trouble)) network.isBack()
        if (!isOurs(trouble)) throw error
        if (mendable(trouble) && !mended.has(trouble)) {
          mended.add(trouble)
          await mend(trouble, error, connection, access)
          continue
        }
        line.troubled()
        if (mendable(trouble) || !isPassing(trouble) || attempt >= mostAttempts)
          throw new ProblemError(transferProblem(trouble, file), { cause: error })
        const waitMs = backoffMs(attempt, tools.random())
        news.tell({ kind: 'retry', file, attempt: attempt++, waitMs, problem: transferProblem(trouble, file) })
        await sleep(waitMs, undefined, { signal })
      }
    }
  }
  return { persist }
}

function networkState(news: News) {
  let gone = false
  return {
    isGone: () => {
      if (!gone) news.tell({ kind: 'held', by: 'offline' })
      gone = true
    },
    isBack: () => {
      if (gone) news.tell({ kind: 'going-on' })
      gone = false
    },
  }
}

async function mend(trouble: Trouble, error: unknown, connection: Connection, used: Access | undefined): Promise<void> {
  const server = trouble === 'skewed' ? serverClock(error) : null
  if (server) return await connection.setClock(server)
  await connection.renew(used)
}

// A conflict (409) is two writers at the same moment, spoilt bytes are a fault on the way: both deserve another try.
const isPassing = (trouble: Trouble) => trouble === 'passing' || trouble === 'slow-down' || trouble === 'conflict' || trouble === 'spoilt'
const mendable = (trouble: Trouble) => trouble === 'expired' || trouble === 'skewed'
const isOurs = (trouble: Trouble) => isPassing(trouble) || mendable(trouble) || trouble === 'denied' || trouble === 'no-bucket'
const isAnswer = (trouble: Trouble) => trouble !== 'passing' && trouble !== 'aborted' && trouble !== 'surprise'

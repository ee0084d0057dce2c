import { setTimeout as sleep } from 'node:timers/promises'
import type { JobState } from '../../../core/cloud/api.ts'
import { newsOf, type Seen, seenOf } from '../../../core/cloud/follow.ts'
import { type Problem, problem, ProblemError, problemOf } from '../../../core/problem.ts'
import type { RunEvent, StageName } from '../../../core/run/events.ts'
import type { StageLine } from '../../../core/run/stage-line.ts'
import type { TransferEvent } from '../../../core/transfer/events.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { RunOrder } from '../../run/runner.ts'
import { type ApiClient, PassingTrouble } from '../account/api-client.ts'

/** What a run asks of its account. */
export type AccountLine = {
  readonly api: ApiClient
  /** The lines of a stage that came since the last call; one request. */
  readonly linesOf: (state: JobState) => (stage: StageName, signal: AbortSignal) => Promise<readonly StageLine[]>
  readonly close: () => void
}

/** A clock that only goes forward, and its waiting: tests bring their own. */
export type Ticker = { readonly nowMs: () => number; readonly wait: (ms: number, signal: AbortSignal) => Promise<void> }

export type CloudRunParts = {
  /** Throws ProblemError where no account of that name is set up for runs. */
  readonly targetOf: (name: string) => CloudTarget
  readonly open: (target: CloudTarget) => AccountLine
  /** Everything that the history has of a run. */
  readonly past: (runId: string) => readonly RunEvent[]
  /** Brings the capture's photos into the bucket, each verified. Throws ProblemError where they cannot all be. */
  readonly send: (captureId: string, target: string, signal: AbortSignal) => Promise<void>
  readonly fetch: (runId: string, target: string, place: Place, signal: AbortSignal) => AsyncIterable<TransferEvent>
  readonly home: string
  readonly now: () => Date
  readonly ticker?: Ticker
}

/** Where fetched files go: a run's folder, and each file's place in it; null: it stays in the bucket. */
export type Place = { readonly folder: string; readonly file: (file: string) => string | null }

/** One run as it is being followed. */
export type CloudRun = ReturnType<typeof cloudRun>

// The account is asked this often, about this run: once in 15 s, whatever the question is.
export const leastPauseMs = 15_000

const realTicker: Ticker = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).then(undefined, () => undefined),
}

export function cloudRun(parts: CloudRunParts, order: RunOrder, line: AccountLine) {
  const { nowMs, wait } = parts.ticker ?? realTicker
  let seen: Seen = seenOf(parts.past(order.runId))
  let askedMs = -Infinity
  let stopSent: Stop = null
  const leave = order.leave

  /** What becomes part of the history from here on. */
  const tell = (events: readonly RunEvent[]): readonly RunEvent[] => {
    seen = seenOf(events, seen)
    return events
  }
  /** Waits for this run's turn to ask; a stop that is wanted and not yet sent wakes it. */
  const turn = async (): Promise<void> => {
    const waitMs = askedMs + leastPauseMs - nowMs()
    if (waitMs > 0) await wait(waitMs, AbortSignal.any([leave, ...unsent(order, stopSent)]))
    leave.throwIfAborted()
  }
  const noted = async <T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    askedMs = nowMs()
    return await ask(leave)
  }
  return {
    order,
    line,
    parts,
    seen: () => seen,
    tell,
    now: (): string => parts.now().toISOString(),
    news: (state: JobState): readonly RunEvent[] => tell(newsOf(seen, state, parts.now().toISOString())),
    /** The stop that a person wants and that the account has not been told of. */
    stopToSend: (): Stop => {
      const wanted = stopWanted(order)
      return wanted === stopSent || stopSent === 'discard' ? null : wanted
    },
    sent: (stop: Stop): void => void (stopSent = stop),
    /** Asks at this run's next turn; null where a stop woke it, which goes first. */
    atTurn: async <T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | Woken> => {
      await turn()
      return askedMs + leastPauseMs > nowMs() ? woken : await noted(ask)
    },
    /** The same, whatever a person wants meanwhile. */
    steady: async <T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const waitMs = askedMs + leastPauseMs - nowMs()
      if (waitMs > 0) await wait(waitMs, leave)
      leave.throwIfAborted()
      return await noted(ask)
    },
    /** What a person asks for does not wait for a turn. */
    atOnce: noted,
  }
}

export type Stop = 'keep' | 'discard' | null

export const woken = Symbol('a stop is to be sent first')
export type Woken = typeof woken

export function stopWanted({ stop, leave }: RunOrder): Stop {
  if (stop.end.aborted && !leave.aborted) return 'discard'
  return stop.keep.aborted ? 'keep' : null
}

function unsent({ stop }: RunOrder, sent: Stop): AbortSignal[] {
  if (sent === 'discard') return []
  return sent === 'keep' ? [stop.end] : [stop.keep, stop.end]
}

/**
 * Asks until there is an answer; what goes by itself, or by signing in, is told once and asked again: the run goes on in the account
 * whether it can be asked or not.
 */
export async function* persist<T, W>(
  run: CloudRun,
  ask: (signal: AbortSignal) => Promise<T>,
  { first, next = first, ends = endsBySignIn }: Persistence<T, W>,
): AsyncGenerator<RunEvent, T | W> {
  let told = ''
  for (let how = first; ; how = next) {
    try {
      return await how(ask)
    } catch (error) {
      const trouble = ends(error)
      if (run.order.leave.aborted || trouble === null) throw error
      if (trouble.code !== told) yield* run.tell([{ at: run.now(), kind: 'warning', problem: trouble }])
      told = trouble.code
    }
  }
}

/** How to ask at first and again; `ends`: the trouble that ends without this run's doing, null for any other. */
type How<T, W> = (ask: (signal: AbortSignal) => Promise<T>) => Promise<T | W>
type Persistence<T, W> = { readonly first: How<T, W>; readonly next?: How<T, W>; readonly ends?: (error: unknown) => Problem | null }

const signIn: ReadonlySet<string> = new Set(['upload/expired', 'cloud/not-signed-in', 'cloud/refused'])

function endsBySignIn(error: unknown): Problem | null {
  const known = problemOf(error)
  return known && signIn.has(known.code) ? known : endsByItself(error)
}

export function endsByItself(error: unknown): Problem | null {
  return error instanceof PassingTrouble ? error.problem : null
}

/** No run of that name in the account, though it was started there. */
export function goneProblem(runId: string): ProblemError {
  return new ProblemError(
    problem(
      'cloud/no-run',
      `The account knows no run ${runId} of yours.`,
      'Look whether you are signed in to the account that it was started in.',
    ),
  )
}

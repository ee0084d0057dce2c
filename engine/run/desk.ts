import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Change } from '../../core/contract.ts'
import type { RunSummary } from '../../core/run/run-summary.ts'
import { home as layout } from '../../core/layout.ts'
import { ProblemError, problem } from '../../core/problem.ts'
import type { Manifest } from '../../core/capture/manifest.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { type Quote, quoteOf } from '../../core/run/quote.ts'
import { hasEnded } from '../../core/run/reduce.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import { type CaptureStore, leftOutOf } from '../history/captures.ts'
import type { RunRow, RunStore } from '../history/runs.ts'
import type { Host } from '../host.ts'
import { discardRun } from '../cache/discard.ts'
import { takeLock } from '../lock.ts'
import { earlierStages } from './earlier.ts'
import type { Runner } from './runner.ts'
import { paidRuns } from './paid-runs.ts'
import { workOn } from './work.ts'

export type DeskParts = {
  readonly host: Host
  readonly captures: CaptureStore
  readonly runs: RunStore
  readonly runner: Runner
  readonly freeze: (captureId: string) => Promise<Manifest>
  readonly publish: (change: Change) => void
  readonly tellCapture: (captureId: string) => void
  readonly diskBytes: (runId: string) => number
  readonly remeasure: (runId: string) => Promise<number>
  /** Throws ProblemError where no account of that name is set up for runs. */
  readonly requireAccount: (name: string) => void
  /** Told when a run has ended, in whatever way. */
  readonly afterRun: () => void
}

type Active = {
  readonly keep: AbortController
  readonly end: AbortController
  readonly leave: AbortController
  readonly ended: Promise<void>
}

/** Starts, follows, stops and resumes runs; the one writer of their events. Of those on this machine one at a time: each takes all of it. */
export type RunDesk = ReturnType<typeof runDesk>

export function runDesk(parts: DeskParts) {
  const { host, runs, captures, publish } = parts
  const active = new Map<string, Active>()
  const hearers = new Map<string, Set<() => void>>()
  let turn: Promise<void> = Promise.resolve()
  let closed = false

  const rowOf = (runId: string): RunRow => {
    const row = runs.get(runId)
    if (row === null)
      throw new ProblemError(
        problem('run/unknown', `No run ${runId} is in this library.`, '"spaceport runs" lists them; so does the Library.'),
      )
    return row
  }
  const summary = (row: RunRow): RunSummary => ({
    runId: row.runId,
    captureId: row.captureId,
    captureName: captures.get(row.captureId)?.name ?? row.captureId,
    createdAt: row.createdAt,
    settings: row.settings,
    state: runs.state(row.runId),
    diskBytes: parts.diskBytes(row.runId),
  })
  const tellRun = (runId: string): void => {
    publish({ kind: 'run', run: summary(rowOf(runId)) })
    parts.tellCapture(rowOf(runId).captureId)
  }
  /** Events that are in the history now, by this engine or another. */
  const heard = (runId: string, events: readonly RunEvent[]): void => {
    publish({ kind: 'run-events', runId, events })
    if (events.some((event) => event.kind !== 'line')) tellRun(runId)
    for (const wake of hearers.get(runId) ?? []) wake()
    const asked = events.find((event) => event.kind === 'stop-asked')
    if (asked) signalStop(runId, asked.keep)
  }
  const append = (runId: string, ...events: readonly RunEvent[]): void => {
    runs.append(runId, events)
    heard(runId, events)
  }
  const now = (): string => host.now().toISOString()
  const signalStop = (runId: string, keep: boolean): void => {
    const one = active.get(runId)
    if (keep) one?.keep.abort()
    else one?.end.abort('discard')
  }

  const unexpected = (runId: string) => (error: unknown) =>
    host.log(`run ${runId}: ${error instanceof Error ? error.stack : String(error)}`)

  const launch = (runId: string, resumed: boolean): void => {
    const [keep, end, leave] = [new AbortController(), new AbortController(), new AbortController()]
    const isLocal = rowOf(runId).settings.where === 'local'
    const before = turn
    const ended = (async () => {
      if (isLocal) await before
      if (!leave.signal.aborted)
        await workOn({ ...parts, isClosed: () => closed }, append, rowOf(runId), { keep: keep.signal, end, leave: leave.signal }, resumed)
    })()
      .catch(unexpected(runId))
      .finally(() => {
        active.delete(runId)
        parts.afterRun()
      })
    if (isLocal) turn = ended
    active.set(runId, { keep, end, leave, ended })
    if (resumed && runs.state(runId).kind === 'stopping') signalStop(runId, isLocal || !isDiscarded(runs.events(runId)))
  }

  const start = async (captureId: string, settings: RunSettings, outDir?: string): Promise<RunSummary> => {
    if (settings.where !== 'local') parts.requireAccount(settings.where)
    const at = now()
    const checked = await freezeAndCheck(parts, captureId, settings)
    const runId = `r-${at.slice(0, 10).replaceAll('-', '')}-${randomBytes(3).toString('hex')}`
    const row = { runId, captureId, createdAt: at, settings, outDir: outDir === undefined ? null : resolve(outDir) }
    await mkdir(join(host.home, layout.run(runId)), { recursive: true })
    runs.add(row, checked)
    append(runId, { at, kind: 'created', runId, captureId, settings, photos: checked.photos.filter((one) => one.use).length })
    launch(runId, false)
    return summary(row)
  }

  const stop = async (runId: string, keep: boolean): Promise<void> => {
    rowOf(runId)
    if (hasEnded(runs.state(runId))) return
    append(runId, { at: now(), kind: 'stop-asked', keep })
    if (active.has(runId)) return
    // Nobody works on it: here it is stopped already; in an account it goes on and must be told.
    if (rowOf(runId).settings.where === 'local') await closeIfDead(runId, keep)
    else launch(runId, true)
  }
  const closeIfDead = async (runId: string, keep: boolean): Promise<void> => {
    const lock = takeLock(host.home, `run-${runId}`)
    if (lock === null) return
    try {
      if (!keep) await discardRun(host.home, runId)
      await parts.remeasure(runId)
      append(runId, { at: now(), kind: 'stopped', kept: keep && runs.state(runId).checkpoints.length > 0 })
    } finally {
      lock.release()
    }
  }

  const resume = (runId: string): RunSummary => {
    const row = rowOf(runId)
    const { kind } = runs.state(runId)
    if (kind === 'done') throw new ProblemError(problem('run/done', 'This run is done.', 'Start a new run.'))
    if (!active.has(runId)) launch(runId, true)
    return summary(row)
  }

  /** Runs that a dead process has left unfinished go on; one that was to be thrown away is closed. */
  const resumeUnfinished = (): void => {
    for (const { runId } of runs.unfinished()) {
      const discard = rowOf(runId).settings.where === 'local' && isDiscarded(runs.events(runId))
      if (hasEnded(runs.state(runId)) || isHeldElsewhere(host, runId)) continue
      if (discard) turn = turn.then(() => closeIfDead(runId, false)).catch(unexpected(runId))
      else launch(runId, true)
    }
  }

  const watch = async function* (runId: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
    rowOf(runId)
    let seq = 0
    while (!signal.aborted) {
      const fresh = runs.eventsAfter(runId, seq)
      seq = fresh.at(-1)?.seq ?? seq
      for (const { event } of fresh) yield event
      if (fresh.length > 0) continue
      if (hasEnded(runs.state(runId))) return
      await nextEvent(hearers, runId, signal)
    }
  }

  return {
    summary: (runId: string) => summary(rowOf(runId)),
    list: () => runs.list().map(summary),
    lastOf: (captureId: string): RunSummary | null => {
      const row = runs.lastOf(captureId)
      if (row === null) return null
      const last = summary(row)
      // A list of captures does not carry the curves of each one's run.
      return { ...last, state: { ...last.state, loss: [] } }
    },
    events: (runId: string) => runs.events(rowOf(runId).runId),
    reusable: async (captureId: string, settings: RunSettings) => parts.runner.reusable(await parts.freeze(captureId), settings),
    quote: (captureId: string, settings: RunSettings): Quote => {
      const photos = captures.photos(captureId).length - leftOutOf(captures.facts(captureId)).length
      return quoteOf(settings, photos, paidRuns(runs))
    },
    folder: (runId: string) => join(host.home, layout.run(rowOf(runId).runId)),
    start,
    stop,
    resume,
    resumeUnfinished,
    watch,
    heard,
    close: async (): Promise<void> => {
      if (closed) return
      closed = true
      for (const one of active.values()) {
        one.leave.abort('close')
        one.end.abort('close')
      }
      await Promise.all([turn, ...[...active.values()].map((one) => one.ended)])
    },
  }
}

async function freezeAndCheck(parts: DeskParts, captureId: string, settings: RunSettings): Promise<Manifest> {
  // What cannot be started is refused at once, not as a failed run; what an account has, it says itself.
  if (settings.where === 'local') await earlierStages(parts.host.home, settings)
  return parts.freeze(captureId)
}

function isDiscarded(events: readonly RunEvent[]): boolean {
  return events.findLast((event) => event.kind === 'stop-asked')?.keep === false
}

function isHeldElsewhere(host: Host, runId: string): boolean {
  const lock = takeLock(host.home, `run-${runId}`)
  lock?.release()
  return lock === null
}

async function nextEvent(hearers: Map<string, Set<() => void>>, runId: string, signal: AbortSignal): Promise<void> {
  const waiting = hearers.get(runId) ?? new Set()
  hearers.set(runId, waiting)
  await new Promise<void>((wake) => {
    const done = (): void => {
      waiting.delete(done)
      signal.removeEventListener('abort', done)
      wake()
    }
    waiting.add(done)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}

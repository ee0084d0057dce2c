import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Change } from '../../core/contract.ts'
import { home as layout } from '../../core/layout.ts'
import { type Problem, problem, problemOf } from '../../core/problem.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { RunRow, RunStore } from '../history/runs.ts'
import { historyProblem } from '../history/trouble.ts'
import type { Host } from '../host.ts'
import { takeLock } from '../lock.ts'
import { copyInto } from './place.ts'
import type { Runner } from './runner.ts'

/** What one run's work needs. `isClosed`: the engine is going. */
export type WorkParts = {
  readonly host: Host
  readonly runs: RunStore
  readonly runner: Runner
  readonly publish: (change: Change) => void
  readonly remeasure: (runId: string) => Promise<number>
  readonly isClosed: () => boolean
}
export type Append = (runId: string, ...events: readonly RunEvent[]) => void
type Stops = { readonly keep: AbortSignal; readonly end: AbortController; readonly leave: AbortSignal }

/** Does one run to its end, holding its lock, and writes down what happens. */
export async function workOn(parts: WorkParts, append: Append, row: RunRow, stop: Stops, resumed: boolean): Promise<void> {
  const { host, runs, runner } = parts
  const lock = takeLock(host.home, `run-${row.runId}`)
  if (lock === null) return
  const end = stop.end.signal
  try {
    const folder = join(host.home, layout.run(row.runId))
    for await (const event of runner.run({
      runId: row.runId,
      manifest: runs.manifest(row.runId),
      settings: row.settings,
      folder,
      resumed,
      stop: { keep: stop.keep, end },
      leave: stop.leave,
    })) {
      try {
        append(row.runId, ...(await beforeEnd(parts, row, folder, event)), event)
      } catch (error) {
        // What is not written down did not happen: the stage must not work on unseen.
        stop.end.abort('unwritten')
        throw error
      }
    }
  } catch (error) {
    if (end.aborted && end.reason !== 'unwritten') return
    host.log(`run ${row.runId}: ${error instanceof Error ? error.stack : String(error)}`)
    await appendEnd(parts, append, row.runId, problemOf(historyProblem(error, host.home)) ?? crash)
  } finally {
    lock.release()
  }
}

const crash = problem(
  'engine/crash',
  'The run ended unexpectedly.',
  'Run it again: what is finished is not made twice. If it happens twice, report it with the log.',
)

// How often a full disk is tried again, and how long; after that the run stands as unfinished and goes on when a window next opens.
const retryMs = 1000
const retries = 600

async function appendEnd(parts: WorkParts, append: Append, runId: string, why: Problem): Promise<void> {
  for (let left = retries; left > 0 && !parts.isClosed(); left--) {
    try {
      return append(runId, { at: parts.host.now().toISOString(), kind: 'failed', stage: null, problem: why })
    } catch (error) {
      const full = problemOf(historyProblem(error, parts.host.home))
      if (full === undefined) throw error
      if (left === retries) parts.publish({ kind: 'problem', problem: full })
      await wait(retryMs, undefined, { ref: false })
    }
  }
}

/** The last event is told when the folder is measured and the results lie where they were wanted. */
async function beforeEnd(parts: WorkParts, row: RunRow, folder: string, event: RunEvent): Promise<readonly RunEvent[]> {
  if (event.kind !== 'done' && event.kind !== 'stopped' && event.kind !== 'failed') return []
  await parts.remeasure(row.runId)
  const trouble = row.outDir === null ? null : await placeOut(folder, row.outDir)
  return trouble === null ? [] : [{ at: event.at, kind: 'warning', problem: trouble }]
}

async function placeOut(folder: string, outDir: string): Promise<Problem | null> {
  try {
    await copyInto(folder, outDir)
    return null
  } catch (error) {
    const known = problemOf(historyProblem(error, outDir))
    return (
      known ??
      problem(
        'run/out',
        `The results could not be placed in ${outDir}.`,
        'They are in the library: fetch them from there into another folder.',
      )
    )
  }
}

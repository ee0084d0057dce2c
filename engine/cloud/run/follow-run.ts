import type { JobState } from '../../../core/cloud/api.ts'
import { newLines, stageAtWork } from '../../../core/cloud/follow.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import { PassingTrouble } from '../account/api-client.ts'
import { type CloudRun, goneProblem, persist, woken } from './cloud-run.ts'

/** Follows a run in its account until nothing of it is alive there; a stop that a person asks for is sent on the way. Returns the last answer. */
export async function* followRun(run: CloudRun): AsyncGenerator<RunEvent, JobState> {
  const { api, linesOf } = run.line
  const { runId } = run.order
  let reader: ReturnType<typeof linesOf> | null = null
  let heardAt: string | null = null
  for (;;) {
    const stop = run.stopToSend()
    if (stop !== null) yield* sendStop(run, stop)
    const state = yield* persist(run, (signal) => api.job(runId, signal), { first: run.atTurn })
    if (state === woken) continue
    if (state === null) throw goneProblem(runId)
    yield* run.news(state)
    if (state.outcome !== null) return state
    const stage = stageAtWork(state)
    // The lines are asked for only where the account says that there are new ones.
    if (stage === null || state.heardAt === heardAt) continue
    const read = (reader ??= linesOf(state))
    const lines = yield* persist(run, (signal) => read(stage, signal).catch(asPassing(signal)), { first: run.atTurn })
    if (lines === woken) continue
    heardAt = state.heardAt
    yield* run.tell(newLines(run.seen(), lines))
  }
}

async function* sendStop(run: CloudRun, stop: 'keep' | 'discard'): AsyncGenerator<RunEvent> {
  const { runId } = run.order
  const ask = (signal: AbortSignal) => run.line.api.stop({ runId, keep: stop === 'keep' }, signal)
  yield* persist(run, ask, { first: run.atOnce, next: run.steady })
  run.sent(stop)
}

/** Lines are a comfort: whatever keeps them back, the run's own state is still asked for. */
function asPassing(signal: AbortSignal) {
  return (cause: unknown): never => {
    signal.throwIfAborted()
    throw new PassingTrouble('The progress lines cannot be read from the bucket.', { cause })
  }
}

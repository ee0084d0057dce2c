import { failedStage, limitWarning, problemOfEnd } from '../../../core/cloud/ending.ts'
import type { JobState } from '../../../core/cloud/api.ts'
import { problem, problemOf } from '../../../core/problem.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import { hasEnded, reduce } from '../../../core/run/reduce.ts'
import type { RunOrder } from '../../run/runner.ts'
import { beginRun } from './begin-run.ts'
import { bringHome } from './bring-home.ts'
import { type CloudRun, cloudRun, type CloudRunParts, stopWanted } from './cloud-run.ts'
import { followRun } from './follow-run.ts'

/**
 * Runs the pipeline in a person's own account: sends the photos, starts it, tells what the account tells, brings the results home. Where the
 * engine goes (`leave`), the events end and the run goes on; the next start asks the account where it stands.
 */
export async function* runInAccount(parts: CloudRunParts, order: RunOrder): AsyncGenerator<RunEvent> {
  const target = parts.targetOf(order.settings.where)
  const line = parts.open(target)
  const run = cloudRun(parts, order, line)
  try {
    const before = reduce(parts.past(order.runId))
    if (hasEnded(before)) yield* run.tell([{ at: run.now(), kind: 'started', where: target.name, resumed: true }])
    if (!(yield* beginRun(run))) return
    yield* endOf(run, yield* followRun(run))
  } catch (error) {
    if (order.leave.aborted) return
    const known = problemOf(error)
    if (known === undefined) throw error
    yield* run.tell([{ at: run.now(), kind: 'failed', stage: null, problem: known }])
  } finally {
    line.close()
  }
}

async function* endOf(run: CloudRun, state: JobState): AsyncGenerator<RunEvent> {
  const at = state.endedAt ?? run.now()
  if (state.outcome === 'failed' || state.error?.name === 'Spaceport.Silent')
    return yield* run.tell([{ at, kind: 'failed', stage: failedStage(state), problem: problemOfEnd(state) }])
  const limit = limitWarning(state, run.order.settings.capUsd)
  if (limit) yield* run.tell([{ at, kind: 'warning', problem: limit }])
  else if (state.outcome === 'stopped' && !isOurStop(run)) yield* run.tell([{ at, kind: 'warning', problem: stoppedThere }])
  const kept = state.outcome === 'stopped' && state.kept
  const score = state.outcome === 'done' || kept ? yield* bringHome(run, state) : null
  yield* run.tell([state.outcome === 'done' ? { at: run.now(), kind: 'done', score } : { at, kind: 'stopped', kept }])
}

/** Asked for on this machine: before this process began, or since; the desk writes that down, so `tell` never hears of it. */
function isOurStop(run: CloudRun): boolean {
  return run.seen().stopAsked || stopWanted(run.order) !== null
}

const stoppedThere = problem(
  'cloud/stopped-there',
  'The run was stopped in the account, not from this machine.',
  'Ask who else uses the account; what was kept is here.',
)

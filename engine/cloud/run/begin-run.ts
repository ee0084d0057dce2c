import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StartJob } from '../../../core/cloud/api.ts'
import { runFolder } from '../../../core/layout.ts'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { RunEvent, StageName } from '../../../core/run/events.ts'
import type { RunOrder } from '../../run/runner.ts'
import { writeWhole } from '../../settings.ts'
import { type CloudRun, endsByItself, persist, stopWanted } from './cloud-run.ts'

/** Sends the photos and starts the run, where that has not happened yet; false: it was stopped before it had begun. */
export async function* beginRun(run: CloudRun): AsyncGenerator<RunEvent, boolean> {
  const { order, parts, line } = run
  await mkdir(order.folder, { recursive: true })
  await writeWhole(join(order.folder, runFolder.manifest), `${JSON.stringify(order.manifest, null, 1)}\n`)
  if (run.seen().started) return true
  const ask = startOf(order)
  // An earlier attempt may have been cut off between the start and its being written down.
  const known = order.resumed ? yield* persist(run, askJob(run), { first: run.steady }) : null
  if (known !== null) return yield* begun(run, known.startedAt)
  const stops = AbortSignal.any([order.leave, order.stop.keep, order.stop.end])
  if (!stops.aborted && order.settings.step === 'full')
    await untilStopped(parts.send(order.manifest.captureId, order.settings.where, stops), stops)
  order.leave.throwIfAborted()
  if (stopWanted(order) !== null) return yield* stoppedBefore(run)
  // Where an answer was lost and a stop came meanwhile, it is asked whether the run has begun, not begun.
  const start = (signal: AbortSignal): Promise<{ readonly startedAt: string } | null> =>
    stopWanted(order) === null ? line.api.start(ask, signal) : askJob(run)(signal)
  const started = yield* persist(run, start, { first: run.atOnce, next: run.steady, ends: endsByItself })
  return started === null ? yield* stoppedBefore(run) : yield* begun(run, started.startedAt)
}

function askJob({ line, order }: CloudRun) {
  return (signal: AbortSignal) => line.api.job(order.runId, signal)
}

async function* begun(run: CloudRun, at: string): AsyncGenerator<RunEvent, true> {
  yield* run.tell([{ at, kind: 'started', where: run.order.settings.where, resumed: false }, ...reused(run.order, at)])
  return true
}

async function untilStopped(sending: Promise<unknown>, stops: AbortSignal): Promise<void> {
  try {
    await sending
  } catch (error) {
    if (!stops.aborted) throw error
  }
}

async function* stoppedBefore(run: CloudRun): AsyncGenerator<RunEvent, false> {
  yield* run.tell([{ at: run.now(), kind: 'stopped', kept: false }])
  return false
}

function startOf({ runId, manifest, settings }: RunOrder): StartJob {
  const { step, preset, fromRun, capUsd, sfm, train, compression } = settings
  const read = StartJob.safeParse({ runId, captureId: manifest.captureId, step, preset, fromRun, capUsd, sfm, train, compression })
  if (read.success) return read.data
  const [first] = read.error.issues
  const what = `The account does not take ${first?.path.join('.') ?? 'these settings'}: ${first?.message ?? ''}.`
  throw new ProblemError(problem('cloud/request', what, 'Change it, then start the run again.'))
}

/** What the step takes over from the run that it goes on from. */
function reused({ settings: { step, fromRun } }: RunOrder, at: string): RunEvent[] {
  if (step === 'full' || fromRun === null) return []
  const stages: readonly StageName[] = step === '3dgs' ? ['sfm'] : ['sfm', '3dgs']
  return stages.map((stage) => ({ at, kind: 'stage-reused', stage, from: fromRun }))
}

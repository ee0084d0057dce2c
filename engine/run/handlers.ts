import type { Handlers } from '../../core/contract.ts'
import type { RunDesk } from './desk.ts'

/** The contract's `runs.*`. */
export function runHandlers(
  desk: RunDesk,
  measure: (runIds: readonly string[]) => Promise<void>,
): Pick<Handlers, Extract<keyof Handlers, `runs.${string}`>> {
  return {
    'runs.list': async () => {
      await measure(desk.list().map((run) => run.runId))
      return desk.list()
    },
    'runs.get': async ({ runId }) => {
      desk.summary(runId)
      await measure([runId])
      return desk.summary(runId)
    },
    'runs.events': async ({ runId }) => desk.events(runId),
    'runs.reusable': async ({ captureId, settings }) => desk.reusable(captureId, settings),
    'runs.quote': async ({ captureId, settings }) => desk.quote(captureId, settings),
    'runs.start': async ({ captureId, settings }) => desk.start(captureId, settings),
    'runs.stop': async ({ runId, keep }) => {
      await desk.stop(runId, keep)
      return null
    },
    'runs.resume': async ({ runId }) => desk.resume(runId),
  }
}

import type { Capture } from '../core/capture/capture.ts'
import type { Change, Handlers } from '../core/contract.ts'
import { keepPlan, type KeptPlan } from '../core/overlap/reshoot-kept.ts'
import { ProblemError, problem } from '../core/problem.ts'
import type { CaptureStore } from './history/captures.ts'
import type { Host } from './host.ts'

type PlanHandlers = Pick<Handlers, 'captures.keepPlan' | 'captures.dropPlan' | 'captures.restorePlan'>

type PlanParts = {
  readonly host: Host
  readonly store: CaptureStore
  readonly publish: (change: Change) => void
  readonly get: (captureId: string) => Capture
}

// A window's undo goes back a hundred steps; of plans it is used for the last, and each may be as large as its capture.
const REMEMBERED = 10

/** The re-shoot plan is the engine's: made from what it holds, so that no screen can keep one of another check. A plan that was dropped is remembered and can be had again. */
export function planHandlers({ host, store, publish, get }: PlanParts): PlanHandlers {
  const put = (captureId: string, keptPlan: KeptPlan | null, droppedPlans?: readonly KeptPlan[]): void => {
    store.patch(captureId, droppedPlans ? { keptPlan, droppedPlans: droppedPlans.slice(-REMEMBERED) } : { keptPlan })
    publish({ kind: 'plan', captureId, keptPlan })
  }
  return {
    'captures.keepPlan': async ({ captureId, without }) => {
      const { keptPlan: old, photos, findings, forecast, leftOut } = get(captureId)
      const out = new Set(leftOut)
      const captured = { photos: photos.filter(({ file }) => !out.has(file)), findings, forecast }
      const contents = photos.map(({ sha256 }) => sha256)
      const plan = old ?? keepPlan(captured, contents, host.now().toISOString())
      if (plan.plan.positions.length === 0)
        throw new ProblemError(problem('plan/empty', 'Nothing is to be re-shot.', 'Check the photos again after adding some.'))
      const keptPlan = { ...plan, without }
      put(captureId, keptPlan)
      return keptPlan
    },
    'captures.dropPlan': async ({ captureId }) => {
      const { keptPlan } = get(captureId)
      if (keptPlan) put(captureId, null, [...store.droppedPlans(captureId), keptPlan])
      return null
    },
    'captures.restorePlan': async ({ captureId, keptAt }) => {
      const { keptPlan: now } = get(captureId)
      const dropped = store.droppedPlans(captureId)
      const plan = dropped.find((each) => each.keptAt === keptAt)
      if (!plan)
        throw new ProblemError(problem('plan/unknown', 'That plan is no longer remembered.', 'Go on with the plan of the last check.'))
      put(captureId, plan, [...dropped.filter((each) => each !== plan), ...(now ? [now] : [])])
      return plan
    },
  }
}

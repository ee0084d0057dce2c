import type { Capture } from '../capture/capture.ts'
import { planReshoot } from './reshoot.ts'
import { type Judged, judgePlan } from './reshoot-judge.ts'
import { type KeptPlan, openPlan } from './reshoot-kept.ts'
import type { ReshootPlan } from './reshoot-plan.ts'

/** The plan that is worked with, and what a later check says of it. `plan`: what is still to be photographed of `whole`. */
export type WorkedPlan = {
  readonly kept: KeptPlan | null
  readonly whole: ReshootPlan
  readonly judged: readonly Judged[] | null
  readonly plan: ReshootPlan
}

/** The re-shoot plan for the photos that go into the run, the same at every door: the kept one where there is one. */
export function workedPlan(capture: Pick<Capture, 'photos' | 'leftOut' | 'findings' | 'forecast' | 'keptPlan'>): WorkedPlan {
  const { photos, findings, forecast, keptPlan: kept } = capture
  const out = new Set(capture.leftOut)
  const captured = { photos: photos.filter(({ file }) => !out.has(file)), findings, forecast }
  if (!kept) {
    const whole = planReshoot(captured)
    return { kept, whole, judged: null, plan: whole }
  }
  const judged = judgePlan(kept, captured)
  const contents = photos.map(({ sha256 }) => sha256)
  return { kept, whole: kept.plan, judged, plan: openPlan(kept, judged, contents) }
}

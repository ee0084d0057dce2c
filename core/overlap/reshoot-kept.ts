import type { Captured } from './captured.ts'
import { planReshoot } from './reshoot.ts'
import type { Judged } from './reshoot-judge.ts'
import type { ReshootPlan } from './reshoot-plan.ts'

/** A plan that someone works with: it stays as it is while photos are added, so that a later check can say what they closed. */
export type KeptPlan = {
  readonly keptAt: string
  readonly plan: ReshootPlan
  /** Numbers of the positions that the person left out. */
  readonly without: readonly number[]
  /** Contents (sha256) of the photos that were there when the plan was made. */
  readonly photos: readonly string[]
}

/** The plan of this check, kept from now on. `captured`: the photos that go into the run; `photos`: the contents of all. */
export function keepPlan(captured: Captured, photos: readonly string[], keptAt: string): KeptPlan {
  return { keptAt, plan: planReshoot(captured), without: [], photos }
}

/** The plan without the positions that were left out; the others keep their numbers. */
export function chosenPlan({ plan, without }: Pick<KeptPlan, 'plan' | 'without'>): ReshootPlan {
  if (without.length === 0) return plan
  const out = new Set(without)
  const positions = plan.positions.filter(({ number }) => !out.has(number))
  const open = new Set(positions.map(({ closes }) => closes))
  const places = plan.places.filter(({ number }) => open.has(number))
  return { ...plan, positions, places, holes: places.flatMap(({ hole }) => (hole ? [hole] : [])) }
}

/** What is still to be photographed of a kept plan. Its places in the sketch are those of its own check: of another one they say nothing. `contents`: of the photos there now. */
export function openPlan(kept: KeptPlan, judged: readonly Judged[] | null, contents: readonly string[]): ReshootPlan {
  const closed = new Set((judged ?? []).filter(({ state }) => state === 'closed').map(({ place }) => place))
  const done = kept.plan.positions.filter(({ closes }) => closed.has(closes)).map(({ number }) => number)
  const plan = chosenPlan({ plan: kept.plan, without: [...kept.without, ...done] })
  const then = new Set(kept.photos)
  if (then.size === new Set(contents).size && contents.every((each) => then.has(each))) return plan
  return {
    ...plan,
    positions: plan.positions.map((position) => ({ ...position, inSketch: null })),
    holes: plan.holes.map((hole) => ({ ...hole, inSketch: null })),
  }
}

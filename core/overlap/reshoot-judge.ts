import type { Captured } from './captured.ts'
import { registering, trustedFixes } from './captured.ts'
import type { Forecast } from './graph.ts'
import { planReshoot } from './reshoot.ts'
import type { KeptPlan } from './reshoot-kept.ts'
import type { PlannedHole, ReshootPlace } from './reshoot-plan.ts'
import { metresBetween } from './reshoot-site.ts'

/** What a later check says of a place of a kept plan, in a sentence. */
export type Judged = { readonly place: number; readonly state: 'closed' | 'open' | 'unknown'; readonly words: string }

/** Which places of a kept plan the photos that came after it closed; null while there are none, or while they are not checked. */
export function judgePlan(kept: KeptPlan, captured: Captured): readonly Judged[] | null {
  const { forecast, photos } = captured
  const known = new Set(kept.photos)
  const added = photos.filter(({ sha256 }) => !known.has(sha256)).map(({ file }) => file)
  if (!forecast || !added.some((file) => forecast.photos.some((each) => each.file === file))) return null
  const now: Now = { captured, forecast, added, holes: planReshoot(captured).holes }
  return kept.plan.places.map((place) => ({ place: place.number, ...judge(place, kept, now) }))
}

type Now = {
  readonly captured: Captured
  readonly forecast: Forecast
  readonly added: readonly string[]
  readonly holes: readonly PlannedHole[]
}
type Verdict = Omit<Judged, 'place'>

const closed = (words: string): Verdict => ({ state: 'closed', words: `Closed: ${words}` })
const open = (words: string): Verdict => ({ state: 'open', words: `Still open: ${words}` })
const unknown = (words: string): Verdict => ({ state: 'unknown', words: `Not known: ${words}` })

function judge(place: ReshootPlace, kept: KeptPlan, now: Now): Verdict {
  switch (place.kind) {
    case 'gap':
    case 'unlinked':
      return together(place, now)
    case 'bridge':
      return bridged(place, now)
    case 'again':
      return takenAgain(place, kept, now)
    case 'hole':
      return covered(place, now)
  }
}

function together({ together: files }: ReshootPlace, { forecast, captured }: Now): Verdict {
  const there = new Set(captured.photos.map(({ file }) => file))
  const left = files.filter((file) => there.has(file))
  if (left.length < 2) return unknown('the photos of one side are no longer in the run.')
  const island = forecast.islands.find((each) => each.includes(left[0]!))
  const lost = left.filter((file) => !island?.includes(file))
  const weak = forecast.photos.find((each) => left.includes(each.file) && each.registers < LIKELY)
  if (lost.length > 0) return open(`${lost[0]} does not hang together with ${left[0]}.`)
  return weak ? open(`${weak.file} is still likelier lost than not.`) : closed(`${left.at(-1)} hangs together with ${left[0]}.`)
}

// As a photo counts elsewhere: captured.ts.
const LIKELY = 0.5

function bridged(place: ReshootPlace, now: Now): Verdict {
  const joined = together(place, now)
  if (joined.state !== 'closed') return joined
  const narrow = now.forecast.bridges.find(({ photos }) => photos.some((file) => place.bridge.includes(file)))
  return narrow ? open(`the parts still hang by ${narrow.photos.join(', ')} alone.`) : closed('more than one way links the two parts.')
}

// A pilot who flies by hand stands some metres beside the place; a poor receiver more.
const BESIDE_M = 5

function takenAgain({ together: [file = ''] }: ReshootPlace, { plan }: KeptPlan, { captured, forecast, added }: Now): Verdict {
  const good = new Set(registering(captured).map((photo) => photo.file))
  const held = new Set(forecast.islands[0]?.filter((each) => good.has(each)))
  if (held.has(file)) return closed(`${file} hangs together with the others.`)
  const at = plan.positions.find((position) => position.kind === 'again' && position.near[0] === file)?.at
  const fixes = trustedFixes(captured)
  const placed = added.filter((each) => fixes.has(each))
  if (!at || placed.length === 0) return unknown('no GPS tells which of the new photos is the one taken again.')
  const reachM = Math.max(BESIDE_M, plan.accuracyM ?? 0)
  const beside = placed.filter((each) => metresBetween(at, fixes.get(each)!) <= reachM)
  const found = beside.find((each) => held.has(each))
  if (found) return closed(`${found}, taken within ${reachM.toFixed(0)} m of it, hangs together with the others.`)
  return open(beside.length > 0 ? `${beside[0]} joins nothing either.` : `no new photo was taken within ${reachM.toFixed(0)} m of it.`)
}

function covered({ hole }: ReshootPlace, { holes }: Now): Verdict {
  const [at, radiusM] = [hole?.at, hole?.radiusM]
  if (!at || radiusM == null) return unknown('without GPS a hole of one check cannot be found again in the next.')
  const still = holes.find((each) => each.at && metresBetween(at, each.at) <= radiusM + (each.radiusM ?? 0))
  return still ? open('fewer than three photos still see a part of it.') : closed('three photos or more see the ground here.')
}

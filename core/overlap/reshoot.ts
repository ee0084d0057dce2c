import { photos as photosWord, names } from '../capture/words.ts'
import type { Captured } from './captured.ts'
import { type Hole, holesOf } from './coverage.ts'
import type { Forecast } from './graph.ts'
import { chain, placeBetween, type Chain } from './reshoot-chain.ts'
import { closeHole } from './reshoot-hole.ts'
import { type Draft, FORWARD_OVERLAP, type Job, MOST_TURN_DEG, type PlannedHole, type ReshootPlan } from './reshoot-plan.ts'
import { held, siteOf, type Site } from './reshoot-site.ts'

/** The re-shoot plan of a checked capture: what to photograph so that groups join, bridges hold and holes close. */
export function planReshoot(captured: Captured): ReshootPlan {
  const { forecast } = captured
  if (!forecast)
    return {
      positions: [],
      places: [],
      rule: '',
      accuracyM: null,
      holes: [],
      notes: ['Overlap not checked: there is nothing to plan from.'],
    }
  const site = siteOf(captured)
  const notes: string[] = []
  const { seen } = site
  const holes = seen ? holesOf(seen) : []
  const jobs = [
    ...gaps(site, forecast, notes),
    ...bridges(site, forecast, notes),
    ...unlinked(site, forecast, notes),
    ...(seen ? holes.map((hole) => holeJob(closeHole(site, seen, hole), placed(site, hole))) : []),
  ].filter(({ drafts }) => drafts.length > 0)
  return {
    positions: jobs
      .flatMap(({ drafts }, i) => drafts.map((draft) => ({ closes: i + 1, ...draft })))
      .map((each, i) => ({ number: i + 1, ...each })),
    places: jobs.map(({ kind, reason, together, bridge, hole }, i) => ({ number: i + 1, kind, reason, together, bridge, hole })),
    rule: ruleOf(site),
    accuracyM: site.accuracyM,
    holes: holes.map((hole) => placed(site, hole)),
    notes,
  }
}

function holeJob(drafts: readonly Draft[], hole: PlannedHole): Job {
  return { kind: 'hole', reason: drafts[0]?.reason ?? '', together: [], bridge: [], hole, drafts }
}

/** The positions of a way, or a note that it is too long for them. */
function way(site: Site, asked: Chain, notes: string[]): readonly Draft[] {
  const drafts = chain(site, asked)
  if (drafts) return drafts
  notes.push(
    `${asked.from} and ${asked.to} lie too far apart to be joined by a few photos: fly a line between them, or run each group alone.`,
  )
  return []
}

function placed({ seen, metresPerUnit }: Site, { x, y, radius }: Hole): PlannedHole {
  return {
    at: seen?.toLatLon ? seen.toLatLon(x, y, 0) : null,
    radiusM: metresPerUnit === null ? null : radius * metresPerUnit,
    inSketch: seen?.toSketch ? seen.toSketch(x, y, 0) : null,
  }
}

function ruleOf({ stepM }: Site): string {
  const step = stepM === null ? '' : ` (here one photo every ${stepM < 10 ? stepM.toFixed(1) : Math.round(stepM)} m)`
  return `Should close: two photos or more on each way, neighbours sharing ${FORWARD_OVERLAP * 100} % of their ground or more${step} and turned by ${MOST_TURN_DEG}° at most; holes until three photos see each place.`
}

// Smaller groups are strays, told photo by photo.
const islandPhotos = 3

/** Two ways from the largest group to each other one, so that the new joint is no weak bridge itself. */
function gaps(site: Site, { islands }: Forecast, notes: string[]): readonly Job[] {
  const [largest = [], ...others] = islands.filter((island) => island.length >= islandPhotos)
  return others.flatMap((island) => {
    const first = closest(site, largest, island)
    if (!first) return []
    const rest = (files: readonly string[], taken: string): readonly string[] => files.filter((file) => file !== taken)
    const second = closest(site, rest(largest, first[0]), rest(island, first[1]))
    const reason = `The group of ${photosWord(island.length)} around ${island[0]} does not hang together with the largest one.`
    const drafts = [first, ...(second ? [second] : [])].flatMap(([from, to]) =>
      way(site, { kind: 'gap', from, to, least: 2, reason }, notes),
    )
    return [{ kind: 'gap', reason, together: [first[0], ...island], bridge: [], hole: null, drafts }]
  })
}

/** From the nearest photo on one side over the bridge to the nearest on the other. */
function bridges(site: Site, forecast: Forecast, notes: string[]): readonly Job[] {
  return forecast.bridges.map(({ photos, sides }) => {
    const reason = `Two parts hang together by ${names(photos)} alone.`
    const pairs = (sides ?? []).map((side) => closest(site, side, photos)).filter((pair) => pair !== null)
    const drafts = pairs.flatMap(([from, to]) => way(site, { kind: 'bridge', from, to, least: 1, reason }, notes))
    return { kind: 'bridge', reason, together: pairs.map(([from]) => from), bridge: photos, hole: null, drafts }
  })
}

const spoiled = ['photo/blurred', 'photo/out-of-focus', 'photo/dark', 'photo/bright']

/** Photos that join nothing: spoiled ones are taken again, strangers left alone, others tied to the nearest that holds. */
function unlinked(site: Site, forecast: Forecast, notes: string[]): readonly Job[] {
  const { findings } = site.captured
  const of = (...codes: readonly string[]) => new Set(findings.filter(({ code }) => codes.includes(code)).flatMap(({ files }) => files))
  const [bad, strange] = [of(...spoiled), of('photo/camera-differs', 'photo/gps-outlier')]
  const small = new Set(
    forecast.islands
      .slice(1)
      .filter((island) => island.length < islandPhotos)
      .flat(),
  )
  const loose = forecast.photos.filter(({ file, island }) => island < 0 || small.has(file)).map(({ file }) => file)
  const good = held(site).filter((file) => !loose.includes(file))
  const place = { bridge: [], hole: null }
  return loose.flatMap((file): readonly Job[] => {
    if (bad.has(file)) {
      const draft = again(site, file)
      return [{ kind: 'again', reason: draft.reason, together: [file], ...place, drafts: [draft] }]
    }
    if (strange.has(file)) {
      notes.push(`${file} seems to belong to another place or camera: leave it out.`)
      return []
    }
    const pair = closest(site, good, [file])
    if (!pair) return []
    const reason = `${file} joins nothing.`
    const drafts = way(site, { kind: 'unlinked', from: pair[0], to: file, least: 2, reason }, notes)
    return [{ kind: 'unlinked', reason, together: [...pair], ...place, drafts }]
  })
}

function again(site: Site, file: string): Draft {
  return {
    kind: 'again',
    ...placeBetween(site, file, file, 0),
    words: `where ${file} was taken, same height, same direction`,
    reason: `${file} joins nothing, and its picture is spoiled.`,
    near: [file],
  }
}

/** The nearest two of two groups: by GPS, else by the order of taking, where neighbours were taken one after the other. */
function closest(site: Site, some: readonly string[], others: readonly string[]): readonly [string, string] | null {
  return nearest(some, others, (a, b) => byGps(site, a, b)) ?? nearest(some, others, (a, b) => inOrder(site, a, b))
}

function byGps({ places }: Site, a: string, b: string): number | null {
  const [from, to] = [places.get(a), places.get(b)]
  return from && to ? Math.hypot(from[0] - to[0], from[1] - to[1]) : null
}

function inOrder({ order }: Site, a: string, b: string): number {
  return Math.abs((order.get(a) ?? 0) - (order.get(b) ?? 0))
}

function nearest(
  some: readonly string[],
  others: readonly string[],
  apart: (a: string, b: string) => number | null,
): readonly [string, string] | null {
  let best: readonly [string, string] | null = null
  let least = Infinity
  for (const a of some)
    for (const b of others) {
      const distance = apart(a, b)
      if (distance === null || distance >= least) continue
      best = [a, b]
      least = distance
    }
  return best
}

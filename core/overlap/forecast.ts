import { bridgesOf } from './bridges.ts'
import { logistic } from './calibration.ts'
import type { Forecast, Motion, Pair, PhotoForecast } from './graph.ts'
import { islandsOf, tiesOf, triangle, type Ties } from './islands.ts'
import { motionOf, type Lean } from './motion.ts'
import { groupsOf, registers, type Run } from './rehearsal.ts'

/** A pair and how much flatter than deep it is: inliers of one homography over those of one fundamental matrix. */
export type Seen = Pair & Lean

// Of photos of 12 MP at 1600 px.
const TYPICAL_DENSITY = 1.7

// From here a pair counts as verified: likelier than not.
const VERIFIED = 0.5

/** What follows from the pairs, and from the rehearsal's runs where there were any. `densities`: of the photos, see density.ts. */
export function forecastOf(
  files: readonly string[],
  seen: readonly Seen[],
  runs: readonly Run[],
  densities: readonly number[] = files.map(() => TYPICAL_DENSITY),
): Forecast {
  const pairs = seen.map(({ a, b, probability, inliers }): Pair => ({ a, b, probability, inliers }))
  const ties = tiesOf(files, pairs)
  const verified = seen.filter(({ probability }) => probability >= VERIFIED)
  const islands = runs.length > 0 ? rehearsedIslands(files, ties, runs) : islandsOf(files, ties)
  const home = new Map(islands.flatMap((island, index) => island.map((file): [string, number] => [file, index])))
  const everyone = new Set(files)
  const photos = files.map((file, i): PhotoForecast => {
    const island = home.get(file) ?? -1
    const odds =
      runs.length > 0
        ? registers(runs, i, { density: densities[i]!, triangle: triangle(ties, file, everyone) })
        : registersByPairs(file, island, islands, ties)
    return { file, registers: odds, island, links: ties.get(file)?.size ?? 0 }
  })
  const counts = { pairsTried: pairs.length, pairsVerified: verified.length }
  const bridges = bridgesOf(islands, ties)
  if (runs.length === 0) return { pairs, photos, islands, bridges, ...counts }
  const motion: Motion = motionOf(
    photos.map((photo) => photo.registers),
    verified,
    runs,
  )
  return { pairs, photos, islands, bridges, ...counts, rehearsals: runs.length, motion }
}

// The groups of the rehearsal; photos that joined none stay with the photos that they are strongly tied to. The group that the
// rehearsal calls its largest stays first, since `registers` is about it.
function rehearsedIslands(files: readonly string[], ties: Ties, runs: readonly Run[]): string[][] {
  const islands = groupsOf(runs, files.length).map((group) => group.map((i) => files[i]!))
  const placed = new Set(islands.flat())
  const loose = islandsOf(files, ties).map((island) => island.filter((file) => !placed.has(file)))
  for (const file of loose.flat()) {
    const strengths = islands.map((island) => triangle(ties, file, new Set(island)))
    const best = strengths.indexOf(Math.max(...strengths))
    if (best >= 0 && strengths[best]! > 0) islands[best]!.push(file)
    else islands.push([file])
  }
  if (placed.size === 0) return islandsOf(files, ties)
  return islands.filter((island) => island.length > 1).sort((a, b) => b.length - a.length)
}

// Without a rehearsal: registered photos had a strongest triangle of 16, 26, 27 and more, others 0 to 30 (facts section 4): even odds at 20, on a log scale.
const EVEN_ODDS_INLIERS = 20
const SLOPE = 3

function registersByPairs(file: string, island: number, islands: readonly (readonly string[])[], ties: Ties): number {
  if (island !== 0) return island < 0 ? 0.02 : 0.05
  return logistic(SLOPE * (Math.log1p(triangle(ties, file, new Set(islands[0]))) - Math.log1p(EVEN_ODDS_INLIERS)))
}

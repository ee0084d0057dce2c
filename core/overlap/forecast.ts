import { bridgesOf } from './bridges.ts'
import { logistic } from './calibration.ts'
import type { Forecast, Pair, PhotoForecast } from './graph.ts'
import { islandsOf, tiesOf, triangle, type Ties } from './islands.ts'

// From here a pair counts as verified: likelier than not.
const VERIFIED = 0.5

// Registered photos had a strongest triangle of 16, 26, 27 and more, others 0 to 30 (facts section 4): even odds at 20, on a log scale.
const EVEN_ODDS_INLIERS = 20
const SLOPE = 3

/** What follows from the pairs alone. Photos in an island other than the largest do not register: COLMAP's largest model is what counts. */
export function forecastOf(files: readonly string[], pairs: readonly Pair[]): Forecast {
  const ties = tiesOf(files, pairs)
  const islands = islandsOf(files, ties)
  const home = new Map(islands.flatMap((island, index) => island.map((file): [string, number] => [file, index])))
  const photos = files.map((file) => photoForecast(file, home.get(file) ?? -1, islands, ties))
  const verified = pairs.filter(({ probability }) => probability >= VERIFIED).length
  return { pairs, photos, islands, bridges: bridgesOf(islands, ties), pairsTried: pairs.length, pairsVerified: verified }
}

function photoForecast(file: string, island: number, islands: readonly (readonly string[])[], ties: Ties): PhotoForecast {
  const links = ties.get(file)?.size ?? 0
  if (island !== 0) return { file, registers: island < 0 ? 0.02 : 0.05, island, links }
  const support = triangle(ties, file, new Set(islands[0]))
  return { file, registers: logistic(SLOPE * (Math.log1p(support) - Math.log1p(EVEN_ODDS_INLIERS))), island, links }
}

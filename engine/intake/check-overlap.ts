import type { Photo } from '../../core/capture/photo.ts'
import { CALIBRATION } from '../../core/overlap/calibration-data.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import { forecastKey, keepForecast, keptForecast } from './check-cache.ts'
import type { CheckProgram } from './check.ts'
import { loadNative } from './native.ts'
import { overlap } from './overlap.ts'
import type { OverlapEvent, OverlapPhoto } from './overlap.ts'
import { PAIR_RECIPE } from './overlap-cache.ts'

// Part of the kept forecast's name; a change of the forecast's rules must change it.
export const FORECAST_RECIPE = 'forecast-8'

/** Compares the photos, or answers from the cache where exactly these were compared before. */
export async function* compare(photos: readonly Photo[], options: CheckProgram, signal: AbortSignal): AsyncIterable<OverlapEvent> {
  loadNative(options.program)
  const asked = photos.map(overlapPhoto)
  const key = forecastKey(`${PAIR_RECIPE} ${FORECAST_RECIPE} ${JSON.stringify(CALIBRATION)}`, asked)
  const kept = await keptForecast(options.cacheDir, key)
  if (kept) {
    for (const [i, pair] of kept.pairs.entries()) yield { kind: 'pair', pair, done: i + 1, total: kept.pairs.length }
    return yield { kind: 'forecast', forecast: kept }
  }
  for await (const event of overlap(asked, options, signal)) {
    if (event.kind === 'forecast') await keepForecast(options.cacheDir, key, checked(event.forecast, asked))
    yield event
  }
}

/** Only what the comparison hangs on, so that a changed finding does not compare again. */
function overlapPhoto({ file, sha256, widthPx, heightPx, focalPx, takenAt, gps }: Photo): OverlapPhoto {
  return { file, sha256, widthPx, heightPx, focalPx, takenAt, gps }
}

function checked<T extends { readonly photos: readonly object[] }>(forecast: T, asked: readonly object[]): T {
  if (forecast.photos.length === asked.length) return forecast
  throw new ProblemError(
    problem('engine/forecast-incomplete', 'The overlap engine answered for fewer photos than it was asked.', 'Check the folder again.'),
  )
}

import type { GpsFix } from '../../core/capture/photo.ts'
import type { Forecast, Pair } from '../../core/overlap/graph.ts'

/** What the overlap needs to know of a photo. Its features lie at `featureFile(cacheDir, sha256)`. `focalPx` at `widthPx`. */
export type OverlapPhoto = {
  readonly file: string
  readonly sha256: string
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number | null
  readonly takenAt: string | null
  readonly gps: GpsFix | null
}

/** `threads`: 0 is all. `program`: the root of the program's files, where the addon is found. */
export type OverlapOptions = { readonly cacheDir: string; readonly threads: number; readonly program: string }

export type OverlapEvent =
  | { readonly kind: 'pair'; readonly pair: Pair; readonly done: number; readonly total: number }
  | { readonly kind: 'forecast'; readonly forecast: Forecast }

/** Compares the photos and says what structure from motion will make of them. The last event is the forecast. Throws the signal's reason when aborted. */
export async function* overlap(photos: readonly OverlapPhoto[], options: OverlapOptions, signal: AbortSignal): AsyncIterable<OverlapEvent> {
  signal.throwIfAborted()
  void photos
  void options
  yield { kind: 'forecast', forecast: { pairs: [], photos: [], islands: [], bridges: [], pairsTried: 0, pairsVerified: 0 } }
}

import type { Finding, Verdict } from '../../core/capture/finding.ts'
import type { Photo, Skipped } from '../../core/capture/photo.ts'
import type { Forecast, Pair } from '../../core/overlap/graph.ts'
import type { Problem } from '../../core/problem.ts'

/** The whole result of a check. `leftOut`: files that the checks leave out of a run (duplicates, black frames ...). */
export type Check = {
  readonly folder: string
  readonly tookMs: number
  readonly photos: readonly Photo[]
  readonly skipped: readonly Skipped[]
  readonly findings: readonly Finding[]
  readonly verdict: Verdict
  /** Null where there was nothing to compare or the overlap engine could not be loaded; a finding says why. */
  readonly forecast: Forecast | null
  readonly leftOut: readonly string[]
}

/** What happens while a folder is checked, in this order of kinds; the last is `checked` or `failed`. */
export type CheckEvent =
  | { readonly kind: 'listed'; readonly files: number }
  | { readonly kind: 'photo'; readonly photo: Photo; readonly done: number; readonly total: number }
  | { readonly kind: 'skipped'; readonly skipped: Skipped; readonly done: number; readonly total: number }
  | { readonly kind: 'pair'; readonly pair: Pair; readonly done: number; readonly total: number }
  | { readonly kind: 'checked'; readonly check: Check }
  | { readonly kind: 'failed'; readonly problem: Problem }

/** Where a check keeps what it has read, and how much of the machine it may take. */
export type CheckOptions = {
  /** Facts and features by content hash: the second check of a folder reads only names, sizes and times. */
  readonly cacheDir: string
  /** 320 px JPEG thumbnails `<sha256>.jpg`. */
  readonly thumbsDir: string
  /** 0: all. */
  readonly threads: number
}

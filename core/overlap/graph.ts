/** A verified or tried pair. `probability`: that COLMAP verifies it with at least 15 inliers; `inliers`: the expected number. */
export type Pair = { readonly a: string; readonly b: string; readonly probability: number; readonly inliers: number }

/** What one photo has to expect. `island` is the index of its group, largest first; -1: hangs on nothing. */
export type PhotoForecast = { readonly file: string; readonly registers: number; readonly island: number; readonly links: number }

/**
 * A weak place: the photos whose loss would split an island into the two `sides`. `between`: the numbers that the sides would have
 * as islands: the island's own for the larger, a new one, counted on from the islands there are, for the smaller.
 */
export type Bridge = {
  readonly photos: readonly string[]
  readonly between: readonly [number, number]
  readonly sides?: readonly [readonly string[], readonly string[]]
}

/** How the camera moved, as far as depth follows from it; only `good` may be called ready. `turned`: no parallax, the camera turned on the spot or saw a flat picture; `forward`: it flew into the picture. */
export type Motion = 'good' | 'turned' | 'forward' | 'weak'

/** A small reconstruction from the check's own matches, before anything is paid. Lengths are in its own unit. */
export type Sketch = {
  /** Where the photos of the largest group stand and look (unit vector). */
  readonly cameras: readonly {
    readonly file: string
    readonly centre: readonly [number, number, number]
    readonly direction: readonly [number, number, number]
  }[]
  /** x, y, z, x, y, z ... */
  readonly points: readonly number[]
}

/** Everything that follows from the pairs. Islands are lists of files, largest first. */
export type Forecast = {
  readonly pairs: readonly Pair[]
  readonly photos: readonly PhotoForecast[]
  readonly islands: readonly (readonly string[])[]
  readonly bridges: readonly Bridge[]
  readonly pairsTried: number
  readonly pairsVerified: number
  /** Of the rehearsal; absent where there was none. `rehearsals`: in how many runs. */
  readonly rehearsals?: number
  readonly motion?: Motion
  readonly medianAngleDeg?: number
  readonly sketch?: Sketch
}

/** A verified or tried pair. `probability`: that COLMAP verifies it with at least 15 inliers; `inliers`: the expected number. */
export type Pair = { readonly a: string; readonly b: string; readonly probability: number; readonly inliers: number }

/** What one photo has to expect. `island` is the index of its group, largest first; -1: hangs on nothing. */
export type PhotoForecast = { readonly file: string; readonly registers: number; readonly island: number; readonly links: number }

/** A weak place: the photos whose loss would split the two islands-to-be named by index. */
export type Bridge = { readonly photos: readonly string[]; readonly between: readonly [number, number] }

/** Everything that follows from the pairs. Islands are lists of files, largest first. */
export type Forecast = {
  readonly pairs: readonly Pair[]
  readonly photos: readonly PhotoForecast[]
  readonly islands: readonly (readonly string[])[]
  readonly bridges: readonly Bridge[]
  readonly pairsTried: number
  readonly pairsVerified: number
}

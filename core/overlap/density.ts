/**
 * Our features of one photo, as far as their number goes. Sizes are the features' sigma in pixels of the picture that COLMAP works on:
 * `leastPx` the smallest, `visible` how many are large enough for COLMAP, `larger` how many are LARGER times the smallest or more.
 */
export type FeatureCount = { readonly count: number; readonly visible: number; readonly larger: number; readonly leastPx: number }

/** From here to the smallest the number of blobs shows how fast it grows towards small ones. */
export const LARGER = 1.5

/** COLMAP works on at most so many pixels on the long side. */
export const COLMAP_LONG_PX = 1600

/** From octave 0 on COLMAP finds blobs of about this sigma and larger: 90 % of its features are above 1.92, the least at 1.6. */
export const COLMAP_SIGMA_PX = 1.8

// A sharp picture looks alike at every size: equal counts on equal areas, so 1 / sigma².
const STEEPEST = 2

// COLMAP's 4,096 places, and a fifth more for places with two orientations.
const MOST = 5000

/**
 * How many features COLMAP finds in the photo for each of the `use` largest of ours. We look at small photos enlarged and see more than
 * COLMAP does; of large ones we keep the largest features, and their number grows towards small ones as 1 / sigma² (measured: 2,470 of
 * 2.68 px and more become 5,300 in COLMAP, the square says 5,480; 1,806 of 2.02 px become 2,496, it says 2,270; of small photos 1,405
 * counted and 1,290 there). A picture out of focus has nothing small: its own features say how fast their number grows (of 486 photos of
 * 31 folders the one furthest off was told 21.6 times too many by the square alone, 2.9 times by this; on average 1.15 and 1.12).
 */
export function density({ count, visible, larger, leastPx }: FeatureCount, use: number = count): number {
  if (count === 0) return 1
  const power = Math.min(STEEPEST, Math.log((count + 1) / (larger + 1)) / Math.log(LARGER))
  const seen = leastPx < COLMAP_SIGMA_PX ? visible : count * (leastPx / COLMAP_SIGMA_PX) ** power
  return Math.max(1, Math.min(MOST, seen)) / Math.min(count, use)
}

/**
 * Our features of one photo, as far as their number goes. Sizes are the features' sigma in pixels of the picture that COLMAP works on:
 * `leastPx` the smallest, `visible` how many are large enough for COLMAP.
 */
export type FeatureCount = { readonly count: number; readonly visible: number; readonly leastPx: number }

/** COLMAP works on at most so many pixels on the long side. */
export const COLMAP_LONG_PX = 1600

/** From octave 0 on COLMAP finds blobs of about this sigma and larger: 90 % of its features are above 1.92, the least at 1.6. */
export const COLMAP_SIGMA_PX = 1.8

// COLMAP's 4,096 places, and a fifth more for places with two orientations.
const MOST = 5000

/**
 * How many features COLMAP finds in the photo for each of the `use` largest of ours. We look at small photos enlarged and see more than
 * COLMAP does; of large ones we keep the largest features. Blobs get more as 1 / sigma² (measured: 2,470 of 2.68 px and more become
 * 5,300 in COLMAP, the square says 5,480; 1,806 of 2.02 px become 2,496, it says 2,270; of small photos 1,405 counted and 1,290 there).
 */
export function density({ count, visible, leastPx }: FeatureCount, use: number = count): number {
  if (count === 0) return 1
  const seen = leastPx < COLMAP_SIGMA_PX ? visible : count * (leastPx / COLMAP_SIGMA_PX) ** 2
  return Math.max(1, Math.min(MOST, seen)) / Math.min(count, use)
}

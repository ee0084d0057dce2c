import { REST_BY_BANDS } from './ply.ts'

/**
 * CPU seconds of one k-means pass over the harmonics by brute force, for splats x palette x coefficients. Measured with
 * splat-transform 3.7: 20k splats, 9 coefficients, palette 16k: 2.0 s; 50k, 9, 32k: 13.5 s; 20k, 45, 16k: 23 s.
 */
const SECONDS_PER_UNIT = 2.0 / (20_000 * 16_384 * 9)

/** A viewer's file is not worth more than this; the .spz keeps every band anyway. */
export const LONGEST_S = 60

/** Estimated CPU seconds for the harmonics of a .sog. The palette is the tool's: the power of two below the count, 1k to 64k. */
export function harmonicsSeconds(count: number, bands: number, iterations: number): number {
  const palette = Math.min(65_536, Math.max(1_024, 2 ** Math.floor(Math.log2(count))))
  return SECONDS_PER_UNIT * count * palette * (REST_BY_BANDS[bands] ?? 0) * iterations
}

/** The bands to keep in the .sog: what is asked for, or with -1 the most that stay within a minute of CPU. */
export function chooseBands(asked: number, present: number, count: number, iterations: number): number {
  if (asked >= 0) return Math.min(asked, present)
  let bands = present
  while (bands > 0 && harmonicsSeconds(count, bands, iterations) > LONGEST_S) bands--
  return bands
}

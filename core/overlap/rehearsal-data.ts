/** Made by `node bench/forecast/fit.ts` from 707 photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = [-4.6588, 1.6265, 1.3676, 0.0339]

/** Made by `node bench/forecast/fit.ts` from 659 photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = [-4.8211, 1.7066, 1.3897, 0.0039]

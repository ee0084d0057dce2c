/** Made by `node bench/forecast/fit.ts` from 1923 photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = [-8.9477, 3.6067, 0.8625, 0.0072, 1.1992, 0.7485]

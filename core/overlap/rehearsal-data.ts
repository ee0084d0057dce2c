/** Made by `node bench/forecast/fit.ts` from 683 photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = [-4.7503, 1.6675, 1.3959, 0.0106]

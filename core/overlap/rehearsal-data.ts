/** Fitted as `node bench/forecast/fit.ts` does, from 1187 photos of 119 sets: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = [-7.6895, 1.9268, 1.2785, -0.2121, 1.8051, 0.565]

import type { Calibration } from './calibration.ts'

/** Fitted as `node bench/forecast/fit.ts` does, from 6851 pairs of 119 sets: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-12.4301, 0.0807, 1.7966, 2.5032, 3.2647, 0.4333, 3.7911],
  logInliers: [-1.1837, -0.3788, 0.0657, 1.3377, 1.2482, -0.0787, 1.01],
}

/** Made by `node bench/forecast/fit.ts` from 4689 pairs, of first looks: do not edit. */
export const FIRST_CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-5.4201, -0.4448, 1.0318, 2.6954, 0.1257, -1.3998],
  logInliers: [2.2981, 0.0769, -0.049, 0.8268, -0.7452, 1.0155],
}

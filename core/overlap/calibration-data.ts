import type { Calibration } from './calibration.ts'

/** Made by `node bench/forecast/fit.ts` from 4689 pairs: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-9.4678, -0.1789, 1.9639, 2.2203, 2.8689, 0.1795],
  logInliers: [-1.1575, -0.3886, -0.0893, 1.4791, 1.6622, -0.0022],
}

/** Made by `node bench/forecast/fit.ts` from 4689 pairs, of first looks: do not edit. */
export const FIRST_CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-5.4201, -0.4448, 1.0318, 2.6954, 0.1257, -1.3998],
  logInliers: [2.2981, 0.0769, -0.049, 0.8268, -0.7452, 1.0155],
}

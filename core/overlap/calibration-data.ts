import type { Calibration } from './calibration.ts'

/** Made by `node bench/forecast/fit.ts` from 10163 pairs: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-12.5354, 0.5335, 1.359, 2.5853, 2.9487, 1.7777, 3.9672],
  logInliers: [-0.9071, -0.3483, 0.1402, 1.1507, 1.3832, 0.2526, 0.9095],
}

/** Made by `node bench/forecast/fit.ts` from 10163 pairs, of first looks: do not edit. */
export const FIRST_CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-10.3076, -0.0446, 1.1846, 3.2044, -0.1041, -0.8861, 2.6367],
  logInliers: [0.8304, -0.0276, 0.2736, 0.6503, -0.2869, 0.5271, 0.9483],
}

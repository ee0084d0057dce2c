import type { Calibration } from './calibration.ts'

/** Made by `node bench/forecast/fit.ts` from 4421 pairs: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-9.4671, -0.1788, 1.9639, 2.2200, 2.8689, 0.1791],
  logInliers: [-1.0062, -0.3139, -0.0757, 1.3400, 1.7475, 0.0543],
}

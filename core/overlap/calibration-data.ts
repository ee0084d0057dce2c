import type { Calibration } from './calibration.ts'

/** Made by `node bench/forecast/fit.ts` from 4557 pairs: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-9.4672, -0.1788, 1.9639, 2.2200, 2.8689, 0.1791],
  logInliers: [-1.1024, -0.3400, -0.0932, 1.4053, 1.7423, 0.0063],
}

import type { Calibration } from './calibration.ts'

/** Made by `node bench/forecast/fit.ts` from 719 pairs: do not edit. */
export const CALIBRATION: Calibration = {
  recipe: 'pycolmap-4.2.1 1600px 4096 octave-0',
  probability: [-6.4744, 1.0955, 1.4595, 1.0774, 2.2023, 0.3141],
  logInliers: [-0.0186, -0.0925, -0.0383, 0.8866, 1.5260, 0.8167],
}

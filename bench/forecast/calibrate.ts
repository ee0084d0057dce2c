import { describe, type Calibration } from '../../core/overlap/calibration.ts'
import type { Sample } from './evidence.ts'
import type { PhotoSample } from './rehearsals.ts'
import { fitLinear, fitLogistic } from './regression.ts'

/** COLMAP's min_num_inliers: from here a pair is verified. */
export const VERIFIED = 15

/** COLMAP itself flips pairs with 10 to 30 inliers between equal runs: they are left out of the AUC. */
export function isDecided(sample: Sample): boolean {
  return sample.truth < 10 || sample.truth > 30
}

// A weak ridge: without it separable sets push the coefficients to infinity and the probabilities to 0 and 1.
const RIDGE = 0.3

/** Coefficients from samples of several sets. */
export function calibrate(samples: readonly Sample[], recipe: string): Calibration {
  const verified = samples.filter((sample) => sample.truth >= VERIFIED)
  return {
    recipe,
    probability: fitLogistic(
      samples.map((sample) => describe(sample.evidence)),
      samples.map((sample) => sample.truth >= VERIFIED),
      RIDGE,
    ),
    logInliers: fitLinear(
      verified.map((sample) => describe(sample.evidence)),
      verified.map((sample) => Math.log1p(sample.truth)),
      RIDGE,
    ),
  }
}

/** Weights on describePhoto(). Each scene counts the same, however many copies of it there are. */
export function calibratePhotos(samples: readonly PhotoSample[]): number[] {
  const counts = new Map<string, number>()
  for (const { set } of samples) counts.set(sceneOf(set), (counts.get(sceneOf(set)) ?? 0) + 1)
  const weights = samples.map(({ set }) => samples.length / (counts.size * counts.get(sceneOf(set))!))
  return fitLogistic(
    samples.map(({ described }) => described),
    samples.map(({ share }) => share),
    RIDGE,
    weights,
  )
}

/** The scene that a set shows: degraded copies are named `scene~fault`, mixed ones `one+other~fault`. */
export function sceneOf(set: string): string {
  return set.split('~')[0] ?? set
}

/** True where two sets show a scene in common: they may not stand on both sides of a leave-one-scene-out test. */
export function shareScene(one: string, other: string): boolean {
  return sceneOf(one)
    .split('+')
    .some((scene) => sceneOf(other).split('+').includes(scene))
}

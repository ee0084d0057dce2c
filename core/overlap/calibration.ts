import { CALIBRATION } from './calibration-data.ts'
import type { Evidence } from './evidence.ts'

/** Coefficients on `describe(evidence)`, the constant first. Made by bench/forecast/fit.ts; `recipe` says of which reconstruction they are the forecast. */
export type Calibration = {
  readonly recipe: string
  readonly probability: readonly number[]
  readonly logInliers: readonly number[]
}

// Seven matches fit some fundamental matrix and four some homography whatever they are.
const FREE_F = 7
const FREE_H = 4

/** The numbers that the regressions see: a constant, then log F, log H, log raw, inlier ratio, coverage, log density. */
export function describe(evidence: Evidence): number[] {
  const beyond = (inliers: number, free: number): number => Math.log1p(Math.max(0, inliers - free))
  return [
    1,
    beyond(evidence.inliersF, FREE_F),
    beyond(evidence.inliersH, FREE_H),
    Math.log1p(evidence.raw),
    evidence.inlierRatio,
    evidence.coverage,
    Math.log(evidence.density),
  ]
}

/** That COLMAP verifies the pair with at least 15 inliers, 0..1. */
export function probability(evidence: Evidence, calibration: Calibration = CALIBRATION): number {
  return logistic(dot(calibration.probability, describe(evidence)))
}

/** The number of inliers to expect of COLMAP: of a verified pair, times the probability that it is verified. */
export function expectedInliers(evidence: Evidence, calibration: Calibration = CALIBRATION): number {
  return probability(evidence, calibration) * Math.expm1(dot(calibration.logInliers, describe(evidence)))
}

/** 1 / (1 + exp(-x)). */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function dot(weights: readonly number[], values: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0)
}

import type { Motion } from './graph.ts'
import type { Run } from './rehearsal.ts'

/** `flatness`: inliers of one homography over those of one fundamental matrix, about 1 where the camera turned or the scene is flat. */
export type Lean = { readonly flatness: number }

// Below it most of the capture does not become a model, and the reason is looked for.
const WHOLE = 0.5

// One homography explains nearly all that one fundamental matrix does: there is no depth in the pair.
const FLAT = 0.9

// Turns and zooms measured 0.968 to 0.994, the flattest true capture (brighton-beach, a beach from above) 0.904.
const DEPTHLESS = 0.95

// COLMAP's init_max_forward_motion is 0.95 of the shift along the view; a whole capture that leans that way is told earlier.
const FORWARD = 0.85

// COLMAP starts at 16 degrees and gives up below 4.
const NARROW_DEG = 4

// Parts that are more than a chance pair, and what they must hold together: fragments of a forward flight hold less.
const LEAST_PART = 3
const MOSTLY = 0.75

/** Why a capture whose pairs hold does not become a model. `registers`: by photo; `verified`: the pairs that hold. */
export function motionOf(registers: readonly number[], verified: readonly Lean[], runs: readonly Run[]): Motion {
  const flatness = median(verified.map((pair) => pair.flatness))
  const begun = runs.flatMap(({ beginnings }) =>
    Array.from({ length: Math.floor(beginnings.length / 3) }, (_, k) => ({ angleDeg: beginnings[3 * k]!, along: beginnings[3 * k + 1]! })),
  )
  const isSplit = inTwoParts(registers.length, runs)
  // Flat ground from high above, in two groups (caliterra-a~unbridged: 0.988, 5.1 degrees, COLMAP has the larger): what is missing is the link.
  const isFlatGround = isSplit && median(begun.map(({ angleDeg }) => angleDeg)) >= NARROW_DEG
  // COLMAP hands out a model of a camera that turned on the spot (made~turn: 12 of 12): poses without depth, and not to be believed.
  if (verified.length >= registers.length - 1 && flatness >= DEPTHLESS && !isFlatGround) return 'turned'
  const expected = registers.reduce((a, b) => a + b, 0)
  if (expected >= WHOLE * registers.length || isSplit) return 'good'
  if (verified.length < registers.length - 1 || verified.length === 0) return 'weak'
  if (flatness >= FLAT) return 'turned'
  if (median(begun.map(({ along }) => along)) >= FORWARD) return 'forward'
  return median(begun.map(({ angleDeg }) => angleDeg)) < NARROW_DEG ? 'turned' : 'weak'
}

// Two models that hold most of the photos between them have depth, each of its own: what is missing is the link.
function inTwoParts(photos: number, runs: readonly Run[]): boolean {
  const shares = runs.map(({ group }) => {
    const sizes = [0, 1].map((number) => Array.from(group).filter((each) => each === number).length)
    return sizes.every((size) => size >= LEAST_PART) ? (sizes[0]! + sizes[1]!) / photos : 0
  })
  return median(shares) >= MOSTLY
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

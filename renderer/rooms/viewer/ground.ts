import { Matrix3, Vector3 } from 'three'
import type { Ball } from './view-math.ts'

/** A scene is flat where it is this much thinner than its narrower side (ratio of variances). A drone's sample measures 0.02 to 0.08, a single object 0.3 and more. */
const flat = 0.15
/** Rounds of the power iteration; the directions of a flat scene part after a few. */
const rounds = 40
/** Shares of the heights between which relief is judged. */
const [low, high] = [0.03, 0.97]

/**
 * Up of a scene that does not say: the normal of the ground where the points lie flat, null where they do not.
 * What stands on a ground rises from it more than it sinks, which tells up from down.
 */
export function groundUp(points: readonly Vector3[], { centre, radius }: Ball): Vector3 | null {
  const near = points.map((one) => one.clone().sub(centre)).filter((one) => one.length() <= radius)
  if (near.length < 3) return null
  const spread = covariance(near)
  const long = strongest(spread, new Vector3(1, 0.3, 0.1))
  const wide = strongest(without(spread, long), new Vector3(0.1, 1, 0.3).cross(long.axis))
  const normal = long.axis.clone().cross(wide.axis).normalize()
  const thin = normal.dot(normal.clone().applyMatrix3(spread))
  if (!(wide.variance > 0) || thin / wide.variance > flat) return null
  return normal.multiplyScalar(risesAlong(near, normal) ? 1 : -1)
}

type Axis = { readonly axis: Vector3; readonly variance: number }

function covariance(points: readonly Vector3[]): Matrix3 {
  const mean = points.reduce((sum, one) => sum.add(one), new Vector3()).divideScalar(points.length)
  const sum = [0, 0, 0, 0, 0, 0]
  for (const one of points) {
    const [x, y, z] = [one.x - mean.x, one.y - mean.y, one.z - mean.z]
    const products = [x * x, x * y, x * z, y * y, y * z, z * z]
    for (const [at, product] of products.entries()) sum[at] = (sum[at] ?? 0) + product / points.length
  }
  const [xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0] = sum
  return new Matrix3(xx, xy, xz, xy, yy, yz, xz, yz, zz)
}

/** The axis of the largest variance, by power iteration. */
function strongest(spread: Matrix3, start: Vector3): Axis {
  const axis = start.clone().normalize()
  for (let round = 0; round < rounds; round++) {
    const next = axis.clone().applyMatrix3(spread)
    if (next.lengthSq() === 0) break
    axis.copy(next.normalize())
  }
  return { axis, variance: axis.dot(axis.clone().applyMatrix3(spread)) }
}

/** The spread with one axis taken out (deflation). */
function without(spread: Matrix3, { axis, variance }: Axis): Matrix3 {
  const along = axis.toArray()
  const left = spread.clone()
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 3; column++)
      left.elements[column * 3 + row] = (spread.elements[column * 3 + row] ?? 0) - variance * (along[row] ?? 0) * (along[column] ?? 0)
  return left
}

function risesAlong(points: readonly Vector3[], normal: Vector3): boolean {
  const heights = points.map((one) => one.dot(normal)).toSorted((a, b) => a - b)
  const at = (share: number) => heights[Math.min(heights.length - 1, Math.floor(heights.length * share))] ?? 0
  return at(high) - at(0.5) >= at(0.5) - at(low)
}

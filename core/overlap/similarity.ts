import { eigen, minus, type Point3 } from './geometry.ts'

/** A turn, a scale and a shift that lay one set of points onto another. */
export type Similarity = {
  readonly scale: number
  readonly apply: (point: Point3) => Point3
  readonly turn: (direction: Point3) => Point3
  readonly invert: (point: Point3) => Point3
}

// Along one line the turn about it is free: the second extent must be a real part of the first.
const leastExtent = 0.05
const fewest = 4

/** The similarity from `from` to `to` with the least squares (Horn 1987, unit quaternions); null where the points do not fix it. */
export function similarity(from: readonly Point3[], to: readonly Point3[]): Similarity | null {
  if (from.length < fewest || !isWide(from) || !isWide(to)) return null
  const [middle, target] = [mean(from), mean(to)]
  const a = from.map((point) => minus(point, middle))
  const b = to.map((point) => minus(point, target))
  const turned = turnBetween(a, b)
  const scale = Math.sqrt(b.reduce((sum, p) => sum + square(p), 0) / a.reduce((sum, p) => sum + square(p), 0))
  const apply = (point: Point3): Point3 => {
    const [x, y, z] = times(turned, minus(point, middle))
    return [target[0] + scale * x, target[1] + scale * y, target[2] + scale * z]
  }
  const back = transposed(turned)
  const invert = (point: Point3): Point3 => {
    const [x, y, z] = times(back, minus(point, target))
    return [middle[0] + x / scale, middle[1] + y / scale, middle[2] + z / scale]
  }
  return { scale, apply, turn: (direction) => times(turned, direction), invert }
}

type Matrix = readonly [Point3, Point3, Point3]

const square = (a: Point3): number => a[0] ** 2 + a[1] ** 2 + a[2] ** 2
const times = (m: Matrix, [x, y, z]: Point3): Point3 => [
  m[0][0] * x + m[0][1] * y + m[0][2] * z,
  m[1][0] * x + m[1][1] * y + m[1][2] * z,
  m[2][0] * x + m[2][1] * y + m[2][2] * z,
]
const transposed = (m: Matrix): Matrix => [
  [m[0][0], m[1][0], m[2][0]],
  [m[0][1], m[1][1], m[2][1]],
  [m[0][2], m[1][2], m[2][2]],
]

function mean(points: readonly Point3[]): Point3 {
  const sum = (axis: 0 | 1 | 2): number => points.reduce((total, point) => total + point[axis], 0) / points.length
  return [sum(0), sum(1), sum(2)]
}

/** Extents along the main axes, smallest first: square roots of the covariance's eigenvalues. */
export function extents(points: readonly Point3[]): {
  readonly sizes: readonly number[]
  readonly axes: readonly Point3[]
  readonly middle: Point3
} {
  const middle = mean(points)
  const centred = points.map((point) => minus(point, middle))
  const axes = [0, 1, 2] as const
  const covariance = axes.map((i) => axes.map((j) => centred.reduce((sum, p) => sum + p[i] * p[j], 0) / points.length))
  const found = eigen(covariance)
  return {
    sizes: found.map(({ value }) => Math.sqrt(Math.max(0, value))),
    axes: found.map(({ vector }) => vector as unknown as Point3),
    middle,
  }
}

function isWide(points: readonly Point3[]): boolean {
  const [, second = 0, first = 0] = extents(points).sizes
  return first > 0 && second > leastExtent * first
}

// Equations 39 to 41 of Horn's paper.
function turnBetween(a: readonly Point3[], b: readonly Point3[]): Matrix {
  const s = (i: 0 | 1 | 2, j: 0 | 1 | 2): number => a.reduce((sum, p, k) => sum + p[i] * (b[k] as Point3)[j], 0)
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = [s(0, 0), s(0, 1), s(0, 2), s(1, 0), s(1, 1), s(1, 2), s(2, 0), s(2, 1), s(2, 2)]
  const best = eigen([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]).at(-1)?.vector ?? [1, 0, 0, 0]
  const [w, x, y, z] = best as [number, number, number, number]
  return [
    [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
  ]
}

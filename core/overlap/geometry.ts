export type Point2 = readonly [x: number, y: number]
export type Point3 = readonly [x: number, y: number, z: number]

export const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export const cross = (a: Point3, b: Point3): Point3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]

export const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]

/** a + t b. */
export const along = (a: Point3, b: Point3, t: number): Point3 => [a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]]

export function unit(a: Point3): Point3 {
  const length = Math.hypot(...a) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}

/** Two unit vectors across `a` and each other. */
export function across(a: Point3): readonly [Point3, Point3] {
  const other: Point3 = Math.abs(a[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]
  const first = unit(cross(a, other))
  return [first, cross(a, first)]
}

/** Whether a point lies in a polygon, by crossings. */
export function isInside(polygon: readonly Point2[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[i] as Point2, polygon[j] as Point2]
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
  }
  return inside
}

/** The convex hull, counter-clockwise (Andrew's monotone chain). */
export function hullOf(points: readonly Point2[]): readonly Point2[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (list: readonly Point2[]): Point2[] => {
    const chain: Point2[] = []
    for (const point of list) {
      while (chain.length > 1 && turn(chain.at(-2) as Point2, chain.at(-1) as Point2, point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.toReversed())]
}

const turn = (a: Point2, b: Point2, c: Point2): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** How far a point lies from a segment. */
export function distanceToSegment(x: number, y: number, a: Point2, b: Point2): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const t = Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)
}

/** Eigenvalues, smallest first, with their unit vectors, of a symmetric matrix (cyclic Jacobi; Golub and Van Loan, 8.5). */
export function eigen(
  symmetric: readonly (readonly number[])[],
): readonly { readonly value: number; readonly vector: readonly number[] }[] {
  const n = symmetric.length
  const a = symmetric.map((row) => [...row])
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)))
  const sweeps = 30
  for (let sweep = 0; sweep < sweeps; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (Math.abs(a[p]![q]!) > 1e-15) rotate(a, v, p, q)
  return a.map((row, i) => ({ value: row[i]!, vector: v.map((each) => each[i]!) })).sort((x, y) => x.value - y.value)
}

function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!]
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!]
    a[p]![k] = c * x - s * y
    a[q]![k] = s * x + c * y
  }
  for (const row of v) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!]
}

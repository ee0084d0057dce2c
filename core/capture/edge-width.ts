// Profiles of 49 px reach over the widest blur that is told apart (32 px at 1024 px on the long side).
const reachPx = 24
const directions = 8
// Every third pixel both ways: neighbours say the same.
const stepPx = 3
// Only the strongest tenth of a direction's edges, and no more than 200: averaging them removes noise, the weaker ones are texture.
const strongestShare = 0.1
const mostEdges = 200
const fewestEdges = 20
// A gradient belongs to a direction when this share of its power lies along it.
const alignedShare = 0.85

type Edge = { readonly power: number; readonly at: number; readonly sign: number }

/** Width in pixels of the strongest edges (20 to 80 % of their rise), in the direction where they are widest; null where there are no edges. */
export function edgeWidth(grey: Uint8Array, widthPx: number, heightPx: number): number | null {
  const smooth = binomial(grey, widthPx, heightPx)
  const buckets = edgesByDirection(smooth, widthPx, heightPx)
  const widths = buckets.flatMap((edges, direction) =>
    edges.length < fewestEdges ? [] : [riseWidth(meanProfile(smooth, widthPx, strongest(edges), direction))],
  )
  return widths.length > 0 ? Math.max(...widths) : null
}

/** 3 x 3 binomial smoothing times 16; the border stays 0. */
function binomial(grey: Uint8Array, widthPx: number, heightPx: number): Int16Array {
  const smooth = new Int16Array(grey.length)
  const row = new Int16Array(grey.length)
  for (let at = 1; at < grey.length - 1; at++) row[at] = (grey[at - 1] as number) + 2 * (grey[at] as number) + (grey[at + 1] as number)
  for (let at = widthPx; at < widthPx * (heightPx - 1); at++)
    smooth[at] = (row[at - widthPx] as number) + 2 * (row[at] as number) + (row[at + widthPx] as number)
  return smooth
}

const cosines = Array.from({ length: directions }, (_, d) => Math.cos((d * Math.PI) / directions))
const sines = Array.from({ length: directions }, (_, d) => Math.sin((d * Math.PI) / directions))

/** Edges, each under the direction of its gradient; gradients between two directions are dropped. */
function edgesByDirection(smooth: Int16Array, widthPx: number, heightPx: number): Edge[][] {
  const buckets: Edge[][] = Array.from({ length: directions }, () => [])
  const margin = reachPx + 3
  for (let y = margin; y < heightPx - margin; y += stepPx) {
    for (let x = margin; x < widthPx - margin; x += stepPx) {
      const at = y * widthPx + x
      const gx = (smooth[at + 3] as number) - (smooth[at - 3] as number)
      const gy = (smooth[at + 3 * widthPx] as number) - (smooth[at - 3 * widthPx] as number)
      const power = gx * gx + gy * gy
      if (power === 0) continue
      const direction = Math.round((Math.atan2(gy, gx) / Math.PI) * directions + 2 * directions) % directions
      const along = gx * (cosines[direction] as number) + gy * (sines[direction] as number)
      if (along * along > alignedShare * power) (buckets[direction] as Edge[]).push({ power, at, sign: Math.sign(along) })
    }
  }
  return buckets
}

function strongest(edges: readonly Edge[]): readonly Edge[] {
  const count = Math.min(mostEdges, Math.floor(edges.length * strongestShare) + 1)
  return edges.toSorted((a, b) => b.power - a.power).slice(0, count)
}

/** Grey along the gradient, from dark to bright, averaged over the edges. */
function meanProfile(smooth: Int16Array, widthPx: number, edges: readonly Edge[], direction: number): Float64Array {
  const profile = new Float64Array(2 * reachPx + 1)
  const offsets = Array.from(
    profile,
    (_, i) =>
      Math.round((i - reachPx) * (cosines[direction] as number)) + Math.round((i - reachPx) * (sines[direction] as number)) * widthPx,
  )
  for (const { at, sign } of edges)
    for (let i = 0; i < profile.length; i++) profile[i] = (profile[i] as number) + sign * (smooth[at + (offsets[i] as number)] as number)
  return profile
}

/** Distance between 20 % and 80 % of the rise around the middle, to a fraction of a pixel. */
function riseWidth(profile: Float64Array): number {
  const value = (i: number) => profile[i] as number
  let low = value(reachPx)
  let high = low
  for (let i = reachPx; i >= 0; i--) low = Math.min(low, value(i))
  for (let i = reachPx; i < profile.length; i++) high = Math.max(high, value(i))
  const from = low + 0.2 * (high - low)
  const to = low + 0.8 * (high - low)
  let left = reachPx
  while (left > 0 && value(left) > from) left--
  let right = reachPx
  while (right < profile.length - 1 && value(right) < to) right++
  const start = left + (from - value(left)) / Math.max(1e-9, value(left + 1) - value(left))
  const end = right - (value(right) - to) / Math.max(1e-9, value(right) - value(right - 1))
  return Math.max(0.5, end - start)
}

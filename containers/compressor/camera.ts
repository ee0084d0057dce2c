import { type Splats, column } from './ply.ts'

export type Vec3 = readonly [number, number, number]

/** A pinhole camera: `rows` are its right, down and forward axes in the scene, `focalPx` for square pixels. */
export type Camera = {
  readonly eye: Vec3
  readonly rows: readonly [Vec3, Vec3, Vec3]
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number
}

export const WIDTH_PX = 160
export const HEIGHT_PX = 120

/** Two views of the covered part, which sfm puts upright (z up): a slanted one and one from above. */
export function viewsOf(splats: Splats): readonly Camera[] {
  const center: Vec3 = [median(column(splats, 'x')), median(column(splats, 'y')), median(column(splats, 'z'))]
  const radius = Math.max(reach(splats, center), 1e-6)
  return (
    [
      [0.6, -0.8, 1],
      [0.05, -0.05, 1],
    ] as const
  ).map((from) => look(from, center, 2 * radius))
}

function look(from: Vec3, center: Vec3, distance: number): Camera {
  const back = unit(from)
  const eye: Vec3 = [center[0] + back[0] * distance, center[1] + back[1] * distance, center[2] + back[2] * distance]
  const forward: Vec3 = [-back[0], -back[1], -back[2]]
  const right = unit(cross(forward, [0, 0, 1]))
  return { eye, rows: [right, cross(forward, right), forward], widthPx: WIDTH_PX, heightPx: HEIGHT_PX, focalPx: WIDTH_PX }
}

/** Distance from `center` within which 80 % of the splats lie. */
function reach(splats: Splats, center: Vec3): number {
  const [x, y, z] = [column(splats, 'x'), column(splats, 'y'), column(splats, 'z')]
  const distances = x.map((value, i) => Math.hypot(value - center[0], (y[i] ?? 0) - center[1], (z[i] ?? 0) - center[2]))
  return distances.toSorted()[Math.floor(distances.length * 0.8)] ?? 0
}

function median(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? 0
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(v: Vec3): Vec3 {
  const length = Math.hypot(...v)
  return [v[0] / length, v[1] / length, v[2] / length]
}

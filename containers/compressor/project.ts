import type { Camera } from './camera.ts'
import { C0, basis } from './harmonics.ts'
import { type Splats, column } from './ply.ts'

/** Numbers of one footprint in `Footprints.numbers`: centre in px, inverse 2D covariance, opacity, colour. */
export const U = 0
export const V = 1
export const CONIC = 2
export const OPACITY = 5
export const COLOR = 6
export const STRIDE = 9

/** What the visible splats paint: STRIDE numbers each, and their places in that array from near to far. */
export type Footprints = { readonly numbers: Float32Array; readonly order: Uint32Array }

// 3DGS's own: a pixel-sized blur is added to each footprint.
const BLUR_PX2 = 0.3
const NEAR = 1e-3

/** Projects splats by EWA (Zwicker et al., 2001, as in Kerbl et al., 2023, section 4). */
export function project(splats: Splats, camera: Camera): Footprints {
  const get = (name: string): Float32Array => column(splats, name)
  const [x, y, z, opacity] = [get('x'), get('y'), get('z'), get('opacity')]
  const covariance = covarianceOf(splats, camera)
  const color = colorOf(splats)
  const [right, down, forward] = camera.rows
  const numbers = new Float32Array(splats.count * STRIDE)
  const depths = new Float32Array(splats.count)
  const seen: number[] = []
  for (let i = 0; i < splats.count; i++) {
    const dx = (x[i] as number) - camera.eye[0]
    const dy = (y[i] as number) - camera.eye[1]
    const dz = (z[i] as number) - camera.eye[2]
    const depth = forward[0] * dx + forward[1] * dy + forward[2] * dz
    if (!(depth > NEAR)) continue
    const cx = right[0] * dx + right[1] * dy + right[2] * dz
    const cy = down[0] * dx + down[1] * dy + down[2] * dz
    const [xx, xy, yy] = covariance(i, cx / depth, cy / depth, camera.focalPx / depth)
    const determinant = xx * yy - xy * xy
    if (!(determinant > 0)) continue
    const at = i * STRIDE
    numbers[at + U] = (cx / depth) * camera.focalPx + camera.widthPx / 2
    numbers[at + V] = (cy / depth) * camera.focalPx + camera.heightPx / 2
    numbers[at + CONIC] = yy / determinant
    numbers[at + CONIC + 1] = -xy / determinant
    numbers[at + CONIC + 2] = xx / determinant
    numbers[at + OPACITY] = 1 / (1 + Math.exp(-(opacity[i] as number)))
    numbers.set(color(i, dx, dy, dz), at + COLOR)
    depths[i] = depth
    seen.push(i)
  }
  return { numbers, order: Uint32Array.from(seen).sort((a, b) => (depths[a] as number) - (depths[b] as number)) }
}

type Three = readonly [number, number, number]

/** The 2D covariance (xx, xy, yy) in px² of a splat seen in direction (tx, ty, 1) at `f` px a unit: J W R S S' R' W' J'. */
function covarianceOf(splats: Splats, camera: Camera): (i: number, tx: number, ty: number, f: number) => Three {
  const scales = ['scale_0', 'scale_1', 'scale_2'].map((name) => column(splats, name))
  const [qw, qx, qy, qz] = ['rot_0', 'rot_1', 'rot_2', 'rot_3'].map((name) => column(splats, name)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  // Splats far outside the picture would blow the linearisation up; 3DGS holds them at 1.3 x the half angle.
  const [mostX, mostY] = [(0.65 * camera.widthPx) / camera.focalPx, (0.65 * camera.heightPx) / camera.focalPx]
  const [right, down, forward] = camera.rows
  return (i, tx, ty, f) => {
    const axes = axesOf(qw[i] as number, qx[i] as number, qy[i] as number, qz[i] as number)
    const [heldX, heldY] = [Math.min(mostX, Math.max(-mostX, tx)), Math.min(mostY, Math.max(-mostY, ty))]
    let [xx, xy, yy] = [BLUR_PX2, 0, BLUR_PX2]
    for (let k = 0; k < 3; k++) {
      const axis = axes[k] as Three
      const length = f * Math.exp(scales[k]?.[i] as number)
      const away = dot(forward, axis)
      const px = length * (dot(right, axis) - heldX * away)
      const py = length * (dot(down, axis) - heldY * away)
      xx += px * px
      xy += px * py
      yy += py * py
    }
    return [xx, xy, yy]
  }
}

/** The three axes that a rotation (w, x, y, z), of any length, turns x, y and z into. */
function axesOf(w: number, x: number, y: number, z: number): readonly [Three, Three, Three] {
  const s = 2 / (w * w + x * x + y * y + z * z || 1)
  return [
    [1 - s * (y * y + z * z), s * (x * y + w * z), s * (x * z - w * y)],
    [s * (x * y - w * z), 1 - s * (x * x + z * z), s * (y * z + w * x)],
    [s * (x * z + w * y), s * (y * z - w * x), 1 - s * (x * x + y * y)],
  ]
}

/** RGB of a splat seen along (dx, dy, dz): 0.5 + harmonics, not below 0. */
function colorOf(splats: Splats): (i: number, dx: number, dy: number, dz: number) => Three {
  const dc = ['f_dc_0', 'f_dc_1', 'f_dc_2'].map((name) => column(splats, name))
  const perColor = [0, 3, 8, 15][splats.bands] ?? 0
  const rest = Array.from({ length: perColor * 3 }, (_, k) => column(splats, `f_rest_${k}`))
  return (i, dx, dy, dz) => {
    const length = Math.hypot(dx, dy, dz)
    const weights = splats.bands === 0 ? [] : basis(splats.bands, dx / length, dy / length, dz / length)
    const channel = (k: number): number => {
      let sum = 0.5 + C0 * (dc[k]?.[i] as number)
      for (let j = 0; j < perColor; j++) sum += (weights[j] as number) * (rest[k * perColor + j]?.[i] as number)
      return Math.max(0, sum)
    }
    return [channel(0), channel(1), channel(2)]
  }
}

function dot(a: Three, b: Three): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

import type { Camera } from './camera.ts'
import type { Splats } from './ply.ts'
import { COLOR, CONIC, OPACITY, STRIDE, U, V, project } from './project.ts'

// 3DGS's own: contributions under 1/255 are left out, opacity is never quite 1, a pixel is done when no light passes.
const LEAST_ALPHA = 1 / 255
const MOST_ALPHA = 0.99
const LEAST_LIGHT = 1e-4

/**
 * A clear renderer of splats for comparing files (Kerbl et al., 3D Gaussian Splatting, 2023, section 6): blends from
 * near to far on black. RGB in 0..1 and above, row by row, three values a pixel.
 */
export function render(splats: Splats, camera: Camera): Float32Array {
  const paint = new Float32Array(camera.widthPx * camera.heightPx * 3)
  const light = new Float32Array(camera.widthPx * camera.heightPx).fill(1)
  const { numbers, order } = project(splats, camera)
  for (const i of order) blend(numbers.subarray(i * STRIDE, (i + 1) * STRIDE), camera, paint, light)
  return paint
}

function blend(splat: Float32Array, camera: Camera, paint: Float32Array, light: Float32Array): void {
  const [u, v, opacity] = [splat[U] as number, splat[V] as number, splat[OPACITY] as number]
  if (opacity < LEAST_ALPHA) return
  const [a, b, c] = [splat[CONIC] as number, splat[CONIC + 1] as number, splat[CONIC + 2] as number]
  // The ellipse on which alpha is LEAST_ALPHA: exponents outside of it need no exponential.
  const least = Math.log(LEAST_ALPHA / opacity)
  const spread = (-2 * least) / Math.max(a * c - b * b, 1e-9) // needles: rounding may leave less than nothing
  const [reachX, reachY] = [Math.sqrt(spread * c), Math.sqrt(spread * a)]
  const [red, green, blue] = [splat[COLOR] as number, splat[COLOR + 1] as number, splat[COLOR + 2] as number]
  const left = Math.max(0, Math.floor(u - reachX))
  const right = Math.min(camera.widthPx - 1, Math.ceil(u + reachX))
  const bottom = Math.min(camera.heightPx - 1, Math.ceil(v + reachY))
  for (let y = Math.max(0, Math.floor(v - reachY)); y <= bottom; y++) {
    const dy = y + 0.5 - v
    for (let x = left; x <= right; x++) {
      const at = y * camera.widthPx + x
      if ((light[at] as number) < LEAST_LIGHT) continue
      const dx = x + 0.5 - u
      const exponent = -0.5 * (a * dx * dx + c * dy * dy) - b * dx * dy
      if (exponent < least) continue
      const alpha = Math.min(MOST_ALPHA, opacity * Math.exp(exponent))
      const weight = alpha * (light[at] as number)
      paint[at * 3] = (paint[at * 3] as number) + weight * red
      paint[at * 3 + 1] = (paint[at * 3 + 1] as number) + weight * green
      paint[at * 3 + 2] = (paint[at * 3 + 2] as number) + weight * blue
      light[at] = (light[at] as number) * (1 - alpha)
    }
  }
}

/** Peak signal-to-noise ratio in dB of two pictures with values in 0..1 (clipped there, as a screen does); 99 at most. */
export function psnrDb(a: Float32Array, b: Float32Array): number {
  const sum = a.reduce((total, value, i) => total + (Math.min(1, value) - Math.min(1, b[i] as number)) ** 2, 0)
  return Math.min(99, -10 * Math.log10(sum / a.length))
}

import { setImmediate } from 'node:timers/promises'
import { type Camera, viewsOf } from './camera.ts'
import { type Splats, column } from './ply.ts'
import { psnrDb, render } from './render.ts'

/** How like a decoded file is to the scene. PSNR: the worst of the views, against the scene with the same bands. */
export type Likeness = { readonly count: number; readonly boundsOff: number; readonly psnrDb: number; readonly bands: number }

/** Bounds may move by this share of the scene's extent: SOG keeps 16 bits of a logarithm, SPZ 12 bits of a fraction. */
export const BOUNDS_TOLERANCE = 0.01

/** Views and pictures of the scene, once for all files compared with it. */
export type Reference = {
  readonly scene: Splats
  readonly cameras: readonly Camera[]
  readonly pictures: ReadonlyMap<number, readonly Float32Array[]>
}

/** Renders the scene once for each number of bands that a file may keep; breathes between pictures, to hear a stop. */
export async function referenceOf(scene: Splats, bands: readonly number[], signal?: AbortSignal): Promise<Reference> {
  const cameras = viewsOf(scene)
  const pictures = new Map<number, readonly Float32Array[]>()
  for (const n of new Set(bands)) pictures.set(n, await renderAll(withBands(scene, n), cameras, signal))
  return { scene, cameras, pictures }
}

/** Compares a decoded file with the scene. A file with fewer bands is compared with the scene's same bands. */
export async function compare(reference: Reference, decoded: Splats, signal?: AbortSignal): Promise<Likeness> {
  const bands = Math.min(decoded.bands, reference.scene.bands)
  const wanted = reference.pictures.get(bands) ?? (await renderAll(withBands(reference.scene, bands), reference.cameras, signal))
  const pictures = await renderAll(withBands(decoded, bands), reference.cameras, signal)
  const worst = Math.min(...pictures.map((picture, i) => psnrDb(wanted[i] as Float32Array, picture)))
  const off = boundsOff(reference.scene, decoded)
  return { count: decoded.count, boundsOff: off, psnrDb: Math.round(worst * 100) / 100, bands: decoded.bands }
}

async function renderAll(splats: Splats, cameras: readonly Camera[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
  const pictures: Float32Array[] = []
  for (const camera of cameras) {
    await setImmediate()
    signal?.throwIfAborted()
    pictures.push(render(splats, camera))
  }
  return pictures
}

/** What is wrong with a decoded file; empty where nothing is. */
export function fault(likeness: Likeness, count: number, leastPsnrDb: number): string {
  if (likeness.count !== count) return `it holds ${likeness.count} splats instead of ${count}`
  if (likeness.boundsOff > BOUNDS_TOLERANCE) return `its bounds are ${(likeness.boundsOff * 100).toFixed(1)} % off`
  if (!(likeness.psnrDb >= leastPsnrDb)) return `it looks different: ${likeness.psnrDb} dB, ${leastPsnrDb} dB are needed`
  return ''
}

/** The same splats with fewer bands: coefficients are stored colour by colour, so the columns are renumbered. */
export function withBands(splats: Splats, bands: number): Splats {
  if (bands === splats.bands) return splats
  const from = [0, 3, 8, 15][splats.bands] ?? 0
  const to = [0, 3, 8, 15][bands] ?? 0
  const kept = [...splats.columns].filter(([name]) => !name.startsWith('f_rest_'))
  const rest = Array.from({ length: to * 3 }, (_, i) => {
    const source = Math.floor(i / to) * from + (i % to)
    return [`f_rest_${i}`, column(splats, `f_rest_${source}`)] as const
  })
  return { count: splats.count, bands, columns: new Map([...kept, ...rest]) }
}

/** Largest move of a bound as a share of the diagonal. */
function boundsOff(a: Splats, b: Splats): number {
  const [before, after] = [bounds(a), bounds(b)]
  const diagonal = Math.hypot(...before.map(([least, most]) => most - least))
  const moved = before.flatMap(([least, most], i) => [Math.abs(least - (after[i]?.[0] ?? NaN)), Math.abs(most - (after[i]?.[1] ?? NaN))])
  return Math.max(...moved) / Math.max(diagonal, 1e-12)
}

// What lies outside may hold this share of the scene's opacity at either end: faint strays are no bound of a scene.
const OUTSIDE = 0.0005

/** Least and most x, y and z of all but the outermost opacity. */
function bounds(splats: Splats): readonly (readonly [number, number])[] {
  const weights = column(splats, 'opacity').map((logit) => 1 / (1 + Math.exp(-logit)))
  const out = OUTSIDE * weights.reduce((sum, weight) => sum + weight, 0)
  return ['x', 'y', 'z'].map((name) => {
    const values = column(splats, name)
    const order = Uint32Array.from(values.keys()).sort((i, j) => (values[i] as number) - (values[j] as number))
    return [edge(order, values, weights, out), edge(order.toReversed(), values, weights, out)]
  })
}

/** The value at which the weights, summed in this order, pass `out`. */
function edge(order: Uint32Array, values: Float32Array, weights: Float32Array, out: number): number {
  let sum = 0
  const found = order.find((i) => (sum += weights[i] as number) > out)
  return values[found ?? 0] as number
}

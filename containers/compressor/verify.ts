import { setImmediate } from 'node:timers/promises'
import { type Camera, viewsOf } from './camera.ts'
import { type Splats, column } from './ply.ts'
import { psnrDb, render } from './render.ts'

/** How like a decoded file is to the scene. PSNR: the worst of the views, against the scene with the same bands. */
export type Likeness = { readonly count: number; readonly placesOff: number; readonly psnrDb: number; readonly bands: number }

/** Splats may move by this share of the scene's extent: SOG keeps 16 bits of a logarithm, SPZ 12 bits of a fraction. */
export const PLACES_TOLERANCE = 0.01

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
  const off = placesOff(reference.scene, decoded)
  return { count: decoded.count, placesOff: off, psnrDb: Math.round(worst * 100) / 100, bands: decoded.bands }
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
  if (likeness.placesOff > PLACES_TOLERANCE) return `its splats are up to ${(likeness.placesOff * 100).toFixed(1)} % off`
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

// One splat in a thousand may stand anywhere: no picture and no bound of a scene hangs on a few strays.
const STRAYS = 0.001

/**
 * Largest move of a splat on an axis, but for strays, as a share of the scene's extent; for splats outside of that, of their
 * distance. Files keep another order, so sorted coordinates are compared: they move no farther than the splats did.
 */
function placesOff(a: Splats, b: Splats): number {
  if (a.count !== b.count) return 1
  const axes = ['x', 'y', 'z'].map((name) => [column(a, name).toSorted(), column(b, name).toSorted()] as const)
  const at = (values: Float32Array, share: number): number => values[Math.floor(share * (values.length - 1))] as number
  const extent = Math.max(Math.hypot(...axes.map(([before]) => at(before, 0.95) - at(before, 0.05))), 1e-12)
  const moved = axes.map(([before, after]) => {
    const middle = at(before, 0.5)
    const shares = before.map((value, i) => Math.abs(value - (after[i] as number)) / Math.max(extent, Math.abs(value - middle)))
    return at(shares.toSorted(), 1 - STRAYS)
  })
  return Math.max(...moved)
}

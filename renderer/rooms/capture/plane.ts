import { isNullIsland } from '../../../core/capture/check-gps.ts'
import { type LocalPlane, localPlane } from '../../../core/capture/local-plane.ts'
import type { Photo } from '../../../core/capture/photo.ts'

export type Spot = { readonly file: string; readonly x: number; readonly y: number }

/** The photos with GPS on a local metric plane: x east, y north, metres from their middle. `doubted`: positions that would tear the map apart. */
export function spotsOf(photos: readonly Photo[], doubted: ReadonlySet<string> = new Set()): readonly Spot[] {
  const plane = planeOf(photos, doubted)
  if (!plane) return []
  return fixed(photos, doubted).map(({ file, gps }) => {
    const [x, y] = plane.toMetres(gps ?? { lat: 0, lon: 0 })
    return { file, x, y }
  })
}

/** The plane that the spots lie on; null without any. */
export function planeOf(photos: readonly Photo[], doubted: ReadonlySet<string> = new Set()): LocalPlane | null {
  const all = fixed(photos, doubted)
  if (all.length === 0) return null
  return localPlane({ lat: mean(all.map((one) => one.gps?.lat ?? 0)), lon: mean(all.map((one) => one.gps?.lon ?? 0)) })
}

function fixed(photos: readonly Photo[], doubted: ReadonlySet<string>): readonly Photo[] {
  return photos.filter(({ file, gps }) => gps !== null && !isNullIsland(gps) && !doubted.has(file))
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

/** Corners of the ground that a photo sees, metres around its spot; null where height, lens or gimbal are missing or the camera does not look down. */
export function footprintOf(photo: Photo): readonly (readonly [number, number])[] | null {
  const { relativeAltM, focalPx, gimbal } = photo
  if (relativeAltM === null || focalPx === null || gimbal === null || relativeAltM < 1 || gimbal.pitchDeg > -75) return null
  const w = (relativeAltM * photo.widthPx) / focalPx / 2
  const h = (relativeAltM * photo.heightPx) / focalPx / 2
  // Heading is clockwise from north; the picture's top points there.
  const yaw = (gimbal.yawDeg * Math.PI) / 180
  const turn = (x: number, y: number) => [x * Math.cos(yaw) + y * Math.sin(yaw), -x * Math.sin(yaw) + y * Math.cos(yaw)] as const
  return [turn(-w, h), turn(w, h), turn(w, -h), turn(-w, -h)]
}

/** A round length (1, 2, 5 x 10^n metres) that takes at most `px` pixels at `pxPerM`. */
export function roundLength(px: number, pxPerM: number): number {
  const most = px / pxPerM
  const power = 10 ** Math.floor(Math.log10(most))
  return ([5, 2, 1].find((one) => one * power <= most) ?? 1) * power
}

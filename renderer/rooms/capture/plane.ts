import type { Photo } from '../../../core/capture/photo.ts'

export type Spot = { readonly file: string; readonly x: number; readonly y: number }

/** Metres a degree of latitude, mean of the WGS 84 ellipsoid: for a picture of a few hundred metres the error is below a pixel. */
const metresPerDegree = 111_320

/** The photos with GPS on a local metric plane: x east, y north, metres from their middle. */
export function spotsOf(photos: readonly Photo[]): readonly Spot[] {
  const fixed = photos.filter((one) => one.gps !== null)
  const lat0 = mean(fixed.map((one) => one.gps?.lat ?? 0))
  const lon0 = mean(fixed.map((one) => one.gps?.lon ?? 0))
  const shrink = Math.cos((lat0 * Math.PI) / 180)
  return fixed.map(({ file, gps }) => ({
    file,
    x: ((gps?.lon ?? 0) - lon0) * metresPerDegree * shrink,
    y: ((gps?.lat ?? 0) - lat0) * metresPerDegree,
  }))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
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

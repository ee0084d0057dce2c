import type { Gimbal, Photo } from '../capture/photo.ts'
import { type Point2, type Point3, along, cross } from './geometry.ts'

// COLMAP's guess of a focal length that no header names: 1.2 times the long side.
const guessedFocal = 1.2

/** Focal length in pixels, guessed as COLMAP does where the header says nothing. */
export function focalOf({ focalPx, widthPx, heightPx }: Photo): number {
  return focalPx ?? guessedFocal * Math.max(widthPx, heightPx)
}

const radians = (deg: number): number => (deg * Math.PI) / 180
const degrees = (rad: number): number => (rad * 180) / Math.PI

/** Where a gimbal makes the camera look, in metres east, north, up. */
export function lookOf({ pitchDeg, yawDeg }: Pick<Gimbal, 'pitchDeg' | 'yawDeg'>): Point3 {
  const [p, y] = [radians(pitchDeg), radians(yawDeg)]
  return [Math.cos(p) * Math.sin(y), Math.cos(p) * Math.cos(y), Math.sin(p)]
}

/** Heading 0..360 clockwise from north and pitch of a view given east, north, up. */
export function gimbalOf([east, north, up]: Point3): { readonly yawDeg: number; readonly pitchDeg: number } {
  return { yawDeg: (degrees(Math.atan2(east, north)) + 360) % 360, pitchDeg: degrees(Math.asin(Math.max(-1, Math.min(1, up)))) }
}

/** The rays through a photo's corners, by its gimbal: top left, top right, bottom right, bottom left. */
export function cornerRays(photo: Photo, gimbal: Gimbal): readonly Point3[] {
  const forward = lookOf(gimbal)
  const yaw = radians(gimbal.yawDeg)
  const right: Point3 = [Math.cos(yaw), -Math.sin(yaw), 0]
  const up = cross(right, forward)
  const focal = focalOf(photo)
  const [w, h] = [photo.widthPx / 2 / focal, photo.heightPx / 2 / focal]
  return [
    [-w, h],
    [w, h],
    [w, -h],
    [-w, -h],
  ].map(([x, y]) => along(along(forward, right, x as number), up, y as number))
}

// A view towards the horizon sees on for ever; beyond three times the height it says nothing about the ground.
const farthest = 3

/** Where rays from a height above the plane z = 0 meet it, seen from the point below; cut off where they graze it. */
export function onPlane(heightAbove: number, rays: readonly Point3[]): readonly Point2[] {
  return rays.map(([x, y, z]) => {
    const level = Math.hypot(x, y)
    const t = z < 0 ? heightAbove / -z : Infinity
    const reach = t * level <= farthest * heightAbove ? t : (farthest * heightAbove) / level
    return [reach * x, reach * y]
  })
}

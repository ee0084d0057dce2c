import { MathUtils, Quaternion, Vector3 } from 'three'
import type { SceneCamera, SceneFacts } from '../../../core/scene/scene.ts'

export type View = { readonly eye: Vector3; readonly target: Vector3; readonly up: Vector3 }
export type Ball = { readonly centre: Vector3; readonly radius: number }

/** Angle at which a scene opens, above the ground: most of a drone's photos look straight down, so lower shows their gaps first. */
const openingDeg = 48
export const openingFovDeg = 50

/** Up of files that neither say nor lie flat: 3DGS trainers write COLMAP's frame, where Y points down. */
const colmapUp = new Vector3(0, -1, 0)

/** The first view: over the ground that photos cover, from the side where the first photo was taken. */
export function openingView(facts: SceneFacts | null, ball: Ball, aspect: number, ownUp: Vector3 | null = null): View {
  const covered = facts?.covered
  const up = covered ? new Vector3(...covered.up).normalize() : (ownUp ?? colmapUp).clone()
  const isGround = Boolean(covered) || ownUp !== null
  const target = covered ? new Vector3(...covered.centre) : ball.centre.clone()
  const radius = covered?.radius ?? ball.radius
  const away = levelled(facts?.cameras[0] ? new Vector3(...facts.cameras[0].centre).sub(target) : new Vector3(0, 0, -1), up)
  const angle = MathUtils.degToRad(isGround ? openingDeg : 16)
  const half = MathUtils.degToRad(openingFovDeg / 2)
  const fits = Math.min(1, aspect)
  const distance = (radius * (isGround ? 0.78 : 0.95)) / (Math.sin(half) * fits)
  const eye = target
    .clone()
    .addScaledVector(away, Math.cos(angle) * distance)
    .addScaledVector(up, Math.sin(angle) * distance)
  return { eye, target, up }
}

/** The part of a direction that is level; any level direction where it has none. */
function levelled(direction: Vector3, up: Vector3): Vector3 {
  const level = direction.clone().addScaledVector(up, -direction.dot(up))
  if (level.lengthSq() > 1e-6) return level.normalize()
  return new Vector3(1, 0, 0).cross(up).lengthSq() > 1e-3
    ? new Vector3(1, 0, 0).cross(up).normalize()
    : new Vector3(0, 1, 0).cross(up).normalize()
}

/** Half a turn about X: COLMAP's camera looks along +Z with Y down, three's along -Z with Y up. */
const toThree = new Quaternion(1, 0, 0, 0)

/** The orientation of a photo's camera as three wants it. */
export function orientationOf(camera: SceneCamera): Quaternion {
  return new Quaternion(...camera.quaternion).multiply(toThree)
}

/** Vertical field of view at which a photo just fits into a canvas of another aspect, as `object-fit: contain` lays its picture. */
export function fovToContain(camera: SceneCamera, aspect: number): number {
  if (aspect >= camera.aspect) return camera.fovYDeg
  const tangent = Math.tan(MathUtils.degToRad(camera.fovYDeg / 2)) * (camera.aspect / aspect)
  return MathUtils.radToDeg(2 * Math.atan(tangent))
}

/** Shares of the points between which the scene lies; what is outside are floaters and sky. */
const [low, high] = [0.03, 0.97]

/** The ball that holds most of the points. Floaters do not widen it. */
export function ballOf(points: readonly Vector3[]): Ball {
  const middle = (axis: 'x' | 'y' | 'z') => {
    const sorted = points.map((one) => one[axis]).toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return (at(low) + at(high)) / 2
  }
  const centre = new Vector3(middle('x'), middle('y'), middle('z'))
  const distances = points.map((one) => one.distanceTo(centre)).toSorted((a, b) => a - b)
  return { centre, radius: distances[Math.floor(distances.length * high)] || 1 }
}

/** Nearer to straight down than this (cosine of 20 degrees), a heading must be named, or the view would turn about itself. */
const steep = 0.94

/** Where to look after leaving a photo's pose: roll is let go, the top of the picture stays the top. */
export function restingAhead(ahead: Vector3, top: Vector3, up: Vector3): Vector3 {
  if (Math.abs(ahead.dot(up)) < steep) return ahead.clone()
  const heading = levelled(top.clone().multiplyScalar(-Math.sign(ahead.dot(up))), up)
  return up
    .clone()
    .multiplyScalar(Math.sign(ahead.dot(up)))
    .addScaledVector(heading, 0.05)
    .normalize()
}

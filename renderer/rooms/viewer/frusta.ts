import { BufferGeometry, Float32BufferAttribute, LineBasicMaterial, LineSegments, MathUtils, Vector3 } from 'three'
import type { SceneCamera } from '../../../core/scene/scene.ts'
import { orientationOf } from './view-math.ts'

/** The photos' cameras as small pyramids. */
export function frusta(cameras: readonly SceneCamera[], size: number, colour: number, opacity: number): LineSegments {
  const points = cameras.flatMap((camera) => pyramid(camera, size))
  const geometry = new BufferGeometry().setAttribute('position', new Float32BufferAttribute(points, 3))
  // Splats write no depth, so the lines are drawn after them and over them.
  const lines = new LineSegments(
    geometry,
    new LineBasicMaterial({ color: colour, transparent: true, opacity, depthTest: false, depthWrite: false }),
  )
  lines.renderOrder = 10
  lines.frustumCulled = false
  return lines
}

/** Frees what the graphics card holds of it. */
export function disposeFrusta(lines: LineSegments): void {
  lines.removeFromParent()
  lines.geometry.dispose()
  if (lines.material instanceof LineBasicMaterial) lines.material.dispose()
}

function pyramid(camera: SceneCamera, size: number): number[] {
  const h = Math.tan(MathUtils.degToRad(camera.fovYDeg / 2)) * size
  const w = h * camera.aspect
  const turn = orientationOf(camera)
  const at = new Vector3(...camera.centre)
  const corner = (x: number, y: number) => new Vector3(x, y, -size).applyQuaternion(turn).add(at)
  const [a, b, c, d] = [corner(-w, h), corner(w, h), corner(w, -h), corner(-w, -h)]
  const top = new Vector3(0, h * 1.5, -size).applyQuaternion(turn).add(at)
  const edges = [at, a, at, b, at, c, at, d, a, b, b, c, c, d, d, a, a, top, top, b]
  return edges.flatMap((one) => one.toArray())
}

import { type Camera, type LineSegments, type Scene, Vector3 } from 'three'
import type { SceneCamera } from '../../../core/scene/scene.ts'
import { disposeFrusta, frusta } from './frusta.ts'

/** Length of a pyramid, as a share of the covered ground's radius. */
const markShare = 0.035
const markColour = 0xf1f3f5
const markOpacity = 0.6
/** How near to a mark a click must be, in pixels. */
const reachPx = 16

/** The photos' cameras as they stand in the scene. */
export class CameraMarks {
  private readonly scene: Scene
  private lines: LineSegments | null = null

  constructor(scene: Scene) {
    this.scene = scene
  }

  /** Shows these cameras instead of those before. */
  show(cameras: readonly SceneCamera[], radius: number): void {
    this.dispose()
    if (cameras.length === 0) return
    this.lines = frusta(cameras, radius * markShare, markColour, markOpacity)
    this.scene.add(this.lines)
  }

  dispose(): void {
    if (this.lines) disposeFrusta(this.lines)
    this.lines = null
  }
}

type Size = { readonly clientWidth: number; readonly clientHeight: number }

/** The camera that lies nearest to a pixel of the canvas, within reach. */
export function cameraAt(
  cameras: readonly SceneCamera[],
  view: Camera,
  { clientWidth, clientHeight }: Size,
  x: number,
  y: number,
): SceneCamera | null {
  let best: SceneCamera | null = null
  let least = reachPx
  for (const camera of cameras) {
    const at = new Vector3(...camera.centre).project(view)
    const far = Math.hypot(((at.x + 1) / 2) * clientWidth - x, ((1 - at.y) / 2) * clientHeight - y)
    if (at.z < 1 && far < least) [best, least] = [camera, far]
  }
  return best
}

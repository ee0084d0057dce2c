import type { SplatMesh } from '@sparkjsdev/spark'
import { type Camera, type Scene, Vector2 } from 'three'
import type { ReadoutBoard } from './readout-board.ts'
import { pickPoint, Ruler } from './ruler.ts'

/** What is measured in: the splats, the eye, and the canvas that points are picked on. */
type Sight = { readonly mesh: SplatMesh; readonly camera: Camera; readonly canvas: HTMLCanvasElement }

/** Measuring between two points of the scene. */
export class Measuring {
  private readonly board: ReadoutBoard
  private readonly ruler: Ruler

  constructor(scene: Scene, board: ReadoutBoard) {
    this.board = board
    this.ruler = new Ruler(scene)
  }

  /** Begins or ends measuring. */
  set(on: boolean, canvas: HTMLCanvasElement | undefined): void {
    this.ruler.clear()
    this.board.tell({ ruler: on ? { points: [], missed: false } : null })
    // Enter then picks, and does not press the button again.
    if (on) canvas?.parentElement?.focus({ preventScroll: true })
  }

  /** Takes the point under a pixel as an end of the line; a third begins a new line. */
  pick({ mesh, camera, canvas }: Sight, x: number, y: number): void {
    const { ruler } = this.board.get()
    if (!ruler) return
    const { clientWidth, clientHeight } = canvas
    const found = pickPoint(mesh, camera, new Vector2((x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2))
    const before = ruler.points.length < 2 ? ruler.points : []
    const points = found ? [...before, found] : ruler.points
    this.ruler.show(points, camera.position)
    this.board.tell({ ruler: { points, missed: found === null } })
  }

  dispose(): void {
    this.ruler.clear()
  }
}

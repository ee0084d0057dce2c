import type { SplatMesh } from '@sparkjsdev/spark'
import {
  BufferGeometry,
  type Camera,
  Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  Raycaster,
  type Scene,
  SphereGeometry,
  type Vector2,
  Vector3,
} from 'three'

export type Point = readonly [x: number, y: number, z: number]

/** Fainter splats than this are looked through: haze and the soft edges of what lies behind. */
const leastOpacity = 0.5
const colour = 0xf4b83f
/** Radius of an end's mark, as a share of its distance from the eye when it was picked. */
const markShare = 0.006

/** The straight line between two points of the scene. */
export class Ruler {
  private readonly scene: Scene
  private readonly marks = new Group()

  constructor(scene: Scene) {
    this.scene = scene
    this.scene.add(this.marks)
  }

  /** Shows these ends, and the line between them where there are two. */
  show(points: readonly Point[], eye: Vector3): void {
    this.clear()
    const ends = points.map((one) => new Vector3(...one))
    const material = { color: colour, depthTest: false, transparent: true }
    for (const end of ends) {
      const mark = new Mesh(new SphereGeometry(end.distanceTo(eye) * markShare, 12, 8), new MeshBasicMaterial(material))
      mark.position.copy(end)
      mark.renderOrder = 2
      this.marks.add(mark)
    }
    if (ends.length < 2) return
    const line = new Line(new BufferGeometry().setFromPoints(ends), new LineBasicMaterial(material))
    line.renderOrder = 2
    this.marks.add(line)
  }

  clear(): void {
    for (const one of this.marks.children as (Mesh | Line)[]) {
      one.geometry.dispose()
      for (const material of [one.material].flat()) material.dispose()
    }
    this.marks.clear()
  }
}

/** The nearest solid splat under a place of the canvas, given in -1 to 1; null where there is none. */
export function pickPoint(mesh: SplatMesh, camera: Camera, at: Vector2): Point | null {
  const ray = new Raycaster()
  ray.setFromCamera(at, camera)
  mesh.minRaycastOpacity = leastOpacity
  const [first] = ray.intersectObject(mesh)
  return first ? first.point.toArray() : null
}

/** How far two points are apart, in the scene's own unit; null while there are fewer. */
export function lengthOf(points: readonly Point[]): number | null {
  const [from, to] = points
  return from && to ? Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]) : null
}

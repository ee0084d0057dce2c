import type { Sketch } from '../../../core/overlap/graph.ts'
import { along, type Point3 } from '../../../core/overlap/geometry.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
import type { Canvas } from './draw-chart.ts'
import { markWaypoint } from './draw-plan.ts'
import { bodyOf, type Look, project } from './sketch-view.ts'

export type SketchDrawing = { readonly sketch: Sketch; readonly plan: ReshootPlan; readonly chosen: string | null }

// A camera's line of sight is drawn this share of the body's size long.
const sightShare = 0.12

/** Draws the rehearsal's points, cameras with their lines of sight, and the positions to re-shoot. */
export function drawSketch(canvas: Canvas, look: Look, { sketch, plan, chosen }: SketchDrawing): void {
  const { g, width, height, colour } = canvas
  const body = bodyOf(sketch)
  const pixels = project(body, look, width, height)
  g.clearRect(0, 0, width, height)
  g.fillStyle = colour('--fg-3')
  g.globalAlpha = 0.7
  for (let i = 0; i + 2 < sketch.points.length; i += 3) {
    const [x, y] = pixels([sketch.points[i]!, sketch.points[i + 1]!, sketch.points[i + 2]!])
    g.fillRect(x - 0.75, y - 0.75, 1.5, 1.5)
  }
  g.globalAlpha = 1
  for (const { file, centre, direction } of sketch.cameras) drawCamera(canvas, pixels, centre, direction, body.size, file === chosen)
  for (const { number, inSketch } of plan.positions) if (inSketch) markWaypoint(canvas, String(number), ...first2(pixels(inSketch)))
}

const first2 = ([x, y]: readonly [number, number, number]): readonly [number, number] => [x, y]

function drawCamera(
  { g, colour }: Canvas,
  pixels: (point: Point3) => readonly [number, number, number],
  centre: Point3,
  direction: Point3,
  size: number,
  isChosen: boolean,
): void {
  const [x, y] = pixels(centre)
  const [toX, toY] = pixels(along(centre, direction, sightShare * size))
  g.strokeStyle = isChosen ? colour('--accent') : colour('--fg-2')
  g.lineWidth = isChosen ? 2 : 1.25
  g.beginPath()
  g.moveTo(x, y)
  g.lineTo(toX, toY)
  g.stroke()
  g.beginPath()
  g.arc(x, y, isChosen ? 5 : 3.5, 0, 7)
  g.fillStyle = isChosen ? colour('--accent') : colour('--fg-1')
  g.fill()
}

/** The camera under a pixel, within reach. */
export function cameraAt(sketch: Sketch, look: Look, width: number, height: number, x: number, y: number): string | null {
  const pixels = project(bodyOf(sketch), look, width, height)
  const reach = 12
  const near = sketch.cameras
    .map(({ file, centre }) => {
      const [px, py] = pixels(centre)
      return { file, far: Math.hypot(px - x, py - y) }
    })
    .filter(({ far }) => far < reach)
    .sort((a, b) => a.far - b.far)
  return near[0]?.file ?? null
}

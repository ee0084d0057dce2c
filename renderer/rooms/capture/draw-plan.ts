import { type Frame, toPixels } from './chart-view.ts'
import type { Canvas } from './draw-chart.ts'
import type { MarkedHole } from './waypoints.ts'

/** Holes of the covered ground: dashed rings, told from an island's box without colour. */
export function drawHoles(canvas: Canvas, frame: Frame, holes: readonly MarkedHole[]): void {
  const { g, colour } = canvas
  g.strokeStyle = colour('--warn')
  g.lineWidth = 1.5
  g.setLineDash([4, 3])
  for (const hole of holes) {
    g.beginPath()
    g.arc(...toPixels(frame, canvas, hole.x, hole.y), Math.max(6, hole.radius * frame.scale), 0, 7)
    g.stroke()
  }
  g.setLineDash([])
}

/** A position to re-shoot: a numbered diamond. */
export function markWaypoint({ g, colour }: Pick<Canvas, 'g' | 'colour'>, text: string, x: number, y: number): void {
  const r = 11
  g.beginPath()
  g.moveTo(x, y - r)
  g.lineTo(x + r, y)
  g.lineTo(x, y + r)
  g.lineTo(x - r, y)
  g.closePath()
  g.fillStyle = colour('--warn')
  g.fill()
  g.lineWidth = 1.5
  g.strokeStyle = colour('--bg-0')
  g.stroke()
  g.font = '600 11px "Inter Variable", sans-serif'
  g.textAlign = 'center'
  g.textBaseline = 'middle'
  g.fillStyle = colour('--bg-0')
  g.fillText(text, x, y + 0.5)
  g.textAlign = 'start'
}

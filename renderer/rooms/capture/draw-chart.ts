import type { Photo } from '../../../core/capture/photo.ts'
import type { Pair } from '../../../core/overlap/graph.ts'
import { shortName } from '../../format.ts'
import { type Frame, toPixels } from './chart-view.ts'
import { strengthOf } from './links.ts'
import type { MarkedHole, Waypoint } from './waypoints.ts'
import { markWaypoint, drawHoles } from './draw-plan.ts'
import { footprintOf, roundLength, type Spot } from './plane.ts'

export type Drawing = {
  /** Positions of the re-shoot plan, and the holes that they close, on the same plane. */
  readonly waypoints: readonly Waypoint[]
  readonly holes: readonly MarkedHole[]
  readonly spots: readonly Spot[]
  readonly photos: ReadonlyMap<string, Photo>
  readonly links: readonly Pair[]
  /** Photos that the filters leave; the others are drawn faint. */
  readonly shown: ReadonlySet<string>
  readonly leftOut: ReadonlySet<string>
  readonly linkCounts: ReadonlyMap<string, number>
  /** False while no pair was tried: then nobody knows yet which photo joins nothing. */
  readonly checked: boolean
  /** The islands after the largest; each gets a dashed hull. */
  readonly islands: readonly (readonly string[])[]
  readonly bridges: ReadonlySet<string>
  readonly chosen: string | null
  readonly hover: string | null
  /** Thumbnails laid on their footprints; only where the plane is metric. */
  readonly pictures: ReadonlyMap<string, HTMLImageElement>
  readonly metric: boolean
}

export type Canvas = {
  readonly g: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly colour: (name: string) => string
}

/** Draws map or links onto a canvas. */
export function drawChart(canvas: Canvas, frame: Frame, drawing: Drawing): void {
  canvas.g.clearRect(0, 0, canvas.width, canvas.height)
  if (drawing.metric) {
    drawGrid(canvas, frame)
    drawFootprints(canvas, frame, drawing)
    drawHoles(canvas, frame, drawing.holes)
  }
  drawLinks(canvas, frame, drawing)
  drawIslands(canvas, frame, drawing)
  drawDots(canvas, frame, drawing)
  for (const { number, x, y } of drawing.waypoints) markWaypoint(canvas, String(number), ...toPixels(frame, canvas, x, y))
}

function drawGrid(canvas: Canvas, frame: Frame): void {
  const { g, width, height, colour } = canvas
  const step = roundLength(90, frame.scale) * frame.scale
  const [x0, y0] = toPixels(frame, canvas, 0, 0)
  g.strokeStyle = colour('--line-1')
  g.lineWidth = 1
  g.beginPath()
  for (let x = x0 % step; x < width; x += step) line(g, Math.round(x) + 0.5, 0, Math.round(x) + 0.5, height)
  for (let y = y0 % step; y < height; y += step) line(g, 0, Math.round(y) + 0.5, width, Math.round(y) + 0.5)
  g.stroke()
}

function drawFootprints(canvas: Canvas, frame: Frame, { spots, photos, pictures, shown, chosen }: Drawing): void {
  const { g, colour } = canvas
  for (const spot of spots) {
    const photo = photos.get(spot.file)
    const corners = photo && footprintOf(photo)?.map(([dx, dy]) => toPixels(frame, canvas, spot.x + dx, spot.y + dy))
    if (!corners || !shown.has(spot.file)) continue
    const picture = pictures.get(spot.file)
    if (picture) underlay(g, picture, corners)
    g.beginPath()
    corners.forEach(([x, y], at) => (at === 0 ? g.moveTo(x, y) : g.lineTo(x, y)))
    g.closePath()
    g.strokeStyle = spot.file === chosen ? colour('--accent') : colour('--line-2')
    g.lineWidth = spot.file === chosen ? 2 : 1
    g.globalAlpha = spot.file === chosen ? 1 : 0.5
    g.stroke()
    g.globalAlpha = 1
  }
}

/** Lays a thumbnail over its footprint: corners are top left, top right, bottom right, bottom left. */
function underlay(g: CanvasRenderingContext2D, picture: HTMLImageElement, corners: readonly (readonly [number, number])[]): void {
  const [a, b, , d] = corners
  if (!a || !b || !d) return
  g.save()
  g.globalAlpha = 0.42
  const { naturalWidth: w, naturalHeight: h } = picture
  g.transform((b[0] - a[0]) / w, (b[1] - a[1]) / w, (d[0] - a[0]) / h, (d[1] - a[1]) / h, a[0], a[1])
  g.drawImage(picture, 0, 0)
  g.restore()
}

function drawLinks(canvas: Canvas, frame: Frame, { spots, links, shown, chosen }: Drawing): void {
  const { g, colour } = canvas
  const at = new Map(spots.map((one) => [one.file, toPixels(frame, canvas, one.x, one.y)]))
  // Many links would cover each other: the more, the fainter.
  const faint = Math.min(0.6, Math.max(0.14, 70 / links.length))
  for (const { a, b, inliers } of links) {
    const from = at.get(a)
    const to = at.get(b)
    if (!from || !to) continue
    const strong = strengthOf(inliers) === 'strong'
    const touched = a === chosen || b === chosen
    g.strokeStyle = touched ? colour('--accent') : colour(strong ? '--ok' : '--warn')
    g.globalAlpha = !shown.has(a) && !shown.has(b) ? 0.1 : touched ? 0.9 : chosen === null ? faint : faint * 0.6
    g.lineWidth = Math.min(2, 0.6 + inliers / 200) + (touched ? 0.3 : 0)
    g.setLineDash(strong ? [] : [5, 4])
    g.beginPath()
    line(g, from[0], from[1], to[0], to[1])
    g.stroke()
  }
  g.setLineDash([])
  g.globalAlpha = 1
}

function drawIslands(canvas: Canvas, frame: Frame, { spots, islands }: Drawing): void {
  const { g, colour } = canvas
  const at = new Map(spots.map((one) => [one.file, toPixels(frame, canvas, one.x, one.y)]))
  islands.forEach((files, index) => {
    const points = files.flatMap((file) => at.get(file) ?? [])
    if (points.length === 0) return
    const xs = points.filter((_, i) => i % 2 === 0)
    const ys = points.filter((_, i) => i % 2 === 1)
    const [x, y, right, low] = [Math.min(...xs) - 18, Math.min(...ys) - 18, Math.max(...xs) + 18, Math.max(...ys) + 18]
    g.strokeStyle = colour('--bad')
    g.setLineDash([4, 3])
    g.lineWidth = 1.25
    g.strokeRect(x, y, right - x, low - y)
    g.setLineDash([])
    label(canvas, `Island ${String.fromCharCode(66 + index)}, ${files.length} photos`, (x + right) / 2, y - 14, colour('--bad'))
  })
}

function drawDots(canvas: Canvas, frame: Frame, { spots, shown, leftOut, linkCounts, checked, bridges, chosen, hover }: Drawing): void {
  const { g, colour } = canvas
  for (const spot of spots) {
    const [x, y] = toPixels(frame, canvas, spot.x, spot.y)
    const loose = checked && (linkCounts.get(spot.file) ?? 0) === 0
    g.globalAlpha = shown.has(spot.file) ? 1 : 0.25
    g.beginPath()
    if (loose) g.rect(x - 4, y - 4, 8, 8)
    else g.arc(x, y, spot.file === chosen ? 6 : 4, 0, 7)
    g.fillStyle =
      spot.file === chosen ? colour('--accent') : loose ? colour('--bad') : bridges.has(spot.file) ? colour('--warn') : colour('--fg-1')
    if (leftOut.has(spot.file)) g.fillStyle = colour('--bg-1')
    g.fill()
    g.lineWidth = spot.file === chosen ? 2 : 1.5
    g.strokeStyle = spot.file === chosen ? colour('--fg-1') : leftOut.has(spot.file) ? colour('--idle') : colour('--bg-1')
    g.stroke()
    g.globalAlpha = 1
  }
  const named = spots.find((one) => one.file === (hover ?? chosen))
  if (!named) return
  const [x, y] = toPixels(frame, canvas, named.x, named.y)
  label(canvas, shortName(named.file), x, y - 18, colour('--fg-1'))
}

function label(canvas: Canvas, text: string, x: number, y: number, ink: string): void {
  const { g, colour, width } = canvas
  g.font = '500 12px "Inter Variable", sans-serif'
  const w = g.measureText(text).width + 12
  const left = Math.min(Math.max(x - w / 2, 4), width - w - 4)
  g.globalAlpha = 0.92
  g.fillStyle = colour('--bg-2')
  g.beginPath()
  g.roundRect(left, y - 10, w, 20, 4)
  g.fill()
  g.globalAlpha = 1
  g.fillStyle = ink
  g.textBaseline = 'middle'
  g.fillText(text, left + 6, y + 0.5)
}

function line(g: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  g.moveTo(x1, y1)
  g.lineTo(x2, y2)
}

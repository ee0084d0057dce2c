import { distanceToSegment, hullOf, isInside, type Point2 } from './geometry.ts'
import { distancesTo } from './distance.ts'
import { median } from '../capture/statistics.ts'
import type { Seen, View } from './views.ts'

/** Views a place needs: two fix a point, the third says whether it is true. PhotoMesh's user guide (Overlap) asks for the same three; COLMAP keeps two-view points but the splat's colours rest on them alone. */
export const FEWEST_VIEWS = 3

/** A place inside the covered ground that fewer than three photos see. Lengths in the unit of the views' plane. */
export type Hole = {
  /** Its deepest point, and the radius of the circle about it that lies wholly in the hole. */
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly area: number
  /** The middles of its cells, and how many more views each needs. */
  readonly cells: readonly { readonly x: number; readonly y: number; readonly missing: number }[]
  /** Side of a cell. */
  readonly cell: number
  /** The photos that stand nearest, nearest first. */
  readonly near: readonly string[]
}

// Cells of a sixteenth of the ground that a photo sees, the short way; no grid finer than 300 cells a side.
const cellsAcross = 16
const mostCells = 300
// Two parts that lie less than one photo's ground apart belong to one covered area: half from either side.
const closingShare = 0.5
// Smaller than that a neighbour's own outline makes it: the corner of an L closes to 0.09 of a photo's ground.
const leastOpenShare = 0.14
// With ground covered all round it, it is a hole, however narrow.
const leastShutShare = 0.08
// Wider across than three photos: nobody meant to photograph it (a lake in the middle of a flight round it).
const mostShare = 1.5
// The hole lies between the photos' positions, not outside of them.
const outsideShare = 0.1
const nearMost = 4

/** The short way across the ground that the photos see: the middle one. */
export function spanOf(views: readonly View[]): number {
  return median(views.map(({ seen }) => shortSide(seen)))
}

function shortSide(seen: readonly Point2[]): number {
  const xs = seen.map(([x]) => x)
  const ys = seen.map(([, y]) => y)
  const box = Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys))
  if (seen.length !== 4) return box
  const side = (i: number, j: number): number => Math.hypot(seen[i]![0] - seen[j]![0], seen[i]![1] - seen[j]![1])
  return Math.min((side(0, 1) + side(2, 3)) / 2, (side(1, 2) + side(3, 0)) / 2)
}

/** The holes of a covered plane, largest first. None where fewer than four photos see it. */
export function holesOf({ views }: Pick<Seen, 'views'>): readonly Hole[] {
  if (views.length <= FEWEST_VIEWS) return []
  const grid = countViews(views)
  const span = spanOf(views)
  const solid = grid.counts.map((count) => (count >= FEWEST_VIEWS ? 1 : 0))
  const shut = enclosed(solid, grid)
  const covered = closed(solid, grid, (closingShare * span) / grid.cell)
  const hole = solid.map((isSolid, i) => (!isSolid && (covered[i] || shut[i]) ? 1 : 0))
  const depth = distancesTo(
    hole.map((is) => 1 - is),
    grid.width,
    grid.height,
  )
  return parts(hole, grid)
    .map((cells) => ({ cells, isShut: cells.every((i) => shut[i]) }))
    .flatMap(({ cells, isShut }) => judged(cells, isShut, depth, grid, span, views))
    .sort((a, b) => b.area - a.area)
}

type Grid = {
  readonly counts: Uint16Array
  readonly width: number
  readonly height: number
  readonly cell: number
  readonly left: number
  readonly low: number
}

/** How many photos see each cell of a grid that reaches one photo's ground beyond all of them. */
export function countViews(views: readonly View[]): Grid {
  const span = spanOf(views)
  const xs = views.flatMap(({ x, seen }) => seen.map(([dx]) => x + dx))
  const ys = views.flatMap(({ y, seen }) => seen.map(([, dy]) => y + dy))
  const least = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b), -Infinity)
  const [left, low] = [least(xs) - span, least(ys) - span]
  const [wide, high] = [most(xs) + span - left, most(ys) + span - low]
  const cell = Math.max(span / cellsAcross, wide / mostCells, high / mostCells)
  const [width, height] = [Math.ceil(wide / cell), Math.ceil(high / cell)]
  const grid = { counts: new Uint16Array(width * height), width, height, cell, left, low }
  for (const view of views) countView(view, grid)
  return grid
}

function countView({ x, y, seen }: View, { counts, width, height, cell, left, low }: Grid): void {
  const xs = seen.map(([dx]) => x + dx)
  const ys = seen.map(([, dy]) => y + dy)
  const from = (value: number, start: number): number => Math.max(0, Math.floor((value - start) / cell))
  for (let row = from(Math.min(...ys), low); row <= Math.min(height - 1, from(Math.max(...ys), low)); row++)
    for (let column = from(Math.min(...xs), left); column <= Math.min(width - 1, from(Math.max(...xs), left)); column++)
      if (isInside(seen, left + (column + 0.5) * cell - x, low + (row + 0.5) * cell - y)) counts[row * width + column]! += 1
}

/** Cells that no way leads from to the edge of the grid but over solid ones. */
function enclosed(solid: Uint16Array, { width, height }: Grid): Uint8Array {
  const open = new Uint8Array(solid.length)
  const next = [0]
  open[0] = 1
  for (let at = next.pop(); at !== undefined; at = next.pop())
    for (const other of beside(at, width, height))
      if (!open[other] && !solid[other]) {
        open[other] = 1
        next.push(other)
      }
  return Uint8Array.from(open, (isOpen, i) => (isOpen || solid[i] ? 0 : 1))
}

/** Morphological closing by a disc: what lies between solid cells that are less than two radii apart. */
function closed(solid: Uint16Array, { width, height }: Grid, radius: number): Uint8Array {
  const grown = Uint8Array.from(distancesTo(solid, width, height), (distance) => (distance <= radius ? 0 : 1))
  return Uint8Array.from(distancesTo(grown, width, height), (distance) => (distance > radius ? 1 : 0))
}

function beside(at: number, width: number, height: number): readonly number[] {
  const x = at % width
  return [
    ...(x > 0 ? [at - 1] : []),
    ...(x < width - 1 ? [at + 1] : []),
    ...(at >= width ? [at - width] : []),
    ...(at < width * (height - 1) ? [at + width] : []),
  ]
}

function parts(hole: Uint16Array, { width, height }: Grid): number[][] {
  const left = Uint8Array.from(hole)
  const found: number[][] = []
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue
    const part = [start]
    left[start] = 0
    for (const at of part)
      for (const other of beside(at, width, height))
        if (left[other]) {
          left[other] = 0
          part.push(other)
        }
    found.push(part)
  }
  return found
}

function judged(
  at: readonly number[],
  isShut: boolean,
  depth: Float64Array,
  grid: Grid,
  span: number,
  views: readonly View[],
): readonly Hole[] {
  const deepest = at.reduce((best, i) => (depth[i]! > depth[best]! ? i : best))
  const radius = depth[deepest]! * grid.cell
  if (radius < (isShut ? leastShutShare : leastOpenShare) * span || radius > mostShare * span) return []
  const place = (i: number): Point2 => [
    grid.left + ((i % grid.width) + 0.5) * grid.cell,
    grid.low + (Math.floor(i / grid.width) + 0.5) * grid.cell,
  ]
  const [x, y] = place(deepest)
  if (isOutside(x, y, views, outsideShare * span)) return []
  const cells = at.map((i) => ({ x: place(i)[0], y: place(i)[1], missing: FEWEST_VIEWS - grid.counts[i]! }))
  const far = (view: View): number => Math.hypot(view.x - x, view.y - y)
  const near = views.toSorted((a, b) => far(a) - far(b) || (a.file < b.file ? -1 : 1)).slice(0, nearMost)
  return [{ x, y, radius, area: at.length * grid.cell ** 2, cells, cell: grid.cell, near: near.map(({ file }) => file) }]
}

function isOutside(x: number, y: number, views: readonly View[], leeway: number): boolean {
  const hull = hullOf(views.map((view): Point2 => [view.x, view.y]))
  if (isInside(hull, x, y)) return false
  return hull.every((point, i) => distanceToSegment(x, y, point, hull[(i + 1) % hull.length] as Point2) > leeway)
}

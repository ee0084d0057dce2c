import { FEWEST_VIEWS, type Hole, spanOf } from './coverage.ts'
import { isInside, type Point2 } from './geometry.ts'
import { type Draft, FORWARD_OVERLAP } from './reshoot-plan.ts'
import { facing, type Site } from './reshoot-site.ts'
import type { Seen, View } from './views.ts'

// A hole that needs more is a flight of its own.
const mostPositions = 12

/** Positions from which a hole's every cell is seen by three photos, found greedily: each the one that helps most. */
export function closeHole(site: Site, seen: Seen, hole: Hole): readonly Draft[] {
  const step = (1 - FORWARD_OVERLAP) * spanOf(seen.views)
  const open = hole.cells.map((cell) => ({ ...cell }))
  const lattice = latticeOver(hole, step)
  const chosen: Draft[] = []
  while (chosen.length < mostPositions && open.some(({ missing }) => missing > 0)) {
    const best = bestOf(lattice, open, seen.views)
    if (!best) break
    for (const cell of best.helped) cell.missing--
    lattice.splice(lattice.indexOf(best.at), 1)
    chosen.push(draft(site, seen, best.at, best.view, hole))
  }
  return chosen
}

/** Places a step apart over the hole and half its width around, the middle first. */
function latticeOver({ x, y, cells, cell }: Hole, step: number): Point2[] {
  const reach = (values: readonly number[], middle: number): number =>
    Math.ceil((Math.max(...values.map((value) => Math.abs(value - middle))) + cell) / step)
  const [wide, high] = [
    reach(
      cells.map((each) => each.x),
      x,
    ),
    reach(
      cells.map((each) => each.y),
      y,
    ),
  ]
  const places = Array.from({ length: (2 * wide + 1) * (2 * high + 1) }, (_, i): Point2 => [
    x + ((i % (2 * wide + 1)) - wide) * step,
    y + (Math.floor(i / (2 * wide + 1)) - high) * step,
  ])
  const far = ([px, py]: Point2): number => Math.hypot(px - x, py - y)
  return places.toSorted((a, b) => far(a) - far(b) || a[0] - b[0] || a[1] - b[1])
}

type Cell = { x: number; y: number; missing: number }

function bestOf(lattice: readonly Point2[], open: readonly Cell[], views: readonly View[]) {
  let best: { at: Point2; view: View; helped: readonly Cell[] } | null = null
  for (const at of lattice) {
    const view = nearestTo(at, views)
    const helped = open.filter((cell) => cell.missing > 0 && isInside(view.seen, cell.x - at[0], cell.y - at[1]))
    if (helped.length > (best?.helped.length ?? 0)) best = { at, view, helped }
  }
  return best
}

/** The photo that stands nearest: the new one is taken like it. */
function nearestTo([x, y]: Point2, views: readonly View[]): View {
  const far = (view: View): number => Math.hypot(view.x - x, view.y - y)
  return views.reduce((best, view) => (far(view) < far(best) ? view : best))
}

function draft(site: Site, seen: Seen, [x, y]: Point2, like: View, hole: Hole): Draft {
  const photo = site.byFile.get(like.file)
  const at = seen.toLatLon ? seen.toLatLon(x, y, like.height) : null
  const near = [...new Set([like.file, ...hole.near])].slice(0, 3)
  return {
    kind: 'hole',
    at,
    altM: at ? (photo?.gps?.altM ?? null) : null,
    aboveTakeoffM: at ? (photo?.relativeAltM ?? null) : null,
    ...facing(site, like.file),
    words: `between ${near.join(', ').replace(/, ([^,]*)$/, ' and $1')}, same height and direction as ${like.file}`,
    reason: `Fewer than ${FEWEST_VIEWS} photos see the ground here${seen.metric ? `, over about ${Math.max(1, Math.round(hole.area))} m²` : ''}.`,
    near,
    inSketch: seen.toSketch ? seen.toSketch(x, y, like.height) : null,
  }
}

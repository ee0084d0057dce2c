import type { LocalPlane } from '../../../core/capture/local-plane.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
import type { Spot } from './plane.ts'

export type Waypoint = { readonly number: number; readonly x: number; readonly y: number }
export type MarkedHole = { readonly x: number; readonly y: number; readonly radius: number }
export type Marks = { readonly waypoints: readonly Waypoint[]; readonly holes: readonly MarkedHole[] }

/** The plan on the map's plane. */
export function marksOnMap(plan: ReshootPlan, plane: LocalPlane | null): Marks {
  if (!plane) return { waypoints: [], holes: [] }
  const waypoints = plan.positions.flatMap(({ number, at }) => {
    if (!at) return []
    const [x, y] = plane.toMetres(at)
    return [{ number, x, y }]
  })
  const holes = plan.holes.flatMap(({ at, radiusM }) => {
    if (!at || radiusM === null) return []
    const [x, y] = plane.toMetres(at)
    return [{ x, y, radius: radiusM }]
  })
  return { waypoints, holes }
}

/** The plan between the spots of the links view: the positions of one way in a row between the photos that they are to tie together. */
export function marksBetween(plan: ReshootPlan, spots: readonly Spot[]): Marks {
  const at = new Map(spots.map((spot) => [spot.file, spot]))
  const rows = Map.groupBy(plan.positions, ({ near }) => near.join('\n'))
  const waypoints = [...rows.values()].flatMap((row) =>
    row.flatMap(({ number, near }, i) => {
      const [from, to = from] = near.flatMap((file) => at.get(file) ?? [])
      if (!from || !to) return []
      const share = (i + 1) / (row.length + 1)
      return [{ number, x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }]
    }),
  )
  return { waypoints, holes: [] }
}

import { type LatLon, localPlane } from '../capture/local-plane.ts'
import { median } from '../capture/statistics.ts'
import type { Point3 } from './geometry.ts'
import { similarity } from './similarity.ts'
import { type Captured, trustedFixes } from './captured.ts'

/** Where the rehearsal's sketch lies on the earth, as far as the photos' GPS says. */
export type Located = {
  /** Degrees of a point of the sketch; null where GPS does not fix it. */
  readonly toLatLon: ((point: Point3) => LatLon) | null
  /** A direction of the sketch as east, north, up. */
  readonly toEastNorthUp: ((direction: Point3) => Point3) | null
  /** From metres about a place to the sketch; the third is the height above the plane under the cameras that the check uses. */
  readonly sketchFromMetres: (origin: LatLon) => ((x: number, y: number, above: number) => Point3) | null
  /** What the photos' GPS and the rehearsed places differ by over the ground, m (root mean square); null where not measured. */
  readonly residualM: number | null
  /** Metres of one unit of the sketch. */
  readonly metresPerUnit: number | null
}

const nowhere: Located = { toLatLon: null, toEastNorthUp: null, sketchFromMetres: () => null, residualM: null, metresPerUnit: null }

/** Lays the sketch onto the photos' GPS positions. */
export function locate(captured: Captured): Located {
  const sketch = captured.forecast?.sketch
  if (!sketch) return nowhere
  const fixes = trustedFixes(captured)
  const heights = new Map(captured.photos.map(({ file, relativeAltM, gps }) => [file, relativeAltM ?? gps?.altM ?? null]))
  const placed = sketch.cameras.filter(({ file }) => fixes.has(file) && heights.get(file) !== null)
  if (placed.length === 0) return nowhere
  const of = (file: string): LatLon => fixes.get(file) as LatLon
  const origin = { lat: median(placed.map(({ file }) => of(file).lat)), lon: median(placed.map(({ file }) => of(file).lon)) }
  const plane = localPlane(origin)
  const targets = placed.map(({ file }): Point3 => [...plane.toMetres(of(file)), heights.get(file) as number])
  const fit = similarity(
    placed.map(({ centre }) => centre),
    targets,
  )
  if (!fit) return nowhere
  const off = placed.map(({ centre }, i) => {
    const [x, y] = fit.apply(centre)
    const target = targets[i] as Point3
    return (x - target[0]) ** 2 + (y - target[1]) ** 2
  })
  return {
    toLatLon: (point) => {
      const [x, y] = fit.apply(point)
      return plane.toLatLon(x, y)
    },
    toEastNorthUp: fit.turn,
    sketchFromMetres: (from) => {
      const [dx, dy] = plane.toMetres(from)
      return (x, y, above) => fit.invert([x + dx, y + dy, above])
    },
    residualM: Math.sqrt(off.reduce((sum, each) => sum + each, 0) / off.length),
    metresPerUnit: fit.scale,
  }
}

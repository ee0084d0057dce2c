import { type LatLon, localPlane } from '../capture/local-plane.ts'
import { median } from '../capture/statistics.ts'
import { minus, type Point3 } from './geometry.ts'
import { extents, similarity } from './similarity.ts'
import { type Captured, trustedFixes } from './captured.ts'

/** Where the rehearsal's sketch lies on the earth, as far as the photos' GPS says. */
export type Located = {
  /** Degrees of a point of the sketch; null where GPS does not fix it. */
  readonly toLatLon: ((point: Point3) => LatLon) | null
  /** A direction of the sketch as east, north, up; null where GPS scatters too much to say. */
  readonly toEastNorthUp: ((direction: Point3) => Point3) | null
  /** From metres about a place to the sketch; the third is the height above the plane under the cameras that the check uses. */
  readonly sketchFromMetres: (origin: LatLon) => ((x: number, y: number, above: number) => Point3) | null
  /** Whether its heights count from take-off; else they are GPS altitudes. */
  readonly isAboveTakeoff: boolean
  /** What the photos' GPS and the rehearsed places differ by over the ground, m (root mean square); null where not measured. */
  readonly residualM: number | null
  /** Metres of one unit of the sketch. */
  readonly metresPerUnit: number | null
}

// Positions that are off by a tenth of the photos' own spread turn the whole sketch by up to six degrees.
const surestShare = 0.1

const nowhere: Located = {
  toLatLon: null,
  toEastNorthUp: null,
  sketchFromMetres: () => null,
  residualM: null,
  metresPerUnit: null,
  isAboveTakeoff: false,
}

/** Lays the sketch onto the photos' GPS positions. */
export function locate(captured: Captured): Located {
  const sketch = captured.forecast?.sketch
  if (!sketch) return nowhere
  const fixes = trustedFixes(captured)
  // One kind of height for all: take-off and sea level are different floors.
  const isAboveTakeoff = captured.photos.every(({ file, relativeAltM }) => relativeAltM !== null || !fixes.has(file))
  const heights = new Map(captured.photos.map(({ file, relativeAltM, gps }) => [file, (isAboveTakeoff ? relativeAltM : gps?.altM) ?? null]))
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
  const off = placed.map(({ centre }, i) => minus(fit.apply(centre), targets[i] as Point3))
  const residualM = rootMeanSquare(off.map(([x, y]) => Math.hypot(x, y)))
  const isSure = rootMeanSquare(off.map((each) => Math.hypot(...each))) <= surestShare * (extents(targets).sizes[1] ?? 0)
  return {
    toLatLon: (point) => {
      const [x, y] = fit.apply(point)
      return plane.toLatLon(x, y)
    },
    toEastNorthUp: isSure ? fit.turn : null,
    sketchFromMetres: (from) => {
      const [dx, dy] = plane.toMetres(from)
      return (x, y, above) => fit.invert([x + dx, y + dy, above])
    },
    isAboveTakeoff,
    residualM,
    metresPerUnit: fit.scale,
  }
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

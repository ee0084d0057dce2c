import { type LatLon, localPlane } from '../capture/local-plane.ts'
import type { GpsFix, Photo } from '../capture/photo.ts'
import { median } from '../capture/statistics.ts'
import { cornerRays, focalOf, onPlane } from './attitude.ts'
import { type Captured, registering, trustedFixes } from './captured.ts'
import { across, along, dot, minus, type Point2, type Point3, unit } from './geometry.ts'
import type { Sketch } from './graph.ts'
import { extents } from './similarity.ts'
import { locate, type Located } from './located.ts'

/** One photo over a plane: the point below it, how high it stands, and the ground that it sees around that point. */
export type View = {
  readonly file: string
  readonly x: number
  readonly y: number
  readonly height: number
  readonly seen: readonly Point2[]
}

/** What the photos see of one plane. `metric`: its unit is the metre; otherwise the sketch's own. */
export type Seen = {
  readonly views: readonly View[]
  readonly metric: boolean
  /** Degrees of a point of the plane, lifted; null where nothing says where on the earth it lies. */
  readonly toLatLon: ((x: number, y: number, above: number) => LatLon) | null
  /** A point of the plane, lifted, in the frame of the forecast's sketch; null without one. */
  readonly toSketch: ((x: number, y: number, above: number) => Point3) | null
}

// Most photos must look at the plane: else it is no plane that was photographed, but an object gone round.
const mostOf = 0.8
// Straight down or nearly: what the ground's coverage can be read from.
const downDeg = -60

/** What the photos that should register see of the ground, or of the wall they face; null where it is no plane, or nothing is known of it. */
export function seenBy(captured: Captured): Seen | null {
  const located = locate(captured)
  const isPoor = captured.findings.some(({ code }) => code === 'capture/gps-poor')
  const byGps = isPoor ? null : seenByGps(captured, located)
  return byGps ?? seenBySketch(captured, located)
}

function seenByGps(captured: Captured, located: Located): Seen | null {
  const photos = registering(captured)
  const fixes = trustedFixes(captured)
  const origin = middleOf([...fixes.values()])
  if (!origin) return null
  const plane = localPlane(origin)
  const views = photos.flatMap((photo): View[] => {
    const fix = fixes.get(photo.file)
    const { relativeAltM, gimbal, focalPx } = photo
    if (!fix || !gimbal || relativeAltM === null || relativeAltM < 1 || focalPx === null || gimbal.pitchDeg > downDeg) return []
    const [x, y] = plane.toMetres(fix)
    return [{ file: photo.file, x, y, height: relativeAltM, seen: onPlane(relativeAltM, cornerRays(photo, gimbal)) }]
  })
  if (views.length === 0 || views.length < mostOf * photos.length) return null
  return { views, metric: true, toLatLon: plane.toLatLon, toSketch: located.isAboveTakeoff ? located.sketchFromMetres(origin) : null }
}

function middleOf(fixes: readonly GpsFix[]): LatLon | null {
  return fixes.length === 0 ? null : { lat: median(fixes.map(({ lat }) => lat)), lon: median(fixes.map(({ lon }) => lon)) }
}

// Of the rehearsed cameras; their turn about the view is not in the sketch, so each sees a circle of the picture's area.
const rim = 16
// A place is flat enough to speak of its plane when its points leave it by less than a quarter of the cameras' distance.
const flatShare = 0.25
const facingCos = Math.cos(Math.PI / 4)
const fewestCameras = 4

function seenBySketch(captured: Captured, located: Located): Seen | null {
  const sketch = captured.forecast?.sketch
  if (!sketch || sketch.cameras.length < fewestCameras || sketch.points.length < 30) return null
  const facing = facingPlane(sketch)
  if (!facing) return null
  const { origin, normal, u, v } = facing
  const byFile = new Map(registering(captured).map((photo) => [photo.file, photo]))
  const views = sketch.cameras.flatMap(({ file, centre, direction }): View[] => {
    const photo = byFile.get(file)
    if (!photo) return []
    const from = minus(centre, origin)
    const rays = coneRays(photo, [dot(direction, u), dot(direction, v), dot(direction, normal)])
    const height = dot(from, normal)
    return [{ file, x: dot(from, u), y: dot(from, v), height, seen: onPlane(height, rays) }]
  })
  const toSketch = (x: number, y: number, above: number): Point3 => along(along(along(origin, u, x), v, y), normal, above)
  const { toLatLon } = located
  return { views, metric: false, toSketch, toLatLon: toLatLon && ((x, y, above) => toLatLon(toSketch(x, y, above))) }
}

type Facing = { readonly origin: Point3; readonly normal: Point3; readonly u: Point3; readonly v: Point3 }

/** The plane of the sketch's points, where nearly all cameras look at it from one side. */
function facingPlane({ cameras, points }: Sketch): Facing | null {
  const all = Array.from({ length: points.length / 3 }, (_, i): Point3 => [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!])
  const { axes, middle } = extents(withoutStrays(all))
  const axis = axes[0] as Point3
  const side = Math.sign(median(cameras.map(({ centre }) => dot(minus(centre, middle), axis)))) || 1
  const normal: Point3 = [axis[0] * side, axis[1] * side, axis[2] * side]
  const heights = cameras.map(({ centre }) => dot(minus(centre, middle), normal))
  const off = median(all.map((point) => Math.abs(dot(minus(point, middle), normal))))
  const facing = cameras.filter(({ direction }, i) => -dot(direction, normal) >= facingCos && (heights[i] as number) > 0)
  if (facing.length < mostOf * cameras.length || off > flatShare * median(heights)) return null
  const [u, v] = across(normal)
  return { origin: middle, normal, u, v }
}

// A wrong match puts a point anywhere: the farthest twentieth is not asked.
function withoutStrays(points: readonly Point3[]): readonly Point3[] {
  const middle = ([0, 1, 2] as const).map((axis) => median(points.map((point) => point[axis]))) as unknown as Point3
  const far = (point: Point3): number => Math.hypot(...minus(point, middle))
  return points.toSorted((a, b) => far(a) - far(b)).slice(0, Math.ceil(0.95 * points.length))
}

function coneRays(photo: Photo, direction: Point3): readonly Point3[] {
  const radius = Math.sqrt((photo.widthPx * photo.heightPx) / Math.PI) / focalOf(photo)
  const forward = unit(direction)
  const [a, b] = across(forward)
  return Array.from({ length: rim }, (_, i) => {
    const angle = (2 * Math.PI * i) / rim
    return along(along(forward, a, radius * Math.cos(angle)), b, radius * Math.sin(angle))
  })
}

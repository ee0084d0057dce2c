import { trustedFixes } from '../overlap/captured.ts'
import { dot, type Point2, type Point3 } from '../overlap/geometry.ts'
import type { Forecast } from '../overlap/graph.ts'
import type { ReshootPlan } from '../overlap/reshoot-plan.ts'
import { extents } from '../overlap/similarity.ts'
import type { Checked } from './checked.ts'
import { escapeXml as e } from './escape.ts'
import { localPlane } from './local-plane.ts'
import { median } from './statistics.ts'

const size = { width: 1040, height: 520, margin: 56 }
// As in the room: COLMAP's 15 makes a link, 60 hold by themselves.
const likely = 0.5
const strongInliers = 60
// More lines are a blot, and a heavy page.
const mostLinks = 1500

/** Everything on one plane, in metres where GPS gives them. */
type Ground = {
  readonly spots: ReadonlyMap<string, Point2>
  readonly waypoints: readonly { readonly number: number; readonly at: Point2 }[]
  readonly holes: readonly { readonly at: Point2; readonly radius: number }[]
  readonly metric: boolean
}

/** A map of cameras, links, groups, holes and positions to re-shoot, as SVG; nothing where neither GPS nor the rehearsal places the photos. */
export function checkMap(check: Checked, plan: ReshootPlan): string {
  const ground = onEarth(check, plan) ?? inSketch(check, plan)
  if (!ground || ground.spots.size < 2) return ''
  const { to, scale } = frameOf([...ground.spots.values(), ...ground.waypoints.map(({ at }) => at)])
  const parts = [
    links(check.forecast, ground, to),
    ...ground.holes.map(
      ({ at, radius }) =>
        `<circle class="hole" ${xy(to(at), 'c')} r="${(radius * scale).toFixed(1)}"><title>seen by fewer than 3 photos</title></circle>`,
    ),
    groups(check.forecast, ground, to),
    cameras(check, ground, to),
    ...ground.waypoints.map(({ number, at }) => diamond(number, to(at))),
    ground.metric ? scaleBar(scale) : '',
  ]
  const words = `${ground.spots.size} photos, ${ground.waypoints.length} positions to re-shoot`
  return `<section class="map"><h2>Map</h2><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${words}">${parts.join('')}</svg>
<p class="quiet">${ground.metric ? 'North is up; places by the photos’ GPS.' : 'No GPS: places as the check’s own small reconstruction has them.'} Dots are photos, squares join nothing, rings are weak bridges${ground.waypoints.length > 0 ? ', numbered diamonds are positions to re-shoot' : ''}${ground.holes.length > 0 ? ', dashed circles are holes' : ''}. Links: solid with ${strongInliers} shared features or more, dashed below.</p></section>`
}

function onEarth(check: Checked, plan: ReshootPlan): Ground | null {
  const fixes = trustedFixes(check)
  if (fixes.size < 2) return null
  const all = [...fixes.values()]
  const plane = localPlane({ lat: median(all.map(({ lat }) => lat)), lon: median(all.map(({ lon }) => lon)) })
  return {
    spots: new Map([...fixes].map(([file, fix]) => [file, plane.toMetres(fix)])),
    waypoints: plan.positions.flatMap(({ number, at }) => (at ? [{ number, at: plane.toMetres(at) }] : [])),
    holes: plan.holes.flatMap(({ at, radiusM }) => (at && radiusM !== null ? [{ at: plane.toMetres(at), radius: radiusM }] : [])),
    metric: true,
  }
}

/** The cameras' own widest plane. */
function inSketch({ forecast }: Checked, plan: ReshootPlan): Ground | null {
  const sketch = forecast?.sketch
  if (!sketch || sketch.cameras.length < 2) return null
  const { axes } = extents(sketch.cameras.map(({ centre }) => centre))
  const flat = (point: Point3): Point2 => [dot(point, axes[2] as Point3), dot(point, axes[1] as Point3)]
  return {
    spots: new Map(sketch.cameras.map(({ file, centre }) => [file, flat(centre)])),
    waypoints: plan.positions.flatMap(({ number, inSketch: at }) => (at ? [{ number, at: flat(at) }] : [])),
    holes: [],
    metric: false,
  }
}

type To = (point: Point2) => Point2

function frameOf(points: readonly Point2[]): { readonly to: To; readonly scale: number } {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const { width, height, margin } = size
  const scale = Math.min((width - 2 * margin) / Math.max(right - left, 1e-9), (height - 2 * margin) / Math.max(high - low, 1e-9))
  return {
    scale,
    to: ([x, y]) => [width / 2 + (x - (left + right) / 2) * scale, height / 2 - (y - (low + high) / 2) * scale],
  }
}

const xy = ([x, y]: Point2, prefix: string): string => `${prefix}x="${x.toFixed(1)}" ${prefix}y="${y.toFixed(1)}"`

function links(forecast: Forecast | null, { spots }: Ground, to: To): string {
  const held = (forecast?.pairs ?? []).filter(({ probability, a, b }) => probability >= likely && spots.has(a) && spots.has(b))
  const shown = held.toSorted((p, q) => q.inliers - p.inliers).slice(0, mostLinks)
  const opacity = Math.min(0.6, Math.max(0.12, 60 / shown.length)).toFixed(2)
  const line = ({ a, b, inliers }: (typeof shown)[number]): string => {
    const [from, upTo] = [to(spots.get(a) as Point2), to(spots.get(b) as Point2)]
    return `<path class="${inliers >= strongInliers ? 'strong' : 'weak'}" d="M${from[0].toFixed(1)} ${from[1].toFixed(1)}L${upTo[0].toFixed(1)} ${upTo[1].toFixed(1)}"/>`
  }
  return `<g opacity="${opacity}">${shown.map(line).join('')}</g>`
}

function groups(forecast: Forecast | null, { spots }: Ground, to: To): string {
  return (forecast?.islands ?? [])
    .slice(1)
    .map((island, i) => {
      const places = island.flatMap((file) => (spots.has(file) ? [to(spots.get(file) as Point2)] : []))
      if (places.length === 0) return ''
      const xs = places.map(([x]) => x)
      const ys = places.map(([, y]) => y)
      const [x, y] = [Math.min(...xs) - 16, Math.min(...ys) - 16]
      return `<rect class="island" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(Math.max(...xs) - x + 16).toFixed(1)}" height="${(Math.max(...ys) - y + 16).toFixed(1)}" rx="4"/><text class="island-name" x="${x.toFixed(1)}" y="${(y - 6).toFixed(1)}">Group ${i + 2}, ${island.length} photos</text>`
    })
    .join('')
}

function cameras(check: Checked, { spots }: Ground, to: To): string {
  const loose = new Set((check.forecast?.photos ?? []).filter(({ island }) => island < 0).map(({ file }) => file))
  const bridges = new Set((check.forecast?.bridges ?? []).flatMap(({ photos }) => photos))
  const out = new Set(check.leftOut)
  const dots = [...spots].map(([file, at]) => {
    const [x, y] = to(at)
    const kind = out.has(file) ? 'out' : bridges.has(file) ? 'bridge' : 'photo'
    const title = `<title>${e(file)}</title>`
    return loose.has(file) && !out.has(file)
      ? `<rect class="loose" x="${(x - 4).toFixed(1)}" y="${(y - 4).toFixed(1)}" width="8" height="8">${title}</rect>`
      : `<circle class="${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${kind === 'bridge' ? 6 : 4}">${title}</circle>`
  })
  return dots.join('')
}

function diamond(number: number, [x, y]: Point2): string {
  return `<g class="waypoint"><path d="M${x.toFixed(1)} ${(y - 11).toFixed(1)}l11 11l-11 11l-11 -11z"/><text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${number}</text></g>`
}

/** A round length of about an eighth of the picture. */
function scaleBar(scale: number): string {
  const most = size.width / 8 / scale
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = ([5, 2, 1].find((one) => one * power <= most) ?? 1) * power
  const [x, y] = [16, size.height - 16]
  return `<path class="scale" d="M${x} ${y - 5}v5h${(metres * scale).toFixed(1)}v-5"/><text class="scale-name" x="${x}" y="${y - 10}">${metres} m</text>`
}

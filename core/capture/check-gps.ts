import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { GpsFix, Photo } from './photo.ts'
import { likeness } from './print.ts'
import type { Print } from './print.ts'
import { groupBy, median } from './statistics.ts'
import { names, photos, verb } from './words.ts'

/** Metres east, north and up of the median position. */
type Place = { readonly photo: Photo; readonly x: number; readonly y: number; readonly z: number | null }

/** Positions that are missing, wrong, or worth less than they look. */
export function gpsFindings(evidence: readonly Evidence[], copies: ReadonlySet<string> = new Set()): readonly Finding[] {
  const all = evidence.map(({ photo }) => photo)
  const placed = all.filter(({ gps }) => gps !== null)
  const real = placed.filter((photo) => !isNullIsland(photo.gps as GpsFix))
  const places = placesOf(real)
  const outliers = new Set([...placed.filter((photo) => isNullIsland(photo.gps as GpsFix)), ...farOff(places)])
  const good = places.filter(({ photo }) => !outliers.has(photo))
  return [
    ...missing(all, placed),
    ...outlierFindings(
      all.filter((photo) => outliers.has(photo)),
      places,
    ),
    ...equalFixes(good.filter(({ photo }) => !copies.has(photo.file))),
    ...altitudes(good),
    ...poor(good, new Map(evidence.map(({ photo, print }) => [photo.file, print]))),
  ]
}

/** Within a kilometre of 0, 0 in the Gulf of Guinea: what receivers write without a fix. */
export function isNullIsland({ lat, lon }: GpsFix): boolean {
  return Math.abs(lat) < 0.01 && Math.abs(lon) < 0.01
}

const metresPerDegree = 111_320

function placesOf(all: readonly Photo[]): readonly Place[] {
  if (all.length === 0) return []
  const lat0 = median(all.map(({ gps }) => (gps as GpsFix).lat))
  const lon0 = median(all.map(({ gps }) => (gps as GpsFix).lon))
  const east = metresPerDegree * Math.cos((lat0 * Math.PI) / 180)
  const places = all.map((photo) => {
    const { lat, lon, altM } = photo.gps as GpsFix
    return { photo, x: (lon - lon0) * east, y: (lat - lat0) * metresPerDegree, z: altM }
  })
  return places.sort((a, b) => (order(a.photo) < order(b.photo) ? -1 : 1))
}

/** Time, then name: neighbours in this order were taken one after the other. */
const order = ({ takenAt, file }: Photo): string => `${takenAt ?? ''} ${file}`

const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y)

function missing(all: readonly Photo[], placed: readonly Photo[]): readonly Finding[] {
  const without = all.filter(({ gps }) => gps === null)
  if (without.length === 0) return []
  const none = placed.length === 0
  const what = none ? 'No GPS in these photos.' : `${photos(without.length)} ${verb(without.length, 'has', 'have')} no GPS position.`
  const remedy = none
    ? 'The links view works without it; the scene will have no metric scale.'
    : 'Nothing to do: links are found from the pixels. Turn positions on for the next flight.'
  return [{ code: 'photo/no-gps', severity: 'info', what, remedy, files: without.map(({ file }) => file) }]
}

// Photos hang together when steps are at most that many times the usual one, and never less than 150 m.
const linkSteps = 12
const linkLeastM = 150
// Larger groups far off are a second place, not an error of the receiver.
const strayShare = 0.1

/** Few photos far from all others, or at the mirrored place (wrong hemisphere). */
function farOff(places: readonly Place[]): readonly Photo[] {
  if (places.length < 4) return []
  const nearest = places.map((a) => nearestTo(a, places))
  const link = Math.max(linkLeastM, linkSteps * median(nearest))
  const groups = clusters(places, link)
  const main = groups.reduce((best, group) => (group.length > best.length ? group : best))
  const strays = groups.filter(
    (group) => group !== main && (group.length <= Math.max(1, strayShare * places.length) || isMirrored(group[0] as Place, main)),
  )
  const jumps = main.filter((place, i) => isJump(main[i - 1], place, main[i + 1]))
  return [...strays.flat(), ...jumps].map(({ photo }) => photo)
}

function nearestTo(place: Place, places: readonly Place[]): number {
  let least = Infinity
  for (const other of places) if (other !== place) least = Math.min(least, distance(place, other))
  return least
}

function clusters(places: readonly Place[], link: number): Place[][] {
  const left = new Set(places)
  const groups: Place[][] = []
  for (const start of places) {
    if (!left.delete(start)) continue
    const group = [start]
    for (const at of group) for (const other of left) if (distance(at, other) <= link && left.delete(other)) group.push(other)
    groups.push(group.sort((a, b) => (order(a.photo) < order(b.photo) ? -1 : 1)))
  }
  return groups
}

// The same degrees with another sign, to half a degree.
function isMirrored(place: Place, main: readonly Place[]): boolean {
  const { lat, lon } = place.photo.gps as GpsFix
  const there = (main[0] as Place).photo.gps as GpsFix
  const near = (a: number, b: number) => Math.abs(a - b) < 0.5
  const isFlipped = lat * there.lat < 0 || lon * there.lon < 0
  return isFlipped && near(Math.abs(lat), Math.abs(there.lat)) && near(Math.abs(lon), Math.abs(there.lon))
}

// There and back at once: far from the photo before and the one after, which are near each other.
const jump = { leastM: 60, times: 4 }

function isJump(before: Place | undefined, place: Place, after: Place | undefined): boolean {
  if (!before || !after) return false
  const away = Math.min(distance(before, place), distance(place, after))
  return away > Math.max(jump.leastM, jump.times * distance(before, after))
}

function outlierFindings(outliers: readonly Photo[], places: readonly Place[]): readonly Finding[] {
  if (outliers.length === 0) return []
  const island = outliers.filter(({ gps }) => isNullIsland(gps as GpsFix)).length
  const mirrored =
    places.length > 0 &&
    outliers.some(
      (photo) =>
        !isNullIsland(photo.gps as GpsFix) &&
        Math.abs((photo.gps as GpsFix).lon - median(places.map((p) => (p.photo.gps as GpsFix).lon))) > 1,
    )
  const cause =
    island === outliers.length
      ? ' at 0, 0: the receiver had no fix'
      : mirrored
        ? ' on another part of the earth, perhaps the wrong hemisphere'
        : ' far from the others'
  return [
    {
      code: 'photo/gps-outlier',
      severity: 'warning',
      what: `${photos(outliers.length)} ${verb(outliers.length, 'has its', 'have their')} position${cause}.`,
      remedy: 'Their positions are not used; the pixels still count.',
      files: outliers.map(({ file }) => file),
    },
  ]
}

function equalFixes(places: readonly Place[]): readonly Finding[] {
  const groups = [...groupBy(places, ({ photo: { gps } }) => `${gps?.lat} ${gps?.lon} ${gps?.altM}`).values()].filter(
    (group) => group.length > 1,
  )
  const files = groups
    .flat()
    .map(({ photo }) => photo.file)
    .sort()
  if (files.length === 0) return []
  return [
    {
      code: 'photo/gps-duplicate',
      severity: 'info',
      what: `${photos(files.length)} share a position with another photo to the last digit.`,
      remedy: 'The receiver repeats its last fix: trust the links, not the map.',
      files,
    },
  ]
}

// A barometer drifts by metres, a receiver's height by ten; 20 m against both neighbours in time is neither.
const altitudeJumpM = 20

function altitudes(places: readonly Place[]): readonly Finding[] {
  const known = places.filter(({ z }) => z !== null)
  const z = known.map((place) => place.z as number)
  const rough = roughness(z)
  const limit = Math.max(altitudeJumpM, 6 * rough)
  const odd = known.filter((_, i) => {
    const around = [i - 2, i - 1, i + 1, i + 2].map((at) => z[at]).filter((value) => value !== undefined)
    return (
      around.length >= 2 &&
      Math.abs((z[i] as number) - median(around)) > limit &&
      around.filter((value) => Math.abs(value - (z[i] as number)) < limit / 2).length === 0
    )
  })
  if (odd.length === 0) return []
  return [
    {
      code: 'photo/altitude-outlier',
      severity: 'warning',
      what: `${photos(odd.length)} ${verb(odd.length, 'has an altitude', 'have altitudes')} far from the photos before and after.`,
      remedy: 'Their heights are not used; the pixels still count.',
      files: odd.map(({ photo }) => photo.file),
    },
  ]
}

/** How far values lie from the mean of the one before and the one after, in the middle. */
function roughness(values: readonly number[]): number {
  const off = values.slice(1, -1).map((value, i) => Math.abs(value - ((values[i] as number) + (values[i + 2] as number)) / 2))
  return off.length > 0 ? median(off) : 0
}

// Drones hold their height to 1 m and their receivers repeat to 0.5 m; a compact camera on a drone scatters by 3 m and more from shot to shot.
const poorRoughnessM = 1.5
// A quarter of the fixes equal to another one, though the camera moved.
const poorEqualShare = 0.25
// The receiver's own error estimate against the size of the place.
const poorExtentShare = 4

function poor(places: readonly Place[], prints: ReadonlyMap<string, Print>): readonly Finding[] {
  if (places.length < 5) return []
  const rough = roughness(places.map(({ z }) => z).filter((z) => z !== null))
  const distinct = new Set(places.map(({ photo: { gps } }) => `${gps?.lat} ${gps?.lon}`)).size
  const errors = places.map(({ photo }) => photo.gpsErrorM ?? null).filter((error) => error !== null)
  const extent = Math.hypot(extentOf(places.map(({ x }) => x)), extentOf(places.map(({ y }) => y)))
  const error = errors.length > 0 ? median(errors) : 0
  if (rough > poorRoughnessM) return [gpsPoor(`GPS of this camera scatters: heights jump by ${rough.toFixed(0)} m from photo to photo.`)]
  if (distinct < (1 - poorEqualShare) * places.length)
    return [gpsPoor(`GPS of this camera repeats itself: ${distinct} positions for ${places.length} photos.`)]
  if (error * poorExtentShare > extent)
    return [gpsPoor(`GPS is good to ${error.toFixed(0)} m and the place is ${extent.toFixed(0)} m wide.`)]
  const stuck = places.filter((place, i) => isStuck(places[i - 1], place, places[i + 1], prints))
  if (stuck.length > 0)
    return [
      gpsPoor(
        `GPS of this camera lags behind: at ${names(stuck.map(({ photo }) => photo.file))} it repeats a position though the view moved on.`,
      ),
    ]
  return []
}

// Drones' receivers write seven digits that never repeat while they fly; compact cameras write their last fix again.
const movingStepM = 3
const otherView = 0.9

function isStuck(before: Place | undefined, place: Place, after: Place | undefined, prints: ReadonlyMap<string, Print>): boolean {
  if (!before || !after || distance(before, place) > 0 || before.z !== place.z || distance(place, after) < movingStepM) return false
  const [a, b] = [prints.get(before.photo.file), prints.get(place.photo.file)]
  return a !== undefined && b !== undefined && likeness(a, b) < otherView
}

const extentOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)

const gpsPoor = (what: string): Finding => ({
  code: 'capture/gps-poor',
  severity: 'info',
  what,
  remedy: 'Trust the links, not the map; heights and scale from GPS will be rough.',
  files: [],
})

import type { Forecast } from '../overlap/graph.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { median, spreadOf } from './statistics.ts'
import { photos as photosWord } from './words.ts'

/** Photos of several sittings in one capture: hours apart by their times, or the same places seen in another light. */
export function sessionFindings(all: readonly Photo[], forecast: Forecast | null): readonly Finding[] {
  return [...hoursApart(all), ...lightChanged(all, forecast)]
}

// Two hours move the sun by 30 degrees: shadows no longer match.
const sessionGapMs = 2 * 3_600_000
// A single photo from another hour is an odd date, not a session.
const sessionPhotos = 2
const sessionMost = 12

function hoursApart(all: readonly Photo[]): readonly Finding[] {
  const times = all
    .map(({ takenAt }) => Date.parse(`${takenAt}Z`))
    .filter((time) => !Number.isNaN(time))
    .sort((a, b) => a - b)
  const parts: number[][] = []
  for (const time of times) {
    const last = parts.at(-1)
    if (last && time - (last.at(-1) as number) <= sessionGapMs) last.push(time)
    else parts.push([time])
  }
  const real = parts.filter((part) => part.length >= sessionPhotos)
  if (real.length < 2) return []
  const when = real
    .slice(0, sessionMost)
    .map((part) => `${new Date(part[0] as number).toISOString().slice(0, 16).replace('T', ' ')} (${part.length})`)
  return [
    {
      code: 'capture/sessions',
      severity: 'warning',
      what: `${real.length} sessions, hours apart: ${when.join(', ')}.`,
      remedy: 'Light and shadows change between them: take one session for a run, or check that the islands hang together.',
      files: [],
    },
  ]
}

/** A measure of the light in a photo, in the unit of its threshold. */
type Measure = {
  readonly of: (photo: Photo) => number | null
  /** From here on two photos of one place were taken in another light. */
  readonly least: number
  readonly says: (lower: boolean, difference: number) => string
}

// Stops of light on the scene: what the picture shows (gamma 2.2 undone) and what the camera took for it (exposure value at ISO 100).
// Passing clouds take one stop and a half; the same place in sun and in shade differs by two to three.
const light: Measure = {
  of: ({ meanLuma, exposureS, fNumber, iso }) =>
    exposureS && fNumber && iso
      ? 2.2 * Math.log2(Math.max(0.01, meanLuma)) + Math.log2(fNumber ** 2 / exposureS) - Math.log2(iso / 100)
      : null,
  least: 1.8,
  says: (lower, stops) => `in light ${stops.toFixed(1)} stops ${lower ? 'weaker' : 'stronger'}`,
}

// Without exposure data only what is seen counts: a brightness that the camera would have evened out within a session.
const brightness: Measure = {
  of: ({ meanLuma, exposureS }) => (exposureS ? null : 2.2 * Math.log2(Math.max(0.01, meanLuma))),
  least: 1.8,
  says: (lower, stops) => `${stops.toFixed(1)} stops ${lower ? 'darker' : 'brighter'}`,
}

// As for single photos (check-light.ts): scenes move by 0.2, another preset or another hour by more.
const leastCast = 0.22
const cast = (ratio: (photo: Photo) => number): Measure => ({
  of: (photo) => Math.log(Math.max(0.01, ratio(photo))),
  least: leastCast,
  says: () => 'in another colour of light',
})
const measures = [light, brightness, cast(({ redGreen }) => redGreen), cast(({ blueGreen }) => blueGreen)]

// Fewer than that are odd photos, named one by one.
const leastShare = 0.15
const leastPart = 3
// The parts are apart by more than each is wide.
const leastSpreads = 3
// Pairs of photos that see one place, one from each part: a crossing from forest to beach has two or three.
const fewestPairs = 4
const likely = 0.5
// Blank frames have no light to compare.
const darkest = 0.03
const brightest = 0.97

function lightChanged(photos: readonly Photo[], forecast: Forecast | null): readonly Finding[] {
  if (!forecast) return []
  const usable = photos.filter(({ meanLuma }) => meanLuma > darkest && meanLuma < brightest)
  for (const measure of measures) {
    const found = splitBy(measure, usable, forecast)
    if (found) return [found]
  }
  return []
}

function splitBy(measure: Measure, photos: readonly Photo[], forecast: Forecast): Finding | null {
  const values = new Map(photos.flatMap((photo) => pairOf(photo.file, measure.of(photo))))
  const parts = twoParts([...values])
  const fewest = Math.max(leastPart, leastShare * photos.length)
  if (!parts || Math.min(parts.low.length, parts.high.length) < fewest) return null
  const [low, high] = [parts.low.map(([, value]) => value), parts.high.map(([, value]) => value)]
  if (median(high) - median(low) < Math.max(measure.least, leastSpreads * Math.max(spreadOf(low), spreadOf(high)))) return null
  // The same place in both: otherwise it is only another part of the place.
  const below = new Set(parts.low.map(([file]) => file))
  const differences = forecast.pairs.flatMap(({ a, b, probability }) => {
    const [x, y] = [values.get(a), values.get(b)]
    return probability >= likely && x !== undefined && y !== undefined && below.has(a) !== below.has(b) ? [Math.abs(x - y)] : []
  })
  if (differences.length < fewestPairs || median(differences) < measure.least) return null
  const smaller = parts.low.length <= parts.high.length ? parts.low : parts.high
  return {
    code: 'capture/sessions',
    severity: 'warning',
    what: `Two sessions by their light: ${photosWord(smaller.length)} of ${photos.length} see the same places as the others, ${measure.says(smaller === parts.low, median(differences))}.`,
    remedy:
      'Take one session for a run: splats of a place in two lights shimmer. Fixed exposure and white balance keep a session in one light.',
    files: smaller.map(([file]) => file).sort(),
  }
}

const pairOf = (file: string, value: number | null): [string, number][] => (value === null ? [] : [[file, value]])

type Valued = readonly [file: string, value: number]

/** The split in two with the least variance within (Otsu 1979). */
function twoParts(values: readonly Valued[]): { readonly low: readonly Valued[]; readonly high: readonly Valued[] } | null {
  const sorted = values.toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
  const total = sorted.reduce((sum, [, value]) => sum + value, 0)
  let below = 0
  let best = 0
  let most = -Infinity
  for (let n = 1; n < sorted.length; n++) {
    below += (sorted[n - 1] as Valued)[1]
    const between = n * (sorted.length - n) * (below / n - (total - below) / (sorted.length - n)) ** 2
    if (between > most) [most, best] = [between, n]
  }
  return best === 0 ? null : { low: sorted.slice(0, best), high: sorted.slice(best) }
}

import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { groupBy, median, mode } from './statistics.ts'
import { photos, verb } from './words.ts'

/** What the headers say against each other. `now`: for dates in the future. */
export function headerFindings(evidence: readonly Evidence[], now: Date): readonly Finding[] {
  const all = evidence.map(({ photo }) => photo)
  return [...noExif(all), ...dates(all, now), ...focals(all), ...cameras(all), ...sizes(all), ...orientations(all), ...damaged(all)]
}

const hasExif = (photo: Photo): boolean =>
  photo.camera !== null || photo.takenAt !== null || photo.focalMm !== null || photo.exposureS !== null

function finding(
  code: string,
  severity: Finding['severity'],
  list: readonly Photo[],
  what: (count: number) => string,
  remedy: string,
): readonly Finding[] {
  return list.length === 0 ? [] : [{ code, severity, what: what(list.length), remedy, files: list.map(({ file }) => file) }]
}

function noExif(all: readonly Photo[]): readonly Finding[] {
  const without = all.filter((photo) => !hasExif(photo))
  return finding(
    'photo/no-exif',
    without.length === all.length ? 'info' : 'warning',
    without,
    (n) => `${photos(n)} ${verb(n, 'carries', 'carry')} no camera data: focal length, time and place are unknown.`,
    'Use the camera’s own files where they exist; chat and web exports drop the header.',
  )
}

const dayMs = 86_400_000
// A month away from the middle of a capture is another capture, or a clock that was never set.
const oddDays = 30
// No digital camera with EXIF is older.
const firstYear = 1995
// More than that are a part of the capture, not odd ones out.
const minority = 0.2

const timeOf = (photo: Photo): number => Date.parse(`${photo.takenAt}Z`)

function dates(all: readonly Photo[], now: Date): readonly Finding[] {
  const dated = all.filter(({ takenAt }) => takenAt !== null)
  const middle = median(dated.map(timeOf).filter((time) => !Number.isNaN(time)))
  const far = (photo: Photo) => Math.abs(timeOf(photo) - middle) > oddDays * dayMs
  const farCount = dated.filter(far).length
  const odd = dated.filter((photo) => {
    const time = timeOf(photo)
    if (Number.isNaN(time) || Number(photo.takenAt?.slice(0, 4)) < firstYear || time > now.getTime() + 2 * dayMs) return true
    return far(photo) && farCount <= Math.max(1, minority * dated.length) && dated.length >= 3
  })
  return finding(
    'photo/date-odd',
    'info',
    odd,
    (n) => `${photos(n)} ${verb(n, 'has', 'have')} a date that does not fit the others.`,
    'Set the camera’s clock; order by time is not used for these.',
  )
}

// Primes breathe by less; a zoom step is more.
const focalTolerance = 0.03
// Fisheyes lie above, 400 mm equivalents below: outside is a wrong header.
const plausibleFocal = { least: 0.25, most: 12 }

function focals(all: readonly Photo[]): readonly Finding[] {
  const odd = new Set<Photo>()
  for (const photo of all) if (isAbsurd(photo)) odd.add(photo)
  for (const group of groupBy(
    all.filter(({ camera }) => camera !== null),
    ({ camera }) => camera,
  ).values()) {
    const usual = mode(group.map(({ focalMm }) => focalMm)) ?? null
    const others = group.filter(({ focalMm }) => differs(focalMm, usual))
    if (usual !== null && group.length >= 3 && others.length <= Math.max(1, minority * group.length))
      for (const photo of others) odd.add(photo)
  }
  return finding(
    'photo/focal-odd',
    'warning',
    all.filter((photo) => odd.has(photo)),
    (n) => `${photos(n)} ${verb(n, 'has', 'have')} another focal length than the rest of the camera’s photos, or none.`,
    'Do not zoom within a capture; the run gives them a camera of their own.',
  )
}

function differs(focalMm: number | null, usual: number | null): boolean {
  if (focalMm === null || usual === null) return focalMm !== usual
  return Math.abs(focalMm / usual - 1) > focalTolerance
}

function isAbsurd(photo: Photo): boolean {
  if (photo.focalPx === null) return false
  const share = photo.focalPx / Math.max(photo.widthPx, photo.heightPx)
  return share < plausibleFocal.least || share > plausibleFocal.most
}

function cameras(all: readonly Photo[]): readonly Finding[] {
  const named = all.filter(({ camera }) => camera !== null)
  const groups = groupBy(named, ({ camera }) => camera as string)
  if (groups.size < 2) return []
  const usual = mode(named.map(({ camera }) => camera))
  const others = named.filter(({ camera }) => camera !== usual)
  const odd = others.length <= minority * named.length || others.length === 1 ? others : []
  const what = `${groups.size} cameras: ${[...groups].map(([name, list]) => `${name} (${list.length})`).join(', ')}.`
  return [
    ...finding(
      'photo/camera-differs',
      'info',
      odd,
      (n) => `${photos(n)} ${verb(n, 'is', 'are')} from another camera.`,
      'Leave them out if they do not belong to this capture.',
    ),
    { code: 'capture/several-cameras', severity: 'info', what, remedy: 'Nothing to do: each camera gets its own calibration.', files: [] },
  ]
}

function sizes(all: readonly Photo[]): readonly Finding[] {
  const size = (photo: Photo) => `${Math.max(photo.widthPx, photo.heightPx)} x ${Math.min(photo.widthPx, photo.heightPx)}`
  const usual = mode(all.map(size))
  const others = all.filter((photo) => size(photo) !== usual)
  return finding(
    'photo/size-differs',
    'info',
    others,
    (n) => `${photos(n)} ${verb(n, 'has', 'have')} another size than ${usual} px.`,
    'Use the originals of all; cropped or resized photos get a camera of their own.',
  )
}

/** Mirrored (no camera does that), or turned already while the header asks for the turn again. */
function orientations(all: readonly Photo[]): readonly Finding[] {
  const odd = all.filter((photo) => [2, 4, 5, 7].includes(photo.orientation) || isTurnedTwice(photo))
  return finding(
    'photo/orientation-odd',
    'warning',
    odd,
    (n) => `${photos(n)} ${verb(n, 'is', 'are')} turned or mirrored against the header.`,
    'Export them anew from the originals, without turning.',
  )
}

function isTurnedTwice(photo: Photo): boolean {
  const { headerWidthPx, headerHeightPx, widthPx, heightPx } = photo
  if (!headerWidthPx || !headerHeightPx || photo.orientation < 5 || headerWidthPx === headerHeightPx || widthPx === heightPx) return false
  return headerWidthPx > headerHeightPx !== widthPx > heightPx
}

function damaged(all: readonly Photo[]): readonly Finding[] {
  return finding(
    'photo/damaged',
    'warning',
    all.filter((photo) => photo.damaged),
    (n) => `${photos(n)} ${verb(n, 'is', 'are')} damaged: part of the picture is missing or scrambled.`,
    'Copy them again from the card, or leave them out.',
  )
}

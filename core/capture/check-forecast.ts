import type { Captured } from '../overlap/captured.ts'
import { FEWEST_VIEWS, holesOf } from '../overlap/coverage.ts'
import type { Forecast } from '../overlap/graph.ts'
import { seenBy } from '../overlap/views.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { names, photos, verb } from './words.ts'

// An island of two is a pair that found each other by chance or a short stray: named as photos that join nothing.
const islandPhotos = 3

/** What the forecast means for single photos and for the whole. `about`: what is known of the photos already. */
export function forecastFindings(forecast: Forecast | null, photos: readonly Photo[], about: readonly Finding[]): readonly Finding[] {
  if (!forecast) return []
  return [
    ...unlinked(forecast),
    ...islands(forecast),
    ...bridges(forecast),
    ...motion(forecast),
    ...coverageHoles({ photos, findings: about, forecast }),
  ]
}

function coverageHoles(captured: Captured): readonly Finding[] {
  const seen = seenBy(captured)
  if (!seen) return []
  const found = holesOf(seen)
  if (found.length === 0) return []
  const files = [...new Set(found.flatMap(({ near }) => near.slice(0, 2)))]
  const area = seen.metric ? `, ${Math.max(1, Math.round(found.reduce((sum, hole) => sum + hole.area, 0)))} m² in all` : ''
  return [
    {
      code: 'capture/coverage-hole',
      severity: 'warning',
      what: `${found.length} ${verb(found.length, 'place', 'places')} between the photos ${verb(found.length, 'is', 'are')} seen by fewer than ${FEWEST_VIEWS} of them${area}: near ${names(files)}.`,
      remedy: `Take the positions of the re-shoot plan there; until then the scene has ${verb(found.length, 'a hole', 'holes')} in ${verb(found.length, 'that place', 'those places')}.`,
      files,
    },
  ]
}

function unlinked(forecast: Forecast): readonly Finding[] {
  const small = new Set(forecast.islands.filter((island, i) => i > 0 && island.length < islandPhotos).flat())
  const files = forecast.photos.filter(({ file, island }) => island < 0 || small.has(file)).map(({ file }) => file)
  if (files.length === 0) return []
  return [
    {
      code: 'photo/unlinked',
      severity: 'warning',
      what: `${photos(files.length)} ${verb(files.length, 'joins', 'join')} nothing: ${names(files)}.`,
      remedy: `Take positions between ${verb(files.length, 'it', 'them')} and the nearest photos, or leave ${verb(files.length, 'it', 'them')} out.`,
      files,
    },
  ]
}

function islands(forecast: Forecast): readonly Finding[] {
  const real = forecast.islands.filter((island) => island.length >= islandPhotos)
  if (real.length < 2) return []
  const files = real.slice(1).flat()
  return [
    {
      code: 'capture/islands',
      severity: 'error',
      what: `${real.length} groups that do not hang together: ${real.map((island) => island.length).join(' + ')} photos. Only the largest becomes a scene.`,
      remedy: 'Take photos that see the end of one group and the start of the next, or run each group alone.',
      files,
    },
  ]
}

function bridges(forecast: Forecast): readonly Finding[] {
  return forecast.bridges.map((bridge) => ({
    code: 'capture/weak-bridge',
    severity: 'warning',
    what: `Two parts hang together by ${names(bridge.photos)} alone.`,
    remedy: 'Take more photos around that place: two or three positions on each side should close it.',
    files: bridge.photos,
  }))
}

// Pairs hold and photos do not register: the camera turned on the spot or flew straight ahead.
const registersLeast = 0.3

/** How the camera moved, as the rehearsal says; without a rehearsal, from pairs that hold and photos that do not. */
function motion(forecast: Forecast): readonly Finding[] {
  if (forecast.motion === 'forward') return [forwardFinding(forecast)]
  if (forecast.motion === 'turned') return [turnedFinding(forecast)]
  if (forecast.motion === 'good') return narrow(forecast)
  if (forecast.motion !== undefined) return []
  const expected = forecast.photos.reduce((sum, { registers }) => sum + registers, 0)
  const count = forecast.photos.length
  return count >= 3 && forecast.pairsVerified >= count - 1 && expected <= registersLeast * count ? [turnedFinding(forecast)] : []
}

// COLMAP begins a model at 16 degrees between two views (init_min_tri_angle) and drops points below 1.5; the clean shared sets have 14
// to 34 in the middle. Below 4 a depth is less certain than the distance between the cameras is long.
const narrowDeg = 4

function narrow({ medianAngleDeg }: Forecast): readonly Finding[] {
  if (medianAngleDeg === undefined || medianAngleDeg === 0 || medianAngleDeg >= narrowDeg) return []
  return [
    {
      code: 'capture/no-parallax',
      severity: 'warning',
      what: `The views of a point lie only ${medianAngleDeg.toFixed(1)} degrees apart in the middle: depth will be rough.`,
      remedy: 'Move further sideways between photos: a tenth of the distance to the subject, or more.',
      files: [],
    },
  ]
}

function turnedFinding({ pairsVerified }: Forecast): Finding {
  return {
    code: 'capture/no-parallax',
    severity: 'error',
    what: `${pairsVerified} pairs match, yet no depth follows from them: the camera turned on the spot or saw a flat picture.`,
    remedy: 'Move sideways between photos, by a tenth of the distance to the subject.',
    files: [],
  }
}

function forwardFinding({ pairsVerified }: Forecast): Finding {
  return {
    code: 'capture/forward-motion',
    severity: 'error',
    what: `${pairsVerified} pairs match, yet the camera only moved along its view: depth cannot be measured that way.`,
    remedy: 'Fly across the view, or turn the camera 30 to 90 degrees to the side or down.',
    files: [],
  }
}

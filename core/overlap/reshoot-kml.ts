import { escapeXml as e } from '../capture/escape.ts'
import type { ReshootPlan, ReshootPosition } from './reshoot-plan.ts'
import { howTo, nameOf, sentence, whereIs } from './reshoot-words.ts'

/** The positions with coordinates as KML 2.2 (OGC 07-147r2): a placemark each, with the camera that takes the photo. `title`: of the capture. */
export function toKml(plan: ReshootPlan, title: string): string {
  const marks = plan.positions.filter(({ at }) => at !== null).map((position) => placemark(position, plan.accuracyM))
  const unplaced = plan.positions.filter(({ at }) => at === null).map((position) => `${nameOf(position)}: ${position.words}.`)
  const about = [
    title,
    ...(plan.positions.length > 0 ? [plan.rule] : plan.notes.length === 0 ? ['Nothing to re-shoot.'] : []),
    ...unplaced,
    ...plan.notes,
  ].join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document>
<name>Re-shoot plan</name>
<description>${e(about)}</description>
${marks.join('')}</Document>
</kml>
`
}

/** Elements in the order of the schema: AbstractFeatureType, then the geometry. */
function placemark(position: ReshootPosition, accuracyM: number | null): string {
  const { lat, lon } = position.at as { lat: number; lon: number }
  const { altM } = position
  const why = [position.reason, sentence(position.words), howTo(position), whereIs(position, accuracyM)]
    .filter((part) => part !== '')
    .join('\n')
  const height = altM === null ? '' : `,${altM.toFixed(2)}`
  return `<Placemark>
<name>${e(nameOf(position))}</name>
<description>${e(why)}</description>
${camera(position)}${extended(position, accuracyM)}<Point><altitudeMode>${modeOf(altM)}</altitudeMode><coordinates>${lon.toFixed(8)},${lat.toFixed(8)}${height}</coordinates></Point>
</Placemark>
`
}

const modeOf = (altM: number | null): string => (altM === null ? 'clampToGround' : 'absolute')

/** KML's tilt counts from straight down, a gimbal's pitch from level. Without height and pitch there is no camera to look through. */
function camera({ at, altM, headingDeg, pitchDeg }: ReshootPosition): string {
  if (!at || altM === null || pitchDeg === null) return ''
  const tilt = Math.max(0, Math.min(180, 90 + pitchDeg))
  const heading = headingDeg === null ? '' : `<heading>${headingDeg.toFixed(1)}</heading>`
  return `<Camera><longitude>${at.lon.toFixed(8)}</longitude><latitude>${at.lat.toFixed(8)}</latitude><altitude>${altM.toFixed(2)}</altitude>${heading}<tilt>${tilt.toFixed(1)}</tilt><altitudeMode>absolute</altitudeMode></Camera>
`
}

function extended(position: ReshootPosition, accuracyM: number | null): string {
  const { kind, aboveTakeoffM, headingDeg, pitchDeg, near } = position
  const data = Object.entries({
    kind,
    heightAboveTakeoffM: aboveTakeoffM?.toFixed(2),
    headingDeg: headingDeg?.toFixed(1),
    gimbalPitchDeg: pitchDeg?.toFixed(1),
    accuracyM: accuracyM?.toFixed(1),
    near: near.join('\n'),
  }).flatMap(([name, value]) => (value === undefined ? [] : [`<Data name="${name}"><value>${e(value)}</value></Data>`]))
  return `<ExtendedData>${data.join('')}</ExtendedData>
`
}

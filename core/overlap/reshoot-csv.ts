import type { ReshootPlan, ReshootPosition } from './reshoot-plan.ts'
import { nameOf } from './reshoot-words.ts'

// Litchi's mission format, which its hub and the converters to DJI's own read: see https://www.litchiutilities.com/docs/litchiCsv.php.
const actionsOfLitchi = 15
const actionColumns = Array.from({ length: actionsOfLitchi }, (_, i) => [`actiontype${i + 1}`, `actionparam${i + 1}`]).flat()
const litchi = [
  'latitude',
  'longitude',
  'altitude(m)',
  'heading(deg)',
  'curvesize(m)',
  'rotationdir',
  'gimbalmode',
  'gimbalpitchangle',
  ...actionColumns,
  'altitudemode',
  'speed(m/s)',
  'poi_latitude',
  'poi_longitude',
  'poi_altitude(m)',
  'poi_altitudemode',
  'photo_timeinterval',
  'photo_distinterval',
]
// Ours come last, so that nothing that reads by place is put out.
const ours = ['altitude_gps(m)', 'accuracy(m)', 'name', 'where', 'reason']

// Action 1 takes a photo; -1 is none. Gimbal mode 2 sets the pitch at the waypoint. Altitude mode 0 is above take-off.
const takePhoto = [1, 0]
const noAction = [-1, 0]
const interpolated = 2

/**
 * The positions with coordinates as a Litchi mission with one photo at each. `altitude(m)` and `heading(deg)` are empty where the photos
 * do not say (no barometer, no gimbal): fill in the height before flying. After Litchi's columns: height by GPS, how far off the
 * position may be, name, place in words, reason.
 */
export function toCsv(plan: ReshootPlan): string {
  const rows = plan.positions.flatMap((position) => (position.at ? [row(position, plan.accuracyM)] : []))
  return [[...litchi, ...ours], ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

type Cell = string | number | null | undefined

function row(position: ReshootPosition, accuracyM: number | null): readonly Cell[] {
  const { at, aboveTakeoffM, altM, headingDeg, pitchDeg, words, reason } = position
  const actions = [takePhoto, ...Array.from({ length: actionsOfLitchi - 1 }, () => noAction)].flat()
  return [
    at?.lat.toFixed(8),
    at?.lon.toFixed(8),
    aboveTakeoffM?.toFixed(2),
    headingDeg?.toFixed(1),
    0,
    0,
    pitchDeg === null ? 0 : interpolated,
    pitchDeg?.toFixed(1) ?? 0,
    ...actions,
    0,
    0,
    0,
    0,
    0,
    0,
    -1,
    -1,
    altM?.toFixed(2),
    accuracyM?.toFixed(1),
    nameOf(position),
    words,
    reason,
  ]
}

/** RFC 4180; and no text that a spreadsheet would take for a formula. */
function cell(value: Cell): string {
  if (typeof value !== 'string') return value == null ? '' : String(value)
  const text = /^[=+@\t\r]|^-(?![\d.])/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

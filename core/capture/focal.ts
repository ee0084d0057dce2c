import type { StoredSize } from './exif.ts'

/** What headers offer about the focal length. `plane`: FocalPlaneXResolution, its unit, and the size of the ORIGINAL that both refer to. */
export type FocalHints = {
  readonly camera: string | null
  readonly focalMm: number | null
  readonly focal35Mm: number | null
  readonly plane: {
    readonly xResolution: number | null
    readonly unit: number | null
    readonly widthPx: number | null
    readonly heightPx: number | null
  }
}

// Sensor widths in mm of cameras that people fly and that write no 35 mm equivalent; from the makers' data sheets.
const sensorWidthMm: Readonly<Record<string, number>> = {
  'canon powershot sx260 hs': 6.17,
  'canon powershot sx230 hs': 6.17,
  'canon powershot s100': 7.44,
  'canon powershot s110': 7.44,
  'canon powershot elph 110 hs': 6.17,
  'canon ixus 127 hs': 6.17,
  'sony dsc-wx220': 6.17,
  'sony dsc-rx100': 13.2,
  'sony ilce-qx1': 23.5,
  'sony ilce-5100': 23.5,
  'sony ilce-6000': 23.5,
  'ricoh gr': 23.7,
  'gopro hero4 black': 6.17,
  'gopro hero3+ black edition': 6.17,
  'parrot sequoia': 4.8,
  'dji fc220': 6.17,
  'dji fc300x': 6.17,
  'dji fc300s': 6.17,
  'dji fc330': 6.17,
  'dji fc350': 6.17,
  'dji fc550': 17.3,
  'dji fc6310': 13.2,
  'sensefly s.o.d.a.': 12.75,
  'dji fc6520': 17.3,
  'hasselblad l1d-20c': 13.2,
}

// From phones' 3.6 mm to medium format's 54 mm; anything else is a wrong unit or a zero.
const plausibleSensorMm = { least: 2.5, most: 60 }
// The diagonal of the 36 x 24 mm frame, by which CIPA DCG-001 defines the 35 mm equivalent.
const diagonal35Mm = 43.27
// Wider than 3:2 means cut out of a 4:3 or 3:2 sensor: the equivalent was meant for the whole of it.
const widestSensor = 1.6

/** Focal length in pixels of the stored picture: 35 mm equivalent, else focal plane resolution, else the sensor table; null where none applies. */
export function focalPx(hints: FocalHints, size: StoredSize): number | null {
  const longPx = Math.max(size.widthPx, size.heightPx)
  if (hints.focal35Mm) return (hints.focal35Mm / diagonal35Mm) * sensorDiagonalPx(size)
  if (!hints.focalMm) return null
  const widthMm = planeWidthMm(hints) ?? sensorWidthMm[(hints.camera ?? '').toLowerCase()]
  return widthMm ? (hints.focalMm / widthMm) * longPx : null
}

function sensorDiagonalPx(size: StoredSize): number {
  const long = Math.max(size.widthPx, size.heightPx)
  const short = Math.min(size.widthPx, size.heightPx)
  return Math.hypot(long, long / short > widestSensor ? long * 0.75 : short)
}

// ResolutionUnit: 2 inch, 3 cm, 4 mm, 5 micrometre (EXIF 2.32, 4.6.5); absent means inch.
function planeWidthMm({ plane }: FocalHints): number | null {
  if (!plane.xResolution || !plane.widthPx || !plane.heightPx) return null
  const unitMm = plane.unit === 3 ? 10 : plane.unit === 4 ? 1 : plane.unit === 5 ? 0.001 : 25.4
  const widthMm = (Math.max(plane.widthPx, plane.heightPx) / plane.xResolution) * unitMm
  return widthMm >= plausibleSensorMm.least && widthMm <= plausibleSensorMm.most ? widthMm : null
}

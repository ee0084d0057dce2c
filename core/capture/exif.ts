import type { Gimbal, GpsFix, HeaderFacts } from './photo.ts'
import { focalPx } from './focal.ts'

/** Tags by name, grouped as the readers group them; values as they stand in the file (numbers, strings, lists), never revived. */
export type RawTags = { readonly tiff: Tags; readonly exif: Tags; readonly gps: Tags; readonly xmp: Tags }
export type Tags = Readonly<Record<string, unknown>>

/** The size of the decoded picture as stored: focal lengths in pixels are meant for it. */
export type StoredSize = { readonly widthPx: number; readonly heightPx: number }

/** Turns tags into facts: nothing is guessed, absurd values become null, times stay as written. */
export function headerFacts(tags: RawTags, size: StoredSize): HeaderFacts {
  const { tiff, exif } = tags
  const camera = cameraName(text(tiff['Make']), text(tiff['Model']))
  const focalMm = positive(exif['FocalLength'])
  const focal35Mm = positive(exif['FocalLengthIn35mmFormat'] ?? exif['FocalLengthIn35mmFilm'])
  return {
    camera,
    lens: text(exif['LensModel']) ?? text(tags.xmp['Lens']),
    focalMm,
    focal35Mm,
    focalPx: focalPx({ camera, focalMm, focal35Mm, plane: planeOf(exif) }, size),
    takenAt: takenAt(exif['DateTimeOriginal'] ?? exif['CreateDate'] ?? exif['DateTimeDigitized'] ?? tiff['ModifyDate'] ?? tiff['DateTime']),
    offset: offset(exif['OffsetTimeOriginal'] ?? exif['OffsetTime']),
    exposureS: positive(exif['ExposureTime']),
    fNumber: positive(exif['FNumber']),
    iso: positive(exif['ISO'] ?? exif['ISOSpeedRatings'] ?? exif['PhotographicSensitivity']),
    whiteBalance: whiteBalance(number(exif['WhiteBalance'])),
    orientation: orientation(number(tiff['Orientation'])),
    gps: gpsFix(tags.gps),
    gimbal: gimbal(tags.xmp),
    gpsErrorM: positive(tags.gps['GPSHPositioningError']),
    headerWidthPx: positive(exif['ExifImageWidth'] ?? exif['PixelXDimension']),
    headerHeightPx: positive(exif['ExifImageHeight'] ?? exif['PixelYDimension']),
    relativeAltM: number(tags.xmp['RelativeAltitude']),
  }
}

function planeOf(exif: Tags) {
  return {
    xResolution: positive(exif['FocalPlaneXResolution']),
    unit: number(exif['FocalPlaneResolutionUnit']),
    widthPx: positive(exif['ExifImageWidth'] ?? exif['PixelXDimension']),
    heightPx: positive(exif['ExifImageHeight'] ?? exif['PixelYDimension']),
  }
}

/** Reads a number out of what the readers hand over: numbers, "+12.5", [numerator, denominator] or ["12"]; null for anything else. */
export function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string') return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : rational(value)
  if (Array.isArray(value) && value.length === 2) return finite(Number(value[0]) / Number(value[1]))
  if ((Array.isArray(value) || value instanceof Uint8Array) && value.length === 1) return number(value[0])
  return null
}

function rational(value: string): number | null {
  const parts = /^\s*([+-]?\d+)\s*\/\s*(\d+)\s*$/.exec(value)
  return parts ? finite(Number(parts[1]) / Number(parts[2])) : null
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function positive(value: unknown): number | null {
  const read = number(value)
  return read !== null && read > 0 ? read : null
}

function text(value: unknown): string | null {
  const raw = Array.isArray(value) ? value[0] : value
  if (typeof raw !== 'string') return null
  // oxlint-disable-next-line no-control-regex
  const clean = raw.replace(/[\0-\x1f\x7f]/g, ' ').trim()
  return clean === '' ? null : clean.slice(0, 120)
}

/** "DJI FC300S", "Canon PowerShot SX260 HS": the maker is not said twice. */
function cameraName(make: string | null, model: string | null): string | null {
  if (!make || !model) return model ?? make
  const first = make.split(/\s+/)[0] as string
  return model.toLowerCase().includes(first.toLowerCase()) ? model : `${make} ${model}`
}

/** "2017:05:01 10:20:30" as ISO without a zone; null for zeros and blanks that cameras write without a clock. */
export function takenAt(value: unknown): string | null {
  const parts = /^(\d{4})[:\-/](\d{2})[:\-/](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(text(value) ?? '')
  if (!parts || parts[1] === '0000' || parts[2] === '00') return null
  return `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`
}

function offset(value: unknown): string | null {
  const found = text(value)
  return found && /^([+-]\d{2}:\d{2}|Z)$/.test(found) ? found : null
}

function whiteBalance(value: number | null): string | null {
  return value === 0 ? 'auto' : value === 1 ? 'manual' : null
}

function orientation(value: number | null): number {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1
}

function gpsFix(gps: Tags): GpsFix | null {
  const lat = degrees(gps['GPSLatitude'], text(gps['GPSLatitudeRef']), 'S')
  const lon = degrees(gps['GPSLongitude'], text(gps['GPSLongitudeRef']), 'W')
  if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return null
  // GPSStatus V: the receiver had no fix and the camera wrote its last or a default position.
  if (text(gps['GPSStatus']) === 'V') return null
  const height = number(gps['GPSAltitude'])
  return { lat, lon, altM: height === null ? null : number(gps['GPSAltitudeRef']) === 1 ? -Math.abs(height) : height }
}

function degrees(value: unknown, ref: string | null, negative: string): number | null {
  const parts = Array.isArray(value) ? value.map(number) : [number(value)]
  const [whole, minutes, seconds] = parts
  if (whole === null || whole === undefined) return null
  const size = Math.abs(whole) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600
  return ref?.toUpperCase() === negative || whole < 0 ? -size : size
}

function gimbal(xmp: Tags): Gimbal | null {
  const pitchDeg = number(xmp['GimbalPitchDegree'])
  const yawDeg = number(xmp['GimbalYawDegree'])
  return pitchDeg === null || yawDeg === null ? null : { pitchDeg, yawDeg, rollDeg: number(xmp['GimbalRollDegree']) ?? 0 }
}

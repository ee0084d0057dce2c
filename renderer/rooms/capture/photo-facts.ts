import type { Photo } from '../../../core/capture/photo.ts'
import { bytes, count, decimal, exposureTime } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import type { Fact } from '../../parts/fact-table.tsx'
import { groundPixelM, sharpnessRank } from './choose-photos.ts'

/** The facts of a photo as the inspector lists them; each names its source. */
export function photoFacts(photo: Photo, detail: CaptureDetail): readonly Fact[] {
  const ground = groundPixelM(photo)
  const rank = Math.round(sharpnessRank(photo, detail.photos) * 100)
  const forecast = detail.forecast?.photos.find((one) => one.file === photo.file)
  return [
    { label: 'Camera', value: camera(photo), source: 'EXIF' },
    { label: 'Exposure', value: exposure(photo), source: 'EXIF' },
    { label: 'Taken', value: photo.takenAt?.replace('T', ' ') ?? null, source: 'EXIF' },
    {
      label: 'Position',
      value: photo.gps && `${decimal(photo.gps.lat, 5)}, ${decimal(photo.gps.lon, 5)}`,
      source: 'EXIF GPS',
      why: 'no GPS in this photo',
    },
    height(photo),
    { label: 'Gimbal', value: gimbal(photo), source: 'XMP', why: 'no gimbal angles in this photo' },
    {
      label: 'Ground pixel',
      value: ground === null ? null : `${decimal(ground * 100, 1)} cm`,
      source: 'height x pixel pitch / focal length',
      why: 'needs height above take-off and focal length; one is missing',
    },
    { label: 'Sharpness', value: `${decimal(photo.sharpness, 2)}, better than ${rank} %`, source: 'core/capture sharpness' },
    {
      label: 'Clipped',
      value: `${decimal(photo.clippedHigh * 100, 1)} % bright, ${decimal(photo.clippedLow * 100, 1)} % dark`,
      source: 'core/capture exposure',
    },
    {
      label: 'Registers',
      value: forecast ? `${Math.round(forecast.registers * 100)} % likely` : null,
      source: 'forecast',
      why: 'overlap not checked yet',
    },
    { label: 'File', value: `${count(photo.widthPx)} × ${count(photo.heightPx)}, ${bytes(photo.sizeBytes)}`, source: 'file' },
  ]
}

/** The camera with its focal length: the 35 mm equivalent where the file tells it. */
function camera({ camera: name, focal35Mm, focalMm }: Photo): string | null {
  if (!name) return null
  if (focal35Mm) return `${name}, ${decimal(focal35Mm, 0)} mm eq.`
  return focalMm ? `${name}, ${decimal(focalMm, 1)} mm` : name
}

function gimbal({ gimbal: angles }: Photo): string | null {
  return angles && `${decimal(angles.pitchDeg, 1)}°, heading ${decimal((angles.yawDeg + 360) % 360, 0)}°`
}

function exposure(photo: Photo): string | null {
  const parts = [
    photo.fNumber ? `f/${decimal(photo.fNumber, 1)}` : '',
    photo.exposureS ? exposureTime(photo.exposureS) : '',
    photo.iso ? `ISO ${photo.iso}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : null
}

/** The height names what it is above: the barometer's take-off, or what the camera wrote as GPS altitude. */
function height(photo: Photo): Fact {
  if (photo.relativeAltM !== null)
    return { label: 'Height', value: `${decimal(photo.relativeAltM, 1)} m above take-off`, source: 'XMP barometer' }
  const alt = photo.gps?.altM ?? null
  return {
    label: 'Height',
    value: alt === null ? null : `${decimal(alt, 1)} m altitude (GPS)`,
    source: 'EXIF GPS',
    why: 'no height in this photo',
  }
}

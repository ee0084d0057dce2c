import ExifReader from 'exifreader'
import type { RawTags, Tags } from '../../core/capture/exif.ts'

/** RGBA pixels, turned upright: libheif applies the file's own rotation, so the EXIF orientation must not be applied again. */
export type HeicPixels = { readonly widthPx: number; readonly heightPx: number; readonly rgba: Buffer }

/** Decodes the primary picture of a HEIC file. Slow (about 4 s for 12 MP); the library loads 4 MB, so only when needed. */
export async function decodeHeic(bytes: Buffer): Promise<HeicPixels> {
  const { default: decode } = await import('heic-decode')
  const { width, height, data } = await decode({ buffer: bytes })
  return { widthPx: width, heightPx: height, rgba: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}

/** Tags of HEIC, AVIF and WebP, values as they stand in the file. */
export function heicTags(bytes: Buffer): RawTags {
  const groups = ExifReader.load(bytes, { expanded: true }) as Record<string, Record<string, { value?: unknown }> | undefined>
  const exif = valuesOf(groups['exif'])
  return { tiff: exif, exif, gps: withTriples(exif), xmp: valuesOf(groups['xmp']) }
}

function valuesOf(group: Record<string, { value?: unknown }> | undefined): Tags {
  return Object.fromEntries(Object.entries(group ?? {}).map(([name, tag]) => [name, tag?.value]))
}

// ExifReader gives degrees, minutes and seconds as three fractions.
function withTriples(exif: Tags): Tags {
  const triple = (value: unknown) =>
    Array.isArray(value) ? value.map((part) => (Array.isArray(part) ? Number(part[0]) / Number(part[1]) : part)) : value
  return { ...exif, GPSLatitude: triple(exif['GPSLatitude']), GPSLongitude: triple(exif['GPSLongitude']) }
}

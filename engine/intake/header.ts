import exifr from 'exifr'
import { headerFacts } from '../../core/capture/exif.ts'
import type { RawTags, StoredSize, Tags } from '../../core/capture/exif.ts'
import type { HeaderFacts } from '../../core/capture/photo.ts'
import { heicTags } from './heic.ts'
import type { PhotoFormat } from './sniff.ts'

const noTags: RawTags = { tiff: {}, exif: {}, gps: {}, xmp: {} }

// Revived dates would be shifted into this process's time zone; merged output lets XMP overwrite EXIF.
const options = {
  tiff: true,
  ifd0: {},
  ifd1: false,
  exif: true,
  gps: true,
  interop: false,
  xmp: true,
  iptc: false,
  icc: false,
  jfif: false,
  ihdr: false,
  makerNote: false,
  userComment: false,
  mergeOutput: false,
  reviveValues: false,
  translateValues: false,
  translateKeys: true,
  sanitize: true,
} as const

/** Facts of the header. A header that cannot be read is an absent one: the picture may still be good. */
export async function readHeader(bytes: Buffer, format: PhotoFormat, size: StoredSize): Promise<HeaderFacts> {
  return headerFacts(await readTags(bytes, format), size)
}

async function readTags(bytes: Buffer, format: PhotoFormat): Promise<RawTags> {
  try {
    // exifr is many times faster, but fails on HEIC and knows no WebP.
    if (format === 'heic' || format === 'avif' || format === 'webp') return heicTags(bytes)
    const blocks = (await exifr.parse(bytes, options)) as Record<string, Tags> | undefined
    return blocks ? { tiff: blocks['ifd0'] ?? {}, exif: blocks['exif'] ?? {}, gps: blocks['gps'] ?? {}, xmp: xmpOf(blocks) } : noTags
  } catch {
    // The readers throw plain Errors on every malformed header; there is nothing to tell them apart by.
    return noTags
  }
}

/** XMP comes by name space; the drone's own wins over the others. */
function xmpOf(blocks: Record<string, Tags>): Tags {
  const { ifd0: _ifd0, exif: _exif, gps: _gps, 'drone-dji': drone, ...others } = blocks
  return Object.assign({}, ...Object.values(others).filter((block) => typeof block === 'object'), drone) as Tags
}

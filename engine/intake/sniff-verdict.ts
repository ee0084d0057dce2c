import type { Photo } from '../../core/capture/photo.ts'

export type PhotoFormat = Photo['format']

/** Why a file is not a photo. */
export type Refusal = { readonly code: string; readonly what: string; readonly remedy: string }

/** What a photo's bytes declare, before anything is decoded. `whole`: the end that the format prescribes is there; `sound`: so is its inner order. */
export type Declared = {
  readonly format: PhotoFormat
  readonly widthPx: number
  readonly heightPx: number
  readonly whole: boolean
  readonly sound: boolean
}

/** What the bytes say. */
export type Sniffed = { readonly kind: 'photo'; readonly declared: Declared } | RefusedFile
export type RefusedFile = { readonly kind: 'refused'; readonly refusal: Refusal }

// The largest single photos in the field have 150 MP (aerial) and 200 MP (phones); beyond 300 MP it is a stitched map or a lie.
export const maxPixels = 300e6
// A progressive JPEG or an interlaced PNG is held whole while it is decoded: 6 bytes a pixel.
export const maxPixelsHeldWhole = 100e6
// COLMAP finds next to nothing below; mail thumbnails and icons are smaller.
export const minShortSidePx = 200
// Read into memory once, by every worker: 256 MB is a 12-bit 150 MP photo, and bounds the check.
export const maxFileBytes = 256 * 2 ** 20
// zlib packs at most 1032:1 and real photos 2:1 to 20:1; a large picture beyond 200:1 is a bomb or a blank sheet.
const bombRatio = 200
const bombPixels = 20e6
// An all-black baseline JPEG still needs about 0.1 bits a pixel.
const leastJpegBitsPerPixel = 0.02

export function refuse(code: string, what: string, remedy: string): RefusedFile {
  return { kind: 'refused', refusal: { code, what, remedy } }
}

export const corrupt = (what: string): RefusedFile => refuse('file/corrupt', what, 'Copy it again from the card, or leave it out.')

export const truncated = (what = 'The file is cut off.'): RefusedFile =>
  refuse('file/truncated', what, 'Copy it again from the card, or leave it out.')

/** Sizes that are refused before anything is allocated; null when the size is fine. */
export function refuseSize(declared: Declared, sizeBytes: number, heldWhole: boolean): RefusedFile | null {
  const pixels = declared.widthPx * declared.heightPx
  const size = `${declared.widthPx} x ${declared.heightPx} px`
  if (pixels === 0) return corrupt('The header declares no pixels.')
  const limit = heldWhole ? maxPixelsHeldWhole : maxPixels
  if (pixels > limit) {
    return refuse(
      'file/too-large',
      `It declares ${size}; the limit is ${limit / 1e6} MP.`,
      'Export it below the limit, or leave it out if it is a stitched map.',
    )
  }
  if (pixels > bombPixels && isBomb(declared, pixels, sizeBytes)) {
    return refuse(
      'file/too-large',
      `It declares ${size} in ${Math.ceil(sizeBytes / 1024)} KB: more than a photo can hold.`,
      'Leave it out: this is not a camera file.',
    )
  }
  if (Math.min(declared.widthPx, declared.heightPx) < minShortSidePx) {
    return refuse(
      'file/too-small',
      `${size} is too small to match.`,
      `Use the original; the short side needs ${minShortSidePx} px or more.`,
    )
  }
  return null
}

function isBomb(declared: Declared, pixels: number, sizeBytes: number): boolean {
  if (declared.format === 'jpeg') return (sizeBytes * 8) / pixels < leastJpegBitsPerPixel
  if (declared.format === 'png' || declared.format === 'tiff') return (pixels * 3) / sizeBytes > bombRatio
  return false
}

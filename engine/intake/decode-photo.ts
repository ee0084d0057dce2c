import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { exposure, greyOf } from '../../core/capture/exposure.ts'
import type { Photo, PixelFacts } from '../../core/capture/photo.ts'
import { dhashOf, printOf } from '../../core/capture/print.ts'
import { sharpness } from '../../core/capture/sharpness.ts'
import { texture } from '../../core/capture/texture.ts'
import { decodePixels, openPhoto } from './decode.ts'
import type { Pixels } from './decode.ts'
import { readHeader } from './header.ts'
import type { Native } from './native.ts'
import { areFeatures, extract, featureFile, GREY_LONG_PX } from './overlap-features.ts'
import type { Refusal } from './sniff.ts'
import { writeWhole } from './write-whole.ts'

/** Facts that hang on the bytes alone, whatever the file is called. `print`: base64 of the upright print. */
export type ByteFacts = Omit<Photo, 'file'> & { readonly print: string }

export type DecodeJob = { readonly path: string; readonly cacheDir: string; readonly thumbsDir: string }
export type DecodeResult = { readonly kind: 'photo'; readonly facts: ByteFacts } | { readonly kind: 'refused'; readonly refusal: Refusal }

const thumbnailPx = 320
const undecodable: Refusal = {
  code: 'file/corrupt',
  what: 'Its picture does not decode.',
  remedy: 'Copy it again from the card, or leave it out.',
}
const cutOff: Refusal = {
  code: 'file/truncated',
  what: 'The file is cut off; the lower part of the picture is missing.',
  remedy: 'Copy it again from the card, or leave it out.',
}

/** Everything that is read from one file: bytes and pixels are each touched once. Thumbnail and features are written under their hash. */
export async function decodePhoto(job: DecodeJob, native: Native | null): Promise<DecodeResult> {
  const opened = await openPhoto(job.path)
  if (opened.kind === 'refused') return opened
  const { bytes, declared, sha256 } = opened
  const pixels = await decodePixels(bytes, declared, GREY_LONG_PX)
  if (!pixels) return { kind: 'refused', refusal: declared.whole ? undecodable : cutOff }
  const grey = greyOf(pixels.rgb)
  if (!declared.whole && isCutOff(grey, pixels)) return { kind: 'refused', refusal: cutOff }
  const header = await readHeader(bytes, declared.format, pixels)
  // libheif turns HEIC and AVIF upright by the file's own boxes; EXIF repeats the same turn.
  const orientation = declared.format === 'heic' || declared.format === 'avif' ? 1 : header.orientation
  await writeThumbnail(join(job.thumbsDir, `${sha256}.jpg`), pixels, orientation)
  if (native) await writeFeatures(featureFile(job.cacheDir, sha256), native, grey, pixels)
  const { facts, print } = pixelFacts(pixels, grey, orientation)
  return {
    kind: 'photo',
    facts: { ...header, ...facts, ...identity(pixels, opened.declared.format, sha256, bytes.length), orientation, print },
  }
}

function identity(pixels: Pixels, format: Photo['format'], sha256: string, sizeBytes: number) {
  return { format, sha256, sizeBytes, widthPx: pixels.widthPx, heightPx: pixels.heightPx, damaged: pixels.damaged }
}

function pixelFacts(pixels: Pixels, grey: Uint8Array, orientation: number): { facts: PixelFacts; print: string } {
  const { rgb, smallWidthPx, smallHeightPx } = pixels
  const print = printOf(grey, smallWidthPx, smallHeightPx, orientation)
  const sharp = sharpness(grey, smallWidthPx, smallHeightPx)
  const facts = {
    ...exposure(rgb, grey),
    sharpness: sharp?.score ?? 0,
    blurDirectionDeg: sharp?.directionDeg ?? null,
    blurContrast: sharp?.contrast ?? 0,
    texture: texture(grey, smallWidthPx, smallHeightPx),
    dhash: dhashOf(print),
  }
  return { facts, print: Buffer.from(print).toString('base64') }
}

// Decoders fill what is missing with one grey: the last rows of a photo are never exactly alike.
const bottomShare = 0.02

function isCutOff(grey: Uint8Array, { smallWidthPx, smallHeightPx }: Pixels): boolean {
  const from = Math.floor(smallHeightPx * (1 - bottomShare)) * smallWidthPx
  for (let i = from + 1; i < grey.length; i++) if (Math.abs((grey[i] as number) - (grey[from] as number)) > 1) return false
  return true
}

async function writeThumbnail(path: string, pixels: Pixels, orientation: number): Promise<void> {
  if (await exists(path)) return
  const { rgb, smallWidthPx: width, smallHeightPx: height } = pixels
  const turned = turn(
    sharp(rgb, { raw: { width, height, channels: 3 } }).resize({
      width: thumbnailPx,
      height: thumbnailPx,
      fit: 'inside',
      withoutEnlargement: true,
    }),
    orientation,
  )
  await writeWhole(path, await turned.jpeg({ quality: 80 }).toBuffer())
}

/** EXIF orientation as mirror and turn. sharp mirrors first and turns after, whatever the order of the calls. */
export function turn(picture: Sharp, orientation: number): Sharp {
  switch (orientation) {
    case 2:
      return picture.flop()
    case 3:
      return picture.rotate(180)
    case 4:
      return picture.flip()
    case 5:
      return picture.flop().rotate(270)
    case 6:
      return picture.rotate(90)
    case 7:
      return picture.flop().rotate(90)
    case 8:
      return picture.rotate(270)
    default:
      return picture
  }
}

async function writeFeatures(path: string, native: Native, grey: Uint8Array, pixels: Pixels): Promise<void> {
  if (await areFeatures(path)) return
  await writeWhole(path, extract(native, grey, pixels.smallWidthPx, pixels.smallHeightPx))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

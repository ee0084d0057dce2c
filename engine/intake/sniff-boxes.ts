import { corrupt, refuse, refuseSize, truncated } from './sniff-verdict.ts'
import type { PhotoFormat, Sniffed } from './sniff-verdict.ts'

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1', 'mif2', 'miaf'])
const avifBrands = new Set(['avif', 'avis', 'avio'])

/** What an ISO base media file is, from its brands: the major one first, then the compatible ones. */
export function boxedFormat(head: Buffer): PhotoFormat | 'video' | 'raw' {
  const end = Math.min(head.readUInt32BE(0), head.length, 512)
  const major = head.toString('latin1', 8, 12)
  const brands = [major]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  if (major === 'crx ') return 'raw'
  if (avifBrands.has(major)) return 'avif'
  if (heicBrands.has(major)) return brands.some((brand) => avifBrands.has(brand)) && !brands.includes('heic') ? 'avif' : 'heic'
  return 'video'
}

/** Sizes from the `ispe` boxes (the largest is the picture; grids list their tiles too), wholeness from the chain of top boxes. */
export function sniffBoxes(bytes: Buffer, format: PhotoFormat): Sniffed {
  const boxes = topBoxes(bytes)
  if (!boxes) return corrupt('The boxes of the file do not fit together.')
  if (boxes.missing) return truncated()
  if (!boxes.meta) return corrupt('The file has no description of its picture.')
  const size = largestExtent(bytes.subarray(boxes.meta.at, boxes.meta.end))
  if (!size) return corrupt('The file declares no picture size.')
  const declared = { format, widthPx: size.widthPx, heightPx: size.heightPx, whole: true, sound: true }
  if (pixelDepth(bytes.subarray(boxes.meta.at, boxes.meta.end)) > 10) {
    return refuse('file/unsupported-format', 'A HEIF picture with more than 10 bits a channel.', 'Export it as an 8-bit JPEG.')
  }
  return refuseSize(declared, bytes.length, true) ?? { kind: 'photo', declared }
}

type Boxes = { readonly meta: { readonly at: number; readonly end: number } | null; readonly missing: boolean }

function topBoxes(bytes: Buffer): Boxes | null {
  let meta: Boxes['meta'] = null
  let at = 0
  while (at + 8 <= bytes.length) {
    const length = boxLength(bytes, at)
    if (length === null || length < 8) return null
    if (at + length > bytes.length) return { meta, missing: true }
    if (bytes.toString('latin1', at + 4, at + 8) === 'meta') meta = { at, end: at + length }
    at += length
  }
  return { meta, missing: false }
}

function boxLength(bytes: Buffer, at: number): number | null {
  const short = bytes.readUInt32BE(at)
  if (short === 0) return bytes.length - at
  if (short !== 1) return short
  return at + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(at + 8)) : null
}

function largestExtent(meta: Buffer): { widthPx: number; heightPx: number } | null {
  let largest: { widthPx: number; heightPx: number } | null = null
  for (let at = meta.indexOf('ispe', 0, 'latin1'); at >= 0 && at + 16 <= meta.length; at = meta.indexOf('ispe', at + 4, 'latin1')) {
    const size = { widthPx: meta.readUInt32BE(at + 8), heightPx: meta.readUInt32BE(at + 12) }
    if (!largest || size.widthPx * size.heightPx > largest.widthPx * largest.heightPx) largest = size
  }
  return largest
}

function pixelDepth(meta: Buffer): number {
  const at = meta.indexOf('pixi', 0, 'latin1')
  return at >= 0 && at + 10 <= meta.length ? (meta[at + 9] as number) : 8
}

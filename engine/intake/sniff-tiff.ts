import { corrupt, refuse, refuseSize, truncated } from './sniff-verdict.ts'
import type { Sniffed } from './sniff-verdict.ts'

const rawRemedy = 'Export as JPEG from the camera maker’s program or a raw converter.'
/** What a raw file is answered with. */
export const rawRefused = (name: string) => refuse('file/unsupported-format', `A raw file (${name}).`, rawRemedy)

const tag = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
  subIfds: 330,
  dngVersion: 50706,
}
// Photometric: colour filter array and linear raw. Compressions of raw files: Sony, Nikon, Pentax, Kodak, lossy DNG.
const rawPhotometric = new Set([32803, 34892])
const rawCompression = new Set([32767, 32769, 32770, 32772, 34713, 34892, 65000, 65535])

type Ifd = Map<number, readonly number[]>

/** Reads the first image directory: size, depth, raw or not, and whether the strips lie inside the file. */
export function sniffTiff(bytes: Buffer): Sniffed {
  const little = bytes[0] === 0x49
  if (bytes.length < 8) return truncated()
  if (bytes.toString('latin1', 8, 10) === 'CR') return rawRefused('CR2')
  const magic = little ? bytes.readUInt16LE(2) : bytes.readUInt16BE(2)
  if (magic === 43) return refuse('file/unsupported-format', 'A BigTIFF.', 'Export it as JPEG.')
  const ifd = readIfd(bytes, little)
  if (!ifd) return truncated('The file is cut off before its directory.')
  return verdict(bytes, ifd)
}

function verdict(bytes: Buffer, ifd: Ifd): Sniffed {
  const first = (id: number) => ifd.get(id)?.[0] ?? 0
  if (ifd.has(tag.dngVersion)) return rawRefused('DNG')
  if (rawPhotometric.has(first(tag.photometric)) || rawCompression.has(first(tag.compression))) return rawRefused('TIFF-based')
  // NEF, ARW and PEF keep the sensor's data in sub-directories beside a small preview.
  if (ifd.has(tag.subIfds) && first(tag.width) < 1000) return rawRefused('TIFF-based')
  const declared = { format: 'tiff' as const, widthPx: first(tag.width), heightPx: first(tag.height), whole: true, sound: true }
  if (declared.widthPx === 0 || declared.heightPx === 0) return corrupt('The TIFF declares no size.')
  const bits = Math.max(1, ...(ifd.get(tag.bits) ?? [1]))
  if (bits > 8) return refuse('file/unsupported-format', `A TIFF with ${bits} bits a channel.`, 'Export it as an 8-bit JPEG or TIFF.')
  const refused = refuseSize(declared, bytes.length, false)
  if (refused) return refused
  return stripsInside(bytes, ifd) ? { kind: 'photo', declared } : truncated()
}

function stripsInside(bytes: Buffer, ifd: Ifd): boolean {
  const offsets = ifd.get(tag.stripOffsets) ?? ifd.get(tag.tileOffsets) ?? []
  const sizes = ifd.get(tag.stripBytes) ?? ifd.get(tag.tileBytes) ?? []
  return offsets.length > 0 && offsets.every((offset, i) => offset + (sizes[i] ?? 0) <= bytes.length)
}

function readIfd(bytes: Buffer, little: boolean): Ifd | null {
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const start = u32(4)
  if (start + 2 > bytes.length) return null
  const ifd: Ifd = new Map()
  for (let i = 0, at = start + 2; i < u16(start); i++, at += 12) {
    if (at + 12 > bytes.length) return null
    const wide = u16(at + 2) === 4 || u16(at + 2) === 13
    const size = wide ? 4 : u16(at + 2) === 3 ? 2 : 1
    // A million strips is a hostile count: the file cannot hold them.
    const count = Math.min(u32(at + 4), Math.floor(bytes.length / size))
    const from = count * size <= 4 ? at + 8 : u32(at + 8)
    if (from + count * size > bytes.length) {
      if (size > 1) return null
      continue
    }
    if (size > 1)
      ifd.set(
        u16(at),
        Array.from({ length: count }, (_, k) => (wide ? u32(from + 4 * k) : u16(from + 2 * k))),
      )
    else ifd.set(u16(at), [bytes[from] ?? 0])
  }
  return ifd
}

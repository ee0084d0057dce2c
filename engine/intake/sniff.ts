import { boxedFormat, sniffBoxes } from './sniff-boxes.ts'
import { sniffJpeg } from './sniff-jpeg.ts'
import { rawRefused, sniffTiff } from './sniff-tiff.ts'
import { corrupt, maxFileBytes, refuse, refuseSize, truncated } from './sniff-verdict.ts'
import type { PhotoFormat, RefusedFile, Sniffed } from './sniff-verdict.ts'
import { unreachable } from '../../core/problem.ts'

export type { Declared, PhotoFormat, Refusal, Sniffed } from './sniff-verdict.ts'

/** Bytes that `sniffHead` wants to see; fewer where the file is shorter. */
export const headBytes = 4096

const jpegRemedy = 'Export it as JPEG.'
const videoRemedy = 'Take frames from it, one or two a second, and add those.'

type Magic = { readonly name: string; readonly at: number; readonly bytes: string; readonly remedy: string }
const latin = (name: string, bytes: string, remedy: string, at = 0): Magic => ({ name, at, bytes, remedy })

// Files that somebody may think of as photos and that a run cannot use.
const known: readonly Magic[] = [
  latin('GIF', 'GIF8', jpegRemedy),
  latin('Windows bitmap', 'BM', jpegRemedy),
  latin('Photoshop document', '8BPS', jpegRemedy),
  latin('JPEG XL', '\xff\x0a', jpegRemedy),
  latin('JPEG XL', '\0\0\0\x0cJXL ', jpegRemedy),
  latin('JPEG 2000', '\0\0\0\x0cjP  ', jpegRemedy),
  latin('JPEG 2000', '\xff\x4f\xff\x51', jpegRemedy),
  latin('OpenEXR', '\x76\x2f\x31\x01', jpegRemedy),
  latin('Radiance HDR', '#?RADIANCE', jpegRemedy),
  latin('video', '\x1a\x45\xdf\xa3', videoRemedy),
  latin('video', 'AVI ', videoRemedy, 8),
  latin('video', '\0\0\x01\xba', videoRemedy),
  latin('video', '\0\0\x01\xb3', videoRemedy),
]
const raws: readonly Magic[] = [
  latin('RAF', 'FUJIFILMCCD-RAW', ''),
  latin('ORF', 'IIRO', ''),
  latin('ORF', 'IIRS', ''),
  latin('ORF', 'MMOR', ''),
  latin('RW2', 'IIU\0', ''),
  latin('X3F', 'FOVb', ''),
  latin('CRW', 'HEAPCCDR', '', 6),
  latin('MRW', '\0MRM', ''),
]

/** What the first bytes say: a photo format to look at further, or the refusal. Nothing else of the file needs to be read for it. */
export function sniffHead(head: Buffer, sizeBytes: number): { readonly kind: 'format'; readonly format: PhotoFormat } | RefusedFile {
  if (sizeBytes === 0) return refuse('file/empty', 'The file has no bytes.', 'Copy it again from the card, or leave it out.')
  const format = formatOf(head)
  if (format === 'video') return refuse('file/unsupported-format', 'A video.', videoRemedy)
  if (format === 'raw') return rawRefused('CR3')
  if (format === null) return refuseUnknown(head)
  if (sizeBytes > maxFileBytes)
    return refuse('file/too-large', `${Math.round(sizeBytes / 2 ** 20)} MB in one file.`, 'Export it as JPEG below 256 MB.')
  return { kind: 'format', format }
}

function starts(head: Buffer, magic: Magic): boolean {
  return head.toString('latin1', magic.at, magic.at + magic.bytes.length) === magic.bytes
}

function refuseUnknown(head: Buffer): RefusedFile {
  const raw = raws.find((magic) => starts(head, magic))
  if (raw) return rawRefused(raw.name)
  const magic = known.find((candidate) => starts(head, candidate))
  if (magic) return refuse('file/unsupported-format', `A ${magic.name}.`, magic.remedy)
  return refuse('file/not-an-image', 'Its bytes are no picture.', 'Leave it out.')
}

function formatOf(head: Buffer): PhotoFormat | 'video' | 'raw' | null {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return 'webp'
  const order = head.toString('latin1', 0, 4)
  if (order === 'II*\0' || order === 'MM\0*' || order === 'II+\0' || order === 'MM\0+') return 'tiff'
  if (head.length >= 12 && head.toString('latin1', 4, 8) === 'ftyp') return boxedFormat(head)
  if (head.length >= 12 && ['moov', 'mdat', 'wide', 'free'].includes(head.toString('latin1', 4, 8))) return 'video'
  return null
}

/** What a photo's bytes declare, or why it is refused. Reads structure only; allocates nothing of the declared size. */
export function sniffBody(bytes: Buffer, format: PhotoFormat): Sniffed {
  switch (format) {
    case 'jpeg':
      return sniffJpeg(bytes)
    case 'png':
      return sniffPng(bytes)
    case 'webp':
      return sniffWebp(bytes)
    case 'tiff':
      return sniffTiff(bytes)
    case 'heic':
    case 'avif':
      return sniffBoxes(bytes, format)
    default:
      return unreachable(format)
  }
}

function sniffPng(bytes: Buffer): Sniffed {
  if (bytes.length < 33) return truncated()
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return corrupt('The PNG has no header.')
  const declared = { format: 'png' as const, widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20), whole: true, sound: true }
  if (bytes[24] === 16) return refuse('file/unsupported-format', 'A PNG with 16 bits a channel.', 'Export it as an 8-bit JPEG or PNG.')
  const refused = refuseSize(declared, bytes.length, bytes[28] === 1)
  if (refused) return refused
  return bytes.lastIndexOf('IEND', bytes.length, 'latin1') > 33 ? { kind: 'photo', declared } : truncated()
}

function sniffWebp(bytes: Buffer): Sniffed {
  if (bytes.length < 30) return truncated()
  const size = webpSize(bytes)
  if (!size) return corrupt('The WebP has no picture.')
  const declared = { format: 'webp' as const, ...size, whole: true, sound: true }
  const refused = refuseSize(declared, bytes.length, true)
  if (refused) return refused
  return bytes.readUInt32LE(4) + 8 <= bytes.length ? { kind: 'photo', declared } : truncated()
}

function webpSize(bytes: Buffer): { widthPx: number; heightPx: number } | null {
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8 ') return { widthPx: bytes.readUInt16LE(26) & 0x3fff, heightPx: bytes.readUInt16LE(28) & 0x3fff }
  if (kind === 'VP8X') return { widthPx: bytes.readUIntLE(24, 3) + 1, heightPx: bytes.readUIntLE(27, 3) + 1 }
  if (kind !== 'VP8L') return null
  const packed = bytes.readUInt32LE(21)
  return { widthPx: (packed & 0x3fff) + 1, heightPx: ((packed >>> 14) & 0x3fff) + 1 }
}

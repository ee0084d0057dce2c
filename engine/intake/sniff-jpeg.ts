import { corrupt, refuse, refuseSize, truncated } from './sniff-verdict.ts'
import type { Sniffed } from './sniff-verdict.ts'

const endOfImage = Buffer.from([0xff, 0xd9])
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

type Frame = { readonly precision: number; readonly heightPx: number; readonly widthPx: number; readonly progressive: boolean; readonly lossless: boolean }

/** Walks the segments to the frame and the scan. The end is looked for after the scan's start, so that the EXIF thumbnail's end does not count. */
export function sniffJpeg(bytes: Buffer): Sniffed {
  let at = 2
  let frame: Frame | null = null
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return corrupt('A JPEG segment starts where none should.')
    const marker = bytes[at + 1] as number
    if (marker === 0xff) { at += 1; continue }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue }
    if (marker === 0xd9) return corrupt('The JPEG ends before its picture starts.')
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2) return corrupt('A JPEG segment has an impossible length.')
    if (isFrame(marker)) {
      if (at + 10 > bytes.length) return truncated()
      frame = frameAt(bytes, at, marker)
      const refused = refuseFrame(frame, bytes.length)
      if (refused) return refused
    }
    if (marker === 0xda) return scanned(bytes, at, frame)
    at += 2 + length
  }
  return truncated('The file is cut off before the picture starts.')
}

function frameAt(bytes: Buffer, at: number, marker: number): Frame {
  return {
    precision: bytes[at + 4] as number,
    heightPx: bytes.readUInt16BE(at + 5),
    widthPx: bytes.readUInt16BE(at + 7),
    progressive: (marker & 3) === 2,
    lossless: (marker & 3) === 3,
  }
}

function refuseFrame(frame: Frame, sizeBytes: number): Sniffed | null {
  if (frame.precision !== 8 || frame.lossless) {
    return refuse('file/unsupported-format', `A JPEG with ${frame.precision} bits${frame.lossless ? ', lossless' : ''}.`, 'Export it as an ordinary 8-bit JPEG.')
  }
  return refuseSize({ format: 'jpeg', ...frame, whole: true }, sizeBytes, frame.progressive)
}

function scanned(bytes: Buffer, at: number, frame: Frame | null): Sniffed {
  if (!frame) return corrupt('The JPEG has a scan but no frame.')
  // In entropy-coded data 0xFF is always followed by 0x00 or a restart marker, so the end marker cannot be there by chance.
  const whole = bytes.indexOf(endOfImage, at) >= 0
  return { kind: 'photo', declared: { format: 'jpeg', widthPx: frame.widthPx, heightPx: frame.heightPx, whole } }
}

import { corrupt, refuse, refuseSize, truncated } from './sniff-verdict.ts'
import type { Sniffed } from './sniff-verdict.ts'

const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

type Frame = {
  readonly precision: number
  readonly heightPx: number
  readonly widthPx: number
  readonly progressive: boolean
  readonly lossless: boolean
}

/** Walks the segments to the frame and the scan. The end is looked for after the scan's start, so that the EXIF thumbnail's end does not count. */
export function sniffJpeg(bytes: Buffer): Sniffed {
  let at = 2
  let frame: Frame | null = null
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return corrupt('A JPEG segment starts where none should.')
    const marker = bytes[at + 1] as number
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
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
    return refuse(
      'file/unsupported-format',
      `A JPEG with ${frame.precision} bits${frame.lossless ? ', lossless' : ''}.`,
      'Export it as an ordinary 8-bit JPEG.',
    )
  }
  return refuseSize({ format: 'jpeg', ...frame, whole: true, sound: true }, sizeBytes, frame.progressive)
}

function scanned(bytes: Buffer, at: number, frame: Frame | null): Sniffed {
  if (!frame) return corrupt('The JPEG has a scan but no frame.')
  return { kind: 'photo', declared: { format: 'jpeg', widthPx: frame.widthPx, heightPx: frame.heightPx, ...walkScan(bytes, at) } }
}

// Between the scans of a progressive picture: tables, comments, restart intervals, the next scan.
const betweenScans = new Set([0xc4, 0xda, 0xdb, 0xdd, 0xdc, 0xfe])
const isApplication = (marker: number) => marker >= 0xe0 && marker <= 0xef

/**
 * Walks the entropy-coded data, in which 0xFF is always followed by 0x00 or a restart marker, to the end marker. Another marker
 * inside, or restarts out of turn, are damage that the decoder does not always notice.
 */
function walkScan(bytes: Buffer, start: number): { readonly whole: boolean; readonly sound: boolean } {
  let restart = 0
  let sound = true
  let at = start + 2 + bytes.readUInt16BE(start + 2)
  for (at = bytes.indexOf(0xff, at); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1] as number
    if (marker === 0xd9) return { whole: true, sound }
    if (marker === 0 || marker === 0xff) at += marker === 0 ? 2 : 1
    else if (marker >= 0xd0 && marker <= 0xd7) {
      if (marker - 0xd0 !== restart) sound = false
      restart = (marker - 0xd0 + 1) & 7
      at += 2
    } else if ((betweenScans.has(marker) || isApplication(marker)) && at + 4 <= bytes.length) {
      at += 2 + bytes.readUInt16BE(at + 2)
      restart = 0
    } else {
      sound = false
      at += 2
    }
  }
  return { whole: false, sound }
}

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import type { Refusal } from './sniff.ts'
import { headBytes, sniffBody, sniffHead } from './sniff.ts'
import type { Declared } from './sniff.ts'
import { decodeHeic } from './heic.ts'
import { isFileError } from './list-files.ts'
import { unreadable } from './unreadable.ts'

/** Pixels as stored, at most `longPx` on the long side, RGB. `widthPx`, `heightPx`: of the full picture. */
export type Pixels = {
  readonly rgb: Buffer
  readonly smallWidthPx: number
  readonly smallHeightPx: number
  readonly widthPx: number
  readonly heightPx: number
  readonly damaged: boolean
}

/** A photo's bytes, its hash and what the bytes declare. */
export type Opened = { readonly kind: 'opened'; readonly bytes: Buffer; readonly sha256: string; readonly declared: Declared }
export type Refused = { readonly kind: 'refused'; readonly refusal: Refusal; readonly sha256: string | null }

/** Reads a file once and judges its bytes. What is no photo is not read beyond its head. */
export async function openPhoto(path: string): Promise<Opened | Refused> {
  try {
    return await readPhoto(path)
  } catch (error) {
    if (!isFileError(error)) throw error
    return refused(unreadable(error.code ?? 'EIO'))
  }
}

async function readPhoto(path: string): Promise<Opened | Refused> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, headBytes)), 0, Math.min(size, headBytes), 0)
    const head = sniffHead(buffer.subarray(0, bytesRead), size)
    if (head.kind === 'refused') return refused(head.refusal)
    const bytes = await handle.readFile()
    const body = sniffBody(bytes, head.format)
    if (body.kind === 'refused') return refused(body.refusal)
    return { kind: 'opened', bytes, sha256: createHash('sha256').update(bytes).digest('hex'), declared: body.declared }
  } finally {
    await handle.close()
  }
}

const refused = (refusal: Refusal): Refused => ({ kind: 'refused', refusal, sha256: null })

/** Decodes once, as small as JPEG's own reduction allows. Null where nothing comes out of the bytes. */
export async function decodePixels(bytes: Buffer, declared: Declared, longPx: number): Promise<Pixels | null> {
  try {
    if (declared.format === 'heic') return await decodeHeicPixels(bytes, longPx)
    return await decodeWhole(bytes, declared, longPx)
  } catch {
    // libheif and libvips throw plain Errors on broken data; that the picture does not decode is all there is to know.
    return null
  }
}

async function decodeWhole(bytes: Buffer, declared: Declared, longPx: number): Promise<Pixels> {
  const size = { widthPx: declared.widthPx, heightPx: declared.heightPx }
  if (declared.whole) {
    try {
      return { ...(await reduce(sharp(bytes, { failOn: 'warning', ...input }), longPx)), ...size, damaged: !declared.sound }
    } catch {
      // Again below, taking what there is.
    }
  }
  return { ...(await reduce(sharp(bytes, { failOn: 'none', ...input }), longPx)), ...size, damaged: true }
}

// The sniffed limit is the one that counts; one page, read top to bottom.
const input = { limitInputPixels: false, sequentialRead: true, pages: 1, autoOrient: false } as const
// A photo of 100 MP takes 2 s under load; what takes longer is built to.
const longestS = 30

async function reduce(source: Sharp, longPx: number) {
  const { data, info } = await source
    .timeout({ seconds: longestS })
    .resize({ width: longPx, height: longPx, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels === 3) return { rgb: data, smallWidthPx: info.width, smallHeightPx: info.height }
  const rgb = Buffer.alloc(info.width * info.height * 3)
  for (let i = 0; i < info.width * info.height; i++) rgb.fill(data[i * info.channels] as number, 3 * i, 3 * i + 3)
  return { rgb, smallWidthPx: info.width, smallHeightPx: info.height }
}

async function decodeHeicPixels(bytes: Buffer, longPx: number): Promise<Pixels> {
  const { rgba, widthPx, heightPx } = await decodeHeic(bytes)
  const source = sharp(rgba, { raw: { width: widthPx, height: heightPx, channels: 4 }, limitInputPixels: false }).removeAlpha()
  return { ...(await reduce(source, longPx)), widthPx, heightPx, damaged: false }
}

import { stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Photo } from '../../core/capture/photo.ts'
import { decodeHeic } from './heic.ts'
import { writeWhole } from './write-whole.ts'

/** A photo as stores and stages know it: `<sha256>.<ext>`, and where its bytes lie. */
export type PhotoObject = { readonly object: string; readonly file: string }

// Near lossless for features, a third of the size of 100.
const quality = 95

/** The object of a photo of a capture's folder. JPEG and PNG are sent as they are; what stages cannot read becomes a JPEG of full size, made once. */
export async function objectFor(photo: Photo, folder: string, cacheDir: string): Promise<PhotoObject> {
  const file = join(folder, photo.file)
  if (photo.format === 'jpeg') return { object: `${photo.sha256}.jpg`, file }
  if (photo.format === 'png') return { object: `${photo.sha256}.png`, file }
  const pointer = join(cacheDir, 'derived', `${photo.sha256}.txt`)
  const kept = await readFile(pointer, 'utf8').catch(() => null)
  if (kept && (await stat(join(cacheDir, 'derived', kept)).catch(() => null)))
    return { object: kept, file: join(cacheDir, 'derived', kept) }
  const jpeg = await toJpeg(await readFile(file), photo)
  const object = `${createHash('sha256').update(jpeg).digest('hex')}.jpg`
  await writeWhole(join(cacheDir, 'derived', object), jpeg)
  await writeWhole(pointer, object)
  return { object, file: join(cacheDir, 'derived', object) }
}

/** Pixels stay as stored. The header is not carried over: stages read size, focal length, orientation and position from the manifest. */
async function toJpeg(bytes: Buffer, photo: Photo): Promise<Buffer> {
  if (photo.format === 'heic') {
    const { rgba, widthPx, heightPx } = await decodeHeic(bytes)
    return sharp(rgba, { raw: { width: widthPx, height: heightPx, channels: 4 }, limitInputPixels: false })
      .removeAlpha()
      .jpeg({ quality, chromaSubsampling: '4:4:4' })
      .toBuffer()
  }
  const source = sharp(bytes, { failOn: 'none', limitInputPixels: false, pages: 1 }).flatten({ background: '#000' })
  return source.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer()
}

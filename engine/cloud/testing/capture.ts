import { createCipheriv, createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Manifest } from '../../../core/capture/manifest.ts'

/** Bytes that no two seeds share and that do not compress: AES in counter mode, fast and the same on every machine. */
export function noise(sizeBytes: number, seed: number): Buffer {
  const key = Buffer.alloc(16)
  key.writeUInt32LE(seed)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
}

const pieceBytes = 64 * 1024 * 1024

export type PlannedPhoto = { readonly file: string; readonly sizeBytes: number; readonly seed: number }

/** Writes a folder of made-up photos and freezes its manifest. Large ones go to the disk a piece at a time. */
export function writeCapture(folder: string, photos: readonly PlannedPhoto[], captureId = 'c-transfer1'): Manifest {
  const rows = photos.map(({ file, sizeBytes, seed }) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
    const hash = createHash('sha256')
    for (let offset = 0, piece = 0; offset < sizeBytes; offset += pieceBytes, piece++) {
      const bytes = noise(Math.min(pieceBytes, sizeBytes - offset), seed + piece * 1_000_003)
      hash.update(bytes)
      appendFileSync(join(folder, file), bytes)
    }
    return photoRow(file, hash.digest('hex'), sizeBytes)
  })
  return { version: 1, captureId, name: 'made up', folder, createdAt: '2026-11-24T08:00:00.000Z', photos: rows, pairs: null }
}

export function photoRow(file: string, sha256: string, sizeBytes: number): Manifest['photos'][number] {
  const facts = { widthPx: 4000, heightPx: 3000, camera: null, focalPx: null, orientation: 1, takenAt: null, gps: null, use: true }
  return { file, object: `${sha256}.jpg`, sizeBytes, ...facts }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../../../core/capture/manifest.ts'
import { bucket as keys } from '../../../core/layout.ts'
import { uploadReceipts } from '../receipts.ts'
import { targetName } from '../target.ts'
import { type PlannedPhoto, writeCapture } from './capture.ts'
import { bucketName, send, type Stand, told, type Told } from './stand.ts'
import { until } from './until.ts'
import { storedFiles } from './versitygw.ts'

export const mib = 1024 * 1024

export const small = (count: number, sizeBytes = 300_000): PlannedPhoto[] =>
  Array.from({ length: count }, (_, at) => ({ file: `DCIM/IMG_${at}.JPG`, sizeBytes: sizeBytes + at, seed: at + 1 }))
/** Three parts, the last one short. */
export const large: readonly PlannedPhoto[] = [{ file: 'big.tif', sizeBytes: 17 * mib + 17, seed: 77 }]

export const captureOn = (stand: Stand, photos: readonly PlannedPhoto[], name = 'photos'): Manifest =>
  writeCapture(join(stand.folder, name), photos)

/** Whether every photo lies in the bucket, byte for byte. */
export function isEqualOn(stand: Stand, manifest: Manifest): boolean {
  const stored = storedFiles(stand.server, bucketName)
  return manifest.photos.every((photo) =>
    stored.get(keys.photo('acme', photo.object))?.equals(readFileSync(join(manifest.folder, photo.file))),
  )
}

/** Uploads until exactly the first `parts` parts of the only photo are receipted, then stops: the server never answers to a later one. */
export async function sendSomeOn(stand: Stand, manifest: Manifest, parts: number): Promise<Told> {
  const key = keys.photo('acme', manifest.photos[0]?.object ?? '')
  stand.proxy.plan = ({ query }) => (Number(query.get('partNumber') ?? 0) > parts ? { kind: 'black-hole' } : null)
  const stop = new AbortController()
  const receipts = uploadReceipts(stand.db, targetName(stand.target), () => new Date())
  const sent = told(send(stand, manifest, { signal: stop.signal }))
  await until(() => receipts.parts(key).filter((part) => part.etag).length === parts)
  stop.abort()
  const ended = await sent
  await stand.proxy.cut()
  stand.proxy.plan = () => null
  return ended
}

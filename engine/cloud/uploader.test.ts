import { createHash } from 'node:crypto'
import { appendFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bucket as keys } from '../../core/layout.ts'
import { wasmChecksums } from './checksums.ts'
import { noise } from './testing/capture.ts'
import { bucketName, openStand, orphansOf, send, type Stand, told } from './testing/stand.ts'
import { captureOn, isEqualOn, large, small } from './testing/uploads.ts'
import { prepareServer, storedFiles } from './testing/versitygw.ts'

const missing = prepareServer()

describe.skipIf(missing !== null)(`uploads to versitygw${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(async () => {
    await stand.close()
  })

  const capture = (photos: Parameters<typeof captureOn>[1], name?: string) => captureOn(stand, photos, name)
  const isEqual = (manifest: ReturnType<typeof capture>) => isEqualOn(stand, manifest)
  const bodies = () => stand.proxy.received.total

  test('a folder arrives byte for byte, small photos whole and large ones in parts; the second upload sends nothing', async () => {
    const manifest = capture([...small(12), ...large])
    const first = await told(send(stand, manifest))
    expect(first.events.at(-1)?.kind).toBe('done')
    expect(first.ledger).toMatchObject({ state: 'done', files: { total: 13, verified: 13, there: 0 }, bytes: { twice: 0 } })
    expect(first.ledger.bytes.moved).toBe(first.ledger.bytes.total)
    expect(isEqual(manifest)).toBe(true)
    expect(await orphansOf(stand, manifest)).toBe(0)
    const before = bodies()
    const second = await told(send(stand, manifest))
    expect(second.ledger).toMatchObject({ state: 'done', files: { verified: 13, there: 13 }, bytes: { moved: 0 } })
    expect(bodies()).toBe(before)
  })

  test('what was proven before is known by one listing; an object that was replaced behind its back is looked at, and put right', async () => {
    const manifest = capture(small(8))
    await told(send(stand, manifest))
    stand.proxy.requests.length = 0
    expect((await told(send(stand, manifest))).ledger.files).toMatchObject({ verified: 8, there: 8 })
    expect(stand.proxy.requests.map(({ method }) => method)).toEqual(['GET'])
    const key = keys.photo('acme', manifest.photos[3]?.object ?? '')
    // The same length: only the checksum tells.
    const bytes = noise(300_003, 500)
    const crc64 = (await wasmChecksums()).crc64(bytes)
    await stand.store.put(
      key,
      { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64 },
      (await stand.store.head(key))?.etag ?? '',
    )
    expect(isEqual(manifest)).toBe(false)
    expect((await told(send(stand, manifest))).ledger).toMatchObject({ state: 'done', files: { verified: 8, there: 7 } })
    expect(isEqual(manifest)).toBe(true)
  })

  test('twenty photos added to a capture are twenty photos sent, and two files of the same bytes are one', async () => {
    await told(send(stand, capture(small(30))))
    const before = bodies()
    const more = capture([...small(50), { file: 'again/COPY.JPG', sizeBytes: 300_000, seed: 1 }])
    const { ledger } = await told(send(stand, more))
    expect(ledger.files).toMatchObject({ total: 50, verified: 50, there: 30 })
    expect(bodies() - before).toBe(more.photos.slice(30, 50).reduce((sum, photo) => sum + photo.sizeBytes, 0))
  })

  test('a moved folder is neither read nor sent again', async () => {
    const manifest = capture(small(5))
    await told(send(stand, manifest))
    const moved = join(stand.folder, 'elsewhere')
    renameSync(manifest.folder, moved)
    const before = bodies()
    const { ledger } = await told(send(stand, manifest, { folder: moved }))
    expect(ledger).toMatchObject({ state: 'done', files: { there: 5 } })
    expect(bodies()).toBe(before)
  })

  test('photos of another tenant are never taken for ours', async () => {
    const manifest = capture(small(3))
    await told(send(stand, manifest))
    const { ledger } = await told(send(stand, manifest, { target: { ...stand.target, tenant: 'other' } }))
    expect(ledger.files).toMatchObject({ verified: 3, there: 0 })
    expect(storedFiles(stand.server, bucketName).size).toBe(6)
  })

  test('a photo that changed since the check fails alone; the others arrive', async () => {
    const manifest = capture(small(5))
    appendFileSync(join(manifest.folder, 'DCIM/IMG_2.JPG'), 'x')
    const { events, ledger } = await told(send(stand, manifest))
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/changed' } })
    expect(ledger.files).toMatchObject({ verified: 4, failed: 1 })
  })

  test('a broken object in the place of a photo is replaced', async () => {
    const manifest = capture(small(2))
    const bytes = Buffer.from('not the photo')
    const key = keys.photo('acme', manifest.photos[0]?.object ?? '')
    await stand.store.put(
      key,
      { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: (await wasmChecksums()).crc64(bytes) },
      null,
    )
    const { ledger } = await told(send(stand, manifest))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 2, there: 0 } })
    expect(isEqual(manifest)).toBe(true)
  })
})

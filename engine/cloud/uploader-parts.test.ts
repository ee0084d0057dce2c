import { createHash } from 'node:crypto'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bucket as keys } from '../../core/layout.ts'
import { combineAll } from '../../core/transfer/crc64.ts'
import { wasmChecksums } from './checksums.ts'
import { noise } from './testing/capture.ts'
import { bucketName, openStand, orphansOf, send, type Stand, told } from './testing/stand.ts'
import { captureOn, isEqualOn, large, mib, sendSomeOn, small } from './testing/uploads.ts'
import { prepareServer, storedFiles } from './testing/versitygw.ts'

const missing = prepareServer()
// Half of a wait is by chance; this chance takes the other half away.
const noWait = () => -1

describe.skipIf(missing !== null)(`uploads in parts${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(async () => {
    await stand.close()
  })

  const capture = (photos: Parameters<typeof captureOn>[1], name?: string) => captureOn(stand, photos, name)
  const isEqual = (manifest: ReturnType<typeof capture>) => isEqualOn(stand, manifest)
  const sendSome = (manifest: ReturnType<typeof capture>, parts: number) => sendSomeOn(stand, manifest, parts)
  const bodies = () => stand.proxy.received.total

  test('a Complete whose answer was lost is recognised as done, and no multipart stays behind', async () => {
    let asked = 0
    stand.proxy.plan = ({ method, query }) => (method === 'POST' && query.has('uploadId') && ++asked === 1 ? { kind: 'drop-answer' } : null)
    const manifest = capture(large)
    const { ledger } = await told(send(stand, manifest))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 1 }, bytes: { twice: 0 } })
    expect(isEqual(manifest)).toBe(true)
    expect(await orphansOf(stand, manifest)).toBe(0)
  })

  test('a multipart that was created but never recorded is reaped', async () => {
    const manifest = capture(large)
    const key = keys.photo('acme', manifest.photos[0]?.object ?? '')
    const stop = new AbortController()
    stand.proxy.plan = ({ query }) => (query.has('uploads') ? { kind: 'drop-answer' } : null)
    await told(send(stand, manifest, { signal: stop.signal }), ({ kind }) => kind === 'retry' && stop.abort())
    expect((await stand.store.uploadsOf(key)).length).toBeGreaterThan(0)
    stand.proxy.plan = () => null
    const { events, ledger } = await told(send(stand, manifest))
    expect(events.some((event) => event.kind === 'reaped')).toBe(true)
    expect(ledger.state).toBe('done')
    expect(await orphansOf(stand, manifest)).toBe(0)
  })

  test('an unfinished upload that no plan wants any more is reaped by the next one', async () => {
    const manifest = capture(large)
    await sendSome(manifest, 1)
    expect(await orphansOf(stand, manifest)).toBe(1)
    await told(send(stand, capture(small(2), 'other')))
    expect(await orphansOf(stand, manifest)).toBe(0)
  })

  test('a stopped multipart goes on with its missing parts only', async () => {
    const manifest = capture(large)
    const first = await sendSome(manifest, 2)
    expect(first.events.at(-1)?.kind).toBe('stopped')
    const before = bodies()
    const { ledger } = await told(send(stand, manifest))
    expect(ledger.state).toBe('done')
    expect(ledger.bytes.moved).toBe(ledger.bytes.total - 16 * mib)
    expect(bodies() - before).toBe(ledger.bytes.moved)
    expect(isEqual(manifest)).toBe(true)
  })

  test('a file that changes under the upload is never completed, and its parts are freed', async () => {
    const manifest = capture(large)
    const file = join(manifest.folder, 'big.tif')
    let changed = false
    stand.proxy.plan = ({ query }) => {
      if (!changed && query.get('partNumber') === '2') {
        changed = true
        writeFileSync(file, noise(17 * mib + 17, 78))
      }
      return null
    }
    const { events } = await told(send(stand, manifest))
    expect(changed).toBe(true)
    expect(events.some((event) => event.kind === 'restarted')).toBe(true)
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/changed' } })
    expect(storedFiles(stand.server, bucketName).size).toBe(0)
    expect(await orphansOf(stand, manifest)).toBe(0)
  })

  test('a file that was only touched is read again and sent', async () => {
    const manifest = capture(large)
    let touched = false
    stand.proxy.plan = ({ query }) => {
      if (!touched && query.get('partNumber') === '2') {
        touched = true
        utimesSync(join(manifest.folder, 'big.tif'), 1, 1)
      }
      return null
    }
    const { ledger } = await told(send(stand, manifest))
    expect(touched).toBe(true)
    expect(ledger.state).toBe('done')
    expect(isEqual(manifest)).toBe(true)
  })

  test('the server refuses a Complete whose size or checksum is not that of the parts, and there is no object then', async () => {
    const key = keys.photo('acme', `${'a'.repeat(64)}.tif`)
    const { crc64 } = await wasmChecksums()
    const pieces = [noise(5 * mib, 1), noise(100_000, 2)]
    const crcs = pieces.map((bytes) => ({ crc64: crc64(bytes), sizeBytes: bytes.byteLength }))
    const whole = { crc64: combineAll(crcs), sizeBytes: 5 * mib + 100_000 }
    const uploadId = await stand.store.create(key)
    const parts = []
    for (const [at, bytes] of pieces.entries()) {
      const sealed = { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: crcs[at]?.crc64 ?? 0n }
      parts.push({
        number: at + 1,
        sizeBytes: bytes.byteLength,
        crc64: sealed.crc64,
        etag: await stand.store.part(key, uploadId, at + 1, sealed),
      })
    }
    for (const wrong of [
      { ...whole, sizeBytes: whole.sizeBytes + 1 },
      { ...whole, crc64: whole.crc64 ^ 1n },
    ]) {
      await expect(stand.store.complete(key, uploadId, parts, wrong, null)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } })
      expect(await stand.store.head(key)).toBeNull()
    }
    await stand.store.complete(key, uploadId, parts, whole, null)
    expect(await stand.store.head(key)).toMatchObject(whole)
  })

  test('a Complete that is refused for its checksum is tried again, and counts as done only when the server took it', async () => {
    let refused = 0
    stand.proxy.plan = ({ method, query }) =>
      method === 'POST' && query.has('uploadId') && ++refused ? { kind: 'answer', status: 400, code: 'BadDigest' } : null
    const manifest = capture(large)
    const { events, ledger } = await told(send(stand, manifest, { random: noWait }))
    expect(refused).toBeGreaterThan(1)
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/spoilt' } })
    expect(ledger.files).toMatchObject({ verified: 0, failed: 1 })
    expect(storedFiles(stand.server, bucketName).size).toBe(0)
    stand.proxy.plan = () => null
    expect((await told(send(stand, manifest))).ledger).toMatchObject({
      state: 'done',
      files: { verified: 1, there: 0 },
      bytes: { moved: 0 },
    })
    expect(isEqual(manifest)).toBe(true)
  })
})

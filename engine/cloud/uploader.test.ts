import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bucket as keys } from '../../core/layout.ts'
import { wasmChecksums } from './checksums.ts'
import { PauseSwitch } from './pause.ts'
import { uploadReceipts } from './receipts.ts'
import { targetName } from './target.ts'
import { noise, writeCapture } from './testing/capture.ts'
import { bucketName, openStand, orphansOf, send, type Stand, told } from './testing/stand.ts'
import { until } from './testing/until.ts'
import { prepareServer, rootKey, storedFiles } from './testing/versitygw.ts'

const mib = 1024 * 1024
const missing = prepareServer()
const small = (count: number, sizeBytes = 300_000) =>
  Array.from({ length: count }, (_, at) => ({ file: `DCIM/IMG_${at}.JPG`, sizeBytes: sizeBytes + at, seed: at + 1 }))
const large = [{ file: 'big.tif', sizeBytes: 17 * mib + 17, seed: 77 }]

describe.skipIf(missing !== null)(`uploads to versitygw${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await stand.close()
  })

  const capture = (photos: Parameters<typeof writeCapture>[1], name = 'photos') => writeCapture(join(stand.folder, name), photos)
  const isEqual = (manifest: ReturnType<typeof capture>) => {
    const stored = storedFiles(stand.server, bucketName)
    return manifest.photos.every((photo) =>
      stored.get(keys.photo('acme', photo.object))?.equals(readFileSync(join(manifest.folder, photo.file))),
    )
  }
  /** Uploads until exactly the first `parts` parts of the only photo are receipted, then stops: the server never answers to a later one. */
  const sendSome = async (manifest: ReturnType<typeof capture>, parts: number) => {
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

  test('a connection reset in the middle of a body, throttling and server errors are tried again', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => {
      if (method !== 'PUT') return null
      asked++
      if (asked === 2) return { kind: 'reset', afterBytes: 100_000 }
      if (asked === 3) return { kind: 'answer', status: 503, code: 'SlowDown' }
      return asked === 5 ? { kind: 'answer', status: 500, code: 'InternalError' } : null
    }
    const manifest = capture(small(6))
    const { events, ledger } = await told(send(stand, manifest))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 6 }, retries: 3 })
    expect(events.flatMap((event) => (event.kind === 'retry' ? [event.problem.code] : [])).sort()).toEqual([
      'upload/broken',
      'upload/broken',
      'upload/throttled',
    ])
    expect(isEqual(manifest)).toBe(true)
  })

  test('a server that never answers is given up on after its time, and asked again', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => (method === 'PUT' && ++asked === 1 ? { kind: 'black-hole' } : null)
    const manifest = capture(small(2))
    const { ledger } = await told(send(stand, manifest, { patience: { connectMs: 5000, silentMs: 1500, answerMs: 1500 } }))
    // A machine that is slow enough may run out of patience a second time; the photos arrive all the same.
    expect(ledger.state).toBe('done')
    expect(ledger.retries).toBeGreaterThan(0)
    expect(isEqual(manifest)).toBe(true)
  })

  test('credentials that ran out are renewed once for all, and the upload goes on', async () => {
    let asked = 0
    let given = 0
    stand.proxy.plan = ({ method }) =>
      method === 'PUT' && ++asked >= 2 && given < 2 ? { kind: 'answer', status: 400, code: 'ExpiredToken' } : null
    const target = { ...stand.target, credentials: async () => (given++, rootKey) }
    const { ledger } = await told(send(stand, capture(small(6)), { target }))
    expect(ledger).toMatchObject({ state: 'done', retries: 0 })
    expect(given).toBe(2)
  })

  test('credentials that stay expired end the upload with the sign-in as its remedy, also where the refusal has no body', async () => {
    stand.proxy.plan = () => ({ kind: 'answer', status: 400, code: 'ExpiredToken' })
    const { events } = await told(send(stand, capture(small(3))))
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/expired' } })
    stand.proxy.plan = () => null
    expect((await told(send(stand, capture(small(3))))).ledger.state).toBe('done')
  })

  test('a wrong clock is corrected by the server’s own', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 3_600_000 })
    const { ledger } = await told(send(stand, capture(small(4))))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 4 }, retries: 0 })
  })

  test('a refusal stops the upload at once and says so', async () => {
    const target = { ...stand.target, credentials: async () => ({ ...rootKey, secretAccessKey: 'wrong' }) }
    const { events } = await told(send(stand, capture(small(8)), { target }))
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/denied' } })
    expect(stand.proxy.requests.length).toBeLessThan(40)
  })

  test('a PUT whose answer was lost is recognised as done, not sent as another', async () => {
    let asked = 0
    stand.proxy.plan = ({ method }) => (method === 'PUT' && ++asked === 1 ? { kind: 'drop-answer' } : null)
    const manifest = capture(small(3))
    expect((await told(send(stand, manifest))).ledger).toMatchObject({ state: 'done', files: { verified: 3 } })
    expect(isEqual(manifest)).toBe(true)
  })

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

  test('pausing holds at once, and no byte is sent twice for it', async () => {
    const manifest = capture([...small(20, mib), ...large])
    stand.proxy.bytesPerS = 30 * mib
    const pause = new PauseSwitch()
    let held = false
    const { events, ledger } = await told(send(stand, manifest, { pause }), async (_, { bytes }) => {
      if (held || bytes.moved < 12 * mib) return
      held = true
      pause.hold('user')
      setTimeout(() => pause.goOn(), 1500)
    })
    expect(ledger).toMatchObject({ state: 'done', bytes: { twice: 0 } })
    expect(bodies()).toBe(ledger.bytes.total)
    const [from, to] = ['held', 'going-on'].map((kind) => events.findIndex((event) => event.kind === kind)) as [number, number]
    const whileHeld = events.slice(from, to).flatMap((event) => (event.kind === 'moved' ? [event.bytes] : []))
    // What was on the line goes to its end: the bodies that the pace had let on it, and one whose predecessor has almost arrived.
    const bodiesOnLine = events.slice(0, from).reduce((most, event) => (event.kind === 'pace' ? event.onLine : most), 1) + 1
    expect(whileHeld.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(bodiesOnLine * 8 * mib)
  })

  test('without a way to the server it waits, spends no attempt, and goes on by itself', async () => {
    const manifest = capture(small(8))
    await stand.server.kill()
    const target = { ...stand.target, endpoint: stand.server.endpoint }
    void sleep(1500).then(() => stand.server.start())
    const { events, ledger } = await told(send(stand, manifest, { target }))
    expect(ledger).toMatchObject({ state: 'done', files: { verified: 8 } })
    expect(events.flatMap((event) => (event.kind === 'held' ? [event.by] : []))).toEqual(['offline'])
    expect(events.some((event) => event.kind === 'going-on')).toBe(true)
    expect(ledger.retries).toBe(0)
  })

  test('the bandwidth limit holds', async () => {
    const manifest = capture(small(4, mib))
    const started = performance.now()
    const { ledger } = await told(send(stand, manifest, { limit: { bytesPerS: 2 * mib, hours: null } }))
    expect(ledger.state).toBe('done')
    expect(performance.now() - started).toBeGreaterThan(1400)
  })
})

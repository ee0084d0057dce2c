import { createHash } from 'node:crypto'
import { appendFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Manifest } from '../../core/capture/manifest.ts'
import { bucket as keys } from '../../core/layout.ts'
import { wasmChecksums } from './checksums.ts'
import { sealCapture } from './seal-capture.ts'
import { type PlannedPhoto, writeCapture } from './testing/capture.ts'
import { bucketName, openStand, send, type Stand, told } from './testing/stand.ts'
import { prepareServer, storedFiles } from './testing/versitygw.ts'

const missing = prepareServer()
const small = (count: number): PlannedPhoto[] =>
  Array.from({ length: count }, (_, at) => ({ file: `IMG_${at}.JPG`, sizeBytes: 50_000 + at, seed: at + 1 }))

describe.skipIf(missing !== null)(`the manifest in the bucket${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(() => stand.close())

  const capture = (photos: readonly PlannedPhoto[]) => writeCapture(join(stand.folder, 'photos'), photos)
  const sealed = (manifest: Manifest) => {
    const sourceOf = ({ file }: Manifest['photos'][number]) => {
      const path = join(manifest.folder, file)
      return { path, sizeBytes: statSync(path).size }
    }
    return told(send(stand, manifest, { seal: (tools, signal) => sealCapture(manifest, sourceOf, 'acme', tools, signal) }))
  }
  const place = keys.manifest('acme', 'c-transfer1')
  const stored = () => storedFiles(stand.server, bucketName)
  const inBucket = () => Manifest.parse(JSON.parse(String(stored().get(place))))
  const isOfManifest = (seen: { method: string; path: string }) => seen.method === 'PUT' && seen.path.endsWith('/manifest.json')

  test('it comes last, when every photo that it names lies there, with the size that lies there', async () => {
    const manifest = capture(small(6))
    // As of a photo that was converted: the check saw the original's size.
    const asChecked = { ...manifest, photos: manifest.photos.map((photo) => ({ ...photo, sizeBytes: photo.sizeBytes + 7 })) }
    const before: number[] = []
    stand.proxy.plan = (seen) => {
      if (isOfManifest(seen)) before.push(stored().size)
      return null
    }
    const sourceOf = ({ file }: Manifest['photos'][number]) => ({
      path: join(manifest.folder, file),
      sizeBytes: statSync(join(manifest.folder, file)).size,
    })
    const { events } = await told(
      send(stand, manifest, { seal: (tools, signal) => sealCapture(asChecked, sourceOf, 'acme', tools, signal) }),
    )
    expect(events.at(-1)?.kind).toBe('done')
    // The photos, and the manifest under the name of its content.
    expect(before).toEqual([7])
    expect(inBucket()).toEqual(manifest)
    for (const { object, sizeBytes } of inBucket().photos) expect(stored().get(keys.photo('acme', object))?.byteLength).toBe(sizeBytes)
  })

  test('what says the same is never written again; a photo more replaces it', async () => {
    await sealed(capture(small(4)))
    stand.proxy.requests.length = 0
    await sealed({ ...capture(small(4)), createdAt: '2026-11-24T09:00:00.000Z' })
    expect(stand.proxy.requests.filter(({ method }) => method === 'PUT')).toEqual([])
    await sealed(capture(small(5)))
    expect(inBucket().photos).toHaveLength(5)
  })

  test('each state of it stays under the name of its content, and that key is what the transfer gives', async () => {
    const first = (await sealed(capture(small(3)))).ledger.manifest ?? ''
    const bytes = stored().get(first)
    expect(first).toBe(
      keys.frozenManifest(
        'acme',
        'c-transfer1',
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
      ),
    )
    expect(bytes?.equals(stored().get(place) ?? Buffer.alloc(0))).toBe(true)
    const second = (await sealed(capture(small(4)))).ledger.manifest ?? ''
    expect(second).not.toBe(first)
    expect([first, second].map((key) => Manifest.parse(JSON.parse(String(stored().get(key)))).photos.length)).toEqual([3, 4])
    // Sealed by a program that did not give it that name, or lost: it gets it again, and the newest stays as it is.
    rmSync(join(stand.server.data, bucketName, second))
    const newest = stored().get(place)
    expect((await sealed({ ...capture(small(4)), createdAt: '2026-11-24T09:00:00.000Z' })).ledger.manifest).toBe(second)
    expect(
      stored()
        .get(second)
        ?.equals(newest ?? Buffer.alloc(0)),
    ).toBe(true)
  })

  test('while one photo cannot be proven there is none, so that no run can start', async () => {
    const manifest = capture(small(4))
    appendFileSync(join(manifest.folder, 'IMG_2.JPG'), 'x')
    const { events } = await sealed(manifest)
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/changed' } })
    expect([...stored().keys()].filter((key) => key.startsWith('t/acme/captures/'))).toEqual([])
  })

  test('what another one wrote in between is looked at first, then replaced; what is no manifest at once', async () => {
    const write = async (text: string, replaces: string | null) => {
      const bytes = Buffer.from(text)
      await stand.store.put(
        place,
        { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: (await wasmChecksums()).crc64(bytes) },
        replaces,
      )
    }
    await write('not JSON', null)
    let asked = 0
    stand.proxy.plan = async (seen) => {
      if (isOfManifest(seen) && ++asked === 1) await write('{}', (await stand.store.read(place))?.etag ?? null)
      return null
    }
    const manifest = capture(small(3))
    expect((await sealed(manifest)).events.at(-1)?.kind).toBe('done')
    expect(asked).toBe(2)
    expect(inBucket()).toEqual(manifest)
  })
})

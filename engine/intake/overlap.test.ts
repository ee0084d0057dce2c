import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Forecast, Pair } from '../../core/overlap/graph.ts'
import { loadNative } from './native.ts'
import { extract, featureFile, GREY_LONG_PX } from './overlap-features.ts'
import { overlap, type OverlapPhoto } from './overlap.ts'

const root = join(import.meta.dirname, '..', '..')
const captures = join(root, '..', 'shared', 'captures')
const built = existsSync(join(root, '.cache', 'native', 'current'))

describe.skipIf(!built || !existsSync(captures))('the overlap of real photos (needs shared/captures and the built addon)', () => {
  let cacheDir: string
  beforeAll(() => {
    cacheDir = mkdtempSync(join(tmpdir(), 'overlap-'))
  })
  afterAll(() => rmSync(cacheDir, { recursive: true, force: true }))

  test('eleven photos of a castle are one island, and every verified pair is found', async () => {
    const photos = await prepare('sceaux-castle', 11)
    const { pairs, forecast } = await collect(photos)
    expect(pairs).toHaveLength(55)
    expect(pairs.filter(({ probability }) => probability > 0.5)).toHaveLength(55)
    expect(forecast.islands).toEqual([photos.map(({ file }) => file)])
    expect(forecast.photos.every(({ registers }) => registers > 0.5)).toBe(true)
  })

  test('a stray of another place hangs on nothing', async () => {
    const photos = [...(await prepare('sceaux-castle', 5)), ...(await prepare('monstree-12', 1))]
    const { forecast } = await collect(photos)
    const stray = forecast.photos.find(({ file }) => file === photos[5]!.file)!
    expect(stray.island).toBe(-1)
    expect(stray.registers).toBeLessThan(0.3)
    expect(forecast.islands[0]).toHaveLength(5)
  })

  test('a second look gives the same pairs from the cache', async () => {
    const photos = await prepare('sceaux-castle', 4)
    const first = await collect(photos)
    const second = await collect(photos)
    expect(byName(second.pairs)).toEqual(byName(first.pairs))
  })

  test('an abort ends it with the reason', async () => {
    const photos = await prepare('caliterra-a', 8)
    const stop = new AbortController()
    const work = (async () => {
      for await (const event of overlap(photos, { cacheDir, threads: 1, program: root }, stop.signal))
        if (event.kind === 'pair') stop.abort(new Error('enough'))
    })()
    await expect(work).rejects.toThrow('enough')
  })

  async function collect(photos: readonly OverlapPhoto[]): Promise<{ pairs: Pair[]; forecast: Forecast }> {
    const pairs: Pair[] = []
    for await (const event of overlap(photos, { cacheDir, threads: 2, program: root }, new AbortController().signal)) {
      if (event.kind === 'pair') pairs.push(event.pair)
      else return { pairs, forecast: event.forecast }
    }
    throw new Error('no forecast')
  }

  async function prepare(set: string, count: number): Promise<OverlapPhoto[]> {
    const native = loadNative(root)
    const folder = join(captures, set, 'images')
    mkdirSync(join(cacheDir, 'features'), { recursive: true })
    return Promise.all(
      readdirSync(folder)
        .sort()
        .slice(0, count)
        .map(async (name) => {
          const bytes = readFileSync(join(folder, name))
          const sha256 = createHash('sha256').update(bytes).digest('hex')
          const { data, info } = await sharp(bytes)
            .grayscale()
            .resize({ width: GREY_LONG_PX, height: GREY_LONG_PX, fit: 'inside' })
            .raw()
            .toBuffer({ resolveWithObject: true })
          if (!existsSync(featureFile(cacheDir, sha256)))
            writeFileSync(featureFile(cacheDir, sha256), extract(native, data, info.width, info.height))
          return { file: `${set}/${name}`, sha256, widthPx: 1600, heightPx: 1200, focalPx: null, takenAt: null, gps: null }
        }),
    )
  }
})

function byName(pairs: readonly Pair[]): Pair[] {
  return [...pairs].sort((p, q) => (p.a + p.b < q.a + q.b ? -1 : 1))
}

import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { check } from './check.ts'
import { checkAll, emptyFolder } from './check-fixture.ts'
import { areFeatures } from './overlap-features.ts'

const built = existsSync(join(resolve(import.meta.dirname, '../..'), '.cache', 'native', 'current'))

// Coarse noise: texture enough for features, another for each seed.
async function photo(seed: number): Promise<Buffer> {
  const [width, height] = [40, 30]
  let state = seed + 1
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  const cells = Buffer.from(Array.from({ length: width * height }, next))
  return sharp(cells, { raw: { width, height, channels: 1 } })
    .resize(800, 600, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}

// Each stands for a cache that another version, a full disk or a failing one left behind.
const foreign: readonly (readonly [string, (good: Buffer) => Buffer])[] = [
  ['another layout', (good) => Buffer.concat([Buffer.from('SPF0'), good.subarray(4)])],
  ['cut off', (good) => good.subarray(0, good.length - 100)],
  ['places without descriptors', (good) => good.subarray(0, 32 + 16 * good.readUInt32LE(4))],
  ['a header alone', (good) => good.subarray(0, 20)],
  ['nothing', () => Buffer.alloc(0)],
]

test.skipIf(!built)(
  'kept features of another format are made again without a word (needs the built addon)',
  { timeout: 120_000 },
  async () => {
    const [folder, home] = [await emptyFolder(), await emptyFolder()]
    for (const [i] of foreign.entries()) await writeFile(join(folder, `${i}.jpg`), await photo(i))
    const first = await checkAll(folder, home)
    expect(first.check.photos).toHaveLength(foreign.length)
    const files = (await readdir(join(home, 'features'))).sort()
    expect(files).toHaveLength(foreign.length)
    const before = await Promise.all(files.map((file) => readFile(join(home, 'features', file))))
    expect(before.every((blob) => blob.readUInt32LE(4) > 50)).toBe(true)
    for (const [i, [, change]] of foreign.entries()) await writeFile(join(home, 'features', files[i]!), change(before[i]!))
    // With the results of comparing gone, the second check has to read the features.
    for (const results of ['forecasts', 'pairs', 'rehearsals']) await rm(join(home, results), { recursive: true, force: true })
    const second = await checkAll(folder, home)
    expect(second.check.findings.map(({ code }) => code)).toEqual(first.check.findings.map(({ code }) => code))
    expect(second.check.forecast).toEqual(first.check.forecast)
    for (const [i, file] of files.entries()) {
      expect(await areFeatures(join(home, 'features', file)), foreign[i]![0]).toBe(true)
      expect((await readFile(join(home, 'features', file))).equals(before[i]!), foreign[i]![0]).toBe(true)
    }
  },
)

test.skipIf(!built)(
  'features that go or are damaged while a check runs are made again, and that is said (needs the built addon)',
  { timeout: 120_000 },
  async () => {
    const [folder, home] = [await emptyFolder(), await emptyFolder()]
    for (const [i] of foreign.entries()) await writeFile(join(folder, `${i}.jpg`), await photo(i))
    const whole = await checkAll(folder, await emptyFolder())
    const options = { cacheDir: home, thumbsDir: join(home, 'thumbs'), threads: 1, program: resolve(import.meta.dirname, '../..') }
    let last
    for await (const event of check(folder, options, new AbortController().signal)) {
      last = event
      // The check waits here: every photo is read, and none is compared yet.
      if (event.kind !== 'photo' || event.done < event.total) continue
      for (const [i, file] of (await readdir(join(home, 'features'))).sort().entries()) {
        const path = join(home, 'features', file)
        if (i === 0) await rm(path)
        else await writeFile(path, foreign[i]![1](await readFile(path)))
      }
    }
    if (last?.kind !== 'checked') throw new Error(`the check ended with ${JSON.stringify(last)}`)
    const said = last.check.findings.filter(({ code }) => code === 'capture/features-again')
    expect(said.map(({ files }) => files)).toEqual([foreign.map((_, i) => `${i}.jpg`)])
    expect(last.check.forecast).toEqual(whole.check.forecast)
  },
)

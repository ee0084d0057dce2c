import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countFeatures, featureCount, FeaturesGone, featureFile } from './overlap-features.ts'

let cacheDir: string
beforeAll(() => void (cacheDir = mkdtempSync(join(tmpdir(), 'spaceport-features-'))))
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }))

/** A blob of keypoints of those sigmas, largest first, of an 800 x 600 picture. */
function blobOf(sigmas: readonly number[]): Buffer {
  const blob = Buffer.alloc(32 + 16 * sigmas.length)
  blob.write('SPF1', 'latin1')
  blob.writeUInt32LE(sigmas.length, 4)
  blob.writeUInt32LE(800, 8)
  blob.writeUInt32LE(600, 12)
  for (const [i, sigma] of sigmas.entries()) blob.writeFloatLE(sigma, 32 + 16 * i + 8)
  return blob
}

test('sizes are told in pixels of the picture that COLMAP works on', () => {
  const blob = blobOf([4, 2, 1])
  expect(countFeatures(blob, 4000)).toEqual({ count: 3, visible: 3, larger: 2, leastPx: 2 })
  expect(countFeatures(blob, 800)).toEqual({ count: 3, visible: 2, larger: 2, leastPx: 1 })
})

test('a file is counted like its bytes; none, one cut short and one of another kind are told as gone', () => {
  const photo = { sha256: 'a'.repeat(64), widthPx: 1600, heightPx: 1200 }
  expect(() => featureCount(cacheDir, photo)).toThrow(FeaturesGone)
  const file = featureFile(cacheDir, photo.sha256)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, Buffer.concat([blobOf([3, 2]), Buffer.alloc(2 * 128)]))
  expect(featureCount(cacheDir, photo)).toEqual(countFeatures(blobOf([3, 2]), 1600))
  for (const bad of [Buffer.from('SPF1'), Buffer.alloc(100, 0xff), blobOf([3, 2])]) {
    writeFileSync(file, bad)
    expect(() => featureCount(cacheDir, photo)).toThrow(FeaturesGone)
  }
})

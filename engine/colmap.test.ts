import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readColmapImages } from './colmap.ts'

const folder = mkdtempSync(join(tmpdir(), 'spaceport-colmap-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const f64 = (...values: number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleLE(value)
      return bytes
    }),
  )

// A camera turned a quarter about x: its viewing axis +Z is the world's -Y... and its centre is (1, 2, 3).
const half = Math.SQRT1_2
const image = (name: string, points: number): Buffer =>
  Buffer.concat([u32(7), f64(half, half, 0, 0), f64(-1, 3, -2), u32(5), Buffer.from(`${name}\0`), u64(points), Buffer.alloc(points * 24)])

test('poses and lenses are read, points are skipped, the centre is -R^T t, images come by name', async () => {
  writeFileSync(join(folder, 'cameras.bin'), Buffer.concat([u64(1), u32(5), u32(1), u64(640), u64(480), f64(500, 510, 320, 240)]))
  writeFileSync(join(folder, 'images.bin'), Buffer.concat([u64(2), image('z/b.jpg', 3), image('a.jpg', 0)]))
  const images = await readColmapImages(folder)
  expect(images.map((one) => one.name)).toEqual(['a.jpg', 'z/b.jpg'])
  for (const one of images) {
    expect(one.camera).toEqual({ widthPx: 640, heightPx: 480, focalYPx: 510 })
    one.centre.forEach((value, axis) => expect(value).toBeCloseTo([1, 2, 3][axis] ?? Number.NaN, 12))
    expect(one.quaternion).toEqual([-half, -0, -0, half])
  }
})

test('a file that is cut off is a RangeError, not a wrong camera', async () => {
  writeFileSync(join(folder, 'images.bin'), Buffer.concat([u64(2), image('a.jpg', 0)]))
  await expect(readColmapImages(folder)).rejects.toThrow(RangeError)
})

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadWasm } from './native-wasm.ts'
import { loadNative, openNative, type Native } from './native.ts'
import { extract, GREY_LONG_PX } from './overlap-features.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, '.cache', 'native')
const images = join(root, '..', 'shared', 'captures', 'sceaux-castle', 'images')
const here = existsSync(join(folder, 'current')) && existsSync(join(folder, 'current-wasm')) && existsSync(images)
const wasmFile = here ? join(folder, readFileSync(join(folder, 'current-wasm'), 'utf8').trim()) : ''

const needs = 'needs shared/captures, the addon, and `node build/native.mjs --wasm`, which needs the Python package ziglang'
describe.skipIf(!here)(`the overlap engine as WebAssembly beside the addon (${needs})`, { timeout: 300_000 }, () => {
  let addon: Native
  let wasm: Native
  let blobs: { readonly addon: Buffer; readonly wasm: Buffer }[]
  beforeAll(async () => {
    addon = loadNative(root)
    wasm = loadWasm(wasmFile)
    blobs = []
    for (const name of readdirSync(images).sort().slice(0, 5)) {
      const { data, info } = await sharp(join(images, name))
        .grayscale()
        .resize({ width: GREY_LONG_PX, height: GREY_LONG_PX, fit: 'inside' })
        .raw()
        .toBuffer({ resolveWithObject: true })
      blobs.push({ addon: extract(addon, data, info.width, info.height), wasm: extract(wasm, data, info.width, info.height) })
    }
  }, 300_000)

  test('finds the same features, but for what the two mathematics libraries round otherwise', () => {
    for (const { addon: a, wasm: b } of blobs) {
      const [count, other] = [a.readUInt32LE(4), b.readUInt32LE(4)]
      expect(Math.abs(count - other)).toBeLessThanOrEqual(0.002 * count)
      // Half a pixel and a tenth of the scale: as near as a second photo of the same place never comes.
      expect(found(a, b)).toBeGreaterThan(0.998 * count)
    }
  })

  test('the same features give the same evidence', () => {
    for (const [i, { addon: a }] of blobs.entries())
      for (const { addon: b } of blobs.slice(i + 1)) {
        const [one, other] = [addon.match(a, b, {}), wasm.match(a, b, {})]
        expect(other.raw).toBe(one.raw)
        expect(Math.abs(other.inliersF - one.inliersF)).toBeLessThanOrEqual(2 + 0.02 * one.inliersF)
        expect(Math.abs(other.inliersH - one.inliersH)).toBeLessThanOrEqual(2 + 0.02 * one.inliersH)
      }
  })

  test('votes and rehearses alike', () => {
    const all = blobs.map(({ addon: blob }) => blob)
    expect(wasm.candidates(all, 3)).toEqual(addon.candidates(all, 3))
    const pairs = all.flatMap((a, i) => all.slice(i + 1).map((b, k) => ({ a: i, b: i + 1 + k, matches: addon.match(a, b, {}).matches })))
    const photos = all.map((blob) => ({ blob, focalPx: 0, camera: 0 }))
    const options = { seed: 1, leastInliers: 13, dropped: 0 }
    const [one, other] = [addon.rehearse(photos, pairs, options), wasm.rehearse(photos, pairs, options)]
    expect(other.group).toEqual(one.group)
    for (const [i, points] of one.points.entries()) expect(Math.abs(other.points[i]! - points)).toBeLessThanOrEqual(2 + 0.03 * points)
    expect(other.pose).toHaveLength(one.pose.length)
    expect(other.reprojectionPx).toBeCloseTo(one.reprojectionPx, 1)
  })

  test('bytes that are no features, and pictures of the wrong size, are refused', () => {
    const good = blobs[0]!.wasm
    expect(() => wasm.match(good.subarray(0, good.length - 1), good, {})).toThrow(TypeError)
    expect(() => wasm.candidates([Buffer.from('hello'), good], 3)).toThrow(TypeError)
    expect(() => wasm.features(new Uint8Array(10), 64, 64, { maxFeatures: 100, baseLongPx: 640 })).toThrow(TypeError)
    expect(() =>
      wasm.rehearse([{ blob: good, focalPx: 0, camera: 0 }], [{ a: 0, b: 1, matches: new Int32Array(2) }], {
        seed: 1,
        leastInliers: 13,
        dropped: 0,
      }),
    ).toThrow(TypeError)
  })

  test('is taken only where the addon cannot be loaded', () => {
    expect(openNative(root).kind).toBe('addon')
    const program = mkdtempSync(join(tmpdir(), 'spaceport-program-'))
    mkdirSync(join(program, '.cache', 'native'), { recursive: true })
    writeFileSync(join(program, '.cache', 'native', 'current'), 'broken.node\n')
    writeFileSync(join(program, '.cache', 'native', 'broken.node'), 'no library')
    expect(() => openNative(program)).toThrow('does not load on this machine')
    writeFileSync(join(program, '.cache', 'native', 'engine.wasm'), readFileSync(wasmFile))
    writeFileSync(join(program, '.cache', 'native', 'current-wasm'), 'engine.wasm\n')
    expect(openNative(program).kind).toBe('wasm')
    rmSync(program, { recursive: true, force: true })
  })
})

/** How many features of one blob the other has at the same place and of the same scale (layout: native/blob.h). */
function found(a: Buffer, b: Buffer): number {
  const points = (blob: Buffer): number[][] =>
    Array.from({ length: blob.readUInt32LE(4) }, (_, i) => [0, 4, 8].map((at) => blob.readFloatLE(32 + 16 * i + at)))
  const others = points(b)
  return points(a).filter(([x, y, scale]) =>
    others.some(([u, v, size]) => Math.hypot(u! - x!, v! - y!) < 0.5 && Math.abs(Math.log(size! / scale!)) < 0.1),
  ).length
}

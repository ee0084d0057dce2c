import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadNative, type Native } from '../engine/intake/native.ts'

const root = join(import.meta.dirname, '..')
const built = existsSync(join(root, '.cache', 'native', 'current'))

// What only tests ask of the addon.
type Tested = Native & {
  rawMatches(a: Uint8Array, b: Uint8Array, options: { slow?: number }): Int32Array
  features(grey: Uint8Array, w: number, h: number, options: { maxFeatures: number; baseLongPx: number; everyPixel?: number }): Buffer
}

describe.skipIf(!built)('the kernels of the overlap engine (needs the built addon)', () => {
  const native = built ? (loadNative(root) as Tested) : (null as unknown as Tested)

  test('the same picture gives the same bytes twice', () => {
    const grey = picture(320, 240, 1)
    expect(native.features(grey, 320, 240, options).equals(native.features(grey, 320, 240, options))).toBe(true)
  })

  test('features lie inside the picture, largest scale first', () => {
    const { points } = read(native.features(picture(320, 240, 2), 320, 240, options))
    expect(points.length).toBeGreaterThan(100)
    expect(points.every(({ x, y }) => x >= 0 && y >= 0 && x <= 319 && y <= 239)).toBe(true)
    expect(points.map(({ scale }) => scale)).toEqual(points.map(({ scale }) => scale).toSorted((a, b) => b - a))
  })

  test('a bright blob is found at its place and scale', () => {
    const sigma = 6
    const grey = Uint8Array.from(
      { length: 160 * 120 },
      (_, i) => 40 + Math.round(160 * Math.exp(-(((i % 160) - 70.3) ** 2 + (Math.floor(i / 160) - 55.8) ** 2) / (2 * sigma ** 2))),
    )
    const { points } = read(native.features(grey, 160, 120, options))
    const nearest = points.toSorted((a, b) => Math.hypot(a.x - 70.3, a.y - 55.8) - Math.hypot(b.x - 70.3, b.y - 55.8))[0]!
    expect(Math.hypot(nearest.x - 70.3, nearest.y - 55.8)).toBeLessThan(0.3)
    // The difference of Gaussians peaks where its lower sigma is a little under the blob's own (Lindeberg 1998).
    expect(nearest.scale / sigma).toBeGreaterThan(0.7)
    expect(nearest.scale / sigma).toBeLessThan(1.3)
  })

  test('a flat picture and a tiny one have no features', () => {
    expect(read(native.features(new Uint8Array(100 * 80).fill(90), 100, 80, options)).points).toHaveLength(0)
    expect(read(native.features(Uint8Array.of(1, 2, 3, 4), 2, 2, options)).points).toHaveLength(0)
  })

  test('the fast descriptor agrees with the one that visits every pixel', () => {
    const grey = picture(320, 240, 3)
    const fast = read(native.features(grey, 320, 240, options)).descriptors
    const slow = read(native.features(grey, 320, 240, { ...options, everyPixel: 1 })).descriptors
    const cosines = fast.map((d, i) => cosine(d, slow[i]!)).toSorted((a, b) => a - b)
    expect(cosines[Math.floor(cosines.length / 2)]).toBeGreaterThan(0.985)
    expect(cosines[Math.floor(cosines.length * 0.05)]).toBeGreaterThan(0.96)
  })

  test('descriptors have the norm of root-SIFT', () => {
    for (const d of read(native.features(picture(320, 240, 4), 320, 240, options)).descriptors.slice(0, 50))
      expect(Math.abs(Math.hypot(...d) - 512)).toBeLessThan(12)
  })

  test('fast matching finds what brute force finds', () => {
    const [a, b] = [native.features(picture(320, 240, 5), 320, 240, options), native.features(shifted(320, 240, 5, 9), 320, 240, options)]
    const fast = native.rawMatches(a, b, {})
    expect(fast.length).toBeGreaterThan(100)
    expect(fast).toEqual(native.rawMatches(a, b, { slow: 1 }))
    expect(twins(a, b)).toEqual(fast)
  })

  test('a shifted picture matches by one homography, and a stranger does not match', () => {
    const a = native.features(picture(320, 240, 6), 320, 240, options)
    const same = native.match(a, native.features(shifted(320, 240, 6, 12), 320, 240, options), {})
    expect(same.inliersH).toBeGreaterThan(0.8 * same.raw)
    const other = native.match(a, native.features(picture(320, 240, 99), 320, 240, options), {})
    expect(Math.max(other.inliersF - 7, other.inliersH - 4)).toBeLessThan(8)
  })

  test('the plain kernels give the same bits as those for AVX2', () => {
    const script = `const { createHash } = require('node:crypto'); const n = require(process.argv[1])
      const grey = (s) => Uint8Array.from({ length: 200 * 150 }, (_, i) => 128 + 60 * Math.sin((i % 200) * (0.2 + s) + 5 * Math.sin(Math.floor(i / 200) * 0.11)) + 50 * Math.cos((i % 200 + Math.floor(i / 200)) * 0.37))
      const [a, b] = [grey(0), grey(0.001)].map((g) => n.features(g, 200, 150, { maxFeatures: 1000, baseLongPx: 400 }))
      const e = n.match(a, b, { focalA: 200, focalB: 200 })
      console.log(createHash('sha256').update(a).update(b).update(JSON.stringify([...e.matches, e.inliersF, e.inliersH, e.inliersE])).digest('hex'), a.readUInt32LE(4))`
    expect(inProcess(script, { SPACEPORT_PLAIN: '1' })).toBe(inProcess(script, {}))
    expect(Number(inProcess(script, {}).split(' ')[1])).toBeGreaterThan(50)
  })

  // A descriptor at the edge looks beyond the picture; what memory held there named bins outside the histogram, and a check of many photos ended the program.
  test('features at the edge of a picture do not depend on what the memory held before', () => {
    const script = `const { createHash } = require('node:crypto'); const n = require(process.argv[1])
      const grey = (side) => Uint8Array.from({ length: side * side }, (_, i) => 128 + 60 * Math.sin((i % side) * 0.2 + 5 * Math.sin(Math.floor(i / side) * 0.11)) + 50 * Math.cos((i % side + Math.floor(i / side)) * 0.37))
      for (const side of [120, 131]) {
        const blob = n.features(grey(side), side, side, { maxFeatures: 2000, baseLongPx: 2 * side })
        console.log(blob.readUInt32LE(4), createHash('sha256').update(blob).digest('hex'))
      }`
    const clean = inProcess(script, {})
    expect(Number(clean.split(' ')[0])).toBeGreaterThan(50)
    expect(inProcess(script, { SPACEPORT_POISON: '1' })).toBe(clean)
    expect(inProcess(script, { SPACEPORT_POISON: '1', SPACEPORT_PLAIN: '1' })).toBe(clean)
  })

  test('with focal lengths a pair tells its angle and whether the camera flew ahead', () => {
    const a = native.features(picture(320, 240, 8), 320, 240, options)
    const e = native.match(a, native.features(shifted(320, 240, 8, 12), 320, 240, options), { focalA: 300, focalB: 300 })
    expect(e.inliersE).toBeGreaterThan(0.5 * e.raw)
    expect(e.forward).toBeLessThan(0.8)
    expect(native.match(a, a, {}).medianAngleDeg).toBeNull()
  })

  test('bytes that are no features, and pictures of the wrong size, are refused', () => {
    const good = native.features(picture(64, 64, 1), 64, 64, options)
    expect(() => native.match(good.subarray(0, good.length - 1), good, {})).toThrow(TypeError)
    expect(() => native.match(Buffer.from('hello'), good, {})).toThrow(TypeError)
    expect(() => native.features(new Uint8Array(10), 64, 64, options)).toThrow(TypeError)
  })
})

const options = { maxFeatures: 2500, baseLongPx: 640 }

/** What a script prints that is given the addon's file, in a process with that environment. */
function inProcess(script: string, env: object): string {
  const file = join(root, '.cache', 'native', readFileSync(join(root, '.cache', 'native', 'current'), 'utf8').trim())
  return execFileSync(process.execPath, ['-e', script, file], { env: { ...process.env, ...env }, encoding: 'utf8' })
}

/** The addon itself: loaded once more, as another thread would. */
test.skipIf(!built)('the addon loads twice', () => {
  const load = createRequire(import.meta.url)
  expect(
    typeof (load(join(root, '.cache', 'native', readFileSync(join(root, '.cache', 'native', 'current'), 'utf8').trim())) as Native).match,
  ).toBe('function')
})

// Many soft blobs at random places: texture at all scales, the same for the same seed.
function picture(width: number, height: number, seed: number): Uint8Array {
  return shifted(width, height, seed, 0)
}

function shifted(width: number, height: number, seed: number, by: number): Uint8Array {
  let state = seed * 2654435761
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const sum = new Float64Array(width * height).fill(128)
  for (let k = 0; k < 500; k++) {
    const [cx, cy, s, height_] = [next() * (width + 40) - 20 + by, next() * (height + 40) - 20, 1.5 + 7 * next() ** 2, (next() - 0.5) * 160]
    for (let y = Math.max(0, Math.floor(cy - 3 * s)); y < Math.min(height, cy + 3 * s); y++)
      for (let x = Math.max(0, Math.floor(cx - 3 * s)); x < Math.min(width, cx + 3 * s); x++)
        sum[y * width + x]! += height_ * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * s * s))
  }
  return Uint8Array.from(sum, (v) => Math.max(0, Math.min(255, Math.round(v))))
}

type Read = { points: { x: number; y: number; scale: number; angle: number }[]; descriptors: Uint8Array[] }

// The layout of native/blob.h.
function read(blob: Buffer): Read {
  const count = blob.readUInt32LE(4)
  const points = Array.from({ length: count }, (_, i) => ({
    x: blob.readFloatLE(32 + 16 * i),
    y: blob.readFloatLE(36 + 16 * i),
    scale: blob.readFloatLE(40 + 16 * i),
    angle: blob.readFloatLE(44 + 16 * i),
  }))
  return { points, descriptors: points.map((_, i) => blob.subarray(32 + 16 * count + 128 * i, 32 + 16 * count + 128 * (i + 1))) }
}

function cosine(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b))
}

// Mutual matches with the ratio test in plain words, over the same 7-bit numbers as native/match.cpp.
function twins(a: Buffer, b: Buffer): Int32Array {
  const narrow = (d: Uint8Array): number[] => Array.from(d, (v) => Math.min(127, (v * 125 + 128) >> 8))
  const [da, db] = [read(a).descriptors.map(narrow), read(b).descriptors.map(narrow)]
  const dots = da.map((d) => db.map((e) => d.reduce((sum, v, i) => sum + v * e[i]!, 0)))
  const norm = (d: number[]): number => Math.sqrt(d.reduce((sum, v) => sum + v * v, 0))
  const [na, nb] = [da.map(norm), db.map(norm)]
  // Of equal scores the later one wins, as in the packed numbers of the kernel.
  const best = (scores: number[], own: number, others: number[]): number => {
    const order = scores.map((score, i) => ({ score, i })).sort((p, q) => q.score - p.score || q.i - p.i)
    const angle = ({ score, i }: { score: number; i: number }): number => Math.acos(Math.min(1, score / (own * others[i]!)))
    const [first, second] = [angle(order[0]!), angle(order[1]!)]
    return first > 0.7 || first >= 0.8 * second ? -1 : order[0]!.i
  }
  return Int32Array.from(
    da.flatMap((_, i) => {
      const j = best(dots[i]!, na[i]!, nb)
      return j >= 0 &&
        best(
          dots.map((row) => row[j]!),
          nb[j]!,
          na,
        ) === i
        ? [i, j]
        : []
    }),
  )
}

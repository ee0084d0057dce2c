import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseBands, harmonicsSeconds } from './bands.ts'
import type { Camera } from './camera.ts'
import { C0 } from './harmonics.ts'
import { madeUpPly } from './made-up.ts'
import { type Splats, readPly } from './ply.ts'
import { psnrDb, render } from './render.ts'
import { withinSpz } from './spz.ts'
import { compare, fault, referenceOf } from './verify.ts'

const camera: Camera = {
  eye: [0, 0, 0],
  rows: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  widthPx: 41,
  heightPx: 31,
  focalPx: 40,
}

function one(values: Record<string, number>): Splats {
  const all = {
    x: 0,
    y: 0,
    z: 4,
    f_dc_0: 0,
    f_dc_1: 0,
    f_dc_2: 0,
    opacity: 10,
    scale_0: -1,
    scale_1: -1,
    scale_2: -1,
    rot_0: 1,
    rot_1: 0,
    rot_2: 0,
    rot_3: 0,
    ...values,
  }
  return { count: 1, bands: 0, columns: new Map(Object.entries(all).map(([name, value]) => [name, Float32Array.of(value)])) }
}

const red = (picture: Float32Array, x: number, y: number): number => picture[(y * 41 + x) * 3] ?? 0

function scene(): Splats {
  const folder = mkdtempSync(join(tmpdir(), 'ply-'))
  writeFileSync(join(folder, 'a.ply'), madeUpPly(800, 1))
  const splats = readPly(join(folder, 'a.ply'))
  rmSync(folder, { recursive: true })
  return splats
}

test('a splat is a Gaussian of its projected size and its own colour', () => {
  const picture = render(one({ f_dc_0: 0.3 / C0 }), camera)
  const variance = (Math.exp(-1) * (40 / 4)) ** 2 + 0.3
  expect(red(picture, 20, 15)).toBeCloseTo(0.8 * 0.99, 2)
  expect(red(picture, 25, 15) / 0.8).toBeCloseTo(Math.exp((-0.5 * 25) / variance), 2)
})

test('a turned, long splat lies along its axis', () => {
  const picture = render(one({ scale_0: 0, scale_1: -4, rot_0: Math.SQRT1_2, rot_3: Math.SQRT1_2 }), camera)
  expect(red(picture, 20, 20)).toBeGreaterThan(0.2)
  expect(red(picture, 25, 15)).toBeLessThan(0.01)
})

test('the nearer splat covers the farther one, whatever their order', () => {
  const near = one({ z: 3, f_dc_0: 0.5 / C0 })
  const far = one({ z: 5, f_dc_0: -0.5 / C0 })
  const both = (a: Splats, b: Splats): Splats => ({
    count: 2,
    bands: 0,
    columns: new Map([...a.columns].map(([n, v]) => [n, Float32Array.of(v[0] ?? 0, b.columns.get(n)?.[0] ?? 0)])),
  })
  expect(red(render(both(far, near), camera), 20, 15)).toBeCloseTo(0.99, 2)
  expect(render(both(far, near), camera)).toEqual(render(both(near, far), camera))
})

test('the same splats in another order are the same scene', async () => {
  const splats = scene()
  const turned: Splats = { ...splats, columns: new Map([...splats.columns].map(([n, v]) => [n, v.toReversed()])) }
  const likeness = await compare(await referenceOf(splats, [1]), turned)
  expect(likeness).toMatchObject({ count: 800, placesOff: 0, bands: 1 })
  expect(fault(likeness, 800, 50)).toBe('')
})

test.each([
  ['moved', 'x', (v: number) => v + 3, '% off'],
  ['recoloured', 'f_dc_0', (v: number) => -v, 'different'],
  ['blown up', 'scale_1', (v: number) => v + 2, 'different'],
] as const)('a scene whose splats are %s is found out', async (_, name, change, word) => {
  const splats = scene()
  const spoilt: Splats = { ...splats, columns: new Map([...splats.columns].map(([n, v]) => [n, n === name ? v.map(change) : v])) }
  expect(fault(await compare(await referenceOf(splats, [1]), spoilt), 800, 30)).toContain(word)
})

test('a scene is not judged by faint strays, and still found out when it is moved', async () => {
  const whole = scene()
  const isStray = (i: number): boolean => i % 50 === 0
  const faint = withValue(whole, 'opacity', (v, i) => (isStray(i) ? -4.6 : v))
  const strayed = withValue(faint, 'x', (v, i) => (isStray(i) ? 18_000 + i : v))
  const reference = await referenceOf(strayed, [1])
  expect(withinSpz(strayed).count).toBe(whole.count - 16)
  expect(withinSpz(whole)).toBe(whole)
  expect((await compare({ ...reference, scene: withinSpz(strayed) }, withinSpz(strayed))).placesOff).toBe(0)
  // Clipped strays are splats in a wrong place; one alone may be.
  const clipped = await compare(
    reference,
    withValue(strayed, 'x', (v) => Math.min(v, 2048)),
  )
  expect(fault(clipped, 800, 30)).toContain('% off')
  const one = await referenceOf(
    withValue(whole, 'x', (v, i) => (i === 3 ? 18_000 : v)),
    [1],
  )
  const clippedOne = withValue(one.scene, 'x', (v) => Math.min(v, 2048))
  expect((await compare(one, clippedOne)).placesOff).toBeLessThan(0.01)
  const moved = await compare(
    reference,
    withValue(strayed, 'x', (v) => v + 3),
  )
  expect(fault(moved, 800, 30)).toContain('% off')
})

function withValue(scene: Splats, name: string, change: (value: number, index: number) => number): Splats {
  return { ...scene, columns: new Map([...scene.columns].map(([key, values]) => [key, key === name ? values.map(change) : values])) }
}

test('PSNR follows its definition', () => {
  expect(psnrDb(Float32Array.of(0.5, 0.5), Float32Array.of(0.6, 0.4))).toBeCloseTo(20, 4)
})

test('bands are given up only where they would take more than a minute', () => {
  expect(chooseBands(-1, 1, 20_000, 1)).toBe(1)
  expect(chooseBands(-1, 3, 20_000, 1)).toBe(3)
  expect(chooseBands(-1, 3, 1_000_000, 1)).toBe(0)
  expect(chooseBands(2, 1, 20_000, 1)).toBe(1)
  expect(harmonicsSeconds(50_000, 1, 1)).toBeGreaterThan(8)
  expect(harmonicsSeconds(50_000, 1, 1)).toBeLessThan(16)
})

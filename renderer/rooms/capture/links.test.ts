import { expect, test } from 'vitest'
import { layOutLinks } from './link-layout.ts'
import { neighboursOf, strengthOf } from './links.ts'
import { roundLength, spotsOf } from './plane.ts'
import { fitSpots, spotAt, toPixels, zoomAt } from './chart-view.ts'
import type { Photo } from '../../../core/capture/photo.ts'

const pair = (a: string, b: string, inliers: number) => ({ a, b, inliers, probability: inliers >= 15 ? 0.9 : 0.1 })

test('a pair below the threshold is no neighbour', () => {
  const all = neighboursOf([pair('a', 'b', 120), pair('a', 'c', 20), pair('b', 'c', 8)])
  expect(all.get('a')).toEqual([
    { file: 'b', inliers: 120 },
    { file: 'c', inliers: 20 },
  ])
  expect(all.get('b')?.map((one) => one.file)).toEqual(['a'])
  expect([14, 15, 59, 60].map(strengthOf)).toEqual(['none', 'weak', 'weak', 'strong'])
})

test('linked photos lie nearer to each other than to a photo of another island', () => {
  const spots = layOutLinks(['a', 'b', 'c', 'd', 'e'], [pair('a', 'b', 100), pair('b', 'c', 100), pair('a', 'c', 80), pair('d', 'e', 90)])
  const at = (file: string) => spots.find((one) => one.file === file) ?? { x: NaN, y: NaN }
  const far = (p: string, q: string) => Math.hypot(at(p).x - at(q).x, at(p).y - at(q).y)
  expect(spots).toHaveLength(5)
  expect(Math.max(far('a', 'b'), far('b', 'c'))).toBeLessThan(Math.min(far('a', 'd'), far('c', 'e')))
})

test('a layout is the same each time', () => {
  const pairs = [pair('a', 'b', 100), pair('b', 'c', 40)]
  expect(layOutLinks(['a', 'b', 'c'], pairs)).toEqual(layOutLinks(['a', 'b', 'c'], pairs))
})

test('GPS becomes metres: 0.001 degrees of latitude are 111 m', () => {
  const photo = (file: string, lat: number) => ({ file, gps: { lat, lon: -0.1, altM: null } }) as unknown as Photo
  const [a, b] = spotsOf([photo('a', 50.8), photo('b', 50.801)])
  expect((b?.y ?? 0) - (a?.y ?? 0)).toBeCloseTo(111.3, 0)
})

test('in a low chart all spots are still seen', () => {
  const spots = [
    { x: 0, y: 0 },
    { x: 30, y: 10 },
  ]
  const size = { width: 300, height: 60 }
  const frame = fitSpots(spots, size)
  for (const { x, y } of spots) {
    const [px, py] = toPixels(frame, size, x, y)
    expect(px > 0 && px < size.width && py > 0 && py < size.height).toBe(true)
  }
  expect(frame.scale).toBeGreaterThan(1)
})

test('a zoom keeps the point under the pointer, and a hit finds it again', () => {
  const size = { width: 400, height: 300 }
  const spots = [
    { file: 'a', x: 0, y: 0 },
    { file: 'b', x: 30, y: 10 },
  ]
  const frame = zoomAt(fitSpots(spots, size), size, 100, 80, 2)
  const [x, y] = toPixels(frame, size, 30, 10)
  expect(spotAt(spots, frame, size, x + 3, y - 3)?.file).toBe('b')
  expect(roundLength(100, 4)).toBe(20)
})

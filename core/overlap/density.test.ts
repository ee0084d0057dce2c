import { expect, test } from 'vitest'
import { density } from './density.ts'

test('of a small photo that we enlarge COLMAP sees only the blobs that are large enough', () => {
  expect(density({ count: 2400, visible: 600, larger: 1000, leastPx: 0.8 })).toBe(0.25)
})

test('of a large photo whose largest features we keep COLMAP sees more than we do, up to its limit', () => {
  // Brighton-beach at 1600 px, on average: 5,300 in COLMAP.
  const seen = density({ count: 2470, visible: 2470, larger: 1050, leastPx: 2.68 }) * 2470
  expect(seen).toBeGreaterThan(4500)
  expect(density({ count: 2500, visible: 2500, larger: 1100, leastPx: 20 }) * 2500).toBe(5000)
})

test('a picture out of focus has nothing small that COLMAP could see more of', () => {
  // sceaux-castle~soft, 100_7107: 190 in COLMAP, where the square alone says 4,111.
  expect(density({ count: 200, visible: 200, larger: 165, leastPx: 8.16 }) * 200).toBeLessThan(450)
  expect(density({ count: 200, visible: 200, larger: 80, leastPx: 8.16 }) * 200).toBeGreaterThan(4000)
})

test('a first look compares few features, so that COLMAP has more for each', () => {
  const photo = { count: 2000, visible: 1000, larger: 900, leastPx: 1.2 }
  expect(density(photo, 800)).toBe(1.25)
  expect(density({ ...photo, count: 500 }, 800)).toBe(density({ ...photo, count: 500 }))
})

test('a photo without features, or with none that COLMAP sees, has a density to take the logarithm of', () => {
  expect(density({ count: 0, visible: 0, larger: 0, leastPx: 0 })).toBe(1)
  expect(density({ count: 100, visible: 0, larger: 40, leastPx: 1 })).toBe(0.01)
})

import { expect, test } from 'vitest'
import { allPairs, isSmall, placedPairs, unique } from './pairs.ts'

const placed = (n: number, lon: (i: number) => number) =>
  Array.from({ length: n }, (_, i) => ({ takenAt: null, gps: { lat: 50, lon: lon(i), altM: null } }))

test('all pairs of four photos are six', () => {
  expect(allPairs(4)).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ])
})

test('each photo is tried with the next five by name', () => {
  const pairs = placedPairs(Array.from({ length: 20 }, () => ({ takenAt: null, gps: null })))
  expect(pairs.filter(([i]) => i === 3)).toEqual([
    [3, 4],
    [3, 5],
    [3, 6],
    [3, 7],
    [3, 8],
  ])
})

test('photos that were taken one after the other are tried though their names lie apart', () => {
  const photos = Array.from({ length: 40 }, (_, i) => ({
    takenAt: `2026-05-01T10:${String(i % 2 ? 40 - i : i).padStart(2, '0')}:00`,
    gps: null,
  }))
  expect(placedPairs(photos)).toContainEqual([1, 38])
})

test('photos at one place are tried though they lie far apart in order', () => {
  // A lawn mower: the 30 positions there, and back again.
  const pairs = placedPairs(placed(60, (i) => 0.0002 * (i < 30 ? i : 59 - i)))
  expect(pairs).toContainEqual([5, 54])
  expect(pairs.length).toBeLessThan(60 * 16)
})

test('the number of pairs grows with the photos, not with their square', () => {
  const count = (n: number): number => placedPairs(placed(n, (i) => 0.0001 * i)).length
  expect(count(2000) / count(500)).toBeLessThan(4.2)
})

test('a thousand photos at the very same fix do not blow up', () => {
  expect(placedPairs(placed(1000, () => 7)).length).toBeLessThan(16_000)
})

test('a pair is kept once, the lower number first', () => {
  expect(
    unique([
      [3, 1],
      [1, 3],
      [2, 2],
      [0, 1],
    ]),
  ).toEqual([
    [0, 1],
    [1, 3],
  ])
})

test('exhaustive only where it is cheap', () => {
  expect([isSmall(60), isSmall(61)]).toEqual([true, false])
})

import { expect, test } from 'vitest'
import { decidingPairs, expansions, secondLooks, type Look } from './cascade.ts'

const look = (i: number, j: number, probability: number, inliers = 100, first = true): Look => ({ i, j, probability, inliers, first })
const all = (photos: readonly number[], probability = 0.99): Look[] =>
  photos.flatMap((i, k) => photos.slice(k + 1).map((j) => look(i, j, probability, 200 - i - j)))

test('a doubtful first look is looked at again, a clear no is not', () => {
  expect(secondLooks([look(0, 1, 0.01), look(0, 2, 0.4), look(1, 2, 0.89)])).toEqual([
    [0, 2],
    [1, 2],
  ])
})

test('of many sure pairs only the strongest of each photo are looked at again', () => {
  const looks = all(Array.from({ length: 40 }, (_, i) => i))
  const again = secondLooks(looks)
  expect(again.length).toBeLessThan(looks.length / 2)
  const held = (photo: number): number => again.filter((pair) => pair.includes(photo)).length
  expect(Array.from({ length: 40 }, (_, i) => held(i)).every((count) => count >= 8)).toBe(true)
})

test('a photo with one neighbour is tried with the neighbours of that', () => {
  expect(expansions(5, [...all([0, 1, 2, 3]), look(3, 4, 0.95)])).toEqual([
    [0, 4],
    [1, 4],
    [2, 4],
  ])
})

test('what was tried is not tried again, and well tied photos are left alone', () => {
  expect(expansions(5, [...all([0, 1, 2, 3]), look(3, 4, 0.95), look(0, 4, 0.01), look(1, 4, 0.02), look(2, 4, 0.01)])).toEqual([])
})

test('before two groups are called islands, the likeliest pairs between them are looked at with all features', () => {
  const looks = [...all([0, 1, 2]), ...all([3, 4, 5]), look(2, 3, 0.04), look(0, 5, 0.001)]
  expect(decidingPairs(6, looks)).toEqual([
    [0, 5],
    [2, 3],
  ])
})

test('before a photo is called a bridge, the pairs that it holds are looked at with all features', () => {
  const looks = [...all([0, 1, 2]), ...all([2, 3, 4]), look(1, 3, 0.02)]
  expect(decidingPairs(5, looks)).toEqual([
    [0, 2],
    [1, 2],
    [1, 3],
    [2, 3],
    [2, 4],
  ])
})

test('a pair that was looked at with all features decides as it is', () => {
  expect(decidingPairs(6, [...all([0, 1, 2]), ...all([3, 4, 5]), look(2, 3, 0.04, 1, false)])).toEqual([])
})

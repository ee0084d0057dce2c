import { expect, test } from 'vitest'
import { agree, isOutermost, RUNS, type Run } from './rehearsal.ts'

const run = (leastInliers: number, group: readonly number[], points = group.map(() => 100)): Run => ({
  leastInliers,
  group,
  points,
  support: group.map(() => 50),
  shared: [],
  beginnings: [],
})

test('the outermost runs are the loosest and the strictest of the first three', () => {
  const first = RUNS.slice(0, 3)
  expect(first.filter(isOutermost).map(({ leastInliers }) => leastInliers)).toEqual([
    Math.min(...first.map(({ leastInliers }) => leastInliers)),
    Math.max(...first.map(({ leastInliers }) => leastInliers)),
  ])
})

test('runs agree that put every photo in the same group', () => {
  expect(agree(run(7, [0, 0, 0, 1, 1, -1]), run(20, [0, 0, 0, 1, 1, -1]))).toBe(true)
  expect(agree(run(7, [0, 0, 0, 1, 1, -1]), run(20, [0, 0, 0, 1, 1, 1]))).toBe(false)
  expect(agree(run(7, [0, 0, 0]), run(20, [0, 0, -1]))).toBe(false)
})

test('a photo with too few points for the strict run is usable in one of them only', () => {
  expect(agree(run(7, [0, 0], [100, 10]), run(20, [0, 0], [100, 10]))).toBe(false)
  expect(agree(run(7, [0, 0], [100, 30]), run(20, [0, 0], [100, 30]))).toBe(true)
})

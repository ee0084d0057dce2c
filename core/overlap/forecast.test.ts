import { expect, test } from 'vitest'
import { probability } from './calibration.ts'
import { forecastOf, type Seen } from './forecast.ts'
import { RUNS, type Run } from './rehearsal.ts'

const files = ['a', 'b', 'c', 'd', 'e', 'f']

const seen = (sure: (i: number, j: number) => boolean, flatness = 0.5): Seen[] =>
  files.flatMap((a, i) =>
    files
      .slice(i + 1)
      .map((b, k) => ({ a, b, probability: sure(i, i + 1 + k) ? 0.99 : 0.01, inliers: sure(i, i + 1 + k) ? 120 : 0, flatness })),
  )

const runs = (group: (photo: number, run: number) => number, beginnings: readonly number[] = [20, 0.1, 0.9]): Run[] =>
  RUNS.map(({ leastInliers }, run) => {
    const groups = files.map((_, i) => group(i, run))
    const shared = files.flatMap((_, i) =>
      files.slice(i + 1).flatMap((_, k) => (groups[i] === 0 && groups[i + 1 + k] === 0 ? [i, i + 1 + k, 80] : [])),
    )
    return {
      leastInliers,
      group: groups,
      points: groups.map((g) => (g < 0 ? 0 : 300)),
      support: groups.map((g) => (g < 0 ? 0 : 150)),
      shared,
      beginnings,
    }
  })

test('photos that every rehearsal registers are expected to register', () => {
  const { photos, islands, motion } = forecastOf(
    files,
    seen(() => true),
    runs(() => 0),
  )
  expect(photos.every(({ registers }) => registers > 0.9)).toBe(true)
  expect(islands).toEqual([files])
  expect(motion).toBe('good')
})

test('a photo that no rehearsal registers is not, however many pairs it has', () => {
  const { photos } = forecastOf(
    files,
    seen(() => true),
    runs((i) => (i === 5 ? -1 : 0)),
  )
  expect(photos[5]).toMatchObject({ registers: expect.closeTo(0, 1), links: 5 })
})

test('a photo that falls out of half of the rehearsals is in between', () => {
  const { photos } = forecastOf(
    files,
    seen(() => true),
    runs((i, run) => (i === 5 && run % 2 ? -1 : 0)),
  )
  expect(photos[5]!.registers).toBeGreaterThan(photos[0]!.registers * 0.01)
  expect(photos[5]!.registers).toBeLessThan(photos[0]!.registers - 0.1)
})

test('groups that the rehearsal does not join are islands, though pairs lie between', () => {
  expect(
    forecastOf(
      files,
      seen(() => true),
      runs((i) => (i < 4 ? 0 : 1)),
    ).islands,
  ).toEqual([
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
  ])
})

test('groups that half of the rehearsals keep apart are islands', () => {
  expect(
    forecastOf(
      files,
      seen(() => true),
      runs((i, run) => (i < 3 || run % 2 ? 0 : 1)),
    ).islands,
  ).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ])
})

test('two photos that half of the rehearsals make a model of by themselves are no island', () => {
  expect(
    forecastOf(
      files,
      seen(() => true),
      runs((i, run) => (i < 4 || run % 2 ? 0 : 1)),
    ).islands,
  ).toEqual([files])
})

test('pairs without a model: flat ones mean a turn on the spot, deep ones along the view mean forward motion', () => {
  expect(
    forecastOf(
      files,
      seen(() => true, 0.98),
      runs(() => -1, [0.4, 0.3, 0.9]),
    ).motion,
  ).toBe('turned')
  expect(
    forecastOf(
      files,
      seen(() => true, 0.6),
      runs(() => -1, [3, 0.99, 0.9]),
    ).motion,
  ).toBe('forward')
})

test('a turn on the spot is named although every photo registers', () => {
  expect(
    forecastOf(
      files,
      seen(() => true, 0.97),
      runs(() => 0),
    ).motion,
  ).toBe('turned')
})

test('without a rehearsal the pairs alone decide', () => {
  const { islands, photos } = forecastOf(
    files,
    seen((i, j) => i < 4 && j < 4),
    [],
  )
  expect(islands).toEqual([['a', 'b', 'c', 'd']])
  expect(photos[5]!.registers).toBeLessThan(0.1)
  expect(photos[0]!.registers).toBeGreaterThan(0.9)
})

test('more inliers never make a pair less likely', () => {
  const at = (n: number): number => probability({ raw: n, inliersF: n, inliersH: n, coverage: 0.2, inlierRatio: 0.9, density: 1.7 })
  expect([10, 20, 40, 80, 160].map(at).every((p, i, all) => i === 0 || p >= all[i - 1]!)).toBe(true)
  expect(at(0)).toBeLessThan(0.05)
  expect(at(200)).toBeGreaterThan(0.98)
})

test('two halves of a flat place that do not hang together have depth all the same', () => {
  const { islands, motion } = forecastOf(
    files,
    seen((i, j) => i < 3 === j < 3, 0.92),
    runs((i) => (i < 3 ? 0 : 1)),
  )
  expect(islands).toHaveLength(2)
  expect(motion).toBe('good')
})

test('flat ground in two groups is told from a turn in two directions by how far apart the photos were taken', () => {
  const flat = (angleDeg: number) =>
    forecastOf(
      files,
      seen((i, j) => i < 3 === j < 3, 0.985),
      runs((i) => (i < 3 ? 0 : 1), [angleDeg, 0.2, 0.9]),
    ).motion
  expect(flat(5.1)).toBe('good')
  expect(flat(0.3)).toBe('turned')
})

import { expect, test } from 'vitest'
import { bridgesOf } from './bridges.ts'
import type { Pair } from './graph.ts'
import { islandsOf, tiesOf, triangle } from './islands.ts'

const tie = (a: string, b: string, inliers = 100, probability = 0.99): Pair => ({ a, b, probability, inliers })
const allTied = (...files: string[]): Pair[] => files.flatMap((a, i) => files.slice(i + 1).map((b) => tie(a, b)))
const of = (pairs: readonly Pair[]) => {
  const files = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort()
  const ties = tiesOf(files, pairs)
  const islands = islandsOf(files, ties)
  return { files, ties, islands, bridges: bridgesOf(islands, ties) }
}

test('photos that all see each other are one island without a bridge', () => {
  const { islands, bridges } = of(allTied('a', 'b', 'c', 'd'))
  expect(islands).toEqual([['a', 'b', 'c', 'd']])
  expect(bridges).toEqual([])
})

test('two places are two islands, the larger first, whatever weak edges lie between', () => {
  const glue = [tie('a', 'x', 9, 0.6), tie('b', 'y', 12, 0.55)]
  expect(of([...allTied('x', 'y', 'z', 'w'), ...allTied('a', 'b', 'c'), ...glue]).islands).toEqual([
    ['w', 'x', 'y', 'z'],
    ['a', 'b', 'c'],
  ])
})

test('pairs that are less likely than not tie nothing', () => {
  expect(of([...allTied('a', 'b', 'c'), tie('c', 'd', 80, 0.4)]).islands).toEqual([['a', 'b', 'c']])
})

test('one photo that two groups hang on is a bridge', () => {
  const { bridges } = of([...allTied('a', 'b', 'c', 'm'), ...allTied('m', 'x', 'y')])
  expect(bridges).toEqual([
    {
      photos: ['m'],
      between: [0, 1],
      sides: [
        ['a', 'b', 'c'],
        ['x', 'y'],
      ],
    },
  ])
})

test('a photo at the end of a chain is no bridge, nor is its only neighbour', () => {
  expect(of([...allTied('a', 'b', 'c'), tie('c', 'd')]).bridges).toEqual([])
})

test('a doubtful pair between the sides does not hide the photo that they hang on', () => {
  // monstree-12~bridge: ten false matches between two sides that COLMAP never joins without the photo between them.
  expect(
    of([...allTied('a', 'b', 'c', 'm'), ...allTied('m', 'x', 'y', 'z'), tie('a', 'x', 17, 0.58)]).bridges.map(({ photos }) => photos),
  ).toEqual([['m']])
  expect(of([...allTied('a', 'b', 'c', 'm'), ...allTied('m', 'x', 'y', 'z'), tie('a', 'x', 70)]).bridges).toEqual([])
})

test('two photos that only hold with a third let go without it', () => {
  const names = (extra: readonly Pair[]): readonly string[] =>
    of([
      ...allTied('a', 'b', 'c'),
      ...allTied('x', 'y', 'z'),
      tie('a', 'm'),
      tie('b', 'x', 30),
      tie('m', 'x', 30),
      tie('b', 'm', 30),
      ...extra,
    ]).bridges.flatMap(({ photos }) => photos)
  expect(names([])).toEqual(['b', 'm', 'x'])
  // A fourth that sees them too stands in for either.
  expect(names([tie('a', 'x', 30)])).toEqual(['x'])
})

test('the strongest triangle is the best of the weakest sides', () => {
  const ties = tiesOf(['a', 'b', 'c', 'n'], [tie('n', 'a', 50), tie('n', 'b', 40), tie('n', 'c', 90), tie('a', 'b', 30), tie('a', 'c', 10)])
  expect(triangle(ties, 'n', new Set(['a', 'b', 'c']))).toBe(30)
})

test('a chain of five hundred photos is walked without running out of stack', () => {
  const names = Array.from({ length: 500 }, (_, i) => String(i).padStart(4, '0'))
  const { bridges, islands } = of(names.slice(1).map((b, i) => tie(names[i]!, b)))
  expect(islands).toHaveLength(1)
  // All but the two ends and their neighbours, without which only a single photo would be lost.
  expect(bridges).toHaveLength(496)
})

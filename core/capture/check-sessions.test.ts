import { expect, test } from 'vitest'
import type { Forecast, Pair } from '../overlap/graph.ts'
import { sessionFindings } from './check-sessions.ts'
import type { Photo } from './photo.ts'
import { aPhoto } from './photo-fixture.ts'

const flight = (count: number, change: (n: number) => Partial<Photo>): Photo[] =>
  Array.from({ length: count }, (_, n) => aPhoto(n, change(n)))

/** A forecast in which photos are linked as asked. */
function linked(photos: readonly Photo[], isLinked: (i: number, j: number) => boolean): Forecast {
  const pairs = photos.flatMap((a, i) =>
    photos.slice(i + 1).map((b, k): Pair => ({ a: a.file, b: b.file, probability: isLinked(i, i + 1 + k) ? 0.99 : 0.01, inliers: 90 })),
  )
  return { pairs, photos: [], islands: [], bridges: [], pairsTried: pairs.length, pairsVerified: pairs.length }
}
const codes = (photos: readonly Photo[], forecast: Forecast | null) =>
  sessionFindings(photos, forecast).map(({ code, files }) => [code, files.length])
const everywhere = () => true

// An overcast hour: four times the exposure for the same picture.
const cloudy = { exposureS: 1 / 80 }

test('the same places in sun and under cloud are two sessions, and the smaller one is named', () => {
  const photos = flight(20, (n) => (n >= 12 ? cloudy : {}))
  const [found] = sessionFindings(photos, linked(photos, everywhere))
  expect(found).toMatchObject({ code: 'capture/sessions', files: photos.slice(12).map(({ file }) => file) })
  expect(found?.what).toContain('8 photos of 20 see the same places as the others, in light 2.')
  expect(found?.what).toContain('weaker')
})

test('another part of the place in another light is none: hardly a pair sees both', () => {
  const photos = flight(20, (n) => (n >= 12 ? cloudy : {}))
  expect(
    codes(
      photos,
      linked(photos, (i, j) => i < 12 === j < 12 || (i === 11 && j === 12)),
    ),
  ).toEqual([])
})

test('a camera that evens the light out itself, and one odd photo, are no sessions', () => {
  // Twice as bright a picture for twice the exposure: one light.
  const even = flight(20, (n) => (n >= 12 ? { exposureS: 1 / 125, meanLuma: 0.45 * 4 ** (1 / 2.2) } : {}))
  expect(codes(even, linked(even, everywhere))).toEqual([])
  const odd = flight(20, (n) => (n === 7 ? cloudy : {}))
  expect(codes(odd, linked(odd, everywhere))).toEqual([])
  const wandering = flight(20, (n) => ({ exposureS: (1 / 500) * 2 ** (n / 10) }))
  expect(codes(wandering, linked(wandering, everywhere))).toEqual([])
})

test('a white balance that changed half-way is told, and pictures without exposure data by their brightness', () => {
  const warm = flight(20, (n) => (n >= 12 ? { redGreen: 1.25, blueGreen: 0.55 } : {}))
  expect(sessionFindings(warm, linked(warm, everywhere))[0]?.what).toContain('in another colour of light')
  const bare = flight(20, (n) => ({ exposureS: null, fNumber: null, iso: null, ...(n >= 12 ? { meanLuma: 0.22 } : {}) }))
  expect(sessionFindings(bare, linked(bare, everywhere))[0]?.what).toMatch(/2\.\d stops darker/)
})

test('without a forecast only the clock is asked', () => {
  const photos = flight(20, (n) => (n >= 12 ? { ...cloudy, takenAt: `2017-05-01T18:00:${n}` } : {}))
  expect(codes(photos, null)).toEqual([['capture/sessions', 0]])
})

import { describe, expect, test } from 'vitest'
import type { Evidence } from './evidence.ts'
import { aSurvey, holding } from '../overlap/survey-fixture.ts'
import { findingsOf } from './checks.ts'
import { leftOutBy } from './left-out.ts'
import type { Photo } from './photo.ts'
import { aFlight, aPhoto, evidenceOf } from './photo-fixture.ts'
import { printPx, turnPrint } from './print.ts'

const now = new Date('2020-01-01T00:00:00Z')
const files = (evidence: readonly Evidence[], code: string): readonly string[] =>
  findingsOf(evidence, null, now)
    .filter((finding) => finding.code === code)
    .flatMap((finding) => finding.files)
const codes = (evidence: readonly Evidence[]): readonly string[] => findingsOf(evidence, null, now).map(({ code }) => code)
const name = (n: number): string => aPhoto(n).file

test('a clean flight has no findings', () => {
  expect(findingsOf(aFlight(20), null, now)).toEqual([])
})

/** One row a code: what is planted into photo 7 of a clean flight. */
const planted: readonly (readonly [string, Partial<Photo>])[] = [
  ['photo/blurred', { sharpness: 0.2 }],
  ['photo/dark', { meanLuma: 0.04, clippedLow: 0.9 }],
  ['photo/dark', { meanLuma: 0.16 }],
  ['photo/bright', { meanLuma: 0.93, clippedHigh: 0.6 }],
  ['photo/white-balance-differs', { redGreen: 1.25 }],
  ['photo/white-balance-differs', { blueGreen: 0.55 }],
  ['photo/no-exif', { camera: null, takenAt: null, focalMm: null, focal35Mm: null, exposureS: null }],
  ['photo/no-gps', { gps: null }],
  ['photo/gps-outlier', { gps: { lat: 0, lon: 0, altM: 0 } }],
  ['photo/gps-outlier', { gps: { lat: 50.8, lon: 0.1, altM: 71 } }],
  ['photo/gps-outlier', { gps: { lat: -50.80063, lon: -0.1, altM: 71 } }],
  ['photo/gps-outlier', { gps: { lat: 50.80063 + 0.002, lon: -0.1 + 0.002, altM: 71 } }],
  ['photo/altitude-outlier', { gps: { lat: 50.80063, lon: -0.1, altM: 1071 } }],
  ['photo/altitude-outlier', { gps: { lat: 50.80063, lon: -0.1, altM: 0 } }],
  ['photo/date-odd', { takenAt: '1970-01-01T00:00:00' }],
  ['photo/date-odd', { takenAt: '2031-05-01T10:20:30' }],
  ['photo/date-odd', { takenAt: '2015-05-01T10:20:30' }],
  ['photo/date-odd', { takenAt: '2017-13-41T10:20:30' }],
  ['photo/focal-odd', { focalMm: 8.1, focal35Mm: 45 }],
  ['photo/focal-odd', { focalMm: null, focal35Mm: null, focalPx: null }],
  ['photo/focal-odd', { focalPx: 400_000 }],
  ['photo/camera-differs', { camera: 'Canon EOS 5D' }],
  ['photo/size-differs', { widthPx: 1600, heightPx: 1200 }],
  ['photo/orientation-odd', { orientation: 2 }],
  ['photo/orientation-odd', { orientation: 6, widthPx: 3000, heightPx: 4000, headerWidthPx: 4000, headerHeightPx: 3000 }],
  ['photo/damaged', { damaged: true }],
]

test.each(planted)('%s is named for the one photo that has it, with what to do: %o', (code, change) => {
  const evidence = aFlight(20, { 7: change })
  expect(files(evidence, code)).toEqual([name(7)])
  for (const { what, remedy } of findingsOf(evidence, null, now)) {
    expect(what).toMatch(/^[A-Z0-9].*\.$/)
    expect(remedy).toMatch(/^[A-Z].{15,}\.$/)
  }
})

test('a cast is told among grass and sand, which shift red and blue together and are none', () => {
  // As brighton-beach: half of the photos show grass. A cast of 1.4 : 1 : 0.65 on one of them, of a fifth of that on another.
  const of = (green: number, cast: number): Partial<Photo> => ({
    redGreen: Math.exp(-green + 0.336 * cast),
    blueGreen: Math.exp(-green - 0.431 * cast),
  })
  const green = (n: number): number => (n % 2 === 0 ? 0 : 0.2) + 0.004 * (n % 5)
  const flight = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, of(green(n), n === 7 ? 1 : n === 4 ? 0.2 : 0)]))
  expect(files(aFlight(20, flight), 'photo/white-balance-differs')).toEqual([name(7)])
  expect(files(aFlight(20, { ...flight, 7: of(green(7), 0) }), 'photo/white-balance-differs')).toEqual([])
})

test('motion and focus are told apart by what a photo has beyond its capture’s own direction', () => {
  const blurred = { sharpness: 0.2 }
  const flight = aFlight(20, Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, { blurContrast: 1.8 }])))
  const at = (n: number, blurContrast: number, blurDirectionDeg: number | null = null) => {
    const one = flight[n] as Evidence
    flight[n] = { ...one, photo: { ...one.photo, ...blurred, blurContrast, blurDirectionDeg } }
  }
  at(3, 4.1, 90)
  at(5, 2.4)
  at(7, 2.7, 15)
  at(9, 2.9, 15)
  expect(files(flight, 'photo/out-of-focus')).toEqual([5, 7].map(name))
  // Between the two nothing is claimed: blurred, whatever by.
  expect(files(flight, 'photo/blurred')).toEqual([3, 9].map(name))
  expect(findingsOf(flight, null, now).find(({ code }) => code === 'photo/blurred')?.what).toContain('1 of them by motion (1/500 s)')
})

test('blurred exports without a header are held to the photos that have one', () => {
  const stripped = { camera: null, takenAt: null, focalMm: null, focal35Mm: null, exposureS: null }
  const change = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [3 * i, { ...stripped, sharpness: 0.08 }]))
  expect(files(aFlight(18, change), 'photo/blurred')).toEqual([0, 3, 6, 9, 12, 15].map(name))
})

describe('copies', () => {
  const flight = aFlight(12)
  const copyOf = (n: number, change: Partial<Photo>, turn = 1): Evidence => ({
    photo: { ...(flight[n] as Evidence).photo, ...change },
    print: turnPrint((flight[n] as Evidence).print, turn),
  })

  test('the same bytes under two names are one photo', () => {
    const all = [...flight, copyOf(3, { file: 'copy of 3.jpg' })]
    expect(files(all, 'photo/duplicate')).toEqual(['copy of 3.jpg'])
    expect(leftOutBy(findingsOf(all, null, now), all)).toEqual(['copy of 3.jpg'])
  })

  test.each([3, 6, 8])('a smaller copy, turned as orientation %i, is a copy; the larger one is kept', (turn) => {
    const all = [...flight, copyOf(3, { file: 'AAA.jpg', sha256: 'f'.repeat(64), widthPx: 2000, heightPx: 1500, takenAt: null }, turn)]
    expect(files(all, 'photo/duplicate')).toEqual(['AAA.jpg'])
    expect(files(all, 'photo/gps-duplicate')).toEqual([])
    expect(findingsOf(all, null, now).find(({ code }) => code === 'photo/duplicate')?.remedy).toContain(name(3))
  })

  test('the same view again at another time is a burst, and stays in the run', () => {
    const all = [...flight, copyOf(3, { file: 'burst.jpg', sha256: 'f'.repeat(64), takenAt: '2017-05-01T10:20:07' })]
    expect(files(all, 'photo/duplicate')).toEqual([])
    expect(files(all, 'photo/same-viewpoint')).toEqual([name(3), 'burst.jpg'])
  })
})

test('a black frame is dark and left out; skies that share a vignette are no copies', () => {
  const flight = aFlight(12, { 4: { meanLuma: 0.01, clippedLow: 1, sharpness: 0 } })
  expect(leftOutBy(findingsOf(flight, null, now), flight)).toEqual([name(4)])
  expect(files(flight, 'photo/blurred')).toEqual([])
  const vignette = (look: number) =>
    Uint8Array.from(
      { length: printPx * printPx },
      (_, i) =>
        200 -
        0.3 * (((i % printPx) - 16) ** 2 + (Math.floor(i / printPx) - 16) ** 2) +
        ((Math.imul(i + 977 * look, 2654435761) >>> 28) & 3),
    )
  const sky = aFlight(6).map((one, n) => ({ photo: { ...one.photo, takenAt: null }, print: vignette(n) }))
  expect(files(sky, 'photo/duplicate')).toEqual([])
})

describe('positions', () => {
  test('two photos with one fix to the last digit are named', () => {
    const gps = aPhoto(7).gps
    expect(files(aFlight(20, { 8: { gps } }), 'photo/gps-duplicate')).toEqual([name(7), name(8)])
  })

  test('a flight in two places far apart has no outliers', () => {
    const second = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [10 + i, { gps: { lat: 50.9 + 0.00009 * i, lon: -0.1, altM: 71 } }]),
    )
    expect(files(aFlight(20, second), 'photo/gps-outlier')).toEqual([])
  })

  test('a third of the photos on the wrong hemisphere are outliers', () => {
    const wrong = Object.fromEntries([0, 3, 6, 9, 12, 15].map((n) => [n, { gps: { lat: 50.8 + 0.00009 * n, lon: 1.1, altM: 71 } }]))
    const all = aFlight(20, wrong).map((one, n) => ({
      ...one,
      photo: { ...one.photo, gps: { lat: 50.8 + 0.00009 * n, lon: n in wrong ? 1.1 : -1.1, altM: 71 } },
    }))
    expect(files(all, 'photo/gps-outlier')).toEqual(Object.keys(wrong).map((n) => name(Number(n))))
  })

  test('two heights of flight are no outliers', () => {
    const high = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [12 + i, { gps: { lat: 50.8 + 0.00009 * i, lon: -0.1001, altM: 121 } }]),
    )
    expect(files(aFlight(20, high), 'photo/altitude-outlier')).toEqual([])
  })

  test('a receiver whose heights jump, one that repeats itself and one that says it is bad are called poor', () => {
    const jumping = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [n, { gps: { lat: 50.8 + 0.00009 * n, lon: -0.1, altM: n % 2 ? 70 : 84 } }]),
    )
    const repeating = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [n, { gps: { lat: 50.8 + 0.0002 * Math.floor(n / 3), lon: -0.1, altM: 71 } }]),
    )
    const vague = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [n, { gpsErrorM: 65 }]))
    for (const change of [jumping, repeating, vague]) expect(codes(aFlight(20, change))).toContain('capture/gps-poor')
  })
})

describe('the capture', () => {
  test('a hole in the covered ground is named with its photos, and a clean survey has none', () => {
    const of = (without?: (line: number, at: number) => boolean) => {
      const survey = aSurvey(8, 14, without)
      return findingsOf(survey.map(evidenceOf), holding(survey), now).filter(({ code }) => code !== 'photo/gps-outlier')
    }
    expect(of()).toEqual([])
    const [found, ...more] = of((line, at) => line >= 2 && line <= 5 && at >= 4 && at <= 9)
    expect(more).toEqual([])
    expect(found).toMatchObject({ code: 'capture/coverage-hole', severity: 'warning' })
    expect(found?.what).toMatch(/^1 place between the photos is seen by fewer than 3 of them, [\d]+ m² in all: near DJI_/)
    expect(found?.files).toHaveLength(2)
  })

  test('no photos, two photos and five photos are said', () => {
    expect(codes([])).toEqual(['capture/empty'])
    expect(findingsOf([], null, now)[0]).toMatchObject({ what: 'No photos in this folder: it is empty.' })
    const skipped = ['a.txt', 'b.md', 'c/d.txt', 'e.MOV', 'f'].map((file) => ({ file, code: 'file/not-an-image', what: '', remedy: '' }))
    const told = (list: typeof skipped) => findingsOf([], null, now, [], list)[0]
    expect(told(skipped.slice(0, 3))).toMatchObject({ what: 'No photos in this folder; it holds 3 text files.' })
    expect(told(skipped)).toMatchObject({
      what: 'No photos in this folder; it holds 3 text files, 1 video and 1 other file.',
      remedy: expect.stringContaining('Export frames of the videos'),
    })
    expect(findingsOf(aFlight(2), null, now)).toMatchObject([{ code: 'capture/too-few', severity: 'error' }])
    expect(findingsOf(aFlight(5), null, now)).toMatchObject([{ code: 'capture/too-few', severity: 'warning' }])
  })

  test('morning and evening are two sessions', () => {
    const evening = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [12 + i, { takenAt: `2017-05-01T18:00:${10 + i}` }]))
    expect(codes(aFlight(20, evening))).toEqual(['capture/sessions'])
  })

  test('half of the photos from another camera make several cameras, and none of them odd', () => {
    const second = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [10 + i, { camera: 'Sony ILCE-6000', focalMm: 20, focalPx: 3300 }]),
    )
    expect(codes(aFlight(20, second))).toEqual(['capture/several-cameras'])
  })

  test('water all over is low texture; a few photos of it are not', () => {
    const water = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [n, { texture: 0.05 }]))
    expect(codes(aFlight(20, water(15)))).toEqual(['capture/low-texture'])
    expect(codes(aFlight(20, water(4)))).toEqual([])
  })
})

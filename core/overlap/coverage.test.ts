import { describe, expect, test } from 'vitest'
import { FEWEST_VIEWS, holesOf, spanOf } from './coverage.ts'
import { distancesTo } from './distance.ts'
import { hullOf, isInside } from './geometry.ts'
import { aSurvey, downPhoto, forwardM, holding, sideM, sketchOf, surveyPlane } from './survey-fixture.ts'
import type { Photo } from '../capture/photo.ts'
import { seenBy, type Seen } from './views.ts'

const seenOf = (photos: readonly Photo[]): Seen => seenBy({ photos, findings: [], forecast: holding(photos) }) as Seen
const holes = (photos: readonly Photo[]) => holesOf(seenOf(photos))
/** Where the survey's metres lie in the plane of the views, whose middle is another. */
const at = (seen: Seen, x: number, y: number) => surveyPlane.toMetres(seen.toLatLon!(x, y, 0))

// Photos of three lines are missing over 75 m.
const planted = (line: number, place: number): boolean => line >= 2 && line <= 5 && place >= 4 && place <= 9

test('a photo that looks straight down sees its own rectangle of ground', () => {
  const [view] = seenOf([downPhoto(0, 0, 0)]).views
  expect(view?.seen.map(([x, y]) => [Math.round(x), Math.round(y)])).toEqual([
    [-35, 26],
    [35, 26],
    [35, -26],
    [-35, -26],
  ])
  expect(spanOf([view!])).toBeCloseTo((3000 / 2311) * 40, 3)
})

test('a heading turns the ground with it, and a tilt pushes it ahead', () => {
  const [turned] = seenOf([downPhoto(0, 0, 0, { gimbal: { pitchDeg: -90, yawDeg: 90, rollDeg: 0 } })]).views
  expect(turned?.seen[0]?.map(Math.round)).toEqual([26, 35])
  const [tilted] = seenOf([downPhoto(0, 0, 0, { gimbal: { pitchDeg: -70, yawDeg: 0, rollDeg: 0 } })]).views
  const norths = tilted!.seen.map(([, y]) => y)
  expect(Math.min(...norths)).toBeCloseTo(-40 * Math.tan((Math.atan(1500 / 2311) * 180) / Math.PI / 57.29578 - 20 / 57.29578), 3)
  expect(Math.max(...norths)).toBeCloseTo(40 * Math.tan(Math.atan(1500 / 2311) + 20 / 57.29578), 3)
})

describe('holes', () => {
  test('a clean flight has none, nor has one of any outline', () => {
    expect(holes(aSurvey(8, 14))).toEqual([])
    // An L, a ring round a lake, a single line, two photos.
    expect(holes(aSurvey(10, 20, (line, place) => line >= 4 && (line % 2 ? 19 - place : place) >= 7))).toEqual([])
    expect(holes(aSurvey(14, 24, (line, place) => line >= 3 && line <= 10 && place >= 5 && place <= 18))).toEqual([])
    expect(holes(aSurvey(1, 14))).toEqual([])
    expect(holes(aSurvey(1, 2))).toEqual([])
  })

  test('a planted hole is found where it is, once, with the photos around it', () => {
    const photos = aSurvey(8, 14, planted)
    const seen = seenOf(photos)
    const found = holesOf(seen)
    expect(found).toHaveLength(1)
    const [east, north] = at(seen, found[0]!.x, found[0]!.y)
    expect(Math.abs(east - 3.5 * sideM)).toBeLessThan(12)
    expect(Math.abs(north - 6.5 * forwardM)).toBeLessThan(12)
    expect(found[0]!.near).toHaveLength(4)
    // Each cell was counted: a slow twin says the same.
    for (const { x, y, missing } of found[0]!.cells) {
      const views = seen.views.filter((view) => isInside(view.seen, x - view.x, y - view.y)).length
      expect(FEWEST_VIEWS - views).toBe(missing)
      expect(missing).toBeGreaterThan(0)
    }
  })

  test('the same photos give the same holes in any order', () => {
    const photos = aSurvey(8, 14, planted)
    expect(holes(photos.toReversed()).map(({ near, area }) => [near, area])).toEqual(holes(photos).map(({ near, area }) => [near, area]))
  })

  test('photos that should not register cover nothing', () => {
    const photos = aSurvey(8, 14)
    const lost = new Set(photos.filter((_, i) => planted(Math.floor(i / 14), i % 14)).map(({ file }) => file))
    const forecast = holding(photos, [photos.flatMap(({ file }) => (lost.has(file) ? [] : [file]))])
    expect(holesOf(seenBy({ photos, findings: [], forecast }) as Seen)).toHaveLength(1)
  })

  test('without gimbal angles the rehearsal shows the same hole, and GPS where it lies', () => {
    const bare = (photos: readonly Photo[]) => photos.map((photo) => ({ ...photo, gimbal: null }))
    const clean = bare(aSurvey(8, 14))
    expect(holesOf(seenBy({ photos: clean, findings: [], forecast: { ...holding(clean), sketch: sketchOf(clean) } }) as Seen)).toEqual([])
    const photos = bare(aSurvey(8, 14, planted))
    const seen = seenBy({ photos, findings: [], forecast: { ...holding(photos), sketch: sketchOf(photos) } }) as Seen
    expect(seen.metric).toBe(false)
    const [found, ...more] = holesOf(seen)
    expect(more).toEqual([])
    const [east, north] = at(seen, found!.x, found!.y)
    expect(Math.hypot(east - 3.5 * sideM, north - 6.5 * forwardM)).toBeLessThan(20)
  })

  test('an object gone round has no plane to be covered', () => {
    const photos = aSurvey(1, 12).map((photo) => ({ ...photo, gimbal: null, gps: null }))
    const cameras = photos.map(({ file }, i) => {
      const angle = (2 * Math.PI * i) / photos.length
      return {
        file,
        centre: [4 * Math.cos(angle), 4 * Math.sin(angle), 0] as const,
        direction: [-Math.cos(angle), -Math.sin(angle), 0] as const,
      }
    })
    const points = Array.from({ length: 300 }, (_, i) => Math.sin(12.9898 * i) * 0.8)
    expect(seenBy({ photos, findings: [], forecast: { ...holding(photos), sketch: { cameras, points } } })).toBeNull()
  })
})

test('distances are exact', () => {
  const set = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
  const slow = set.map((_, i) =>
    Math.min(...set.flatMap((is, j) => (is ? [Math.hypot((i % 4) - (j % 4), Math.floor(i / 4) - Math.floor(j / 4))] : []))),
  )
  expect([...distancesTo(set, 4, 3)]).toEqual(slow)
  expect([...distancesTo([0, 0], 2, 1)]).toEqual([Infinity, Infinity])
})

test('a hull goes round its points', () => {
  const hull = hullOf([
    [0, 0],
    [2, 0],
    [1, 0.2],
    [2, 2],
    [0, 2],
    [1, 1],
  ])
  expect(hull).toEqual([
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ])
})

import { expect, test } from 'vitest'
import { planReshoot } from '../../../core/overlap/reshoot.ts'
import { aSurvey, holding, sketchOf } from '../../../core/overlap/survey-fixture.ts'
import { planeOf, spotsOf } from './plane.ts'
import { bodyOf, firstLook, project } from './sketch-view.ts'
import { marksBetween, marksOnMap } from './waypoints.ts'

const photos = aSurvey(1, 14, (_, place) => place >= 5 && place <= 8)
const files = photos.map(({ file }) => file)
const plan = planReshoot({ photos, findings: [], forecast: holding(photos, [files.slice(0, 5), files.slice(5)]) })

test('positions lie on the map between the photos that they tie together', () => {
  const spots = spotsOf(photos)
  const { waypoints } = marksOnMap(plan, planeOf(photos))
  expect(waypoints).toHaveLength(plan.positions.length)
  const [south, north] = [spots[4]!.y, spots[5]!.y]
  for (const { x, y } of waypoints.slice(0, 4)) {
    expect(x).toBeCloseTo(0, 3)
    expect(y > south && y < north).toBe(true)
  }
  expect(marksOnMap(plan, null)).toEqual({ waypoints: [], holes: [] })
})

test('a hole is marked where it is, as wide as it is', () => {
  const survey = aSurvey(8, 14, (line, place) => line >= 2 && line <= 5 && place >= 4 && place <= 9)
  const { holes, waypoints } = marksOnMap(planReshoot({ photos: survey, findings: [], forecast: holding(survey) }), planeOf(survey))
  expect(holes).toHaveLength(1)
  expect(holes[0]!.radius).toBeGreaterThan(5)
  expect(holes[0]!.radius).toBeLessThan(50)
  expect(waypoints.length).toBeGreaterThan(2)
  for (const { x, y } of waypoints) expect(Math.hypot(x - holes[0]!.x, y - holes[0]!.y)).toBeLessThan(80)
})

test('without a map they stand in a row between their photos', () => {
  const spots = files.map((file, i) => ({ file, x: 10 * i, y: 0 }))
  const first = marksBetween(plan, spots).waypoints.filter(({ number }) => plan.positions[number - 1]?.near[0] === files[4])
  expect(first.length).toBeGreaterThan(2)
  expect(first.every(({ x }) => x > 40 && x < 50)).toBe(true)
  expect(new Set(first.map(({ x }) => x)).size).toBe(first.length)
})

test('a position that GPS doubts does not tear the map apart', () => {
  const odd = photos.map((photo, i) =>
    i === 3 ? { ...photo, gps: { lat: 0, lon: 0, altM: 0 } } : i === 6 ? { ...photo, gps: { lat: -50.8, lon: 0, altM: 0 } } : photo,
  )
  expect(spotsOf(odd, new Set([files[6]!])).map(({ file }) => file)).toEqual(files.filter((_, i) => i !== 3 && i !== 6))
})

test('the sketch stands upright: cameras that look down are above the ground', () => {
  const survey = aSurvey(3, 6)
  const sketch = sketchOf(survey)
  const pixels = project(bodyOf(sketch), { ...firstLook, tiltRad: 0 }, 400, 300)
  const lowest = Math.max(...sketch.cameras.map(({ centre }) => pixels(centre)[1]))
  const ground = pixels([sketch.points[0]!, sketch.points[1]!, sketch.points[2]!])[1]
  expect(lowest).toBeLessThan(ground)
})

import { describe, expect, test } from 'vitest'
import type { Finding } from '../capture/finding.ts'
import type { Photo } from '../capture/photo.ts'
import { holesOf } from './coverage.ts'
import type { Forecast } from './graph.ts'
import { planReshoot } from './reshoot.ts'
import { metresBetween } from './reshoot-site.ts'
import { planText } from './reshoot-words.ts'
import { aSurvey, downPhoto, forwardM, holding, sketchOf, surveyPlane } from './survey-fixture.ts'
import { seenBy } from './views.ts'

const names = (photos: readonly Photo[]) => photos.map(({ file }) => file)
const plan = (photos: readonly Photo[], forecast: Forecast, findings: readonly Finding[] = []) =>
  planReshoot({ photos, findings, forecast })
const metres = (at: { lat: number; lon: number } | null) => surveyPlane.toMetres(at!)

test('a clean flight needs nothing, and without a forecast nothing is planned', () => {
  const photos = aSurvey(4, 8)
  expect(plan(photos, holding(photos)).positions).toEqual([])
  expect(planReshoot({ photos, findings: [], forecast: null })).toMatchObject({
    positions: [],
    notes: [expect.stringContaining('not checked')],
  })
})

describe('a hole', () => {
  const photos = aSurvey(8, 14, (line, place) => line >= 2 && line <= 5 && place >= 4 && place <= 9)

  test('is closed: the new photos and the old see each of its places three times', () => {
    const { positions } = plan(photos, holding(photos))
    expect(positions.length).toBeGreaterThan(2)
    expect(positions.map(({ number }) => number)).toEqual(positions.map((_, i) => i + 1))
    for (const position of positions)
      expect(position).toMatchObject({ kind: 'hole', aboveTakeoffM: 40, altM: 111.2, headingDeg: 0, pitchDeg: -90 })
    const taken = positions.map(({ at }, i) => downPhoto(900 + i, ...metres(at)))
    const all = [...photos, ...taken]
    expect(holesOf(seenBy({ photos: all, findings: [], forecast: holding(all) })!)).toEqual([])
    expect(plan(all, holding(all)).positions).toEqual([])
  })

  test('is told in words where nothing says where on the earth it lies', () => {
    const bare = photos.map((photo) => ({ ...photo, gps: null, gimbal: null, relativeAltM: null }))
    const { positions } = planReshoot({ photos: bare, findings: [], forecast: { ...holding(bare), sketch: sketchOf(photos) } })
    expect(positions.length).toBeGreaterThan(2)
    for (const { at, words, inSketch, near } of positions) {
      expect(at).toBeNull()
      expect(inSketch).toHaveLength(3)
      expect(words).toMatch(/^between \S+, \S+ and \S+, same height and direction as /)
      expect(near).toHaveLength(3)
    }
  })
})

describe('two groups', () => {
  // 60 m of the line were not photographed.
  const photos = aSurvey(1, 14, (_, place) => place >= 5 && place <= 8)
  const groups = [names(photos).slice(0, 5), names(photos).slice(5)]

  test('are joined by two ways whose photos share 70 % of their ground', () => {
    const { positions, rule, notes } = plan(photos, holding(photos, groups))
    expect(notes).toEqual([])
    expect(new Set(positions.map(({ kind, reason }) => `${kind} ${reason}`))).toEqual(
      new Set(['gap The group of 5 photos around DJI_0009.JPG does not hang together with the largest one.']),
    )
    const first = positions.filter(({ near }) => near[0] === 'DJI_0004.JPG')
    expect(first.length).toBe(Math.ceil((5 * forwardM) / (0.3 * (3000 / 2311) * 40)) - 1)
    const way = [photos[4]!.gps!, ...first.map(({ at }) => at!), photos[5]!.gps!]
    for (let i = 1; i < way.length; i++) expect(metresBetween(way[i - 1]!, way[i]!)).toBeLessThanOrEqual(0.3 * (3000 / 2311) * 40 + 0.01)
    expect(positions.length).toBeGreaterThan(first.length)
    expect(rule).toContain('70 %')
  })

  test('without GPS are joined in words, between the photos that were taken one after the other', () => {
    const bare = photos.map((photo) => ({ ...photo, gps: null, gimbal: null, relativeAltM: null }))
    const { positions } = plan(bare, holding(bare, groups))
    expect(positions.slice(0, 2).map(({ words, at, headingDeg }) => [words, at, headingDeg])).toEqual([
      ['a third of the way from DJI_0004.JPG to DJI_0009.JPG, same height, same direction', null, null],
      ['two thirds of the way from DJI_0004.JPG to DJI_0009.JPG, same height, same direction', null, null],
    ])
  })

  test('that lie a kilometre apart are no matter of a few photos', () => {
    const far = photos.map((photo, i) => (i < 5 ? photo : { ...photo, gps: { ...photo.gps!, lat: photo.gps!.lat + 0.01 } }))
    const { positions, notes } = plan(far, holding(far, groups))
    expect(positions).toEqual([])
    expect(notes[0]).toContain('too far apart')
  })
})

test('a turn of the camera is split into steps of 20 degrees at most', () => {
  const at = (n: number, yawDeg: number) => downPhoto(n, 5 * n, 0, { gimbal: { pitchDeg: 0, yawDeg, rollDeg: 0 } })
  const photos = [at(0, 350), at(1, 350), at(2, 350), at(3, 80), at(4, 80), at(5, 80)]
  const groups = [names(photos).slice(0, 3), names(photos).slice(3)]
  const turning = plan(photos, holding(photos, groups)).positions.filter(
    ({ near }) => near[0] === 'DJI_0002.JPG' && near[1] === 'DJI_0003.JPG',
  )
  expect(turning).toHaveLength(4)
  const headings = [350, ...turning.map(({ headingDeg }) => headingDeg!), 80]
  for (let i = 1; i < headings.length; i++) expect((headings[i]! - headings[i - 1]! + 360) % 360).toBeLessThan(25)
  expect(turning[0]!.words).toContain('turning')
})

test('a weak bridge gets a photo on both of its sides', () => {
  const photos = aSurvey(1, 9)
  const bridge = {
    photos: [photos[4]!.file],
    between: [0, 1] as const,
    sides: [names(photos).slice(0, 4), names(photos).slice(5)] as const,
  }
  const { positions } = plan(photos, { ...holding(photos), bridges: [bridge] })
  expect(positions.map(({ kind, near, reason }) => [kind, near, reason])).toEqual([
    ['bridge', ['DJI_0003.JPG', 'DJI_0004.JPG'], 'Two parts hang together by DJI_0004.JPG alone.'],
    ['bridge', ['DJI_0005.JPG', 'DJI_0004.JPG'], 'Two parts hang together by DJI_0004.JPG alone.'],
  ])
  expect(metres(positions[0]!.at)[1]).toBeCloseTo(3.5 * forwardM, 3)
})

test('a loose photo is tied to the nearest, a spoiled one taken again, a stranger left alone', () => {
  const photos = [...aSurvey(1, 8), downPhoto(20, 10, 8 * forwardM), downPhoto(21, 0, 40), downPhoto(22, 4000, 0)]
  const of = (code: string, n: number): Finding => ({ code, severity: 'warning', what: '', remedy: '', files: [`DJI_00${n}.JPG`] })
  const { positions, notes } = plan(photos, holding(photos, [names(photos).slice(0, 8)]), [
    of('photo/blurred', 21),
    of('photo/gps-outlier', 22),
  ])
  expect(positions.map(({ kind, near }) => [kind, near])).toEqual([
    ['unlinked', ['DJI_0007.JPG', 'DJI_0020.JPG']],
    ['unlinked', ['DJI_0007.JPG', 'DJI_0020.JPG']],
    ['again', ['DJI_0021.JPG']],
  ])
  expect(notes).toEqual(['DJI_0022.JPG seems to belong to another place or camera: leave it out.'])
})

test('how far off GPS may be is measured against the rehearsal, else told by the receiver, else by the kind of camera', () => {
  const photos = aSurvey(4, 8)
  const poor: Finding = { code: 'capture/gps-poor', severity: 'info', what: '', remedy: '', files: [] }
  expect(plan(photos, holding(photos)).accuracyM).toBeNull()
  expect(plan(photos, holding(photos), [poor]).accuracyM).toBe(13)
  expect(
    plan(
      photos.map((photo) => ({ ...photo, gpsErrorM: 5 })),
      holding(photos),
    ).accuracyM,
  ).toBe(5)
  const sketch = sketchOf(photos)
  expect(planReshoot({ photos, findings: [], forecast: { ...holding(photos), sketch } }).accuracyM).toBeLessThan(0.01)
  const shaken = photos.map((photo, i) => {
    const [x, y] = surveyPlane.toMetres(photo.gps!)
    return { ...photo, gps: { ...surveyPlane.toLatLon(x + 8 * Math.sin(2 * i), y + 8 * Math.cos(2 * i)), altM: 111 } }
  })
  const measured = planReshoot({ photos: shaken, findings: [poor], forecast: { ...holding(photos), sketch } }).accuracyM!
  expect(measured).toBeGreaterThan(6)
  expect(measured).toBeLessThan(9)
  const few = { cameras: sketch.cameras.slice(0, 9), points: sketch.points }
  expect(planReshoot({ photos: shaken, findings: [poor], forecast: { ...holding(photos), sketch: few } }).accuracyM).toBe(13)
})

test('the text for a pilot names each position, its place, height and direction, and the rule', () => {
  const photos = aSurvey(1, 14, (_, place) => place >= 5 && place <= 8)
  const text = planText(plan(photos, holding(photos, [names(photos).slice(0, 5), names(photos).slice(5)])))
  expect(text.split('\n')[0]).toMatch(
    /^1 Gap between groups: .+ from DJI_0004.JPG to DJI_0009.JPG, same height, same direction. 50\.80\d{4}, −0\.1\d{5}; 40 m above take-off, heading 0°, gimbal −90°\. The group of 5/,
  )
  expect(text).toMatch(/Should close: /)
})

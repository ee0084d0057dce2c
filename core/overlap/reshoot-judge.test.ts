import { describe, expect, test } from 'vitest'
import type { Finding } from '../capture/finding.ts'
import type { Photo } from '../capture/photo.ts'
import type { Captured } from './captured.ts'
import { judgePlan } from './reshoot-judge.ts'
import { chosenPlan, keepPlan, openPlan } from './reshoot-kept.ts'
import { aSurvey, downPhoto, holding, surveyPlane } from './survey-fixture.ts'

const names = (photos: readonly Photo[]) => photos.map(({ file }) => file)
const contents = (photos: readonly Photo[]) => photos.map(({ sha256 }) => sha256)
const keep = (captured: Captured) => keepPlan(captured, contents(captured.photos), '2026-11-24T10:00:00Z')
const states = (kept: ReturnType<typeof keep>, captured: Captured) => judgePlan(kept, captured)?.map(({ state }) => state)
/** A photo at each position of the plan. */
const flown = (kept: ReturnType<typeof keep>, without: readonly number[] = []) =>
  chosenPlan({ plan: kept.plan, without }).positions.map(({ at, number }) => downPhoto(900 + number, ...surveyPlane.toMetres(at!)))

describe('two groups', () => {
  const photos = aSurvey(1, 14, (_, place) => place >= 5 && place <= 8)
  const groups = [names(photos).slice(5), names(photos).slice(0, 5)]
  const kept = keep({ photos, findings: [], forecast: holding(photos, groups) })
  const more = [...photos, ...flown(kept)]

  test('without new photos nothing is said, nor while new ones are not checked', () => {
    expect(states(kept, { photos, findings: [], forecast: holding(photos, groups) })).toBeUndefined()
    expect(states(kept, { photos: more, findings: [], forecast: null })).toBeUndefined()
    expect(states(kept, { photos: more, findings: [], forecast: holding(photos, groups) })).toBeUndefined()
  })

  test('are closed once they hang together, and their positions are no longer to be photographed', () => {
    const captured = { photos: more, findings: [], forecast: holding(more) }
    const judged = judgePlan(kept, captured)
    expect(judged).toEqual([{ place: 1, state: 'closed', words: expect.stringMatching(/^Closed: /) as string }])
    expect(openPlan(kept, judged, contents(more)).positions).toEqual([])
  })

  test('stay open where the new photos joined one side alone', () => {
    const apart = [[...names(photos).slice(5), ...names(more).slice(photos.length)], names(photos).slice(0, 5)]
    const captured = { photos: more, findings: [], forecast: holding(more, apart) }
    expect(judgePlan(kept, captured)).toEqual([{ place: 1, state: 'open', words: expect.stringMatching(/^Still open: /) as string }])
  })

  test('of which one side was left out are not known', () => {
    const rest = more.filter(({ file }) => !groups[1]!.includes(file))
    expect(states(kept, { photos: rest, findings: [], forecast: holding(rest) })).toEqual(['unknown'])
  })
})

test('a bridge is closed when the parts hang by more than it', () => {
  const photos = aSurvey(1, 9)
  const bridge = {
    photos: [photos[4]!.file],
    between: [0, 1] as const,
    sides: [names(photos).slice(0, 4), names(photos).slice(5)] as const,
  }
  const kept = keep({ photos, findings: [], forecast: { ...holding(photos), bridges: [bridge] } })
  const more = [...photos, ...flown(kept)]
  expect(states(kept, { photos: more, findings: [], forecast: { ...holding(more), bridges: [bridge] } })).toEqual(['open'])
  expect(states(kept, { photos: more, findings: [], forecast: holding(more) })).toEqual(['closed'])
})

test('a spoiled photo is closed by one taken beside it that holds, and by GPS alone', () => {
  const photos = [...aSurvey(1, 8), downPhoto(21, 0, 40)]
  const blurred: Finding = { code: 'photo/blurred', severity: 'warning', what: '', remedy: '', files: ['DJI_0021.JPG'] }
  const kept = keep({ photos, findings: [blurred], forecast: holding(photos, [names(photos).slice(0, 8)]) })
  const checked = (added: Photo, holds: boolean): Captured => {
    const all = [...photos, added]
    return { photos: all, findings: [blurred], forecast: holding(all, [[...names(photos).slice(0, 8), ...(holds ? [added.file] : [])]]) }
  }
  expect(states(kept, checked(downPhoto(30, 2, 40), true))).toEqual(['closed'])
  expect(states(kept, checked(downPhoto(30, 2, 40), false))).toEqual(['open'])
  expect(states(kept, checked(downPhoto(30, 30, 40), true))).toEqual(['open'])
  expect(states(kept, checked({ ...downPhoto(30, 2, 40), gps: null }, true))).toEqual(['unknown'])
})

describe('a hole', () => {
  const photos = aSurvey(8, 14, (line, place) => line >= 2 && line <= 5 && place >= 4 && place <= 9)
  const kept = keep({ photos, findings: [], forecast: holding(photos) })
  const checked = (without: readonly number[]): Captured => {
    const all = [...photos, ...flown(kept, without)]
    return { photos: all, findings: [], forecast: holding(all) }
  }

  test('is closed when three photos see it, and open when one position alone was flown', () => {
    expect(states(kept, checked([]))).toEqual(kept.plan.places.map(() => 'closed'))
    expect(states(kept, checked(kept.plan.positions.slice(1).map(({ number }) => number)))?.[0]).toBe('open')
  })

  test('without GPS cannot be found again', () => {
    const blind = { ...kept, plan: { ...kept.plan, places: kept.plan.places.map((place) => ({ ...place, hole: null })) } }
    expect(states(blind, checked([]))).toEqual(kept.plan.places.map(() => 'unknown'))
  })
})

test('positions that were left out are in no export, and the others keep their numbers', () => {
  const photos = aSurvey(1, 14, (_, place) => place >= 5 && place <= 8)
  const kept = keep({ photos, findings: [], forecast: holding(photos, [names(photos).slice(5), names(photos).slice(0, 5)]) })
  const plan = openPlan({ ...kept, without: [1, 3] }, null, contents(photos))
  expect(plan.positions.map(({ number }) => number)).toEqual(
    kept.plan.positions.map(({ number }) => number).filter((n) => n !== 1 && n !== 3),
  )
  expect(plan.positions[0]!.inSketch).toEqual(kept.plan.positions[1]!.inSketch)
})

import { expect, test } from 'vitest'
import type { Forecast } from '../overlap/graph.ts'
import { findingsOf } from './checks.ts'
import { leftOutBy } from './left-out.ts'
import { aFlight, aPhoto } from './photo-fixture.ts'
import { verdictOf } from './verdict.ts'

const now = new Date('2020-01-01T00:00:00Z')
const name = (n: number): string => aPhoto(n).file

/** A forecast in which each photo is in the island of that number and registers as said. */
export function forecastOf(islandOf: readonly number[], registers: (n: number) => number, bridges: Forecast['bridges'] = []): Forecast {
  const islands = [...new Set(islandOf.filter((island) => island >= 0))]
    .sort((a, b) => a - b)
    .map((island) => islandOf.flatMap((at, n) => (at === island ? [name(n)] : [])))
  const photos = islandOf.map((island, n) => ({ file: name(n), island, registers: registers(n), links: 3 }))
  return { pairs: [], photos, islands, bridges, pairsTried: 60, pairsVerified: 40, rehearsals: 6 }
}

function judge(forecast: Forecast | null, count = 20) {
  const evidence = aFlight(count)
  const findings = findingsOf(evidence, forecast, now)
  const verdict = verdictOf({
    photos: evidence.map(({ photo }) => photo),
    leftOut: leftOutBy(findings, evidence),
    findings,
    forecast,
    skipped: 0,
  })
  return { verdict, findings, codes: findings.map(({ code }) => code) }
}

test('all photos in one island that register are ready', () => {
  const { verdict, codes } = judge(forecastOf(Array(20).fill(0), () => 0.99))
  expect(verdict).toEqual({ kind: 'ready', score: 0.99, because: ['20 of 20 photos should register.'] })
  expect(codes).toEqual([])
})

test('two islands are a risk, and the smaller one is named', () => {
  const { verdict, findings } = judge(forecastOf([...Array(14).fill(0), ...Array(6).fill(1)], () => 1))
  expect(verdict.kind).toBe('risky')
  expect(verdict.score).toBe(0.7)
  expect(verdict.because[0]).toBe('14 of 20 photos should register, 6 should not.')
  expect(findings).toMatchObject([{ code: 'capture/islands', severity: 'error', files: [14, 15, 16, 17, 18, 19].map(name) }])
})

test('a photo that hangs on nothing is unlinked', () => {
  expect(judge(forecastOf([...Array(19).fill(0), -1], (n) => (n < 19 ? 1 : 0))).findings).toMatchObject([
    { code: 'photo/unlinked', files: [name(19)] },
  ])
})

test('a bridge names its photos', () => {
  const bridge = { photos: [name(9)], between: [0, 1] as const, sides: [[name(1)], [name(15)]] as const }
  expect(judge(forecastOf(Array(20).fill(0), () => 1, [bridge])).findings).toMatchObject([
    { code: 'capture/weak-bridge', files: [name(9)] },
  ])
})

test('pairs without depth make an unusable capture', () => {
  const { verdict, codes } = judge(forecastOf(Array(20).fill(0), () => 0.05))
  expect(codes).toEqual(['capture/no-parallax'])
  expect(verdict.kind).toBe('unusable')
})

test('the rehearsal’s word on the camera’s motion is taken', () => {
  expect(judge({ ...forecastOf(Array(20).fill(0), () => 0.2), motion: 'forward' }).codes).toEqual(['capture/forward-motion'])
  expect(judge({ ...forecastOf(Array(20).fill(0), () => 0.2), motion: 'turned' }).codes).toEqual(['capture/no-parallax'])
  expect(judge({ ...forecastOf(Array(20).fill(0), () => 0.2), motion: 'weak' }).codes).toEqual([])
})

test('only a motion that gives depth is ready; weak parallax says so', () => {
  const at = (motion: Forecast['motion'], more: Partial<Forecast> = {}) =>
    judge({ ...forecastOf(Array(20).fill(0), () => 0.99), ...(motion ? { motion } : {}), ...more })
  expect(at('good').verdict.kind).toBe('ready')
  for (const motion of ['weak', 'turned', 'forward'] as const) expect(at(motion).verdict.kind).toBe('risky')
  expect(at('weak').verdict.because.at(-1)).toMatch(/too little depth/)
  const narrow = at('good', { medianAngleDeg: 2.31 })
  expect(narrow.verdict.kind).toBe('risky')
  expect(narrow.findings).toMatchObject([
    { code: 'capture/no-parallax', severity: 'warning', what: expect.stringContaining('2.3 degrees') },
  ])
  expect(at('good', { medianAngleDeg: 14 }).codes).toEqual([])
})

test('without a rehearsal the verdict says that depth is not proven', () => {
  const { rehearsals: _, ...unrehearsed } = forecastOf(Array(20).fill(0), () => 0.99)
  const { verdict } = judge(unrehearsed)
  expect(verdict.kind).toBe('ready')
  expect(verdict.because.at(-1)).toMatch(/^Not rehearsed/)
})

test('a photo that is linked and yet unlikely is named in the causes', () => {
  const { verdict } = judge(forecastOf(Array(20).fill(0), (n) => (n === 4 ? 0.3 : 1)))
  expect(verdict.kind).toBe('ready')
  expect(verdict.because[1]).toContain('DJI_0004.JPG is linked too weakly')
})

test('a photo that may go either way is called borderline', () => {
  const { verdict } = judge(forecastOf(Array(20).fill(0), (n) => (n === 4 ? 0.6 : 1)))
  expect(verdict.because).toContainEqual(expect.stringContaining('DJI_0004.JPG is borderline'))
  expect(judge(forecastOf(Array(20).fill(0), () => 0.9)).verdict.because).toHaveLength(1)
})

test('fewer than three usable photos are unusable, five are a risk', () => {
  expect(judge(null, 2).verdict.kind).toBe('unusable')
  expect(
    judge(
      forecastOf(Array(5).fill(0), () => 1),
      5,
    ).verdict.kind,
  ).toBe('risky')
})

test('without a forecast nothing is promised', () => {
  expect(judge(null).verdict).toEqual({ kind: 'risky', score: 0, because: ['Overlap not checked.'] })
})

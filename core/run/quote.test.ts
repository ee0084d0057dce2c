import { expect, test } from 'vitest'
import type { CloudJob } from '../cloud/api.ts'
import { costUsd, prices } from './cost.ts'
import { percentile, published, quoteOf } from './quote.ts'
import { settingsOf } from './settings.ts'
import { costingNow, spentOn } from './spent.ts'

const settings = settingsOf('standard', { where: 'studio' })
const paid = (usd: number, photos = 100) => ({ settings, photos, usd })

test('before three runs a quote comes from the published table, part by part, and says so', () => {
  for (const runs of [[], [paid(1), paid(2)]]) {
    const quote = quoteOf(settings, 100, runs)
    expect(quote.basis).toEqual({ kind: 'table', runs: runs.length, source: published.source })
    expect(quote.parts.map(({ stage, instance }) => [stage, instance])).toEqual([
      ['sfm', 'ml.c6i.2xlarge'],
      ['3dgs', 'ml.g4dn.xlarge'],
      ['compression', 'ml.c6i.4xlarge'],
    ])
    const [sfm] = quote.parts
    expect([sfm?.lowSeconds, sfm?.highSeconds]).toEqual([80, 700])
    expect(quote.highUsd).toBeCloseTo(quote.parts.reduce((sum, part) => sum + part.highUsd, 0))
    expect(quote.lowUsd).toBeLessThan(quote.highUsd)
    expect(quote.prices.date).toBe(prices.date)
  }
})

test('from three runs like it a quote is their 10th to 90th percentile; other sizes, presets and engines do not count', () => {
  const other = { settings: settingsOf('high', { where: 'studio' }), photos: 100, usd: 50 }
  const quote = quoteOf(settings, 100, [paid(1), paid(2), paid(3), paid(90, 201), paid(90, 49), other])
  expect(quote.basis).toEqual({ kind: 'history', runs: 3 })
  expect([quote.lowUsd, quote.highUsd]).toEqual([1.2, 2.8])
  expect(percentile([5], 0.9)).toBe(5)
})

test('a cap becomes the longest runtime of each stage, and one that is too small says what it takes', () => {
  const capped = quoteOf({ ...settings, capUsd: 3 }, 100, [])
  const machines = capped.parts.map(({ stage, instance }) => [stage, instance] as const)
  const most = machines.reduce((sum, [stage, instance]) => sum + 2 * (costUsd(instance, capped.limits?.[stage] ?? 0) ?? 0), 0)
  expect(most).toBeLessThanOrEqual(3)
  const tooSmall = quoteOf({ ...settings, capUsd: 0.01 }, 100, [])
  expect(tooSmall.limits).toBeNull()
  expect(quoteOf({ ...settings, capUsd: tooSmall.leastCapUsd }, 100, []).limits).not.toBeNull()
})

test('training on processors is quoted on a machine without a GPU', () => {
  const { train } = settingsOf('standard')
  expect(quoteOf({ ...settings, train }, 100, []).parts[1]?.instance).toBe('ml.c6i.4xlarge')
})

test('cost so far goes by the clock while a job works, and by the billed seconds once they are known', () => {
  const from = Date.parse('2026-11-24T10:00:00.000Z')
  const job: CloudJob = {
    stage: '3dgs',
    name: 'one',
    status: 'InProgress',
    secondary: 'Training',
    instance: 'ml.g4dn.xlarge',
    spot: true,
    askedAt: new Date(from).toISOString(),
    startedAt: new Date(from).toISOString(),
    endedAt: null,
    billableSeconds: null,
    reason: null,
  }
  const working = spentOn([job], from + 1_800_000)
  expect([working.usd, working.isFinal]).toEqual([0.368, false])
  expect(costingNow([job])).toMatchObject({ usdAnHour: 0.736 })
  const done = { ...job, status: 'Completed', endedAt: new Date(from + 1_800_000).toISOString(), billableSeconds: 900 }
  expect(spentOn([done], from + 9_000_000)).toMatchObject({ usd: 0.184, isFinal: true })
  expect(costingNow([done])).toBeNull()
  expect(costingNow([{ ...job, startedAt: null }])).toBeNull()
  expect(spentOn([{ ...job, instance: 'ml.unknown' }], from)).toMatchObject({ isComplete: false })
})

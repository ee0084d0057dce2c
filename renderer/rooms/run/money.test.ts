import { expect, test } from 'vitest'
import type { CloudJob } from '../../../core/cloud/api.ts'
import { quoteOf } from '../../../core/run/quote.ts'
import { emptyRun } from '../../../core/run/reduce.ts'
import { settingsOf } from '../../../core/run/settings.ts'
import { basisWords, capProblem, costFacts, dollars, quoteFacts, sageMakerSays, startWords } from './money.ts'

const settings = settingsOf('standard', { where: 'studio' })
const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString()

test('money is told in cents, and what a quote stands on is told with it', () => {
  expect([dollars(0), dollars(0.001), dollars(1.239)]).toEqual(['$0.00', 'under $0.01', '$1.24'])
  const few = quoteOf(settings, 100, [])
  expect(basisWords(few)).toMatch(/^No quote of your own yet: fewer than 3 runs like this\. The table says \$\d/)
  const own = quoteOf(
    settings,
    100,
    [1, 2, 3].map((usd) => ({ settings, photos: 100, usd })),
  )
  expect(basisWords(own)).toBe('Quote $1.20 to $2.80, from 3 of your runs.')
  expect(startWords(own, 3)).toBe('Start, quote $1.20 to $2.80, never above $3.00')
  expect(startWords(own, null)).toBe('Start, quote $1.20 to $2.80')
  expect(quoteFacts(few).map(({ label }) => label)).toEqual(['Structure from motion', 'Gaussian splatting', 'Compression'])
})

test('a cap that no stage could finish under says what it takes', () => {
  expect(capProblem(quoteOf({ ...settings, capUsd: 3 }, 100, []), 3)).toBeNull()
  expect(capProblem(quoteOf({ ...settings, capUsd: 0.01 }, 100, []), 0.01)).toMatch(/it takes \$\d/)
  expect(capProblem(quoteOf(settings, 100, []), null)).toBeNull()
})

test('cost so far is marked as reckoned while a job works, and SageMaker is quoted with the time of asking', () => {
  const job: CloudJob = {
    stage: '3dgs',
    name: 'a',
    status: 'InProgress',
    secondary: 'Training',
    instance: 'ml.g4dn.xlarge',
    spot: true,
    askedAt: at(0),
    startedAt: at(0),
    endedAt: null,
    billableSeconds: null,
    reason: null,
  }
  const state = { ...emptyRun, account: { askedAt: at(5), execution: 'RUNNING', jobs: [job], pausing: false } as const }
  expect(costFacts(state, Date.parse(at(0)) + 3_600_000)?.facts.map(({ value }) => value)).toEqual(['≈ $0.74, 1 h 00 min', '$0.74 an hour'])
  expect(sageMakerSays(state)).toMatch(/^SageMaker says Training \(asked \d\d:\d\d:05\)\.$/)
  expect([costFacts(emptyRun, 0), sageMakerSays(emptyRun)]).toEqual([null, null])
  const unknown = { ...state, account: { ...state.account, jobs: [{ ...job, instance: 'ml.other' }] } }
  expect(costFacts(unknown, 0)?.facts).toMatchObject([{ value: null, why: 'no price of ml.other is known here' }])
})

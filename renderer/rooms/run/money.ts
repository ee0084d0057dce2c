import type { Quote } from '../../../core/run/quote.ts'
import type { RunState } from '../../../core/run/reduce.ts'
import { costingNow, type Spent, spentOn } from '../../../core/run/spent.ts'
import { stageWord } from '../../capture-words.ts'
import { clockTime, duration } from '../../format.ts'
import type { Fact } from '../../parts/fact-table.tsx'

/** US dollars in whole cents; what is less than one says so. */
export function dollars(usd: number): string {
  return usd > 0 && usd < 0.005 ? 'under $0.01' : `$${usd.toFixed(2)}`
}

export function range({ lowUsd, highUsd }: Pick<Quote, 'lowUsd' | 'highUsd'>): string {
  const [low, high] = [dollars(lowUsd), dollars(highUsd)]
  return low === high ? low : `${low} to ${high}`
}

/** What a quote stands on, in one sentence. */
export function basisWords({ basis, ...sums }: Quote): string {
  if (basis.kind === 'history') return `Quote ${range(sums)}, from ${basis.runs} of your runs.`
  return `No quote of your own yet: fewer than 3 runs like this. The table says ${range(sums)} (${basis.source}).`
}

/** The words of the button that starts to spend. */
export function startWords(quote: Quote, capUsd: number | null): string {
  return `Start, quote ${range(quote)}${capUsd === null ? '' : `, never above ${dollars(capUsd)}`}`
}

/** Why a cap cannot be; null where it can, or there is none. */
export function capProblem({ limits, leastCapUsd }: Quote, capUsd: number | null): string | null {
  return capUsd === null || limits !== null ? null : `No stage could finish under this cap: it takes ${dollars(leastCapUsd)} or more.`
}

/** The parts of a quote: each stage, its machine, its time and its sum. */
export function quoteFacts(quote: Quote): readonly Fact[] {
  return quote.parts.map((part) => ({
    label: stageWord(part.stage),
    value: `${range(part)}, ${duration(part.lowSeconds * 1000)} to ${duration(part.highSeconds * 1000)} on ${part.instance}${part.spot ? ', spot' : ''}`,
    source: 'runs.quote',
  }))
}

/** What a run in an account has cost: the sum, its parts, and what costs money this moment. */
export function costFacts(state: RunState, nowMs: number): { readonly spent: Spent; readonly facts: readonly Fact[] } | null {
  if (!state.account) return null
  const { jobs } = state.account
  const spent = spentOn(jobs, nowMs)
  const facts = spent.jobs.map((job, index): Fact => {
    const sum = job.usd === null ? null : `${job.isBilled ? '' : '≈ '}${dollars(job.usd)}, ${duration(job.seconds * 1000)}`
    const again = spent.jobs.slice(0, index).filter((one) => one.stage === job.stage).length
    return {
      label: `${stageWord(job.stage)}${again > 0 ? `, attempt ${again + 1}` : ''}`,
      value: sum,
      source: 'GET /jobs, core/run/cost',
      why: `no price of ${job.instance} is known here`,
    }
  })
  const now = costingNow(jobs)
  const rate = now?.usdAnHour ?? null
  return {
    spent,
    facts: rate === null ? facts : [...facts, { label: 'Costs now', value: `${dollars(rate)} an hour`, source: 'core/run/cost' }],
  }
}

/** What SageMaker says where a run is quiet: its word, and when it was asked. */
export function sageMakerSays({ account }: RunState): string | null {
  if (!account) return null
  const job = account.jobs.at(-1)
  if (account.pausing) return `Waiting for a machine (asked ${clockTime(account.askedAt, true)}).`
  return job ? `SageMaker says ${job.secondary ?? job.status} (asked ${clockTime(account.askedAt, true)}).` : null
}

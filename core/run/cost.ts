import type { StageName } from './events.ts'

/** US dollars an hour for one SageMaker machine: `region`, `date` and `source` stand beside it, because prices change. */
export type PriceTable = {
  readonly region: string
  readonly date: string
  readonly source: string
  readonly perHour: Readonly<Record<string, number>>
  /** What managed spot was seen to save at least, as a share of the price; nobody promises it. */
  readonly leastSpotSaving: number
  readonly storedGbMonth: number
}

/**
 * Published on-demand prices of SageMaker training and processing. Taken from memory of the price page, because it cannot be reached
 * where this was written: a quote says so, and the bill is AWS's.
 */
export const prices: PriceTable = {
  region: 'us-east-1',
  date: '2026-11',
  source: 'the price page of Amazon SageMaker AI, recalled and not yet compared with it',
  perHour: {
    'ml.c6i.2xlarge': 0.408,
    'ml.c6i.4xlarge': 0.816,
    'ml.g4dn.xlarge': 0.736,
    'ml.g4dn.2xlarge': 1.026,
    'ml.g5.xlarge': 1.408,
    'ml.g6.xlarge': 1.127,
  },
  leastSpotSaving: 0,
  storedGbMonth: 0.023,
}

export type StageMachine = { readonly instance: string; readonly maxSeconds: number }

/** What `seconds` on a machine cost at the full price; null where the table does not know it. */
export function costUsd(instance: string, seconds: number, table: PriceTable = prices): number | null {
  const perHour = table.perHour[instance]
  return perHour === undefined ? null : (perHour * seconds) / 3600
}

// Of a cap: how the stages share it. Training is what a person pays for; sfm is the stage whose length is least known.
const shares: Readonly<Record<StageName, number>> = { sfm: 0.3, '3dgs': 0.6, compression: 0.1 }
// Under this a stage cannot even fetch its input: a machine takes minutes to start, and they are billed.
const leastSeconds = 600

/**
 * The longest runtime of each stage so that all of them together cost `capUsd` at most, whatever happens; never above the usual limits.
 * Every attempt of a stage counts: `attempts` is how often the pipeline may try one. Stages that do not run leave their share to the others.
 * Null: the cap is too small to begin with, or a machine's price is not known.
 */
export function limitsOf(
  capUsd: number,
  machines: Readonly<Record<StageName, StageMachine>>,
  stages: readonly StageName[],
  attempts: number,
  table: PriceTable = prices,
): Record<StageName, number> | null {
  const whole = stages.reduce((sum, stage) => sum + shares[stage], 0)
  const limit = (stage: StageName): number | null => {
    const perHour = table.perHour[machines[stage].instance]
    if (perHour === undefined) return null
    if (!stages.includes(stage)) return machines[stage].maxSeconds
    const seconds = Math.floor(((capUsd * shares[stage]) / whole / attempts / perHour) * 3600)
    return seconds < leastSeconds ? null : Math.min(seconds, machines[stage].maxSeconds)
  }
  const [sfm, train, compression] = [limit('sfm'), limit('3dgs'), limit('compression')]
  return sfm === null || train === null || compression === null ? null : { sfm, '3dgs': train, compression }
}

/** The least cap with which `limitsOf` gives an answer, in whole cents. */
export function leastCapUsd(
  machines: Readonly<Record<StageName, StageMachine>>,
  stages: readonly StageName[],
  attempts: number,
  table: PriceTable = prices,
): number {
  const whole = stages.reduce((sum, stage) => sum + shares[stage], 0)
  const least = stages.map(
    (stage) => ((leastSeconds / 3600) * (table.perHour[machines[stage].instance] ?? 0) * attempts * whole) / shares[stage],
  )
  return Math.ceil(Math.max(...least) * 100) / 100
}

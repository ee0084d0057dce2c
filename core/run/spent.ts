import type { CloudJob } from '../cloud/api.ts'
import { costUsd, type PriceTable, prices } from './cost.ts'
import type { StageName } from './events.ts'

/** What one job has cost. `isBilled`: by the seconds that SageMaker says it bills; else by the clock, since its machine started. */
export type JobCost = {
  readonly stage: StageName
  readonly instance: string
  readonly spot: boolean
  readonly seconds: number
  /** Null where the table has no price of that machine. */
  readonly usd: number | null
  readonly isBilled: boolean
}

/** What a run has cost up to now, at the full price of the table; `isFinal`: every job's billed seconds are known. */
export type Spent = { readonly usd: number; readonly isFinal: boolean; readonly jobs: readonly JobCost[]; readonly isComplete: boolean }

export function spentOn(jobs: readonly CloudJob[], nowMs: number, table: PriceTable = prices): Spent {
  const costs = jobs.map((job): JobCost => {
    const isBilled = job.billableSeconds !== null && job.endedAt !== null
    const seconds = isBilled ? (job.billableSeconds ?? 0) : secondsByClock(job, nowMs)
    return { stage: job.stage, instance: job.instance, spot: job.spot, seconds, usd: costUsd(job.instance, seconds, table), isBilled }
  })
  return {
    usd: costs.reduce((sum, one) => sum + (one.usd ?? 0), 0),
    isFinal: costs.every((one) => one.isBilled),
    isComplete: costs.every((one) => one.usd !== null),
    jobs: costs,
  }
}

// Waiting for a machine, and a spot machine that was taken away, cost nothing; what a job waited in between is not told, so it is counted.
function secondsByClock({ startedAt, endedAt, secondary }: CloudJob, nowMs: number): number {
  if (startedAt === null || secondary === 'Pending') return 0
  const end = endedAt === null ? nowMs : Date.parse(endedAt)
  return Math.max(0, Math.round((end - Date.parse(startedAt)) / 1000))
}

/** The job that costs money this moment, and what an hour of it costs; null: nothing does. */
export function costingNow(
  jobs: readonly CloudJob[],
  table: PriceTable = prices,
): { readonly job: CloudJob; readonly usdAnHour: number | null } | null {
  const job = jobs.findLast((one) => (one.status === 'InProgress' || one.status === 'Stopping') && one.startedAt !== null)
  return job && job.secondary !== 'Interrupted' ? { job, usdAnHour: costUsd(job.instance, 3600, table) } : null
}

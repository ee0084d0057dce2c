import { costUsd, type PriceTable, prices } from '../run/cost.ts'
import type { StageName } from '../run/events.ts'

/** A job of an account that has not ended, as SageMaker describes it. */
export type OpenJob = {
  readonly name: string
  readonly status: string
  readonly instance: string
  readonly machines: number
  readonly spot: boolean
  readonly startedAt: string | null
}

/** What one open job costs. `runId` and `stage` by its name; `usdAnHour` null: the table has no price of that machine. */
export type OpenCost = OpenJob & { readonly runId: string; readonly stage: StageName; readonly usdAnHour: number | null }

/** A run of an account that goes on: its execution, with or without a machine at the moment. */
export type OpenRun = { readonly runId: string; readonly tenant: string; readonly startedAt: string }

/** Everything of Spaceport's that costs money in an account this moment, whoever started it and on whichever computer. */
export type AccountCosts = {
  readonly askedAt: string
  readonly jobs: readonly OpenCost[]
  readonly runs: readonly OpenRun[]
  /** Of all machines together; jobs without a known price are not in it, and `unpriced` counts them. */
  readonly usdAnHour: number
  readonly unpriced: number
  readonly prices: Pick<PriceTable, 'region' | 'date' | 'source'>
}

const ours = /^(r-[a-z0-9-]{1,29}?)-(sfm|3dgs|compression)-[0-9a-f]{8}$/

/** The run and stage of a job of the pipeline; null for a job of anything else in the account. */
export function ownerOfJob(name: string): { readonly runId: string; readonly stage: StageName } | null {
  const [, runId, stage] = ours.exec(name) ?? []
  return runId === undefined ? null : { runId, stage: stage as StageName }
}

/** What an account's open jobs and runs cost by the table, at the full price: nobody promises what spot saves. */
export function costsOf(jobs: readonly OpenJob[], runs: readonly OpenRun[], askedAt: string, table: PriceTable = prices): AccountCosts {
  const { region, date, source } = table
  const rows = jobs.flatMap((job): OpenCost[] => {
    const owner = ownerOfJob(job.name)
    const hour = costUsd(job.instance, 3600, table)
    // One that waits for a machine costs nothing yet.
    return owner === null ? [] : [{ ...job, ...owner, usdAnHour: hour === null ? null : job.startedAt === null ? 0 : hour * job.machines }]
  })
  return {
    askedAt,
    jobs: rows,
    runs,
    usdAnHour: rows.reduce((sum, { usdAnHour }) => sum + (usdAnHour ?? 0), 0),
    unpriced: rows.filter(({ usdAnHour }) => usdAnHour === null).length,
    prices: { region, date, source },
  }
}

import { z } from 'zod'
import type { RunReport } from '../../core/run/report.ts'
import { costUsd } from '../../core/run/cost.ts'
import type { StageName } from '../../core/run/events.ts'
import { measurementsOf, SfmReport, TrainMetrics } from '../../core/run/measurements.ts'
import { score } from '../../core/run/score.ts'
import { executionArn } from './parts/executions.ts'
import { historyOf, jobState } from './parts/jobs.ts'
import { head, keyOf, putJson, readJson } from './parts/objects.ts'
import { runOf } from './parts/run.ts'

const place = z.object({ uri: z.string() })

/** The state machine's whole state when a run has its scene. */
const Event = z.object({
  run: z.object({
    runId: z.string(),
    pipeline: z.unknown(),
    outputs: z.object({ compression: z.string() }),
    sparse: place.optional(),
    scene: place,
    compressed: place,
  }),
})

const Outcome = z.object({
  tookMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})
type Outcome = z.infer<typeof Outcome>

/** Writes report.json: the score from what the stages measured, what each took, and what the machines cost by the price table. */
export const handler = async (event: unknown): Promise<{ score: number | null; costUsd: number | null }> => {
  const { run } = Event.parse(event)
  const { tenant, prefix } = runOf(run.outputs.compression)
  const folders = { sfm: folderOf(run.sparse), '3dgs': folderOf(run.scene), compression: folderOf(run.compressed) }
  const outcomes = {
    sfm: await outcomeIn(folders.sfm),
    '3dgs': await outcomeIn(folders['3dgs']),
    compression: await outcomeIn(folders.compression),
  }
  const sfm = folders.sfm === null ? null : await readJson(`${folders.sfm}/report.json`, SfmReport)
  const metrics = folders['3dgs'] === null ? null : await readJson(`${folders['3dgs']}/metrics.json`, TrainMetrics)
  const report: RunReport = {
    version: 1,
    ...score(measurementsOf(sfm, metrics, await readable(folders.compression, outcomes.compression))),
    stages: (Object.entries(outcomes) as [StageName, Outcome | null][]).flatMap(([stage, outcome]) =>
      outcome === null ? [] : [summary(stage, outcome, !(folders[stage] ?? '').startsWith(`${prefix}/`))],
    ),
    costUsd: await spent(executionArn(tenant, run.runId)),
  }
  await putJson(`${prefix}/report.json`, { ...report, pipeline: run.pipeline })
  return { score: report.score, costUsd: report.costUsd }
}

function folderOf(at: { uri: string } | undefined): string | null {
  return at ? keyOf(at.uri) : null
}

async function outcomeIn(folder: string | null): Promise<Outcome | null> {
  return folder === null ? null : readJson(`${folder}/outcome.json`, Outcome)
}

function summary(stage: StageName, { tookMs, cpuMs, peakBytes }: Outcome, reused: boolean): RunReport['stages'][number] {
  return { stage, tookMs, cpuMs, peakBytes, reused }
}

/** The stage read its files back itself; here: they are in the bucket, as long as it said. */
async function readable(folder: string | null, outcome: Outcome | null) {
  if (folder === null || outcome === null) return null
  const files = Object.entries(outcome.files)
  const found = await Promise.all(files.map(async ([name, { bytes }]) => (await head(`${folder}/${name}`))?.bytes === bytes))
  return { readable: found.filter(Boolean).length, of: files.length }
}

/** What the jobs were billed, at the full price of the table; null where one of them is not in it. */
async function spent(execution: string): Promise<number | null> {
  const { jobs } = await historyOf(execution)
  const known = (await Promise.all(jobs.map(jobState))).filter((job) => job !== null)
  const costs = known.map((job) => costUsd(job.instance, job.billableSeconds ?? 0))
  if (costs.some((one) => one === null)) return null
  return Math.round(costs.reduce<number>((sum, one) => sum + (one ?? 0), 0) * 10_000) / 10_000
}

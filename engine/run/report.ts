import { join } from 'node:path'
import { z } from 'zod'
import type { RunReport } from '../../core/run/report.ts'
import { runFolder } from '../../core/layout.ts'
import { score } from '../../core/run/score.ts'
import { writeWhole } from '../settings.ts'
import { measure } from './measure.ts'

/** report.json. */
export const Report = z.object({
  version: z.literal(1),
  score: z.number().nullable(),
  parts: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      points: z.number().nullable(),
      source: z.string(),
      scale: z.string().optional(),
      why: z.string().nullable(),
    }),
  ),
  stages: z.array(
    z.object({
      stage: z.string(),
      tookMs: z.number(),
      cpuMs: z.number(),
      peakBytes: z.number(),
      reused: z.boolean(),
      reusedFrom: z.string().nullish(),
    }),
  ),
  costUsd: z.number().nullable(),
})

/** Computes the report from the files of a run's folder and writes it there. A run on this machine has no price. */
export async function writeReport(folder: string, stages: RunReport['stages']): Promise<RunReport> {
  const report: RunReport = { version: 1, ...score(await measure(folder)), stages, costUsd: null }
  await writeWhole(join(folder, runFolder.report), `${JSON.stringify(report, null, 2)}\n`)
  return report
}

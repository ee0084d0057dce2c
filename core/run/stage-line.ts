import { z } from 'zod'

/** One progress line of a stage, as containers/CONTRACT.md has it. */
export const StageLine = z.object({
  at: z.string(),
  stage: z.enum(['sfm', '3dgs', 'compression']),
  step: z.string(),
  done: z.number().nullable().default(null),
  total: z.number().nullable().default(null),
  unit: z.string().nullable().default(null),
  metrics: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).default({}),
  problem: z.object({ code: z.string(), what: z.string(), remedy: z.string() }).optional(),
})
export type StageLine = z.infer<typeof StageLine>

/** The step of the one line of a stage that was found made: `metrics.from` says by which run. */
export const reusedStep = 'reused'

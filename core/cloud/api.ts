import { z } from 'zod'
import { stageNames } from '../run/events.ts'
import { CompressionSettings, PipelineStep, Preset, SfmSettings, TrainSettings } from '../run/settings.ts'

// Run and capture become parts of S3 keys and of SageMaker's job names, so nothing else may stand in them.
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{2,31}$/, 'small letters, digits and hyphens, 3 to 32 of them')
const at = z.iso.datetime()

export const apiPaths = { start: '/start-job', stop: '/stop-job', job: (runId: string) => `/jobs/${runId}` } as const

/**
 * POST /start-job. `runId` is the client's token: the same order sent twice starts one run; another order under it is a conflict.
 * The caller never names an address: what is read and written follows from who calls, `captureId`, `runId` and `fromRun`.
 */
export const StartJob = z.strictObject({
  runId: id,
  captureId: id,
  step: PipelineStep,
  preset: Preset,
  /** The run whose sparse model (step 3dgs) or trained scene (step compression) is reused. */
  fromRun: id.nullable(),
  /** The hard limit in US dollars, turned into each job's longest runtime; null: the account's usual limits. */
  capUsd: z.number().positive().max(10_000).nullable(),
  sfm: SfmSettings,
  train: TrainSettings,
  compression: CompressionSettings,
})

/** The answer of /start-job, 202. `limits`: the longest runtime of each stage, what `capUsd` became. */
export const Started = z.object({
  runId: id,
  execution: z.string(),
  startedAt: at,
  /** The same order had been accepted before. */
  again: z.boolean(),
  limits: z.object({ sfm: z.number().int(), '3dgs': z.number().int(), compression: z.number().int() }),
})

/** POST /stop-job. `keep`: what training has reached is compressed and kept; otherwise the run ends at once. */
export const StopJob = z.strictObject({ runId: id, keep: z.boolean() })

/** The answer of /stop-job, 202: asked, not yet done. Done is when GET /jobs says `ended` and no job of it is alive. */
export const Stopping = z.object({
  runId: id,
  /** True where the run had ended before. */
  ended: z.boolean(),
  jobs: z.array(z.object({ name: z.string(), status: z.string() })),
})

/** One SageMaker job of a run, in SageMaker's own words. */
export const CloudJob = z.object({
  stage: z.enum(stageNames),
  name: z.string(),
  /** InProgress, Completed, Failed, Stopping, Stopped. */
  status: z.string(),
  /** Training only: Starting, Downloading, Training, Interrupted, MaxRuntimeExceeded, and others of SageMaker's. */
  secondary: z.string().nullable(),
  instance: z.string(),
  spot: z.boolean(),
  askedAt: at,
  startedAt: at.nullable(),
  endedAt: at.nullable(),
  /** What SageMaker bills, once it says so; null before that. */
  billableSeconds: z.number().nullable(),
  reason: z.string().nullable(),
})

/** GET /jobs/{id}: all that the account knows of a run. */
export const JobState = z.object({
  runId: id,
  /** Step Functions' word: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED. */
  execution: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
  /** How it ended; null while it goes on. Stopped with something kept is `stopped`, and `kept` says so. */
  outcome: z.enum(['done', 'stopped', 'failed']).nullable(),
  kept: z.boolean(),
  startedAt: at,
  endedAt: at.nullable(),
  jobs: z.array(CloudJob),
  /** Waiting for a machine, after lack of capacity or trouble inside SageMaker. */
  pausing: z.boolean(),
  error: z.object({ name: z.string(), cause: z.string() }).nullable(),
  /** When the newest progress line came; null before the first. */
  heardAt: at.nullable(),
  /** Bucket and prefix of everything that the run wrote: `t/<tenant>/runs/<run>`. */
  bucket: z.string(),
  prefix: z.string(),
})

/** Any refusal: a Problem with its HTTP status. */
export const Refusal = z.object({ code: z.string(), what: z.string(), remedy: z.string() })

export type StartJob = z.infer<typeof StartJob>
export type Started = z.infer<typeof Started>
export type StopJob = z.infer<typeof StopJob>
export type Stopping = z.infer<typeof Stopping>
export type CloudJob = z.infer<typeof CloudJob>
export type JobState = z.infer<typeof JobState>

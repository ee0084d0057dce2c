import type { CloudJob, JobState } from '../cloud/api.ts'
import type { Problem } from '../problem.ts'
import type { RunSettings } from './settings.ts'
import type { StageLine } from './stage-line.ts'

/** The pipeline's stages: the API's names. */
export const stageNames = ['sfm', '3dgs', 'compression'] as const
export type StageName = (typeof stageNames)[number]

/** What happens in a run, append-only; RunState = reduce(events). `at`: ISO time given by the host's clock. */
export type RunEvent = { readonly at: string } & (
  | {
      readonly kind: 'created'
      readonly runId: string
      readonly captureId: string
      readonly settings: RunSettings
      readonly photos: number
    }
  | { readonly kind: 'started'; readonly where: string; readonly resumed: boolean }
  | { readonly kind: 'stage-reused'; readonly stage: StageName; readonly from: string }
  | { readonly kind: 'stage-started'; readonly stage: StageName; readonly attempt: number; readonly resumed: boolean }
  | { readonly kind: 'line'; readonly line: StageLine }
  | {
      readonly kind: 'stage-done'
      readonly stage: StageName
      readonly tookMs: number
      /** Null where the stage ran in an account: SageMaker does not say. */
      readonly cpuMs: number | null
      readonly peakBytes: number | null
    }
  /** What an account said of the run when it was asked: its jobs in SageMaker's words, for what they cost and whether they live. */
  | {
      readonly kind: 'account'
      readonly execution: JobState['execution']
      readonly jobs: readonly CloudJob[]
      readonly pausing: boolean
      readonly heardAt: string | null
    }
  | { readonly kind: 'artefact'; readonly path: string; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'warning'; readonly problem: Problem }
  | { readonly kind: 'stop-asked'; readonly keep: boolean }
  | { readonly kind: 'stopped'; readonly kept: boolean }
  | {
      readonly kind: 'failed'
      readonly stage: StageName | null
      readonly problem: Problem
      /** The end of the stage's log. */ readonly log?: readonly string[]
    }
  | { readonly kind: 'done'; readonly score: number | null }
)

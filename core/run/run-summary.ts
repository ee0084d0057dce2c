import type { RunState } from './reduce.ts'
import type { RunSettings } from './settings.ts'

/** One run as the lists show it. */
export type RunSummary = {
  readonly runId: string
  readonly captureId: string
  readonly captureName: string
  readonly createdAt: string
  readonly settings: RunSettings
  readonly state: RunState
  /** Bytes of the run's folder on this disk. */
  readonly diskBytes: number
}

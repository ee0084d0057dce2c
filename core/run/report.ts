/**
 * A part of the score. `value` null: not measured, and `why` says so. `source`: the file in the run's folder it came from. `points`: 0 to 100
 * on the part's own `scale`, which says in words what its ends mean (absent in reports of older versions).
 */
export type ScorePart = {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly points: number | null
  readonly source: string
  readonly scale?: string | undefined
  readonly why: string | null
}

/** report.json of a run. */
export type RunReport = {
  readonly version: 1
  readonly score: number | null
  readonly parts: readonly ScorePart[]
  readonly stages: readonly {
    readonly stage: string
    readonly tookMs: number
    readonly cpuMs: number
    readonly peakBytes: number
    readonly reused: boolean
    /** The run that made a reused stage; 'cache' where it is gone, absent in reports of older versions. */
    readonly reusedFrom?: string | null | undefined
  }[]
  readonly costUsd: number | null
}

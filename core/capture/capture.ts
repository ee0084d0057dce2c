import type { Forecast } from '../overlap/graph.ts'
import type { KeptPlan } from '../overlap/reshoot-kept.ts'
import type { Problem } from '../problem.ts'
import type { RunSummary } from '../run/run-summary.ts'
import type { Finding, Verdict } from './finding.ts'
import type { Photo, Skipped } from './photo.ts'

/** Where a scan stands; each phase counts its own things. */
export type ScanState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'scanning'; readonly phase: 'photos' | 'overlap'; readonly done: number; readonly total: number }
  | { readonly kind: 'stopped'; readonly phase: 'photos' | 'overlap'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly tookMs: number; readonly finishedAt: string }
  | { readonly kind: 'failed'; readonly problem: Problem }

/** One line of the sidebar and of the library. */
export type CaptureSummary = {
  readonly captureId: string
  readonly name: string
  readonly folder: string
  readonly createdAt: string
  readonly takenAt: string | null
  readonly photoCount: number
  readonly sizeBytes: number
  readonly camera: string | null
  readonly verdict: Verdict | null
  readonly scan: ScanState
  readonly lastRun: RunSummary | null
  /** Address of a picture for the list (artefact URL path), null while none exists. */
  readonly picture: string | null
}

/** Everything about one capture. `leftOut`: files that the user or the checks leave out of the run. */
export type Capture = CaptureSummary & {
  readonly photos: readonly Photo[]
  readonly skipped: readonly Skipped[]
  readonly findings: readonly Finding[]
  readonly forecast: Forecast | null
  readonly leftOut: readonly string[]
  /** The re-shoot plan that the person works with; null: none yet. */
  readonly keptPlan: KeptPlan | null
}

import type { Manifest } from '../../core/capture/manifest.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import type { StopSignals } from './launch-process.ts'

/** One run to be done. `folder`: the run's own folder; `end`'s reason says why: 'discard' or 'close'. */
export type RunOrder = {
  readonly runId: string
  readonly manifest: Manifest
  readonly settings: RunSettings
  readonly folder: string
  /** An earlier attempt was cut off: go on where it was. */
  readonly resumed: boolean
  readonly stop: StopSignals
}

/** Where runs happen. */
export type Runner = {
  /**
   * Everything that happens in the run, from `started` to `done`, `failed` or `stopped`. Where the engine closes (`end` with the reason
   * 'close') the events end without one of these, and the run can be resumed.
   */
  readonly run: (order: RunOrder) => AsyncIterable<RunEvent>
  /** The stages whose results a run would find made. */
  readonly reusable: (manifest: Manifest, settings: RunSettings) => Promise<readonly string[]>
}

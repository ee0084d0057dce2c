import type { Manifest } from '../../core/capture/manifest.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import type { StopSignals } from './launch-process.ts'

/** One run to be done. `folder`: the run's own folder; `end`'s reason says why: 'discard', 'close', or 'unwritten' where the history
 * cannot be written. */
export type RunOrder = {
  readonly runId: string
  readonly manifest: Manifest
  readonly settings: RunSettings
  readonly folder: string
  /** An earlier attempt was cut off: go on where it was. */
  readonly resumed: boolean
  readonly stop: StopSignals
  /** The engine goes: a run in an account goes on without it. */
  readonly leave: AbortSignal
}

/** Where runs happen. */
export type Runner = {
  /**
   * Everything that happens in the run, from `started` to `done`, `failed` or `stopped`. Where `end` comes with another reason than
   * 'discard' the events end without one of these, and the run can be resumed.
   */
  readonly run: (order: RunOrder) => AsyncIterable<RunEvent>
  /** The stages whose results a run would find made. */
  readonly reusable: (manifest: Manifest, settings: RunSettings) => Promise<readonly string[]>
}

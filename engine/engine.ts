import type { Handlers, RunSummary, Change } from '../core/contract.ts'
import type { Problem } from '../core/problem.ts'
import type { RunEvent } from '../core/run/events.ts'
import type { RunSettings } from '../core/run/settings.ts'
import type { Host } from './host.ts'
import type { CheckEvent } from './intake/check-event.ts'

/** A file that an artefact address stands for. */
export type ArtefactFile = { readonly file: string; readonly mime: string; readonly bytes: number }

/** One engine, many doors: what each host (window, browser, command line) builds on. */
export type Engine = {
  /** One function for each call of the contract; input is already checked by the door. Expected trouble is thrown as ProblemError. */
  readonly handlers: Handlers
  /** Hears every change, batched to at most 10 times a second. Returns its undoing. */
  readonly subscribe: (hear: (change: Change) => void) => () => void
  /** The file behind an address (`thumb/…`, `photo/…`, `run/…`, `scene/…`; the path after the host's prefix, percent-decoded). Never one outside. */
  readonly artefact: (path: string) => Promise<ArtefactFile | Problem>
  /** A fresh folder inside the home into which a host can put dropped files; `captures.open` takes it from there. */
  readonly importFolder: () => Promise<string>
  /** Checks a folder without remembering it. */
  readonly check: (folder: string, signal: AbortSignal) => AsyncIterable<CheckEvent>
  /** Checks a folder and remembers it as a capture: the same events, and the capture's id from the start. */
  readonly checkCapture: (folder: string, signal: AbortSignal) => Promise<{ readonly captureId: string; readonly events: AsyncIterable<CheckEvent> }>
  /** Starts a run of a checked capture. `outDir`: the run's files are placed there too, when it ends. */
  readonly startRun: (captureId: string, settings: RunSettings, options?: { readonly outDir?: string }) => Promise<RunSummary>
  /** Every event of a run from its first, then as they come (also from another process), until the run ends or `signal` aborts. */
  readonly watchRun: (runId: string, signal: AbortSignal) => AsyncIterable<RunEvent>
  /** The folder of a run on this disk. */
  readonly runFolder: (runId: string) => string
  /** Ends everything this engine started and leaves it resumable: unfinished runs continue when a window next opens. */
  readonly close: () => Promise<void>
}

export type EngineOptions = {
  /** Continue unfinished runs and scans of dead processes; default: true except for the command line. */
  readonly resume?: boolean
}

/** Opens the home and everything in it. Throws ProblemError (newer database, home not writable). */
export async function openEngine(host: Host, options: EngineOptions = {}): Promise<Engine> {
  throw new Error(`not composed yet: ${host.kind} ${String(options.resume)}`)
}

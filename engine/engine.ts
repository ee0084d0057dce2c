import { randomUUID } from 'node:crypto'
import type { AppSettings } from '../core/app-settings.ts'
import type { Change, Handlers } from '../core/contract.ts'
import type { RunSummary } from '../core/run/run-summary.ts'
import type { Problem } from '../core/problem.ts'
import type { RunEvent } from '../core/run/events.ts'
import type { RunSettings } from '../core/run/settings.ts'
import { appInfo } from './app-info.ts'
import { caches, limitBytesOf } from './cache/cache.ts'
import { guardedCheck } from './cache/guarded-check.ts'
import { tidier } from './cache/tidier.ts'
import { captureHandlers, openCapture, summaryOf } from './captures.ts'
import { changeStream } from './changes.ts'
import { accountHandlers } from './cloud/account/handlers.ts'
import { type TransferDesk, transferDesk } from './cloud/desk.ts'
import { transferHandlers } from './cloud/handlers.ts'
import { powerRule } from './cloud/power.ts'
import { accountRunner } from './cloud/run/account-runner.ts'
import type { Ticker } from './cloud/run/cloud-run.ts'
import { signInDesk, type SignInParts } from './cloud/sign-in-desk.ts'
import { doctor } from './doctor.ts'
import { browse } from './folders.ts'
import { hearForeign } from './foreign.ts'
import { captureStore } from './history/captures.ts'
import { openDatabase } from './history/database.ts'
import { runStore } from './history/runs.ts'
import { type TransferStore, transferStore } from './history/transfers.ts'
import { watchOthers } from './history/watch.ts'
import type { Host } from './host.ts'
import type { CheckEvent } from './intake/check-event.ts'
import { check } from './intake/check.ts'
import { type ArtefactFile, library } from './library.ts'
import { runDesk } from './run/desk.ts'
import { freezeCapture, sourcesOf } from './run/freeze.ts'
import { runHandlers } from './run/handlers.ts'
import { localRunner } from './run/local-runner.ts'
import { type StagePrograms, stagePrograms } from './run/programs.ts'
import { type CheckFolder, scanCapture, scanQueue } from './scans.ts'
import { sceneHandlers } from './scenes.ts'
import { fileSecrets } from './secrets.ts'
import { readSettings, saveSettings } from './settings.ts'

export type { ArtefactFile }

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
  /** Checks a folder and remembers it as a capture: the same events, and the capture's id from the start. */
  readonly checkCapture: (
    folder: string,
    signal: AbortSignal,
  ) => Promise<{ readonly captureId: string; readonly events: AsyncIterable<CheckEvent> }>
  /** Starts a run of a checked capture. `outDir`: the run's files are placed there too, when it ends. */
  readonly startRun: (captureId: string, settings: RunSettings, options?: { readonly outDir?: string }) => Promise<RunSummary>
  /** Throws ProblemError where no account of that name is set up for runs. */
  readonly requireAccount: (name: string) => void
  /** Every event of a run from its first, then as they come (also from another process), until the run ends or `signal` aborts. */
  readonly watchRun: (runId: string, signal: AbortSignal) => AsyncIterable<RunEvent>
  /** The folder of a run on this disk. */
  readonly runFolder: (runId: string) => string
  /** Sends a checked capture to a target, or fetches a run from one: every event, as it comes. Aborting is a pause. */
  readonly transfers: Pick<TransferDesk, 'send' | 'fetch'>
  /** Ends everything this engine started and leaves it resumable: unfinished runs continue when a window next opens. */
  readonly close: () => Promise<void>
}

export type EngineOptions = {
  /** Continue unfinished runs and scans of dead processes; default: true except for the command line. */
  readonly resume?: boolean
  /** Instead of the real ones, for tests: the check, and the stages' programs. */
  readonly check?: CheckFolder
  readonly programs?: StagePrograms
  /** The clock by which accounts are asked. */
  readonly ticker?: Ticker
  /** Where a sign-in with the browser listens, and for how long. */
  readonly signIn?: Pick<SignInParts, 'ports' | 'longestMs'>
}

/** Opens the home and everything in it. Throws ProblemError (newer database, home not writable). */
export async function openEngine(host: Host, options: EngineOptions = {}): Promise<Engine> {
  const { db, setAside } = openDatabase(host.home, host.now)
  const origin = randomUUID()
  const changes = changeStream()
  const publish = changes.publish
  const captures = captureStore(db, origin)
  const runs = runStore(db, origin)
  const files = library({ host, captures })
  let settings = await readSettings(host.home)
  const threads = (): number => settings.threads
  const cache = caches({ home: host.home, captures, runs, limitBytes: () => limitBytesOf(settings) })
  const tidying = tidier(cache.tidy, host.log)
  const checkFolder = guardedCheck(options.check ?? check, host.home)

  const local = localRunner({
    home: host.home,
    program: host.program,
    programs: options.programs ?? stagePrograms(host.program),
    sourceOf: (order) => sourcesOf(host, captures, order.manifest),
    threads,
    now: host.now,
    log: host.log,
  })
  const tellCapture = (captureId: string): void =>
    publish({ kind: 'capture', capture: summaryOf({ store: captures, lastRun: desk.lastOf }, captureId) })
  const desk = runDesk({
    host,
    captures,
    runs,
    runner: { run: (order) => (order.settings.where === 'local' ? local : accounts).run(order), reusable: local.reusable },
    requireAccount: (name) => accounts.require(name),
    freeze: (captureId) => freezeCapture(host, captures, captureId),
    publish,
    tellCapture,
    diskBytes: files.diskBytes,
    remeasure: files.remeasure,
    afterRun: tidying.soon,
  })
  const people = signInDesk({
    targetOf: (name) => targets.target(name),
    saveTarget: (target) => targets.saveTarget(target),
    secrets: host.secrets ?? fileSecrets(host.home),
    now: host.now,
    openOutside: host.openOutside ?? (async () => false),
    ...options.signIn,
  })
  const targets: TransferStore = transferStore(db, host.now, people.credentials)
  const transfers = transferDesk({
    host,
    db,
    store: targets,
    freeze: (captureId) => freezeCapture(host, captures, captureId),
    limit: () => settings.bandwidth,
    publish,
    nameOf: (captureId) => captures.get(captureId)?.name ?? null,
  })
  const accounts = accountRunner({
    host,
    store: targets,
    transfers,
    past: runs.events,
    ...(options.ticker ? { ticker: options.ticker } : {}),
  })
  const power = powerRule(() => settings.pauseOnBattery, transfers.holdAll)
  const save = async (wanted: AppSettings): Promise<AppSettings> => {
    settings = await saveSettings(host.home, wanted)
    power.look()
    tidying.soon()
    return settings
  }
  const scanParts = { host, store: captures, check: checkFolder, threads, publish, tell: tellCapture }
  const scans = scanQueue(scanParts)
  const stopWatching = watchOthers(db, origin, (foreign) => hearForeign(foreign, { publish, tellCapture, desk, captures }))

  const handlers: Handlers = {
    ...captureHandlers({ host, store: captures, scans, publish, lastRun: desk.lastOf }),
    ...runHandlers(desk, files.measure),
    ...transferHandlers(transfers, (bandwidth) => save({ ...settings, bandwidth }), power.heard),
    ...people.handlers,
    ...accountHandlers({ store: targets, now: host.now, test: transfers.testTarget }),
    ...sceneHandlers({ host, lend: files.lend }),
    'app.info': async () => appInfo(host),
    'app.settings': async () => settings,
    'app.saveSettings': save,
    'app.doctor': () => doctor(host, cache.use),
    'app.cacheUse': cache.use,
    'app.clearCache': async ({ kinds }) => ({ freedBytes: await cache.clear(kinds) }),
    'folders.browse': ({ path }) => browse(path),
  }
  if (setAside) publish({ kind: 'problem', problem: setAside })
  if (options.resume ?? host.kind !== 'cli') {
    desk.resumeUnfinished()
    transfers.resumeUnfinished()
    for (const row of captures.list()) if (row.scan.kind === 'scanning') scans.enqueue(row.captureId)
  }
  return {
    handlers,
    subscribe: changes.subscribe,
    artefact: files.artefact,
    importFolder: files.importFolder,
    checkCapture: async (folder, signal) => {
      const { row } = await openCapture({ host, store: captures }, folder)
      return { captureId: row.captureId, events: scanCapture(scanParts, row.captureId, signal) }
    },
    startRun: (captureId, wanted, { outDir } = {}) => desk.start(captureId, wanted, outDir),
    requireAccount: accounts.require,
    watchRun: desk.watch,
    runFolder: desk.folder,
    transfers,
    close: async () => {
      stopWatching()
      await Promise.all([scans.close(), desk.close(), transfers.close(), people.close()])
      await tidying.idle()
      changes.flush()
      db.close()
    },
  }
}

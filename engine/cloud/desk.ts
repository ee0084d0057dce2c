import type { Change } from '../../core/contract.ts'
import type { DoctorRow } from '../../core/doctor.ts'
import type { TransferSummary, CloudTarget } from '../../core/transfer/cloud-target.ts'
import { problem, problemOf, ProblemError } from '../../core/problem.ts'
import type { BandwidthLimit } from '../../core/transfer/bandwidth.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { emptyLedger, type Ledger, record } from '../../core/transfer/ledger.ts'
import type { TransferRow } from '../history/transfers.ts'
import { takeLock } from '../lock.ts'
import { cancelled, closing } from './ending.ts'
import { noTarget } from './no-target.ts'
import { PauseSwitch } from './pause.ts'
import type { SystemHold } from './power.ts'
import type { sendCapture as SendCapture, SendParts, Sent } from './send-capture.ts'
import { transferIdOf } from './transfer-id.ts'

export type DeskParts = SendParts & {
  readonly publish: (change: Change) => void
  readonly nameOf: (captureId: string) => string | null
}

type Active = { readonly pause: PauseSwitch; readonly stop: AbortController; readonly ended: Promise<void>; ledger: Ledger }

/** Starts, pauses, goes on with and ends transfers; what a dead process left goes on at the next start. */
export type TransferDesk = ReturnType<typeof transferDesk>

export function transferDesk(parts: DeskParts) {
  const { host, store, publish } = parts
  const active = new Map<string, Active>()
  /** Switches of transfers that a command line follows by itself. */
  const alone = new Set<PauseSwitch>()
  let closed = false
  let systemHold: SystemHold = null

  const summary = (row: TransferRow): TransferSummary => ({
    transferId: row.transferId,
    captureId: row.captureId,
    captureName: parts.nameOf(row.captureId) ?? row.captureId,
    target: row.target,
    startedAt: row.startedAt,
    ledger: active.get(row.transferId)?.ledger ?? restingLedger(row, isHeldElsewhere(row.transferId)),
  })
  const isHeldElsewhere = (transferId: string): boolean => {
    const lock = takeLock(host.home, `transfer-${transferId}`)
    lock?.release()
    return lock === null
  }
  const rowOf = (transferId: string): TransferRow => {
    const row = store.get(transferId)
    if (row) return row
    throw new ProblemError(problem('upload/unknown', `No transfer ${transferId} is in this library.`, 'Start it anew in the Run room.'))
  }
  const tell = (transferId: string): TransferSummary => {
    const transfer = summary(rowOf(transferId))
    publish({ kind: 'transfer', transfer })
    return transfer
  }
  const targetOf = (name: string): CloudTarget => {
    const target = store.target(name)
    if (target) return target
    throw new ProblemError(noTarget(name))
  }

  /** Resolves with the first word of the transfer: begun, or why it cannot be. */
  const launch = (captureId: string, target: CloudTarget): Promise<void> => {
    const transferId = transferIdOf(captureId, target.name)
    const [pause, stop, begun] = [new PauseSwitch(), new AbortController(), Promise.withResolvers<void>()]
    if (systemHold !== null) pause.hold(systemHold)
    const follow = async (): Promise<void> => {
      for await (const { ledger } of send(parts, captureId, target, pause, stop.signal)) {
        one.ledger = ledger
        begun.resolve()
        tell(transferId)
      }
    }
    const ended = follow()
      .catch((error: unknown) => {
        // What could not even begin is the caller's to hear; a surprise later ends in the row and the log.
        begun.reject(error)
        if (!problemOf(error)) surprise(transferId, error)
      })
      .finally(() => {
        active.delete(transferId)
        begun.resolve()
        if (store.get(transferId)) tell(transferId)
      })
    const one: Active = { pause, stop, ended, ledger: emptyLedger }
    active.set(transferId, one)
    return begun.promise
  }
  const surprise = (transferId: string, error: unknown): void => {
    host.log(`transfer ${transferId}: ${error instanceof Error ? error.stack : String(error)}`)
    const row = store.get(transferId)
    if (row === null) return
    const told = problem('engine/crash', 'The transfer stopped on a fault of our own.', 'Go on: what is verified is never sent again.')
    store.note(transferId, 'failed', record(row.ledger, { kind: 'failed', problem: told, atMs: host.now().getTime() }))
  }

  const start = async (captureId: string, name: string): Promise<TransferSummary> => {
    const transferId = transferIdOf(captureId, name)
    const target = targetOf(name)
    const going = active.get(transferId)
    // One that is over but still puts its tools away is not one that goes on.
    if (going && isOver(going.ledger)) await going.ended
    const still = active.get(transferId)
    if (still) change(still, (pause) => pause.goOn())
    else await launch(captureId, target)
    return tell(transferId)
  }
  /** Shown at once; the transfer tells the same when it gets there. */
  const change = (one: Active, deed: (pause: PauseSwitch) => void): void => {
    const before = one.pause.heldBy
    deed(one.pause)
    const by = one.pause.heldBy
    if (before === by || isOver(one.ledger)) return
    one.ledger = record(one.ledger, { atMs: host.now().getTime(), ...(by === null ? { kind: 'going-on' } : { kind: 'held', by }) })
  }
  const end = async (transferId: string, reason: string): Promise<void> => {
    const one = active.get(transferId)
    one?.stop.abort(reason)
    await one?.ended
  }
  return {
    list: () => store.list().map(summary),
    start,
    pause: async (transferId: string): Promise<TransferSummary> => {
      rowOf(transferId)
      const one = active.get(transferId)
      if (one) change(one, (pause) => pause.hold('user'))
      return tell(transferId)
    },
    resume: async (transferId: string): Promise<TransferSummary> => {
      const { captureId, target } = rowOf(transferId)
      return await start(captureId, target)
    },
    /** The machine itself holds every transfer, or no longer; what a person paused stays paused. */
    holdAll: (by: SystemHold): void => {
      const before = systemHold
      if (before === by) return
      systemHold = by
      const turn = (pause: PauseSwitch) => {
        if (by !== null) pause.hold(by)
        if (before !== null) pause.release(before)
      }
      for (const pause of alone) turn(pause)
      for (const [transferId, one] of active) {
        change(one, turn)
        if (store.get(transferId)) tell(transferId)
      }
    },
    cancel: async (transferId: string): Promise<TransferSummary> => {
      const row = rowOf(transferId)
      await end(transferId, cancelled)
      if (row.state !== 'done')
        store.note(transferId, 'cancelled', {
          ...(store.get(transferId)?.ledger ?? row.ledger),
          state: 'stopped',
          heldBy: null,
          heldSinceMs: null,
        })
      return tell(transferId)
    },
    /**
     * The transfer alone, for the command line: every event; an abort is a pause that the next start goes on from. `limit`: instead of the settings'.
     * Sleep and battery hold it as they hold all others.
     */
    async *send(captureId: string, name: string, signal: AbortSignal, limit?: BandwidthLimit): AsyncGenerator<Sent> {
      const pause = new PauseSwitch()
      if (systemHold !== null) pause.hold(systemHold)
      alone.add(pause)
      try {
        yield* send(limit === undefined ? parts : { ...parts, limit: () => limit }, captureId, targetOf(name), pause, signal)
      } finally {
        alone.delete(pause)
      }
    },
    /**
     * Sends what is not there yet, shown as every transfer, and resolves when all of it is verified, with the key under which the manifest of
     * exactly these photos lies and stays. Aborting pauses it.
     */
    sent: async (captureId: string, name: string, signal: AbortSignal): Promise<string | null> => {
      const { transferId } = await start(captureId, name)
      const one = active.get(transferId)
      const leave = () => one?.stop.abort('left')
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) leave()
      await one?.ended
      signal.removeEventListener('abort', leave)
      signal.throwIfAborted()
      const { state, ledger } = rowOf(transferId)
      if (state !== 'done') throw new ProblemError(ledger.problem ?? notSent)
      return one?.ledger.manifest ?? ledger.manifest ?? null
    },
    /** Brings what a run left in an account into a folder of this disk. */
    async *fetch(
      runId: string,
      name: string,
      folder: string,
      signal: AbortSignal,
      placeOf?: (file: string) => string | null,
    ): AsyncGenerator<TransferEvent> {
      const target = targetOf(name)
      const [{ fetchRun }, { signedTarget }] = await Promise.all([import('./fetch-run.ts'), import('./sign-in.ts')])
      const options = { db: parts.db, now: host.now, limit: parts.limit }
      yield* fetchRun(runId, folder, signedTarget(target, store), options, signal, placeOf)
    },
    targets: store.targets,
    saveTarget: (wanted: CloudTarget) => (store.saveTarget(wanted), store.targets()),
    testTarget: async (name: string): Promise<readonly DoctorRow[]> => {
      const target = targetOf(name)
      const { targetDoctor } = await import('./target-doctor.ts')
      return await targetDoctor(target, { store, now: host.now })
    },
    removeTarget: (name: string) => {
      if (!store.removeTarget(name)) throw new ProblemError(noTarget(name))
      return store.targets()
    },
    resumeUnfinished: (): void => {
      for (const { captureId, target: name, state, transferId } of store.list()) {
        const target = store.target(name)
        if (state !== 'going' || target === null || isHeldElsewhere(transferId)) continue
        launch(captureId, target).catch((error: unknown) => {
          const told = problemOf(error)
          if (told) publish({ kind: 'problem', problem: told })
        })
      }
    },
    close: async (): Promise<void> => {
      if (closed) return
      closed = true
      await Promise.all([...active.keys()].map((transferId) => end(transferId, closing)))
    },
  }
}

// Loaded at the first transfer: the AWS SDK takes half a second that no other start should pay.
async function* send(...given: Parameters<typeof SendCapture>): AsyncGenerator<Sent> {
  const { sendCapture } = await import('./send-capture.ts')
  yield* sendCapture(...given)
}

const notSent = problem(
  'upload/ended',
  'The photos were not all sent: the transfer was ended.',
  'Start the run again: what is verified is never sent again.',
)

const isOver = ({ state }: Ledger): boolean => state === 'done' || state === 'failed' || state === 'stopped'

/** What is shown of a transfer that this engine does not work on. */
function restingLedger({ state, ledger }: TransferRow, isElsewhere: boolean): Ledger {
  if (isElsewhere || state === 'done' || state === 'failed') return ledger
  if (state === 'paused') return { ...ledger, state: 'held', heldBy: 'user' }
  return { ...ledger, state: 'stopped', heldBy: null, heldSinceMs: null }
}

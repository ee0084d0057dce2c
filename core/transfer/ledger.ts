import { type Problem, unreachable } from '../problem.ts'
import type { Hold, TransferEvent } from './events.ts'
import { type Sample, keep } from './rate.ts'

/** The sum of a transfer's events: what the Run room and Activity show. */
export type Ledger = {
  readonly state: 'planning' | 'moving' | 'held' | 'done' | 'stopped' | 'failed'
  readonly heldBy: Hold | null
  readonly heldSinceMs: number | null
  readonly files: { readonly total: number; readonly verified: number; readonly there: number; readonly failed: number }
  readonly bytes: {
    readonly total: number
    readonly verified: number
    /** Of these: already there. */
    readonly there: number
    /** Left for the other side in this transfer, repetition included. */
    readonly moved: number
    readonly twice: number
  }
  readonly retries: number
  readonly problem: Problem | null
  /** Where the manifest of what was sent lies, by its content; with the state done. */
  readonly manifest?: string
  readonly samples: readonly Sample[]
}

export const emptyLedger: Ledger = {
  state: 'planning',
  heldBy: null,
  heldSinceMs: null,
  files: { total: 0, verified: 0, there: 0, failed: 0 },
  bytes: { total: 0, verified: 0, there: 0, moved: 0, twice: 0 },
  retries: 0,
  problem: null,
  samples: [],
}

/** The ledger after one more event. */
export function record(ledger: Ledger, event: TransferEvent): Ledger {
  const { files, bytes } = ledger
  switch (event.kind) {
    case 'planned':
      return planned(ledger, event.files, event.bytes)
    case 'moved': {
      const moved = bytes.moved + event.bytes
      return { ...ledger, bytes: { ...bytes, moved }, samples: keep(ledger.samples, { atMs: event.atMs, bytes: moved }) }
    }
    case 'again':
      return { ...ledger, bytes: { ...bytes, twice: bytes.twice + event.bytes } }
    case 'verified':
      return verified(ledger, event.bytes, event.there)
    case 'file-failed':
      return { ...ledger, problem: event.problem, files: { ...files, failed: files.failed + 1 } }
    case 'retry':
      return { ...ledger, retries: ledger.retries + 1 }
    case 'held':
      return { ...ledger, state: 'held', heldBy: event.by, heldSinceMs: event.atMs, samples: [] }
    case 'going-on':
      return { ...ledger, state: 'moving', heldBy: null, heldSinceMs: null }
    case 'restarted':
    case 'adopted':
    case 'reaped':
    case 'pace':
      return ledger
    case 'done': {
      const { manifest } = event
      return { ...ledger, state: 'done', heldBy: null, heldSinceMs: null, ...(manifest === undefined ? {} : { manifest }) }
    }
    case 'stopped':
      return { ...ledger, state: 'stopped', heldBy: null, heldSinceMs: null }
    case 'failed':
      return { ...ledger, state: 'failed', problem: event.problem, heldBy: null, heldSinceMs: null }
    default:
      return unreachable(event)
  }
}

/** Bytes that are not proven yet. */
export function remainingBytes(ledger: Ledger): number {
  return Math.max(0, ledger.bytes.total - ledger.bytes.verified)
}

/** What was held before its plan stood is still held. */
function planned(ledger: Ledger, files: number, bytes: number): Ledger {
  const state = ledger.state === 'held' ? 'held' : 'moving'
  return { ...ledger, state, files: { ...ledger.files, total: files }, bytes: { ...ledger.bytes, total: bytes } }
}

function verified(ledger: Ledger, size: number, there: boolean): Ledger {
  const { files, bytes } = ledger
  return {
    ...ledger,
    files: { ...files, verified: files.verified + 1, there: files.there + (there ? 1 : 0) },
    bytes: { ...bytes, verified: bytes.verified + size, there: bytes.there + (there ? size : 0) },
  }
}

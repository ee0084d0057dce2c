import type { Change } from '../core/contract.ts'
import { unreachable } from '../core/problem.ts'

// The contract allows 10 batches a second.
const flushMs = 100

/** One stream of changes to all that listen. */
export type Changes = {
  readonly publish: (change: Change) => void
  readonly subscribe: (hear: (change: Change) => void) => () => void
  /** Sends at once what is still held back. */
  readonly flush: () => void
}

/** Gathers changes for a tenth of a second: pieces of one list are joined, and of several states of one thing only the newest is told. */
export function changeStream(): Changes {
  const hearers = new Set<(change: Change) => void>()
  let held = new Map<string, Change>()
  let timer: NodeJS.Timeout | null = null

  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    const batch = [...held.values()]
    held = new Map()
    for (const change of batch) for (const hear of hearers) hear(change)
  }
  return {
    publish: (change) => {
      const key = keyOf(change)
      const old = held.get(key)
      // A newer state goes to the end, behind the pieces that led to it.
      held.delete(key)
      held.set(key, old ? joined(old, change) : change)
      timer ??= setTimeout(flush, flushMs)
    },
    subscribe: (hear) => {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
    flush,
  }
}

function keyOf(change: Change): string {
  switch (change.kind) {
    case 'capture':
      return `capture ${change.capture.captureId}`
    case 'run':
      return `run ${change.run.runId}`
    case 'run-events':
      return `run-events ${change.runId}`
    case 'transfer':
      return `transfer ${change.transfer.transferId}`
    case 'problem':
      return `problem ${change.problem.code} ${change.problem.what}`
    case 'capture-removed':
    case 'photos':
    case 'pairs':
    case 'verdict':
    case 'plan':
      return `${change.kind} ${change.captureId}`
    default:
      return unreachable(change)
  }
}

function joined(old: Change, fresh: Change): Change {
  if (old.kind === 'photos' && fresh.kind === 'photos')
    return { ...fresh, photos: [...old.photos, ...fresh.photos], skipped: [...old.skipped, ...fresh.skipped] }
  if (old.kind === 'pairs' && fresh.kind === 'pairs') return { ...fresh, pairs: [...old.pairs, ...fresh.pairs] }
  if (old.kind === 'run-events' && fresh.kind === 'run-events') return { ...fresh, events: [...old.events, ...fresh.events] }
  return fresh
}

import { useSyncExternalStore } from 'react'
import { firstState, type MirrorState } from './mirror-state.ts'

/** The one store: read, change by a pure function, hear. */
export type Mirror = {
  readonly get: () => MirrorState
  readonly set: (change: (state: MirrorState) => MirrorState) => void
  readonly subscribe: (hear: () => void) => () => void
}

/** A mirror that starts with `state`. */
export function createMirror(state: MirrorState = firstState): Mirror {
  const hearers = new Set<() => void>()
  let now = state
  return {
    get: () => now,
    set: (change) => {
      const next = change(now)
      if (next === now) return
      now = next
      for (const hear of hearers) hear()
    },
    subscribe: (hear) => {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
  }
}

/** Draws from the mirror. `pick` must give the same object for the same state, so it picks and never builds. */
export function useMirrorOf<T>(mirror: Mirror, pick: (state: MirrorState) => T): T {
  return useSyncExternalStore(mirror.subscribe, () => pick(mirror.get()))
}

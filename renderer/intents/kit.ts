import type { AnswerOf, CallName, InputOf } from '../../core/contract.ts'
import type { Problem } from '../../core/problem.ts'
import type { HostBridge } from '../bridge.ts'
import type { Mirror } from '../mirror.ts'
import { type CaptureView, firstView, withEntry } from '../mirror-state.ts'
import { hashOf, type Place } from '../place.ts'

/** What every intent works with. */
export type Kit = {
  readonly bridge: HostBridge
  readonly mirror: Mirror
  /** Asks the engine; a Problem is shown where problems stand and answers undefined. */
  readonly ask: <N extends CallName>(name: N, input: InputOf<N>) => Promise<AnswerOf<N> | undefined>
  readonly go: (place: Place) => void
  readonly fail: (problem: Problem) => void
  /** Says what was done, with the way back. */
  readonly say: (text: string, run?: () => void, word?: 'Undo' | 'Redo') => void
  /** Marks an intent as under way while `work` lasts. */
  readonly during: <T>(name: string, work: () => Promise<T>) => Promise<T>
  readonly look: (captureId: string, change: (view: CaptureView) => CaptureView) => void
}

let toasts = 0

/** The kit over a bridge and a mirror. */
export function createKit(bridge: HostBridge, mirror: Mirror): Kit {
  // A lost link has its own notice; each question that fails for it is no news.
  const fail = (problem: Problem) =>
    mirror.set((state) => (problem.code === 'engine/unreachable' && state.link.kind !== 'up' ? state : { ...state, problem }))
  return {
    bridge,
    mirror,
    fail,
    ask: async (name, input) => {
      const reply = await bridge.call(name, input)
      if (reply.ok) return reply.value
      fail(reply.problem)
      return undefined
    },
    go: (place) => {
      window.location.hash = hashOf(place)
    },
    say: (text, run, word = 'Undo') => {
      toasts += 1
      mirror.set((state) => ({ ...state, toast: { id: toasts, text, act: run ? { word, run } : null } }))
    },
    during: async (name, work) => {
      mirror.set((state) => ({ ...state, busy: new Set(state.busy).add(name) }))
      try {
        return await work()
      } finally {
        mirror.set((state) => ({ ...state, busy: new Set([...state.busy].filter((one) => one !== name)) }))
      }
    },
    look: (captureId, change) => {
      mirror.set((state) => ({ ...state, views: withEntry(state.views, captureId, change(state.views.get(captureId) ?? firstView)) }))
    },
  }
}

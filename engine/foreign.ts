import type { Change } from '../core/contract.ts'
import { unreachable } from '../core/problem.ts'
import { type CaptureStore, leftOutOf } from './history/captures.ts'
import type { Foreign } from './history/watch.ts'
import type { RunDesk } from './run/desk.ts'

export type ForeignParts = {
  readonly publish: (change: Change) => void
  readonly tellCapture: (captureId: string) => void
  readonly desk: RunDesk
  readonly captures: CaptureStore
}

/** Turns what another process wrote into the changes that this engine would have told. */
export function hearForeign(foreign: Foreign, { publish, tellCapture, desk, captures }: ForeignParts): void {
  switch (foreign.kind) {
    case 'run-events':
      return desk.heard(foreign.runId, foreign.events)
    case 'photos':
      return publish({ kind: 'photos', captureId: foreign.captureId, photos: foreign.photos, skipped: [] })
    case 'capture': {
      const { captureId } = foreign
      if (foreign.deleted) return publish({ kind: 'capture-removed', captureId })
      const { findings, forecast, ...rest } = captures.facts(captureId)
      const verdict = captures.get(captureId)?.verdict
      if (verdict) publish({ kind: 'verdict', captureId, verdict, findings, forecast, leftOut: leftOutOf(rest) })
      publish({ kind: 'plan', captureId, keptPlan: rest.keptPlan })
      return tellCapture(captureId)
    }
    default:
      return unreachable(foreign)
  }
}

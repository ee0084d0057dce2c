import { unreachable } from '../../core/problem.ts'
import { applyChange, withCapture, withWholeCapture } from '../apply-change.ts'
import { withEntry } from '../mirror-state.ts'
import { captureOf } from '../place.ts'
import { type Deed, type History, noHistory, recorded, redone, type Step, undone } from '../undo-history.ts'
import type { Kit } from './kit.ts'

/** Does a deed at the engine; false where it refused. */
async function act(kit: Kit, captureId: string, deed: Deed): Promise<boolean> {
  const { ask, mirror } = kit
  switch (deed.kind) {
    case 'use': {
      const capture = await ask('captures.setUse', { captureId, files: [...deed.files], use: deed.use })
      if (capture) mirror.set((state) => withWholeCapture(state, capture))
      return capture !== undefined
    }
    case 'rename': {
      const renamed = await ask('captures.rename', { captureId, name: deed.name })
      if (renamed) mirror.set((state) => withCapture(state, renamed))
      return renamed !== undefined
    }
    case 'plan':
      return actOnPlan(kit, captureId, deed.keptAt)
    default:
      return unreachable(deed)
  }
}

async function actOnPlan({ ask, mirror }: Kit, captureId: string, keptAt: string | null): Promise<boolean> {
  const keptPlan = await (keptAt === null ? ask('captures.dropPlan', { captureId }) : ask('captures.restorePlan', { captureId, keptAt }))
  if (keptPlan === undefined) return false
  mirror.set((state) => applyChange(state, { kind: 'plan', captureId, keptPlan }))
  return true
}

/** Does a step, remembers it, and offers to take it back. */
export async function takeStep(kit: Kit, captureId: string, step: Step, said: string): Promise<void> {
  if (!(await act(kit, captureId, step.did))) return
  keep(kit, captureId, recorded(historyOf(kit, captureId), step))
  kit.say(said, () => void turn(kit, captureId, 'undo'))
}

/** Undo and redo for the capture that is open. */
export function undoIntents(kit: Kit) {
  const open = () => captureOf(kit.mirror.get().place)
  return {
    undo: () => {
      const { toast } = kit.mirror.get()
      const captureId = open()
      if (captureId !== null && kit.mirror.get().histories.has(captureId)) return void turn(kit, captureId, 'undo')
      // What concerns no open capture, a deleted one above all, is taken back by its toast.
      if (toast?.act?.word !== 'Undo') return
      kit.mirror.set((state) => ({ ...state, toast: null }))
      toast.act.run()
    },
    redo: () => {
      const captureId = open()
      if (captureId !== null) void turn(kit, captureId, 'redo')
    },
  }
}

async function turn(kit: Kit, captureId: string, way: 'undo' | 'redo'): Promise<void> {
  const next = (way === 'undo' ? undone : redone)(historyOf(kit, captureId))
  if (!next) return
  const { step, history } = next
  if (!(await act(kit, captureId, way === 'undo' ? step.back : step.did))) return
  keep(kit, captureId, history)
  if (way === 'undo') kit.say(`Undone: ${step.words}.`, () => void turn(kit, captureId, 'redo'), 'Redo')
  else kit.say(`Done again: ${step.words}.`, () => void turn(kit, captureId, 'undo'))
}

function historyOf(kit: Kit, captureId: string): History {
  return kit.mirror.get().histories.get(captureId) ?? noHistory
}

function keep(kit: Kit, captureId: string, history: History): void {
  kit.mirror.set((state) => ({ ...state, histories: withEntry(state.histories, captureId, history) }))
}

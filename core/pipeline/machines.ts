import type { StageMachine } from '../run/cost.ts'
import type { StageName } from '../run/events.ts'
import type { RunSettings } from '../run/settings.ts'
import { machines } from './prepare.ts'

/** With a cap each stage may be tried twice, and the cap pays for both. */
export const attemptsUnderCap = 2

/** The stages that a step runs. */
export function stagesOf(step: RunSettings['step']): readonly StageName[] {
  if (step === 'full') return ['sfm', '3dgs', 'compression']
  return step === '3dgs' ? ['3dgs', 'compression'] : ['compression']
}

/** The rented machines of a run. Training on the CPU has no use for a GPU's price. */
export function machinesOf({ train: { engine } }: Pick<RunSettings, 'train'>): Readonly<Record<StageName, StageMachine>> {
  const { sfm, train, compression } = machines
  return { sfm, '3dgs': engine === 'cuda' ? train : { ...train, instance: compression.instance }, compression }
}

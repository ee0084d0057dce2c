import type { PowerState } from '../../core/transfer/power.ts'

/** Why the machine itself holds every transfer. */
export type SystemHold = 'sleep' | 'battery' | null

/** Holds transfers by what the host hears of the machine's power. `isRuled`: the person wants them held on battery. */
export function powerRule(isRuled: () => boolean, apply: (by: SystemHold) => void) {
  let power: PowerState = { asleep: false, onBattery: false }
  const look = (): void => apply(power.asleep ? 'sleep' : power.onBattery && isRuled() ? 'battery' : null)
  return {
    heard: (next: PowerState): void => {
      power = next
      look()
    },
    /** The rule may have changed. */
    look,
  }
}

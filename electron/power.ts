import { powerMonitor } from 'electron'
import type { Engine } from '../engine/engine.ts'

/** Tells the engine of sleep and battery, so that transfers wait and go on; returns its undoing. */
export function openPower({ handlers }: Pick<Engine, 'handlers'>, log: (line: string) => void): () => void {
  let asleep = false
  const tell = (): void => {
    handlers['transfers.power']({ asleep, onBattery: powerMonitor.isOnBatteryPower() }).catch((error: unknown) => log(String(error)))
  }
  const suspend = (): void => ((asleep = true), tell())
  const wake = (): void => ((asleep = false), tell())
  powerMonitor.on('suspend', suspend).on('resume', wake).on('on-battery', tell).on('on-ac', tell)
  tell()
  return () => void powerMonitor.off('suspend', suspend).off('resume', wake).off('on-battery', tell).off('on-ac', tell)
}

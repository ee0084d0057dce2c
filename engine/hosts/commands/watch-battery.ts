import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../../engine.ts'

// Linux's own place; other systems tell it only to a window, and there the rule holds in the window.
const supplies = '/sys/class/power_supply'
// No event comes without a desktop: asked as often as a person would notice.
const askMs = 5000

/** Whether the machine runs on its battery: no mains is on, and some battery discharges. False where nothing tells. */
export function isOnBattery(folder = supplies): boolean {
  const told = namesIn(folder).map((name) => ({
    kind: word(folder, name, 'type'),
    online: word(folder, name, 'online'),
    status: word(folder, name, 'status'),
    scope: word(folder, name, 'scope'),
  }))
  const hasMains = told.some(({ kind, online }) => kind !== 'Battery' && online === '1')
  // A mouse has a battery of its own, of scope Device.
  return !hasMains && told.some(({ kind, status, scope }) => kind === 'Battery' && scope !== 'Device' && status === 'Discharging')
}

/** Tells the engine of the battery, so that a transfer of the command line follows the same rule as those of the window; returns its undoing. */
export async function watchBattery({ handlers }: Pick<Engine, 'handlers'>, ask: () => boolean = isOnBattery): Promise<() => void> {
  let onBattery = ask()
  const tell = () => handlers['transfers.power']({ asleep: false, onBattery })
  await tell()
  const timer = setInterval(() => {
    const now = ask()
    if (now === onBattery) return
    onBattery = now
    void tell()
  }, askMs)
  return () => clearInterval(timer)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Another system, or a container that shows nothing of its machine.
    return []
  }
}

function word(folder: string, supply: string, name: string): string | null {
  try {
    return readFileSync(join(folder, supply, name), 'utf8').trim()
  } catch {
    // Not every supply tells everything.
    return null
  }
}

import { expect, it, vi } from 'vitest'
import type { PowerState } from '../core/transfer/power.ts'
import type { Engine } from '../engine/engine.ts'
import { powerMonitor } from './testing/electron-stand-in.ts'

vi.mock('electron', async () => await import('./testing/electron-stand-in.ts'))

it('sleep, waking up, battery and mains reach the engine, and nothing after the end', async () => {
  const { openPower } = await import('./power.ts')
  const told: PowerState[] = []
  const handlers = { 'transfers.power': async (power: PowerState) => (told.push(power), null) } as unknown as Engine['handlers']
  const undo = openPower({ handlers }, () => expect.unreachable())
  powerMonitor.emit('suspend')
  powerMonitor.emit('resume')
  powerMonitor.onBattery = true
  powerMonitor.emit('on-battery')
  powerMonitor.emit('suspend')
  powerMonitor.onBattery = false
  powerMonitor.emit('resume')
  powerMonitor.emit('on-ac')
  undo()
  powerMonitor.emit('suspend')
  const state = (asleep: boolean, onBattery: boolean) => ({ asleep, onBattery })
  expect(told).toEqual([
    state(false, false),
    state(true, false),
    state(false, false),
    state(false, true),
    state(true, true),
    state(false, false),
    state(false, false),
  ])
})

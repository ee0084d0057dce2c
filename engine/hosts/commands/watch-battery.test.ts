import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PowerState } from '../../../core/transfer/power.ts'
import type { Engine } from '../../engine.ts'
import { isOnBattery, watchBattery } from './watch-battery.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'spaceport-power-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const supply = (name: string, facts: Readonly<Record<string, string>>) => {
  mkdirSync(join(folder, name), { recursive: true })
  for (const [fact, value] of Object.entries(facts)) writeFileSync(join(folder, name, fact), `${value}\n`)
}

test('a machine is on its battery when no mains is on and it discharges', () => {
  expect(isOnBattery(join(folder, 'nothing here'))).toBe(false)
  supply('BAT0', { type: 'Battery', status: 'Discharging' })
  supply('AC', { type: 'Mains', online: '0' })
  expect(isOnBattery(folder)).toBe(true)
  supply('AC', { online: '1' })
  expect(isOnBattery(folder)).toBe(false)
  supply('AC', { online: '0' })
  supply('BAT0', { status: 'Full' })
  expect(isOnBattery(folder)).toBe(false)
})

test('the battery of a mouse is none of the machine', () => {
  supply('hidpp_battery_0', { type: 'Battery', status: 'Discharging', scope: 'Device' })
  expect(isOnBattery(folder)).toBe(false)
})

test('the engine hears of it before the transfer begins', async () => {
  const heard: PowerState[] = []
  const handlers = { 'transfers.power': async (power: PowerState) => (heard.push(power), null) } as unknown as Engine['handlers']
  const forget = await watchBattery({ handlers }, () => true)
  forget()
  expect(heard).toEqual([{ asleep: false, onBattery: true }])
})

import { expect, test } from 'vitest'
import type { Hold } from '../../core/transfer/events.ts'
import { PauseSwitch } from './pause.ts'
import { powerRule, type SystemHold } from './power.ts'

function heard() {
  const pause = new PauseSwitch()
  const told: (Hold | null)[] = []
  pause.listen((by) => told.push(by))
  return { pause, told }
}

test("waking up does not end a person's pause, and going on ends every hold", async () => {
  const { pause, told } = heard()
  pause.hold('sleep')
  pause.hold('user')
  pause.release('sleep')
  expect(pause.heldBy).toBe('user')
  pause.hold('battery')
  expect(pause.heldBy).toBe('user')
  let passed = false
  const waiting = pause.passed(new AbortController().signal).then(() => (passed = true))
  await Promise.resolve()
  expect(passed).toBe(false)
  pause.goOn()
  await waiting
  expect(told).toEqual(['sleep', 'user', null])
})

test('whoever waits is let go by the end of the transfer too', async () => {
  const { pause } = heard()
  pause.hold('battery')
  const stop = new AbortController()
  const waiting = pause.passed(stop.signal)
  stop.abort('closing')
  await expect(waiting).rejects.toBe('closing')
})

test('a sleeping machine holds always, one on battery only where the person wants it so, and the wish holds at once', () => {
  const applied: SystemHold[] = []
  let isRuled = false
  const power = powerRule(
    () => isRuled,
    (by) => applied.push(by),
  )
  power.heard({ asleep: false, onBattery: true })
  isRuled = true
  power.look()
  power.heard({ asleep: true, onBattery: true })
  power.heard({ asleep: false, onBattery: true })
  power.heard({ asleep: false, onBattery: false })
  expect(applied).toEqual([null, 'battery', 'sleep', 'battery', null])
})

import { expect, test } from 'vitest'
import { watchSleep } from './sleep-watch.ts'

test('a clock that jumps over the beats means that the machine slept; a late beat does not', () => {
  let [nowMs, woken, isOver] = [1_000_000, 0, false]
  let tick = () => {}
  const undo = watchSleep(() => woken++, { nowMs: () => nowMs, every: (_, hear) => ((tick = hear), () => void (isOver = true)) })
  const after = (ms: number) => ((nowMs += ms), tick())
  after(5_000)
  after(30_000)
  expect(woken).toBe(0)
  after(3_600_000)
  expect(woken).toBe(1)
  after(5_000)
  // A clock that was set back is no sleep.
  after(-7_200_000)
  expect(woken).toBe(1)
  undo()
  expect(isOver).toBe(true)
})

import { expect, test } from 'vitest'
import { autoEv, gainOf } from './exposure.ts'

const flat = (...values: readonly number[]) => values.map((value) => ({ value, weight: 1 }))

test('a bright scene opens as it is', () => {
  expect(autoEv(flat(0.3, 0.4, 0.5, 0.9, 0.5))).toBe(0)
  expect(autoEv([])).toBe(0)
})

test('a dark scene is lifted to middle grey', () => {
  const ev = autoEv(flat(...Array.from({ length: 100 }, (_, at) => 0.1 + at * 0.002)))
  expect(ev).toBeGreaterThan(1)
  expect(0.2 * gainOf(ev)).toBeCloseTo(0.45, 1)
})

test('highlights bound the lift', () => {
  const ev = autoEv([...flat(...Array.from({ length: 90 }, () => 0.1)), ...flat(...Array.from({ length: 10 }, () => 0.8))])
  expect(0.8 * gainOf(ev)).toBeLessThan(1.06)
})

test('one EV doubles the light', () => {
  expect(gainOf(1) ** 2.2).toBeCloseTo(2, 6)
})

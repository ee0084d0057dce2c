import { expect, test } from 'vitest'
import { day, exposureTime, plural, shortName, ticking } from './format.ts'

test('a clock that ticks shows whole seconds that have passed', () => {
  expect([-5, 900, 59_900, 61_900].map(ticking)).toEqual(['0 s', '0 s', '59 s', '1 min 01 s'])
})

test('a day is named as seen from now', () => {
  const now = new Date(2026, 10, 24, 18)
  expect(day(new Date(2026, 10, 24, 14, 2).toISOString(), now)).toBe('today 14:02')
  expect(day(new Date(2026, 10, 23, 23, 59).toISOString(), now)).toBe('yesterday')
  expect(day(new Date(2025, 9, 3).toISOString(), now)).toBe('3 Oct 2025')
})

test('small words follow the number', () => {
  expect([plural(1, 'photo'), plural(18, 'photo'), exposureTime(1 / 435), shortName('flight 2/DJI_0032.JPG')]).toEqual([
    '1 photo',
    '18 photos',
    '1/435 s',
    'DJI_0032',
  ])
})

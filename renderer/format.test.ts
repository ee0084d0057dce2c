import { expect, test } from 'vitest'
import { bytes, count, day, duration, exposureTime, plural, shortName } from './format.ts'

test('bytes have three digits and decimal units', () => {
  expect([512, 11_400_000, 999_600, 2_910_000_000, 412_000_000].map(bytes)).toEqual(['512 B', '11.4 MB', '1.00 MB', '2.91 GB', '412 MB'])
})

test('a duration has at most two units', () => {
  expect([8210, 42_000, 3_138_000, 3_900_000].map(duration)).toEqual(['8.2 s', '42 s', '52 min 18 s', '1 h 05 min'])
})

test('counts carry separators and a real minus', () => {
  expect([count(1_498_220), count(-3)]).toEqual(['1,498,220', '−3'])
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

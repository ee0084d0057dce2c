import { expect, test } from 'vitest'
import { bytes, count, duration, plural } from './figures.ts'

test('bytes have three digits and decimal units', () => {
  expect([512, 84_200, 11_400_000, 999_600, 2_910_000_000, 412_000_000, 123_456_789_000].map(bytes)).toEqual([
    '512 B',
    '84.2 kB',
    '11.4 MB',
    '1.00 MB',
    '2.91 GB',
    '412 MB',
    '123 GB',
  ])
})

test('a duration has at most two units and is rounded to the smaller', () => {
  const spans = [850, 999.6, 8210, 9949, 9950, 42_000, 59_600, 130_000, 3_138_000, 3_599_600, 3_840_000, 7_199_999]
  expect(spans.map(duration)).toEqual([
    '850 ms',
    '1.0 s',
    '8.2 s',
    '9.9 s',
    '10 s',
    '42 s',
    '1 min 00 s',
    '2 min 10 s',
    '52 min 18 s',
    '1 h 00 min',
    '1 h 04 min',
    '2 h 00 min',
  ])
})

test('counts carry separators and a real minus', () => {
  expect([count(1_498_220), count(-3), plural(1, 'photo'), plural(1204, 'photo')]).toEqual(['1,498,220', '−3', '1 photo', '1,204 photos'])
})

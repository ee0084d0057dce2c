import { expect, test } from 'vitest'
import { readByteRate } from './byte-rate.ts'
import { UsageError } from './commands/usage-error.ts'

test('a rate is read as people write it', () => {
  const read = (text: string) => readByteRate('limit', text).bytesPerS
  expect([read('2MB/s'), read('500 kB/s'), read('1.5MiB/s'), read('20000'), read('3m'), read('1GB')]).toEqual([
    2_000_000, 500_000, 1_572_864, 20_000, 3_000_000, 1_000_000_000,
  ])
  expect(readByteRate('limit', '2MB/s').hours).toBeNull()
})

test('what is no rate, or one that would never end, is refused', () => {
  for (const text of ['', 'fast', '-1MB/s', '0', '9kB/s', '2MB/min', '1e9TB/s', 'constructor'])
    expect(() => readByteRate('limit', text), text).toThrow(UsageError)
})

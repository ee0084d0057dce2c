import { expect, it } from 'vitest'
import { readRange } from './ranged-file.ts'

it('a range is read as RFC 9110 says', () => {
  expect(readRange(null, 1000)).toBe('whole')
  expect(readRange('bytes=0-499', 1000)).toEqual({ from: 0, to: 499 })
  expect(readRange('bytes=500-', 1000)).toEqual({ from: 500, to: 999 })
  expect(readRange('bytes=-200', 1000)).toEqual({ from: 800, to: 999 })
  expect(readRange('bytes=-5000', 1000)).toEqual({ from: 0, to: 999 })
  expect(readRange('bytes=990-5000', 1000)).toEqual({ from: 990, to: 999 })
})

it('what cannot be satisfied lies outside, what cannot be read is ignored', () => {
  for (const header of ['bytes=1000-', 'bytes=1000-2000', 'bytes=-0']) expect(readRange(header, 1000), header).toBe('outside')
  expect(readRange('bytes=0-', 0)).toBe('outside')
  for (const header of ['bytes=-', 'bytes=5-4', 'bytes=0-1,5-6', 'items=0-1', 'bytes=a-b', ''])
    expect(readRange(header, 1000), header).toBe('whole')
})

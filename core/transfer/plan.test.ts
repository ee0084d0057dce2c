import { expect, test } from 'vitest'
import { largestPartBytes, multipartFromBytes, partRange, planObject, s3Limits, usualPartBytes } from './plan.ts'

const mib = 1024 * 1024
const gib = 1024 * mib

test('a photo below 16 MiB goes in one request, one of 16 MiB in parts', () => {
  expect(planObject(0, null)).toEqual({ kind: 'put' })
  expect(planObject(multipartFromBytes - 1, null)).toEqual({ kind: 'put' })
  expect(planObject(multipartFromBytes, null)).toEqual({ kind: 'multipart', partBytes: usualPartBytes, parts: 2 })
})

test('100 GiB fit into 10,000 parts', () => {
  const plan = planObject(100 * gib, null)
  expect(plan).toEqual({ kind: 'multipart', partBytes: 11 * mib, parts: 9310 })
})

test('no size has more than 10,000 parts or parts that S3 refuses, and too large ones are a problem', () => {
  for (let size = multipartFromBytes; size < 2000 * gib; size = Math.ceil(size * 1.37)) {
    for (const line of [null, 1, 50_000, 3_000_000, 1e9]) {
      const plan = planObject(size, line)
      if (!('kind' in plan)) {
        expect(size).toBeGreaterThan(largestPartBytes * s3Limits.maxParts * 0.99)
        expect(plan.code).toBe('upload/too-large')
      } else if (plan.kind === 'multipart') {
        expect(plan.parts).toBeLessThanOrEqual(s3Limits.maxParts)
        expect(plan.partBytes).toBeGreaterThanOrEqual(s3Limits.minPartBytes)
        expect(plan.partBytes).toBeLessThanOrEqual(largestPartBytes)
        expect(plan.partBytes * plan.parts).toBeGreaterThanOrEqual(size)
        expect(plan.partBytes * (plan.parts - 1)).toBeLessThan(size)
      }
    }
  }
})

test('on a measured line a part takes about 12 seconds, within bounds', () => {
  const partBytes = (line: number) => (planObject(gib, line) as { partBytes: number }).partBytes
  expect(partBytes(100_000)).toBe(5 * mib)
  expect(partBytes(1_000_000)).toBe(12 * mib)
  expect(partBytes(100_000_000)).toBe(16 * mib)
})

test('the parts of a file cover it without gap or overlap', () => {
  const size = 61 * mib + 17
  const ranges = Array.from({ length: 8 }, (_, at) => partRange(size, 8 * mib, at + 1))
  expect(ranges.map((one) => one.offset)).toEqual(ranges.map((_, at) => at * 8 * mib))
  expect(ranges.reduce((sum, one) => sum + one.sizeBytes, 0)).toBe(size)
})

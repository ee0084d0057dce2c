import { expect, test } from 'vitest'
import { backoffMs, mostAttempts, offlineWaitMs } from './backoff.ts'
import { type Bucket, limitAt, take } from './token-bucket.ts'
import { fewest, firstPace, most, nextPace, type Pace, type PaceWindow } from './pacing.ts'

const mb = 1e6

/** Runs the pace against a line whose goodput depends on how many bodies are on it. */
function run(seconds: number, goodput: (onLine: number) => number, over: Partial<PaceWindow> = {}, from: Pace = firstPace): Pace {
  let pace = from
  for (let second = 1; second <= seconds; second++) {
    pace = nextPace(pace, {
      endMs: second * 1000,
      tookMs: 1000,
      provenBytes: goodput(pace.onLine),
      rttMs: null,
      trouble: false,
      hungry: true,
      ...over,
    })
  }
  return pace
}

test('on a line that one body fills, the pace stays at one body and four requests', () => {
  const pace = run(120, () => 20 * mb)
  expect(pace.onLine).toBeLessThanOrEqual(2)
  expect(pace.atOnce).toBeLessThanOrEqual(6)
  expect(pace.atOnce).toBeGreaterThanOrEqual(fewest)
})

test('where each connection is slow, more are opened until the line is full', () => {
  const pace = run(120, (onLine) => Math.min(onLine, 5) * 4 * mb)
  expect(pace.onLine).toBeGreaterThanOrEqual(5)
  expect(pace.onLine).toBeLessThanOrEqual(6)
})

test('never more than sixteen requests, however fast the line', () => {
  const pace = run(600, (onLine) => onLine * 4 * mb)
  expect(pace.atOnce).toBe(most)
})

test('trouble and a doubled answer time take three tenths off, never below four', () => {
  const fast = run(60, (onLine) => onLine * 4 * mb)
  const window = { endMs: 61_000, tookMs: 1000, provenBytes: 1, rttMs: null, trouble: true, hungry: true }
  const slower = nextPace(fast, window)
  expect(slower.atOnce).toBe(Math.floor(fast.atOnce * 0.7))
  expect(run(20, () => mb, { trouble: true }, fast)).toMatchObject({ atOnce: fewest, onLine: 1 })
  const usual = { ...fast, typicalRttMs: 40 }
  expect(nextPace(usual, { ...window, trouble: false, rttMs: 200 }).atOnce).toBeLessThan(fast.atOnce)
})

test('a pace that nobody needs does not grow', () => {
  expect(run(60, () => mb, { hungry: false })).toMatchObject({ atOnce: fewest, onLine: 1 })
})

test('the bucket lets bytes pass at the limit, on average', () => {
  let bucket: Bucket = { tokens: 0, atMs: 0 }
  let nowMs = 0
  for (let slice = 0; slice < 100; slice++) {
    const taken = take(bucket, 1_000_000, 100_000, nowMs)
    bucket = taken.bucket
    nowMs += taken.waitMs
  }
  expect(nowMs).toBeCloseTo(10_000, 0)
})

test('a limit with hours holds only in them, over midnight too', () => {
  const limit = { bytesPerS: 5, hours: { from: 22, to: 6 } }
  expect([21, 22, 23, 0, 5, 6].map((hour) => limitAt(limit, hour))).toEqual([null, 5, 5, 5, 5, null])
  expect(limitAt({ bytesPerS: 5, hours: null }, 12)).toBe(5)
  expect(limitAt(null, 12)).toBeNull()
})

test('waits grow, stay below a minute, and are never the same for two clients', () => {
  expect(backoffMs(1, 0)).toBe(250)
  expect(backoffMs(1, 1)).toBe(500)
  expect(backoffMs(mostAttempts, 1)).toBe(60_000)
  expect(offlineWaitMs(20, 1)).toBe(15_000)
})

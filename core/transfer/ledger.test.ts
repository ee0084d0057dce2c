import { expect, test } from 'vitest'
import { problem } from '../problem.ts'
import type { TransferNews } from './events.ts'
import { emptyLedger, record, remainingBytes } from './ledger.ts'
import { keep, type Sample, secondsLeft, shownRate } from './rate.ts'

function ledgerOf(...news: readonly (TransferNews & { atMs?: number })[]) {
  return news.reduce((ledger, one, at) => record(ledger, { atMs: at * 1000, ...one }), emptyLedger)
}

test('the ledger sums what is verified, was there, moved and moved twice', () => {
  const ledger = ledgerOf(
    { kind: 'planned', files: 3, bytes: 30 },
    { kind: 'verified', file: 'a', key: 'a', bytes: 10, there: true },
    { kind: 'moved', bytes: 6 },
    { kind: 'again', file: 'b', bytes: 6 },
    { kind: 'moved', bytes: 10 },
    { kind: 'verified', file: 'b', key: 'b', bytes: 10, there: false },
  )
  expect(ledger.files).toEqual({ total: 3, verified: 2, there: 1, failed: 0 })
  expect(ledger.bytes).toEqual({ total: 30, verified: 20, there: 10, moved: 16, twice: 6 })
  expect(remainingBytes(ledger)).toBe(10)
  expect(ledger.state).toBe('moving')
})

test('a hold names who holds and since when, and going on forgets the rate before it', () => {
  const held = ledgerOf({ kind: 'planned', files: 1, bytes: 9 }, { kind: 'moved', bytes: 4 }, { kind: 'held', by: 'offline' })
  expect([held.state, held.heldBy, held.heldSinceMs, held.samples]).toEqual(['held', 'offline', 2000, []])
  expect(record(held, { kind: 'going-on', atMs: 9000 })).toMatchObject({ state: 'moving', heldBy: null, heldSinceMs: null })
})

test('what is held before its plan stands does not seem to move', () => {
  const held = ledgerOf({ kind: 'held', by: 'battery' }, { kind: 'planned', files: 1, bytes: 9 })
  expect(held).toMatchObject({ state: 'held', heldBy: 'battery', files: { total: 1 } })
})

test('a failed transfer keeps its problem', () => {
  const why = problem('upload/denied', 'No.', 'Ask.')
  expect(ledgerOf({ kind: 'planned', files: 1, bytes: 9 }, { kind: 'failed', problem: why })).toMatchObject({
    state: 'failed',
    problem: why,
  })
})

const steady = (seconds: number, bytesPerS: number): Sample[] =>
  Array.from({ length: seconds + 1 }, (_, at) => ({ atMs: at * 1000, bytes: at * bytesPerS }))

test('the shown rate is that of the last ten seconds', () => {
  const samples = [...steady(20, 100), ...Array.from({ length: 10 }, (_, at) => ({ atMs: (21 + at) * 1000, bytes: 2000 + (at + 1) * 500 }))]
  expect(shownRate(samples, 30_000)).toBe(500)
  expect(shownRate(samples.slice(0, 1), 0)).toBeNull()
})

test('time left is remaining over rate, and hidden under 30 s of data', () => {
  expect(secondsLeft(steady(60, 100), 5000, 60_000)).toBe(50)
  expect(secondsLeft(steady(29, 100), 5000, 29_000)).toBeNull()
  expect(secondsLeft(steady(30, 100), 5000, 30_000)).toBe(50)
})

test('time left is hidden while the rate varies by more than half, and at a standstill', () => {
  const jumpy = Array.from({ length: 61 }, (_, at) => ({ atMs: at * 1000, bytes: at < 30 ? at * 10 : 300 + (at - 30) * 200 }))
  expect(secondsLeft(jumpy, 5000, 60_000)).toBeNull()
  const stopped = steady(40, 100)
  expect(secondsLeft(stopped, 5000, 75_000)).toBeNull()
})

test('samples are thinned and old ones forgotten', () => {
  let samples: readonly Sample[] = []
  for (let at = 0; at < 200_000; at += 100) samples = keep(samples, { atMs: at, bytes: at })
  expect(samples.length).toBeLessThan(160)
  expect(shownRate(samples, 199_900)).toBeCloseTo(1000, 0)
})

import { expect, test } from 'vitest'
import { problem } from '../../../core/problem.ts'
import type { TransferNews } from '../../../core/transfer/events.ts'
import { emptyLedger, type Ledger, record } from '../../../core/transfer/ledger.ts'
import { transferFacts, transferProblem, transferSpoken, transferWord } from './transfer-words.ts'

const ledgerOf = (...news: readonly TransferNews[]): Ledger =>
  news.reduce((ledger, one, at) => record(ledger, { ...one, atMs: at * 1000 }), emptyLedger)
const verified = (file: string, there: boolean): TransferNews => ({ kind: 'verified', file, key: file, bytes: 1_000_000, there })
const halfway = [
  { kind: 'planned', files: 4, bytes: 4_000_000 },
  verified('a', true),
  { kind: 'moved', bytes: 1_000_000 },
  { kind: 'moved', bytes: 1_000_000 },
  verified('b', false),
] as const satisfies readonly TransferNews[]

test('a transfer on its way says what is proven, what was there and how fast it is', () => {
  const ledger = ledgerOf(...halfway)
  expect(transferWord(ledger, 'bucket').word).toBe('2 of 4 verified, 2.00 MB of 4.00 MB')
  expect(Object.fromEntries(transferFacts(ledger, 4000).map(({ label, value }) => [label, value]))).toEqual({
    'Verified by checksum': '2 / 4 photos',
    Sent: '2.00 MB of 3.00 MB',
    'Already there': '1 photo, 1.00 MB',
    'Rate, last 10 s': '500 kB/s',
  })
  expect(transferSpoken(ledger, 'bucket')).toBe('Sending photos, 50 % verified')
})

test('a standstill has no rate, and says why', () => {
  const rate = transferFacts(ledgerOf(...halfway), 60_000).find(({ label }) => label.startsWith('Rate'))
  expect(rate).toMatchObject({ value: null, why: 'nothing has moved in the last 10 s' })
})

test('a pause, an absent network and the end are told apart', () => {
  expect(transferWord(ledgerOf(...halfway, { kind: 'held', by: 'user' }), 'bucket')).toEqual({
    glyph: 'paused',
    word: 'Paused at 2 of 4. What is verified is never sent again.',
  })
  expect(transferWord(ledgerOf(...halfway, { kind: 'held', by: 'offline' }), 'bucket').word).toMatch(
    /^Offline since \d\d:\d\d, nothing lost/,
  )
  expect(transferWord(ledgerOf(...halfway, verified('c', false), verified('d', false), { kind: 'done' }), 'bucket').word).toBe(
    '4 of 4 verified in bucket. 1.00 MB were already there.',
  )
})

test('a sign-in that ran out names where the transfer stood', () => {
  const ledger = ledgerOf(...halfway, { kind: 'failed', problem: problem('upload/expired', 'x', 'Sign in again.') })
  expect(transferProblem(ledger)?.what).toBe('The sign-in ran out at 2 of 4 photos.')
})

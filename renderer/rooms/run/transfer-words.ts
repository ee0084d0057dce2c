import { type Problem, problem, unreachable } from '../../../core/problem.ts'
import type { Hold } from '../../../core/transfer/events.ts'
import { type Ledger, remainingBytes } from '../../../core/transfer/ledger.ts'
import { secondsLeft, shownRate } from '../../../core/transfer/rate.ts'
import { bytes, clockTime, count, duration, plural } from '../../format.ts'
import type { Fact } from '../../parts/fact-table.tsx'
import type { GlyphState } from '../../parts/state-glyph.tsx'

/** Where a transfer stands, in words and by its glyph. */
export type TransferWord = { readonly glyph: GlyphState; readonly word: string }

/** The state of a transfer for a person. `target`: the account's name. */
export function transferWord(ledger: Ledger, target: string): TransferWord {
  const { files, bytes: sums } = ledger
  const of = `${count(files.verified)} of ${count(files.total)}`
  switch (ledger.state) {
    case 'planning':
      return { glyph: 'uploading', word: `Asking ${target} what is there` }
    case 'moving':
      return { glyph: 'uploading', word: `${of} verified, ${bytes(sums.verified)} of ${bytes(sums.total)}` }
    case 'held':
      return heldWord(ledger, of)
    case 'done':
      return { glyph: 'done', word: doneWord(ledger, target) }
    case 'stopped':
      return { glyph: 'stopped', word: `Stopped at ${of}. What is verified is never sent again.` }
    case 'failed':
      return { glyph: 'failed', word: `Ended at ${of} verified` }
    default:
      return unreachable(ledger.state)
  }
}

const holds: Readonly<Record<Exclude<Hold, 'offline'>, string>> = {
  user: 'Paused',
  sleep: 'Paused by sleep',
  battery: 'Paused by the battery rule',
}

function heldWord({ heldBy, heldSinceMs }: Ledger, of: string): TransferWord {
  const since = heldSinceMs === null ? null : clockTime(new Date(heldSinceMs).toISOString())
  if (heldBy === 'offline')
    return {
      glyph: 'offline',
      word: `Offline${since === null ? '' : ` since ${since}`}, nothing lost. It goes on when the network is back.`,
    }
  return { glyph: 'paused', word: `${holds[heldBy ?? 'user']} at ${of}. What is verified is never sent again.` }
}

function doneWord({ files, bytes: sums }: Ledger, target: string): string {
  const there = files.there > 0 ? ` ${bytes(sums.there)} were already there.` : ''
  return `${count(files.verified)} of ${count(files.total)} verified in ${target}.${there}`
}

/** What was counted, each from the ledger. A rate is that of the last 10 s; at a standstill there is none. */
export function transferFacts(ledger: Ledger, nowMs: number): readonly Fact[] {
  const { bytes: sums, files } = ledger
  if (ledger.state === 'planning') return []
  const moving = ledger.state === 'moving'
  const toSend = sums.total - sums.there
  const rate = moving ? shownRate(ledger.samples, nowMs) : null
  const left = moving ? secondsLeft(ledger.samples, remainingBytes(ledger), nowMs) : null
  return [
    { label: 'Verified by checksum', value: `${count(files.verified)} / ${plural(files.total, 'photo')}`, source: 'transfer ledger' },
    { label: 'Sent', value: `${bytes(Math.min(sums.moved - sums.twice, toSend))} of ${bytes(toSend)}`, source: 'transfer ledger' },
    { label: 'Already there', value: `${plural(files.there, 'photo')}, ${bytes(sums.there)}`, source: 'transfer ledger' },
    ...(moving
      ? [
          {
            label: 'Rate, last 10 s',
            value: rate === null ? null : `${bytes(rate)}/s`,
            source: 'transfer ledger, last 10 s',
            why: 'nothing has moved in the last 10 s',
          },
        ]
      : []),
    ...(left === null || rate === null
      ? []
      : [
          {
            label: 'Time left',
            value: `${bytes(remainingBytes(ledger))} remain: about ${duration(left * 1000)}`,
            source: 'transfer ledger, last 60 s',
          },
        ]),
    ...(sums.twice > 0 ? [{ label: 'Sent twice', value: bytes(sums.twice), source: 'transfer ledger' }] : []),
  ]
}

/** The Problem as the screen says it: a sign-in that ran out names where the transfer stood. */
export function transferProblem({ problem: told, files }: Ledger): Problem | null {
  if (told?.code !== 'upload/expired') return told
  return problem(told.code, `The sign-in ran out at ${count(files.verified)} of ${plural(files.total, 'photo')}.`, told.remedy)
}

/** What is read aloud: states, and each tenth of the way. */
export function transferSpoken(ledger: Ledger, target: string): string {
  if (ledger.state !== 'moving') return transferWord(ledger, target).word
  const { verified, total } = ledger.bytes
  return `Sending photos, ${total === 0 ? 0 : Math.floor((verified * 10) / total) * 10} % verified`
}

/** A transfer that is under way, or waits for something: it stands in Activity. */
export function isUnderWay({ state }: Ledger): boolean {
  return state === 'planning' || state === 'moving' || state === 'held'
}

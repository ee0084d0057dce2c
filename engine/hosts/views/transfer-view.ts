import { unreachable } from '../../../core/problem.ts'
import type { Ledger } from '../../../core/transfer/ledger.ts'
import { remainingBytes } from '../../../core/transfer/ledger.ts'
import { secondsLeft, shownRate } from '../../../core/transfer/rate.ts'
import { count, durationText, meter, sizeText } from '../terminal/words.ts'
import type { Drawing } from './check-progress.ts'

/** What is counted on the way: photos up, files down. */
export type Direction = { readonly verb: string; readonly unit: 'photos' | 'files' }
export const sending: Direction = { verb: 'Sending', unit: 'photos' }
export const fetching: Direction = { verb: 'Fetching', unit: 'files' }

/** The lines that a person sees while a transfer goes on; every number was counted. */
export function transferLines(ledger: Ledger, { verb, unit }: Direction, drawing: Drawing): string[] {
  const { files, bytes } = ledger
  if (ledger.state === 'planning') return [`${verb.padEnd(11)} planning`]
  const bar = meter(bytes.verified, bytes.total, drawing.live, drawing.paint.accent)
  const sums = `${count(files.verified)} of ${count(files.total)} ${unit} verified, ${sizeText(bytes.verified)} of ${sizeText(bytes.total)}`
  return [`${verb.padEnd(11)} ${bar}${sums}${pace(ledger, drawing)}`]
}

function pace(ledger: Ledger, { paint, nowMs }: Drawing): string {
  if (ledger.state === 'held') return paint.warn(held(ledger, nowMs))
  if (ledger.state !== 'moving') return ''
  const rate = shownRate(ledger.samples, nowMs)
  const left = secondsLeft(ledger.samples, remainingBytes(ledger), nowMs)
  return `${rate === null ? '' : `, ${sizeText(rate)}/s`}${left === null ? '' : `, about ${durationText(left * 1000)} left`}`
}

function held({ heldBy, heldSinceMs }: Ledger, nowMs: number): string {
  const since = heldSinceMs === null ? '' : ` for ${durationText(Math.max(0, nowMs - heldSinceMs))}`
  switch (heldBy) {
    case 'offline':
      return `, offline${since}: goes on by itself when the network is back`
    case 'user':
      return `, paused${since}`
    case 'sleep':
      return `, paused by sleep${since}`
    case 'battery':
      return `, paused by the battery rule${since}`
    case null:
      return ''
    default:
      return unreachable(heldBy)
  }
}

/** The figures of an ended transfer, for the last JSON line. */
export function transferFigures({ files, bytes }: Ledger) {
  return {
    files: files.total,
    verified: files.verified,
    there: files.there,
    failed: files.failed,
    bytes: bytes.total,
    verifiedBytes: bytes.verified,
    thereBytes: bytes.there,
    movedBytes: bytes.moved,
    twiceBytes: bytes.twice,
  }
}

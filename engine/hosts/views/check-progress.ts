import { unreachable } from '../../../core/problem.ts'
import type { CheckEvent } from '../../intake/check-event.ts'
import type { Paint } from '../terminal/paint.ts'
import { count, counted, meter, rate } from '../terminal/words.ts'

type Counted = { readonly done: number; readonly total: number; readonly sinceMs: number }

/** Where a check stands; every number was counted. */
export type CheckProgress = {
  readonly files: number
  readonly photos: Counted | null
  readonly pairs: Counted | null
  /** Pairs that structure from motion should verify: a forecast. */
  readonly likely: number
}

export const noProgress: CheckProgress = { files: 0, photos: null, pairs: null, likely: 0 }

// The forecast counts on a pair from here on.
const LIKELY = 0.5

/** The progress after one more event. */
export function checkProgress(state: CheckProgress, event: CheckEvent, nowMs: number): CheckProgress {
  switch (event.kind) {
    case 'listed':
      return { ...state, files: event.files, photos: { done: 0, total: event.files, sinceMs: nowMs } }
    case 'photo':
    case 'skipped':
      return { ...state, photos: { done: event.done, total: event.total, sinceMs: state.photos?.sinceMs ?? nowMs } }
    case 'pair':
      return {
        ...state,
        pairs: { done: event.done, total: event.total, sinceMs: state.pairs?.sinceMs ?? nowMs },
        likely: state.likely + (event.pair.probability >= LIKELY ? 1 : 0),
      }
    case 'checked':
    case 'failed':
      return state
    default:
      return unreachable(event)
  }
}

/** How a line is drawn: its colours, whether it is redrawn in place, and the time. */
export type Drawing = { readonly paint: Paint; readonly live: boolean; readonly nowMs: number }

/** The lines that a person sees while a folder is checked. */
export function checkLines(state: CheckProgress, drawing: Drawing): string[] {
  if (state.photos === null) return ['Listing the folder']
  if (state.photos.total === 0) return ['The folder holds no files']
  const lines = [line('Reading', state.photos, 'files', drawing)]
  if (state.pairs) lines.push(`${line('Comparing', state.pairs, 'pairs', drawing)}, ${count(state.likely)} should verify`)
  return lines
}

function line(verb: string, { done, total, sinceMs }: Counted, unit: string, { paint, live, nowMs }: Drawing): string {
  const seconds = (nowMs - sinceMs) / 1000
  const isOver = done >= total
  const speed = !isOver && seconds > 1 && done > 0 ? `, ${rate(done / seconds)} a second` : ''
  const whole = isOver ? counted(total, unit.replace(/s$/, ''), unit) : `${count(total)} ${unit}`
  return `${verb.padEnd(11)} ${meter(done, total, live, paint.accent)}${count(done)} of ${whole}${speed}`
}

/** What a stopped check keeps. */
export function stoppedWords({ photos, pairs }: CheckProgress): string {
  if (photos === null || photos.done === 0) return 'Stopped before a file was read.'
  const read = `${count(photos.done)} of ${counted(photos.total, 'file')} read`
  return `Stopped: ${read}${pairs ? `, ${count(pairs.done)} of ${counted(pairs.total, 'pair')} compared` : ''}. All of it is kept.`
}

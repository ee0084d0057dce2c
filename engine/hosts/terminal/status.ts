import { stripVTControlCharacters } from 'node:util'
import type { Out } from './terminal.ts'

/** A live report for a person. `show` replaces what is seen; `done` leaves the last state standing; `clear` removes it. */
export type Status = {
  /** Redrawn in place: bars make sense. */
  readonly live: boolean
  readonly show: (lines: readonly string[]) => void
  readonly done: () => void
  readonly clear: () => void
}

// Ten redraws a second look live; more only costs the terminal time.
const REDRAW_MS = 100
// Where lines cannot be redrawn (a log file, CI) every line stays: one each few seconds keeps logs readable.
const LINE_EVERY_MS = 5000

/** One block at the bottom of a terminal, redrawn in place. */
export function redrawnStatus(out: Out): Status {
  let drawn = 0
  let shownAt = 0
  let waiting: readonly string[] | null = null
  let timer: NodeJS.Timeout | undefined
  const erase = () => (drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '')
  const draw = (lines: readonly string[]) => {
    const cut = lines.map((line) => cutTo(line, out.columns))
    out.write(`${erase()}${cut.join('\n')}\n`)
    drawn = cut.length
    shownAt = Date.now()
    waiting = null
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting) draw(waiting)
  }
  return {
    live: true,
    show(lines) {
      waiting = lines
      const restMs = REDRAW_MS - (Date.now() - shownAt)
      if (restMs <= 0) flush()
      else timer ??= setTimeout(flush, restMs).unref()
    },
    done() {
      flush()
      drawn = 0
    },
    clear() {
      waiting = null
      flush()
      if (drawn > 0) out.write(erase())
      drawn = 0
    },
  }
}

/** Plain lines at intervals: each changed line at most once in a few seconds; the first and the last state always. */
export function plainStatus(out: Out, now: () => number = Date.now): Status {
  let waiting: readonly string[] = []
  let printed: readonly string[] = []
  let printedAt = Number.NEGATIVE_INFINITY
  const print = () => {
    const fresh = waiting.filter((line) => !printed.includes(line))
    if (fresh.length > 0) out.write(`${fresh.join('\n')}\n`)
    printed = waiting
    printedAt = now()
  }
  return {
    live: false,
    show(lines) {
      waiting = lines
      if (now() - printedAt >= LINE_EVERY_MS) print()
    },
    done: print,
    clear: () => undefined,
  }
}

export const silentStatus: Status = { live: false, show: () => undefined, done: () => undefined, clear: () => undefined }

/** A line cut to the width of the terminal; a line that wraps would break the redraw. Colours are dropped from a cut line. */
function cutTo(line: string, columns: number): string {
  const bare = stripVTControlCharacters(line)
  return bare.length < columns ? line : `${bare.slice(0, Math.max(1, columns - 2))}…`
}

import type { Problem } from '../../../core/problem.ts'
import { type Paint, paintFor } from './paint.ts'
import { plainStatus, redrawnStatus, silentStatus, type Status } from './status.ts'
import { printable, wrap } from './words.ts'

/** A stream as the terminal needs it. */
export type Out = { readonly write: (text: string) => void; readonly columns: number; readonly isTTY: boolean }

/** Where a command speaks: results on stdout, everything for a person on stderr. */
export type Terminal = {
  readonly json: boolean
  /** Colours for stdout and for stderr. */
  readonly paint: Paint
  readonly paintNotes: Paint
  readonly columns: number
  readonly status: Status
  /** Text for a person on stdout; nothing is added. */
  readonly result: (text: string) => void
  /** One JSON value as a line on stdout. */
  readonly value: (value: unknown) => void
  readonly note: (text: string) => void
  readonly problem: (problem: Problem) => void
}

// Wider than this, prose is hard to read.
const PROSE_COLUMNS = 100

/** The width of prose on a stream. */
export function proseColumns(stream: { readonly columns?: number }): number {
  return Math.min(PROSE_COLUMNS, stream.columns ?? PROSE_COLUMNS)
}

function outOf(stream: NodeJS.WriteStream): Out {
  return { write: (text) => void stream.write(text), columns: stream.columns ?? PROSE_COLUMNS, isTTY: stream.isTTY }
}

function statusFor(out: Out, quiet: boolean): Status {
  if (quiet) return silentStatus
  return out.isTTY && process.env['TERM'] !== 'dumb' ? redrawnStatus(out) : plainStatus(out)
}

/** The terminal of this process. */
export function openTerminal(wishes: { readonly json: boolean; readonly quiet: boolean }): Terminal {
  const notes = outOf(process.stderr)
  const paintNotes = paintFor(process.stderr)
  const columns = proseColumns(process.stdout)
  return {
    json: wishes.json,
    paint: paintFor(process.stdout),
    paintNotes,
    columns,
    status: statusFor(notes, wishes.quiet),
    result: (text) => void process.stdout.write(text),
    value: (value) => void process.stdout.write(`${JSON.stringify(value)}\n`),
    note: (text) => (wishes.quiet ? undefined : notes.write(`${text}\n`)),
    problem: (problem) => notes.write(problemText(problem, paintNotes, columns)),
  }
}

/** A Problem for a person: what happened, what to do, and the stable code. */
export function problemText(problem: Problem, paint: Paint, columns = PROSE_COLUMNS): string {
  const what = wrap(printable(problem.what), columns - 9, '         ')
  const remedy = wrap(printable(problem.remedy), columns - 9, '         ')
  return `${paint.bad('Problem:')} ${what}\n${paint.accent('Remedy: ')} ${remedy}\n${paint.faint(`         ${problem.code}`)}\n`
}

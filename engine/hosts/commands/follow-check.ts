import { ProblemError } from '../../../core/problem.ts'
import type { Check, CheckEvent } from '../../intake/check-event.ts'
import type { Context } from '../command.ts'
import { checkLines, checkProgress, noProgress, stoppedWords } from '../views/check-progress.ts'

/** Shows a check as it goes and returns its result, or null where it was stopped, after saying what is kept. A failed check is thrown as its Problem. */
export async function followCheck(events: AsyncIterable<CheckEvent>, { terminal, signal }: Context): Promise<Check | null> {
  let progress = noProgress
  try {
    for await (const event of events) {
      if (event.kind === 'failed' && !signal.aborted) throw new ProblemError(event.problem)
      if (event.kind === 'checked') return event.check
      progress = checkProgress(progress, event, Date.now())
      terminal.status.show(checkLines(progress, { paint: terminal.paintNotes, live: terminal.status.live, nowMs: Date.now() }))
    }
  } catch (error) {
    // An aborted check throws the signal's reason; a full disk met on the way out is told all the same.
    if (!signal.aborted || error instanceof ProblemError) throw error
  }
  terminal.status.done()
  terminal.note(stoppedWords(progress))
  return null
}

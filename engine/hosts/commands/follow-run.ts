import { emptyRun, reduce, type RunState } from '../../../core/run/reduce.ts'
import type { Engine } from '../../engine.ts'
import type { Context } from '../command.ts'
import { runLines } from '../views/run-view.ts'

// A stage that counts nothing for a while still shows that time goes on; the clock is real, the bars stay where they are.
const REFRESH_MS = 1000

/** Shows a run as it goes until it ends or the signal comes; returns the last state. With --json each event is a line. */
export async function followRun(engine: Engine, runId: string, { terminal, signal }: Context): Promise<RunState> {
  let state = emptyRun
  const show = () => terminal.status.show(runLines(state, { paint: terminal.paintNotes, live: terminal.status.live, nowMs: Date.now() }))
  const refresh = setInterval(show, REFRESH_MS)
  // What has long happened comes all at once: only what it led to is shown, not each moment with a clock of today.
  let soon: NodeJS.Immediate | undefined
  const showSoon = () => (soon ??= setImmediate(() => (show(), (soon = undefined))))
  try {
    for await (const event of engine.watchRun(runId, signal)) {
      state = reduce([event], state)
      // The last line is the command's own: it says where the results are.
      const isEnd = event.kind === 'done' || event.kind === 'failed' || event.kind === 'stopped'
      if (terminal.json && !isEnd) terminal.value({ runId, ...event })
      if (event.kind === 'warning') tellWarning(event.problem, terminal)
      showSoon()
    }
  } finally {
    clearInterval(refresh)
    clearImmediate(soon)
    show()
    terminal.status.done()
  }
  return state
}

function tellWarning(problem: { readonly what: string; readonly remedy: string }, terminal: Context['terminal']): void {
  terminal.status.clear()
  terminal.note(`${terminal.paintNotes.warn('▲')} ${problem.what} ${problem.remedy}`)
}

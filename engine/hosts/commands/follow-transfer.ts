import type { TransferEvent } from '../../../core/transfer/events.ts'
import { emptyLedger, type Ledger } from '../../../core/transfer/ledger.ts'
import type { Context } from '../command.ts'
import { type Direction, transferLines } from '../views/transfer-view.ts'

// While nothing is counted a person still sees since when it is offline; the bar stays where it is.
const refreshMs = 1000

/** Shows a transfer as it goes to its end; returns its sums. With --json each event but the last is a line: that one is the command's own. */
export async function followTransfer(
  told: AsyncIterable<{ readonly event: TransferEvent; readonly ledger: Ledger }>,
  direction: Direction,
  { terminal }: Context,
): Promise<Ledger> {
  let now: Ledger = emptyLedger
  const show = () =>
    terminal.status.show(transferLines(now, direction, { paint: terminal.paintNotes, live: terminal.status.live, nowMs: Date.now() }))
  const refresh = setInterval(show, refreshMs)
  try {
    for await (const { event, ledger } of told) {
      now = ledger
      if (terminal.json && event.kind !== 'done' && event.kind !== 'failed' && event.kind !== 'stopped') terminal.value(event)
      if (event.kind === 'file-failed') tell(`${event.problem.what} ${event.problem.remedy}`, terminal)
      if (event.kind === 'restarted') tell(`${event.problem.what} It starts anew.`, terminal)
      show()
    }
  } finally {
    clearInterval(refresh)
    terminal.status.done()
  }
  return now
}

function tell(text: string, terminal: Context['terminal']): void {
  terminal.status.clear()
  terminal.note(`${terminal.paintNotes.warn('▲')} ${text}`)
}

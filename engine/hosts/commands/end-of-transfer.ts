import { problem } from '../../../core/problem.ts'
import type { Ledger } from '../../../core/transfer/ledger.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { transferFigures } from '../views/transfer-view.ts'

export type EndedTransfer = {
  readonly ledger: Ledger
  /** What the last JSON line says beside the sums: who, where to. */
  readonly facts: Readonly<Record<string, unknown>>
  readonly done: string
  /** How a person goes on where it was stopped. */
  readonly goOn: string
}

/** Says how a transfer ended and gives the exit status. */
export function tellTransferEnd({ ledger, facts, done, goOn }: EndedTransfer, terminal: Terminal): ExitCode {
  const figures = { ...facts, ...transferFigures(ledger) }
  if (ledger.state === 'done') {
    if (terminal.json) terminal.value({ kind: 'done', ...figures })
    else terminal.result(done)
    return exitCode.fine
  }
  if (ledger.state === 'failed') {
    const told =
      ledger.problem ?? problem('upload/broken', 'The transfer ended early.', 'Start it again: what is verified is never sent again.')
    if (terminal.json) terminal.value({ kind: 'failed', ...figures, problem: told })
    terminal.problem(told)
    return exitCode.failed
  }
  if (terminal.json) terminal.value({ kind: 'stopped', ...figures })
  terminal.note(`Paused at ${ledger.files.verified} of ${ledger.files.total}. What is verified is never sent again. Go on: ${goOn}`)
  return exitCode.stopped
}

import { problem } from '../../../core/problem.ts'
import { hasEnded, type RunState } from '../../../core/run/reduce.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { runResult } from '../views/run-view.ts'

export type EndedRun = { readonly runId: string; readonly state: RunState; readonly folder: string; readonly out: string | null }

/** Says how a run ended and gives the exit status. A run that has not ended was stopped from outside and goes on later. */
export function tellEnd(ended: EndedRun, terminal: Terminal): ExitCode {
  const { runId, state, folder, out } = ended
  const figures = {
    runId,
    folder: out ?? folder,
    score: state.score,
    psnr: state.psnr.at(-1)?.psnr ?? null,
    ssim: state.psnr.at(-1)?.ssim ?? null,
  }
  if (state.kind === 'failed') {
    const told = state.problem ?? problem('run/failed', 'The run failed.', 'Look into its logs folder.')
    if (terminal.json) terminal.value({ kind: 'failed', ...figures, problem: told })
    terminal.problem(told)
    return exitCode.failed
  }
  const isDone = state.kind === 'done'
  if (terminal.json) terminal.value({ kind: isDone ? 'done' : 'stopped', ...figures, kept: state.kept })
  else if (!hasEnded(state)) terminal.note(`Stopped. The same command goes on with ${runId}.`)
  else terminal.result(runResult({ runId, state, folder: out ?? folder }, terminal.paint))
  return isDone ? exitCode.fine : exitCode.stopped
}

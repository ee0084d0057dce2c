import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { followRun } from './follow-run.ts'
import { withEngine } from './engine.ts'
import { runMark } from '../views/run-view.ts'

/** Asks a run to stop and waits until it has. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  const runId = context.words[0] ?? ''
  return await withEngine(context, async (engine) => {
    await engine.handlers['runs.stop']({ runId, keep: context.flags['keep'] === true })
    const state = await followRun(engine, runId, context)
    terminal.status.done()
    terminal.result(`${runId} ${runMark(state, terminal.paint)}\n`)
    return context.signal.aborted ? exitCode.stopped : exitCode.fine
  })
}

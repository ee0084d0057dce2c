import { hasEnded } from '../../../core/run/reduce.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { tellEnd } from './end-of-run.ts'
import { withEngine } from './engine.ts'
import { followRun } from './follow-run.ts'
import { isLeft } from './unfinished-run.ts'

/** Follows a run until it ends. Ctrl+C ends the watching, never the run. */
export async function run(context: Context): Promise<ExitCode> {
  const runId = context.words[0] ?? ''
  return await withEngine(context, async (engine) => {
    const found = await engine.handlers['runs.get']({ runId })
    // A run in an account goes on there whoever watches: following it here is asking.
    if (isLeft(context.home, found) && found.settings.where !== 'local') await engine.handlers['runs.resume']({ runId })
    else if (isLeft(context.home, found))
      context.terminal.note('Nobody works on this run at the moment. It goes on when it is started again, or when Spaceport is opened.')
    const state = await followRun(engine, runId, context)
    if (!hasEnded(state)) {
      if (context.terminal.json) context.terminal.value({ kind: 'stopped', runId, watching: false })
      context.terminal.note('Not watching any more; the run goes on.')
      return exitCode.stopped
    }
    return tellEnd({ runId, state, folder: engine.runFolder(runId), out: null }, context.terminal)
  })
}

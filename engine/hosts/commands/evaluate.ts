import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { Figures, figuresText } from '../views/evaluate-view.ts'
import { withEngine } from './engine.ts'
import { pythonOf, requireSetup } from './set-up.ts'

/** Recomputes a run's quality figures from the files on disk, in Python, by the code of the trainer's own figures. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal, program } = context
  requireSetup(program)
  const runId = context.words[0] ?? ''
  const folder = await withEngine(context, async (engine) => {
    await engine.handlers['runs.get']({ runId })
    return engine.runFolder(runId)
  })
  const args = [path.join(program, 'containers', '3dgs', 'evaluate_run.py'), '--run', folder, '--json']
  const child = spawn(pythonOf(program), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: context.signal,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  const [out, trouble, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)])
  // Told where every command is told that was cut off.
  context.signal.throwIfAborted()
  if (code !== 0) throw new ProblemError(evaluateProblem(runId, trouble))
  const figures: unknown = JSON.parse(out)
  if (terminal.json) terminal.value(figures)
  else terminal.result(figuresText(runId, Figures.parse(figures), terminal.paint))
  return exitCode.fine
}

async function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return await new Promise((done) => {
    child.once('error', () => done(null))
    child.once('close', (code) => done(code))
  })
}

function evaluateProblem(runId: string, trouble: string) {
  const last = trouble.trim().split('\n').at(-1) ?? ''
  return problem(
    'run/not-evaluated',
    `The files of ${runId} could not be evaluated${last === '' ? '.' : `: ${last}`}`,
    'The run must have finished its training with held-out photos. Run it again where its files are gone.',
  )
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Problem, problem } from '../../core/problem.ts'
import type { StageName } from '../../core/run/events.ts'
import type { Exit } from './launch-process.ts'

const FailureFile = z.object({ code: z.string(), what: z.string(), remedy: z.string() })

/** Why a stage failed, and whether the same start may succeed a moment later. */
export type StageTrouble = { readonly problem: Problem; readonly passing: boolean }

/** The trouble behind an exit: the stage's own failure.json, else what its exit code means (containers/CONTRACT.md, "The end"). */
export async function exitTrouble(stage: StageName, out: string, exit: Exit): Promise<StageTrouble> {
  // Someone ended it from outside, most often the system for want of memory: it continues from its last checkpoint.
  if (exit.signal !== null) return { problem: killed(stage, exit.signal), passing: true }
  const own = await ownFailure(out)
  return { problem: own ?? byCode(stage, exit), passing: exit.code === 75 }
}

async function ownFailure(out: string): Promise<Problem | null> {
  try {
    const read = FailureFile.safeParse(JSON.parse(await readFile(join(out, 'failure.json'), 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

function killed(stage: StageName, signal: NodeJS.Signals): Problem {
  const crash = signal === 'SIGSEGV' || signal === 'SIGABRT' || signal === 'SIGBUS' || signal === 'SIGILL' || signal === 'SIGFPE'
  if (crash)
    return problem(
      'run/crash',
      `The stage ${stage} crashed (${signal}).`,
      'Run it again: it continues where it was. If it happens twice, leave out the newest photos or report it with the log.',
    )
  return problem(
    'run/killed',
    `The stage ${stage} was ended from outside (${signal}), most often for want of memory.`,
    'Close other programs or choose smaller photos, then run it again: it continues where it was.',
  )
}

function byCode(stage: StageName, { code }: Exit): Problem {
  switch (code) {
    case 64:
      return problem('run/settings', `The stage ${stage} does not understand its settings.`, 'Choose a preset, then start again.')
    case 65:
      return problem('run/input', `The stage ${stage} cannot use what it was given.`, 'Check the photos again, then start a new run.')
    case 69:
      return problem('run/no-gpu', 'A GPU was promised and is absent.', 'Choose the CPU engine, or a machine with a GPU.')
    case 73:
      return problem('run/disk', 'The results cannot be written.', 'Free space on the disk, then run it again: it continues where it was.')
    case 75:
      return problem('run/passing', `The stage ${stage} met trouble that may pass.`, 'Run it again.')
    case 0:
      return problem(
        'run/no-outcome',
        `The stage ${stage} ended without saying what it made.`,
        'Run it again. If it happens twice, report it with the log.',
      )
    case null:
    default:
      return problem(
        'run/internal',
        `The stage ${stage} ended with status ${code}.`,
        'Run it again. If it happens twice, report it with the log.',
      )
  }
}

import { z } from 'zod'
import { type Problem, problem } from '../problem.ts'
import type { StageName } from '../run/events.ts'
import type { JobState } from './api.ts'

const Written = z.object({ code: z.string(), what: z.string(), remedy: z.string() })

/** The stage that failed; null where it was none of them. */
export function failedStage({ jobs }: JobState): StageName | null {
  return jobs.findLast((job) => job.status === 'Failed')?.stage ?? null
}

/** Why a run in an account failed: the stage's own Problem where it left one, else by the name that Step Functions gives the error. */
export function problemOfEnd(state: JobState): Problem {
  const reason = state.jobs.findLast((job) => job.status === 'Failed')?.reason ?? ''
  return writtenIn(reason) ?? writtenIn(state.error?.cause ?? '') ?? byName(state, reason)
}

/** A stage's failure.json comes back inside SageMaker's sentence: «AlgorithmError: {…}, exit code: 65». */
function writtenIn(text: string): Problem | null {
  const [from, to] = [text.indexOf('{"code"'), text.lastIndexOf('}')]
  if (from < 0 || to < from) return null
  try {
    const read = Written.safeParse(JSON.parse(text.slice(from, to + 1)))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

function byName({ execution, error }: JobState, reason: string): Problem {
  const said = reason || (error?.cause ?? '')
  if (error?.name === 'Spaceport.Silent')
    return problem(
      'cloud/silent',
      `The account stopped the run: ${said}`,
      'Run it again; if it is silent again, look into the job’s log in CloudWatch.',
    )
  if (execution === 'TIMED_OUT')
    return problem('cloud/timeout', 'The run came to the longest time that the account allows.', 'Run it again with a smaller preset.')
  if (/^CapacityError|InsufficientCapacity/.test(reason))
    return problem('cloud/capacity', `There was no machine: ${said}`, 'Run it again later, or in another region.')
  const what = said === '' ? `The run failed in the account (${error?.name ?? execution}).` : `The run failed in the account: ${said}`
  return problem('cloud/failed', what, 'Look at the run in Step Functions and the job’s log in CloudWatch, then run it again.')
}

/** A job that came to its longest runtime ends as stopped though nobody asked for it: said by name, with the cap where one was set. */
export function limitWarning({ jobs }: JobState, capUsd: number | null): Problem | null {
  const job = jobs.findLast((one) => one.secondary === 'MaxRuntimeExceeded')
  if (!job) return null
  return capUsd === null
    ? problem(
        'run/limit',
        `${job.stage} came to its longest runtime and was ended.`,
        'Open what was kept, or run it again with a smaller preset.',
      )
    : problem(
        'run/cap',
        `Stopped at the cap of $${capUsd.toFixed(2)}, in ${job.stage}.`,
        'Open what was kept, or raise the cap and run it again.',
      )
}

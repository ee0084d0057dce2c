import { problem, ProblemError } from '../../../core/problem.ts'

/** Refuses a place that is not this machine, as long as no cloud account can be set up. */
export function requireLocal(where: string): void {
  if (where === 'local') return
  throw cloudProblem(where)
}

export function cloudProblem(where: string): ProblemError {
  return new ProblemError(
    problem(
      'cloud/not-set-up',
      `No cloud account named "${where}" is set up for runs.`,
      'Run on this machine: leave out --where, or say --where local.',
    ),
  )
}

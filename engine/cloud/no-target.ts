import { type Problem, problem } from '../../core/problem.ts'

/** Nothing is set up under that name. */
export function noTarget(name: string): Problem {
  const shown = /^[a-z0-9-]+$/.test(name) ? name : 'NAME'
  return problem(
    'cloud/not-set-up',
    `No cloud account named "${name}" is set up.`,
    `Set it up: spaceport target ${shown} --bucket BUCKET --region REGION --tenant TENANT. Runs on this machine need none.`,
  )
}

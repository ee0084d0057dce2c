import { StopExecutionCommand } from '@aws-sdk/client-sfn'
import { type CloudJob, StopJob, type Stopping } from '../../core/cloud/api.ts'
import { tenantOf } from './parts/caller.ts'
import { answer, bodyOf, door, Refused } from './parts/door.ts'
import { describe, executionArn, sfn } from './parts/executions.ts'
import { historyOf, isAlive, jobState, stopJob } from './parts/jobs.ts'

/** POST /stop-job: asks for the end and says what is still alive. Whoever asks hears «done» from GET /jobs, never from here. */
export const handler = door(async (event) => {
  const tenant = tenantOf(event)
  const { runId, keep } = bodyOf(event, StopJob)
  const arn = executionArn(tenant, runId)
  const execution = await describe(arn)
  if (!execution) throw new Refused(404, 'cloud/no-run', `The account has no run ${runId} of yours.`, 'Look it up in the Library.')
  const running = execution.status === 'RUNNING'
  const alive = await aliveJobs(arn)
  // Training has something to keep: its job is stopped, and the pipeline goes on with what it reached. Compression is that going on.
  const goesOn = keep && alive.some((job) => job.stage !== 'sfm')
  if (running && !goesOn)
    await sfn.send(new StopExecutionCommand({ executionArn: arn, error: 'Spaceport.Stopped', cause: 'A person stopped it.' }))
  // The service ends a job of an aborted execution «as it can»; a GPU that goes on billing is not left to that.
  for (const job of alive) if (job.status !== 'Stopping' && !(goesOn && job.stage === 'compression')) await stopJob(job.stage, job.name)
  const jobs = await aliveJobs(arn)
  return answer(202, {
    runId,
    ended: !running && jobs.length === 0,
    jobs: jobs.map(({ name, status }) => ({ name, status })),
  } satisfies Stopping)
})

async function aliveJobs(arn: string): Promise<CloudJob[]> {
  const { jobs } = await historyOf(arn)
  const found = await Promise.all(jobs.map(jobState))
  return found.filter((job) => job !== null).filter(isAlive)
}

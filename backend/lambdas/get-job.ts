import { type JobState } from '../../core/cloud/api.ts'
import { bucket } from '../../core/layout.ts'
import { tenantOf } from './parts/caller.ts'
import { answer, type ApiEvent, door, Refused } from './parts/door.ts'
import { describe, executionArn } from './parts/executions.ts'
import { heardOf } from './parts/heard.ts'
import { type History, historyOf, isAlive, jobState } from './parts/jobs.ts'
import { bucketName } from './parts/objects.ts'

const runPattern = /^[a-z0-9][a-z0-9-]{2,31}$/

/** GET /jobs/{id}: the caller's own run, as Step Functions, SageMaker and the bucket have it this moment. */
export const handler = door(async (event) => {
  const tenant = tenantOf(event)
  const runId = runOf(event)
  const arn = executionArn(tenant, runId)
  const execution = await describe(arn)
  if (!execution) throw new Refused(404, 'cloud/no-run', `The account has no run ${runId} of yours.`, 'Look it up in the Library.')
  const prefix = bucket.run(tenant, runId)
  const history = await historyOf(arn)
  const [found, heardAt] = await Promise.all([Promise.all(history.jobs.map(jobState)), heardOf(prefix)])
  const jobs = found.filter((job) => job !== null)
  const status = execution.status ?? 'RUNNING'
  // A job outlives an execution that was aborted by some seconds: until it is gone, money is being spent and nothing is over.
  const over = status !== 'RUNNING' && status !== 'PENDING_REDRIVE' && !jobs.some(isAlive)
  return answer(200, {
    runId,
    execution: status,
    outcome: over ? outcomeOf(status, history) : null,
    kept: history.states.includes('KeepWhatIsThere'),
    startedAt: (execution.startDate ?? new Date(0)).toISOString(),
    endedAt: over ? (execution.stopDate?.toISOString() ?? null) : null,
    jobs,
    pausing: status === 'RUNNING' && history.states.at(-1) === 'Pause',
    error: execution.error === undefined ? null : { name: execution.error, cause: execution.cause ?? '' },
    heardAt: heardAt?.toISOString() ?? null,
    bucket: bucketName(),
    prefix,
  } satisfies JobState)
})

function runOf(event: ApiEvent): string {
  const runId = event.pathParameters?.['id'] ?? ''
  if (!runPattern.test(runId)) throw new Refused(400, 'cloud/request', 'This is no name of a run.', 'Update Spaceport, then try again.')
  return runId
}

function outcomeOf(status: string, { states }: History): JobState['outcome'] {
  if (status === 'ABORTED') return 'stopped'
  if (status !== 'SUCCEEDED') return 'failed'
  return states.includes('NotifyStopped') ? 'stopped' : 'done'
}

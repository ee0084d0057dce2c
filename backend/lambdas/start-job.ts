import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { StartJob, type Started } from '../../core/cloud/api.ts'
import { bucket } from '../../core/layout.ts'
import { type ApiAnswer, answer, bodyOf, door, Refused } from './parts/door.ts'
import { tenantOf } from './parts/caller.ts'
import { variable } from './parts/environment.ts'
import { describe, executionArn, executionName, sfn } from './parts/executions.ts'
import { putJson } from './parts/objects.ts'
import { orderOf } from './parts/order.ts'

/** POST /start-job: checks everything that can be checked before a machine is paid for, then starts the pipeline once. */
export const handler = door(async (event) => {
  const tenant = tenantOf(event)
  const request = bodyOf(event, StartJob)
  refuseWithoutImages()
  const arn = executionArn(tenant, request.runId)
  const [order, before] = await Promise.all([orderOf(tenant, request), describe(arn)])
  const input = JSON.stringify(order.input)
  const told = (startedAt: Date | undefined, again: boolean): ApiAnswer =>
    answer(202, {
      runId: request.runId,
      execution: arn,
      startedAt: (startedAt ?? new Date()).toISOString(),
      again,
      limits: order.limits,
    } satisfies Started)

  if (before) return told(sameOrder(before.input, input, before.startDate), true)
  await Promise.all([order.place(), putJson(`${bucket.run(tenant, request.runId)}/request.json`, request)])
  try {
    const { startDate } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: variable('MACHINE_ARN'), name: executionName(tenant, request.runId), input }),
    )
    return told(startDate, false)
  } catch (error) {
    // The same request came twice at once, and the other one was quicker.
    if (!(error instanceof ExecutionAlreadyExists)) throw error
    const winner = await describe(arn)
    return told(sameOrder(winner?.input, input, winner?.startDate), true)
  }
})

/** The time of the start where both orders are one. Refuses with 409 where another order has the name. */
function sameOrder(before: string | undefined, now: string, startedAt: Date | undefined): Date | undefined {
  if (before === now) return startedAt
  const what = 'A run with this name was started with other settings or photos.'
  throw new Refused(409, 'cloud/run-exists', what, 'Start it as a new run.')
}

function refuseWithoutImages(): void {
  if (!variable('IMAGE_DIGESTS').includes(`sha256:${'0'.repeat(64)}`)) return
  const what = 'The images of the stages have not been pushed to this account.'
  throw new Refused(409, 'cloud/no-images', what, 'Run build/deploy.sh all with the name of this environment.')
}

import {
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  type SageMakerClient,
  SageMakerServiceException,
} from '@aws-sdk/client-sagemaker'
import { setTimeout as pause } from 'node:timers/promises'

/** What Step Functions does for a `.sync` task: asks for the job, waits for its end, and tells a bad end as States.TaskFailed with the job as its cause. */
export async function createAndWait(client: SageMakerClient, parameters: unknown, signal: AbortSignal): Promise<unknown> {
  const request = parameters as Record<string, never>
  const training = 'TrainingJobName' in request
  try {
    await client.send(
      (training ? new CreateTrainingJobCommand(request as never) : new CreateProcessingJobCommand(request as never)) as never,
    )
  } catch (error) {
    if (error instanceof SageMakerServiceException)
      throw Object.assign(new Error(error.message), { name: `SageMaker.${sfnName(error.name)}` })
    throw error
  }
  for (;;) {
    const job = await describeOne(client, training, request)
    const status = job['TrainingJobStatus'] ?? job['ProcessingJobStatus']
    if (status === 'Completed') return job
    if (status === 'Failed' || status === 'Stopped') throw Object.assign(new Error(JSON.stringify(job)), { name: 'States.TaskFailed' })
    await pause(100, undefined, { signal })
  }
}

// Step Functions tells an error of a service with the word Exception at its end.
function sfnName(name: string): string {
  return name.endsWith('Exception') ? name : `${name}Exception`
}

async function describeOne(client: SageMakerClient, training: boolean, request: Record<string, never>): Promise<Record<string, unknown>> {
  const output = training
    ? await client.send(new DescribeTrainingJobCommand({ TrainingJobName: request['TrainingJobName'] }))
    : await client.send(new DescribeProcessingJobCommand({ ProcessingJobName: request['ProcessingJobName'] }))
  const { $metadata: _, ...job } = output
  return job
}

import {
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  SageMakerServiceException,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker'
import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn'
import type { CloudJob } from '../../../core/cloud/api.ts'
import { jobOf } from '../../../core/pipeline/job.ts'
import type { StageName } from '../../../core/run/events.ts'
import { sfn } from './executions.ts'

const sageMaker = new SageMakerClient({})

/** What an execution's history says: the jobs that it asked for, in order, and the state that it is in. */
export type History = {
  readonly jobs: readonly { readonly stage: StageName; readonly name: string; readonly at: Date }[]
  readonly states: readonly string[]
}

/** Reads the whole history of an execution. One of ours has about 60 events, a page holds 1,000. */
export async function historyOf(executionArn: string): Promise<History> {
  const events: HistoryEvent[] = []
  let nextToken: string | undefined
  do {
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken, includeExecutionData: true }))
    events.push(...(page.events ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return {
    jobs: events.flatMap((event) => {
      const asked = event.taskScheduledEventDetails
      if (asked?.resourceType !== 'sagemaker') return []
      const { stage, name } = jobOf(JSON.parse(asked.parameters ?? '{}'))
      return [{ stage, name, at: event.timestamp ?? new Date(0) }]
    }),
    states: events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []),
  }
}

/** A job in SageMaker's own words; null where the request for it was refused, so that it never came to be. */
export async function jobState(asked: History['jobs'][number]): Promise<CloudJob | null> {
  try {
    return asked.stage === '3dgs' ? await training(asked) : await processing(asked)
  } catch (error) {
    if (isUnknown(error)) return null
    throw error
  }
}

async function training({ stage, name, at }: History['jobs'][number]): Promise<CloudJob> {
  const job = await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }))
  return {
    stage,
    name,
    status: job.TrainingJobStatus ?? 'InProgress',
    secondary: job.SecondaryStatus ?? null,
    instance: job.ResourceConfig?.InstanceType ?? '',
    spot: job.EnableManagedSpotTraining ?? false,
    askedAt: at.toISOString(),
    startedAt: iso(job.TrainingStartTime),
    endedAt: iso(job.TrainingEndTime),
    billableSeconds: job.BillableTimeInSeconds ?? null,
    reason: job.FailureReason ?? null,
  }
}

async function processing({ stage, name, at }: History['jobs'][number]): Promise<CloudJob> {
  const job = await sageMaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }))
  const [from, to] = [job.ProcessingStartTime, job.ProcessingEndTime]
  return {
    stage,
    name,
    status: job.ProcessingJobStatus ?? 'InProgress',
    secondary: null,
    instance: job.ProcessingResources?.ClusterConfig?.InstanceType ?? '',
    spot: false,
    askedAt: at.toISOString(),
    startedAt: iso(from),
    endedAt: iso(to),
    // A Processing job is billed from its start to its end; SageMaker gives no figure of its own.
    billableSeconds: from && to ? Math.ceil((to.getTime() - from.getTime()) / 1000) : null,
    reason: job.FailureReason ?? job.ExitMessage ?? null,
  }
}

/** Asks SageMaker to stop a job. One that has ended meanwhile is no trouble; every other refusal is thrown. */
export async function stopJob(stage: StageName, name: string): Promise<void> {
  try {
    await (stage === '3dgs'
      ? sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: name }))
      : sageMaker.send(new StopProcessingJobCommand({ ProcessingJobName: name })))
  } catch (error) {
    if (!isUnknown(error)) throw error
  }
}

export function isAlive(job: CloudJob): boolean {
  return job.status === 'InProgress' || job.status === 'Stopping'
}

// SageMaker says ValidationException both for a name that it does not know and for a job that cannot be stopped any more.
function isUnknown(error: unknown): boolean {
  return error instanceof SageMakerServiceException && (error.name === 'ResourceNotFound' || error.name === 'ValidationException')
}

function iso(at: Date | undefined): string | null {
  return at?.toISOString() ?? null
}

import {
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  ListProcessingJobsCommand,
  ListTrainingJobsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { type AccountCosts, costsOf, type OpenJob, type OpenRun, ownerOfJob } from '../../../core/cloud/costing.ts'
import { problem, ProblemError, problemOf } from '../../../core/problem.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../../history/transfers.ts'
import { type AccountClients, openClients } from './clients.ts'
import { machinesIn } from './images-there.ts'

/** Everything of Spaceport's that costs money in the account this moment, asked of SageMaker and Step Functions themselves. */
export async function accountCosts(target: CloudTarget, store: TransferStore, now: () => Date): Promise<AccountCosts> {
  const clients = openClients(target, store, now)
  try {
    const [training, processing, runs] = await Promise.all([openTraining(clients.jobs), openProcessing(clients.jobs), openRuns(clients)])
    return costsOf([...training, ...processing], runs, now().toISOString())
  } catch (cause) {
    if (problemOf(cause)) throw cause
    throw new ProblemError(cannotTell(target, cause), { cause })
  } finally {
    clients.close()
  }
}

const denied: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException'])

function cannotTell({ name }: CloudTarget, cause: unknown) {
  if (denied.has((cause as Error).name))
    return problem(
      'cloud/costs-denied',
      `This sign-in may not look at everything that runs in "${name}".`,
      'Your own runs are listed above; the owner of the account, signed in by an AWS profile, sees all of them.',
    )
  return problem(
    'cloud/costs',
    `What "${name}" costs could not be asked (${(cause as Error).name}).`,
    'Ask again when the account can be reached.',
  )
}

// A job that is being stopped is billed until it has stopped.
const alive = ['InProgress', 'Stopping'] as const

async function openTraining(client: SageMakerClient): Promise<OpenJob[]> {
  const names = await namesOf(async (StatusEquals, NextToken) => {
    const page = await client.send(new ListTrainingJobsCommand({ StatusEquals, NameContains: 'r-', MaxResults: 100, NextToken }))
    return { names: (page.TrainingJobSummaries ?? []).map(({ TrainingJobName = '' }) => TrainingJobName), next: page.NextToken }
  })
  return await Promise.all(
    names.map(async (name): Promise<OpenJob> => {
      const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }))
      const { InstanceType: instance = '', InstanceCount: machines = 1 } = job.ResourceConfig ?? {}
      // A spot machine that was taken away is not paid for until the next one comes.
      const startedAt = job.SecondaryStatus === 'Interrupted' ? null : (job.TrainingStartTime?.toISOString() ?? null)
      return { name, status: job.TrainingJobStatus ?? '', instance, machines, spot: job.EnableManagedSpotTraining ?? false, startedAt }
    }),
  )
}

async function openProcessing(client: SageMakerClient): Promise<OpenJob[]> {
  const names = await namesOf(async (StatusEquals, NextToken) => {
    const page = await client.send(new ListProcessingJobsCommand({ StatusEquals, NameContains: 'r-', MaxResults: 100, NextToken }))
    return { names: (page.ProcessingJobSummaries ?? []).map(({ ProcessingJobName = '' }) => ProcessingJobName), next: page.NextToken }
  })
  return await Promise.all(
    names.map(async (name): Promise<OpenJob> => {
      const job = await client.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }))
      const { InstanceType: instance = '', InstanceCount: machines = 1 } = job.ProcessingResources?.ClusterConfig ?? {}
      const startedAt = job.ProcessingStartTime?.toISOString() ?? null
      return { name, status: job.ProcessingJobStatus ?? '', instance, machines, spot: false, startedAt }
    }),
  )
}

type Page = { readonly names: readonly string[]; readonly next: string | undefined }

/** The pipeline's jobs that are alive, all pages of both states. */
async function namesOf(page: (status: (typeof alive)[number], next: string | undefined) => Promise<Page>): Promise<string[]> {
  const found = new Set<string>()
  for (const status of alive) {
    let next: string | undefined
    do {
      const { names, next: following } = await page(status, next)
      for (const name of names) if (ownerOfJob(name) !== null) found.add(name)
      next = following
    } while (next !== undefined)
  }
  return [...found]
}

async function openRuns(clients: AccountClients): Promise<OpenRun[]> {
  const found: OpenRun[] = []
  for (const stateMachineArn of await machinesIn(clients)) {
    let nextToken: string | undefined
    do {
      const page = await clients.states.send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 100, nextToken }),
      )
      for (const { name = '', startDate } of page.executions ?? []) {
        const [tenant = '', runId] = name.split('_')
        found.push({ runId: runId ?? name, tenant: runId === undefined ? '' : tenant, startedAt: (startDate ?? new Date(0)).toISOString() })
      }
      nextToken = page.nextToken
    } while (nextToken !== undefined)
  }
  return found
}

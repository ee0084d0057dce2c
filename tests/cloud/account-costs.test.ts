import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveJson, type Service, ServiceError, time } from '../../backend/testing/json-service.ts'
import { costUsd } from '../../core/run/cost.ts'
import type { Engine } from '../../engine/engine.ts'
import { makePlace, open, type Place } from '../../engine/run/fixtures/line.ts'

type Asked = { readonly StatusEquals?: string; readonly NextToken?: string }
let service: Service
let place: Place
let engine: Engine
let denied: boolean
const names = ['SAGEMAKER', 'SFN'].map((name) => `AWS_ENDPOINT_URL_${name}`)
const at = new Date('2026-11-24T10:00:00Z')
const training = 'r-20261124-aaaaaa-3dgs-0123abcd'
const interrupted = 'r-20261124-bbbbbb-3dgs-0123abcd'
const processing = 'r-20261124-cccccc-sfm-0123abcd'

/** An account with two people's jobs, one of somebody's own, and a run that waits; in the services' own words. */
const operations = {
  ListTrainingJobs: ({ StatusEquals, NextToken }: Asked) => {
    if (denied) throw new ServiceError('AccessDeniedException', 'not authorized')
    if (StatusEquals !== 'InProgress') return { TrainingJobSummaries: [] }
    // In two pages.
    return NextToken === undefined
      ? { TrainingJobSummaries: [{ TrainingJobName: training }, { TrainingJobName: 'our-r-other' }], NextToken: 'two' }
      : { TrainingJobSummaries: [{ TrainingJobName: interrupted }] }
  },
  DescribeTrainingJob: ({ TrainingJobName }: { TrainingJobName: string }) => ({
    TrainingJobName,
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: TrainingJobName === interrupted ? 'Interrupted' : 'Training',
    ResourceConfig: { InstanceType: 'ml.g4dn.xlarge', InstanceCount: 1 },
    EnableManagedSpotTraining: true,
    TrainingStartTime: time(at),
  }),
  ListProcessingJobs: ({ StatusEquals }: Asked) => ({
    ProcessingJobSummaries: StatusEquals === 'Stopping' ? [{ ProcessingJobName: processing }] : [],
  }),
  DescribeProcessingJob: ({ ProcessingJobName }: { ProcessingJobName: string }) => ({
    ProcessingJobName,
    ProcessingJobStatus: 'Stopping',
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c6i.2xlarge', InstanceCount: 1 } },
    ProcessingStartTime: time(at),
  }),
  ListStateMachines: () => ({ stateMachines: [{ name: 'SpaceportMLPipeline', stateMachineArn: 'arn:machine' }] }),
  ListExecutions: () => ({ executions: [{ name: 'anna_r-20261124-dddddd', status: 'RUNNING', startDate: time(at) }] }),
}

beforeEach(async () => {
  denied = false
  service = await serveJson(operations)
  for (const name of names) process.env[name] = service.endpoint
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_EC2_METADATA_DISABLED: 'true' })
  place = makePlace()
  engine = await open(place)
  const target = { name: 'studio', bucket: 'photos', region: 'us-east-1', tenant: 'owner', profile: null, endpoint: null }
  await engine.handlers['targets.save']({ ...target, api: 'https://api.example.org/v1/' })
})
afterEach(async () => {
  await engine.close()
  await service.close()
  for (const name of [...names, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) Reflect.deleteProperty(process.env, name)
  rmSync(place.root, { recursive: true, force: true })
})

test('everything of the pipeline that is rented in the account is listed with its hour, also what this computer does not know', async () => {
  const costs = await engine.handlers['account.costs']({ name: 'studio' })
  const gpu = costUsd('ml.g4dn.xlarge', 3600)
  const cpu = costUsd('ml.c6i.2xlarge', 3600)
  expect(costs.jobs.map(({ runId, stage, status, usdAnHour }) => [runId, stage, status, usdAnHour])).toEqual([
    ['r-20261124-aaaaaa', '3dgs', 'InProgress', gpu],
    ['r-20261124-bbbbbb', '3dgs', 'InProgress', 0],
    ['r-20261124-cccccc', 'sfm', 'Stopping', cpu],
  ])
  expect(costs.usdAnHour).toBeCloseTo((gpu ?? 0) + (cpu ?? 0), 9)
  expect(costs.runs).toEqual([{ runId: 'r-20261124-dddddd', tenant: 'anna', startedAt: at.toISOString() }])
  expect(await engine.handlers['runs.list']({})).toEqual([])
})

test('a sign-in that may not look is told so, and an account that is not set up too', async () => {
  denied = true
  await expect(engine.handlers['account.costs']({ name: 'studio' })).rejects.toMatchObject({ problem: { code: 'cloud/costs-denied' } })
  await expect(engine.handlers['account.costs']({ name: 'other' })).rejects.toMatchObject({ problem: { code: 'cloud/not-set-up' } })
})

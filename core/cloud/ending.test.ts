import { expect, test } from 'vitest'
import type { CloudJob, JobState } from './api.ts'
import { failedStage, limitWarning, problemOfEnd } from './ending.ts'

const at = '2026-11-24T10:00:00.000Z'
const job = (over: Partial<CloudJob> = {}): CloudJob => ({
  stage: 'sfm',
  name: 'r-any-sfm-0123abcd',
  status: 'Completed',
  secondary: null,
  instance: 'ml.c6i.2xlarge',
  spot: false,
  askedAt: at,
  startedAt: at,
  endedAt: at,
  billableSeconds: 1,
  reason: null,
  ...over,
})
const state = (jobs: readonly CloudJob[], over: Partial<JobState> = {}): JobState => ({
  runId: 'r-any',
  execution: 'FAILED',
  outcome: 'failed',
  kept: false,
  startedAt: at,
  endedAt: at,
  jobs: [...jobs],
  pausing: false,
  error: null,
  heardAt: null,
  bucket: 'b',
  prefix: 't/owner/runs/r-any',
  ...over,
})
const failed = (reason: string, stage: CloudJob['stage'] = 'sfm') => job({ stage, status: 'Failed', reason })
const codeOf = (of: JobState) => problemOfEnd(of).code

test('the stage that failed is the newest failed job’s; none, where no job failed', () => {
  expect(failedStage(state([failed('x', 'sfm'), job({ stage: '3dgs' })]))).toBe('sfm')
  expect(failedStage(state([failed('CapacityError', '3dgs'), failed('x', 'compression')]))).toBe('compression')
  expect(failedStage(state([job()]))).toBeNull()
})

test('a stage’s own words come through SageMaker’s sentence, whole', () => {
  const own = { code: 'run/sfm-few', what: 'Only 3 of 90 {photos} joined.', remedy: 'Take more.' }
  expect(problemOfEnd(state([failed(`AlgorithmError: ${JSON.stringify(own)}, exit code: 65`)]))).toEqual(own)
  // Told by Step Functions alone, where the job is not known any more.
  expect(problemOfEnd(state([], { error: { name: 'States.TaskFailed', cause: `x ${JSON.stringify(own)}` } }))).toEqual(own)
})

test('words that were cut off, or are no Problem, are told as SageMaker has them', () => {
  const cut = 'AlgorithmError: {"code":"run/sfm-few","what":"Only'
  expect(problemOfEnd(state([failed(cut)]))).toMatchObject({ code: 'cloud/failed', what: `The run failed in the account: ${cut}` })
  const half = 'AlgorithmError: {"code":"run/sfm-few"}, exit code: 65'
  expect(problemOfEnd(state([failed(half)]))).toMatchObject({ code: 'cloud/failed', what: `The run failed in the account: ${half}` })
})

test('silence, the longest time and a lack of machines have their own names and remedies', () => {
  const silent = { name: 'Spaceport.Silent', cause: 'Nothing was heard for 30 minutes.' }
  expect(problemOfEnd(state([job({ status: 'Stopped' })], { execution: 'ABORTED', error: silent }))).toMatchObject({
    code: 'cloud/silent',
    what: 'The account stopped the run: Nothing was heard for 30 minutes.',
  })
  expect(codeOf(state([job()], { execution: 'TIMED_OUT' }))).toBe('cloud/timeout')
  expect(codeOf(state([failed('CapacityError: Unable to provision requested ML compute capacity.')]))).toBe('cloud/capacity')
  // A stage that speaks of capacity in its own sentence is no lack of machines.
  expect(codeOf(state([failed('AlgorithmError: CapacityError of a buffer')]))).toBe('cloud/failed')
})

test('where nothing is said, the error’s name or the execution’s end is', () => {
  expect(problemOfEnd(state([], { error: { name: 'States.Runtime', cause: '' } })).what).toContain('(States.Runtime)')
  expect(problemOfEnd(state([])).what).toContain('(FAILED)')
})

test('a job at its longest runtime is told by its cap, or by the account’s limit where there was none', () => {
  const reached = state([job({ stage: '3dgs', status: 'Stopped', secondary: 'MaxRuntimeExceeded' })])
  expect(limitWarning(reached, 3)).toMatchObject({ code: 'run/cap', what: 'Stopped at the cap of $3.00, in 3dgs.' })
  expect(limitWarning(reached, null)).toMatchObject({ code: 'run/limit' })
  expect(limitWarning(state([job({ status: 'Stopped', secondary: 'Stopped' })]), 3)).toBeNull()
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { StartJob } from '../../core/cloud/api.ts'
import { bucket } from '../../core/layout.ts'
import { costUsd } from '../../core/run/cost.ts'
import type { StageName } from '../../core/run/events.ts'
import { ServiceError } from '../../backend/testing/json-service.ts'
import {
  anna,
  ask,
  bela,
  fakeEntry,
  isOver,
  late,
  openStage,
  order,
  placeCapture,
  sampleCapture,
  type Stage,
  until,
  whyNotPlayed,
} from './stage.ts'

const reason = whyNotPlayed()
const played = test.skipIf(reason !== null)
const minutes = 60_000
const tenant = anna.sub ?? ''
const plain = { sfm: { steps: 2 }, '3dgs': { steps: 2 }, compression: { steps: 2 } }
// A stage that works until it is stopped.
const endless = { steps: 1_000_000, stepMs: 20 }
let stage: Stage
let runs = 0

const plan = (over: Partial<Record<StageName, Record<string, unknown>>> = {}): void =>
  writeFileSync(join(stage.folder, 'plan.json'), JSON.stringify({ ...plain, ...over }))

beforeAll(async () => {
  if (reason !== null) return
  stage = await openStage((name) => fakeEntry(join(stage.folder, 'plan.json'))(name))
  const { manifest } = await sampleCapture(stage.folder, 3, 'c-cases')
  await placeCapture(stage.account, tenant, manifest)
}, 30 * minutes)
afterAll(() => stage?.close())
afterEach(() => {
  if (stage) stage.account.sageMaker.refusals.length = stage.account.sageMaker.lacks.length = 0
})

async function start(over: Partial<StartJob> = {}): Promise<string> {
  const runId = `r-20261124-${(++runs).toString(16).padStart(6, '0')}`
  expect(await ask(stage.account, anna, 'POST', 'start-job', order(runId, 'c-cases', over))).toMatchObject({ status: 202 })
  return runId
}
const working = (runId: string, name: StageName) =>
  until(
    stage.account,
    anna,
    runId,
    ({ jobs, heardAt }) =>
      heardAt !== null && jobs.some((job) => job.stage === name && job.startedAt !== null && job.status === 'InProgress'),
  )
/** Waits until training has carried out something that can be kept. */
const trained = async (runId: string): Promise<void> => {
  await working(runId, '3dgs')
  const prefix = `${bucket.run(tenant, runId)}/3dgs/checkpoints/`
  while (!(await stage.account.outside.list(prefix)).some((key) => key.endsWith('.ply')));
}
const letterOf = async (runId: string) => (await stage.account.ministack.letters()).find((one) => one.text.includes(runId))

played.each([
  ['sfm', ['sfm']],
  ['3dgs', ['sfm', '3dgs']],
  ['compression', ['sfm', '3dgs', 'compression']],
] as const)(
  'a failure in %s is a failed run, told with its reason, and nothing goes on',
  async (name, jobs) => {
    plan({ [name]: { exit: 65, failure: { code: 'run/input', what: 'bad', remedy: 'x' } } })
    const runId = await start()
    const state = await until(stage.account, anna, runId, isOver)
    expect(state).toMatchObject({ outcome: 'failed', execution: 'FAILED', error: { name: 'States.TaskFailed' } })
    expect(state.jobs.map((job) => job.stage)).toEqual(jobs)
    expect(state.jobs.at(-1)).toMatchObject({ status: 'Failed', reason: expect.stringContaining('exit code: 65') as string })
    expect(await letterOf(runId)).toMatchObject({ subject: expect.stringContaining('The run failed') as string })
  },
  10 * minutes,
)

played.each(['sfm', '3dgs', 'compression'] as const)(
  'a stop in %s is over only when SageMaker says Stopped',
  async (name) => {
    plan({ [name]: endless })
    const runId = await start()
    await working(runId, name)
    const stopping = await ask(stage.account, anna, 'POST', 'stop-job', { runId, keep: false })
    expect(stopping).toMatchObject({ status: 202, body: { runId } })
    const state = await until(stage.account, anna, runId, isOver)
    expect(state).toMatchObject({ outcome: 'stopped', execution: 'ABORTED' })
    expect(state.jobs.at(-1)).toMatchObject({ stage: name, status: 'Stopped' })
    expect(await ask(stage.account, anna, 'POST', 'stop-job', { runId, keep: false })).toMatchObject({ body: { ended: true, jobs: [] } })
  },
  10 * minutes,
)

played(
  'training that is stopped to be kept is compressed, and the mail has its scene',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await trained(runId)
    await ask(stage.account, anna, 'POST', 'stop-job', { runId, keep: true })
    const state = await until(stage.account, anna, runId, isOver)
    expect(state).toMatchObject({ outcome: 'stopped', execution: 'SUCCEEDED', kept: true })
    expect(state.jobs.map(({ status }) => status)).toEqual(['Completed', 'Stopped', 'Completed'])
    expect((await letterOf(runId))?.text).toMatch(/The run was stopped[^]*links\//)
  },
  10 * minutes,
)

played(
  'a refusal for capacity and a lack of machines are waited for, under new job names',
  async () => {
    plan()
    const { sageMaker } = stage.account
    sageMaker.refusals.push({ stage: 'sfm', error: new ServiceError('ResourceLimitExceeded', 'The account-level limit is 0 Instances') })
    sageMaker.lacks.push({ stage: '3dgs', reason: 'CapacityError: Unable to provision requested ML compute capacity.' })
    const runId = await start()
    const state = await until(stage.account, anna, runId, isOver)
    expect(state.outcome).toBe('done')
    expect(state.jobs.map((job) => [job.stage, job.status])).toEqual([
      ['sfm', 'Completed'],
      ['3dgs', 'Failed'],
      ['3dgs', 'Completed'],
      ['compression', 'Completed'],
    ])
    expect(new Set(state.jobs.map((job) => job.name)).size).toBe(4)
  },
  10 * minutes,
)

played(
  'a cap ends training at its limit, and what it reached is kept',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start({ capUsd: 3 })
    await trained(runId)
    const { sageMaker } = stage.account
    const job = sageMaker.latest('3dgs')
    if (!job) throw new Error('no training job')
    const { MaxRuntimeInSeconds } = job.request['StoppingCondition'] as { MaxRuntimeInSeconds: number }
    // Its share of the cap, for two attempts.
    expect(costUsd('ml.c6i.4xlarge', MaxRuntimeInSeconds)).toBeLessThanOrEqual(0.9)
    await sageMaker.reachLimit(job)
    const state = await until(stage.account, anna, runId, isOver)
    expect(state).toMatchObject({ outcome: 'stopped', kept: true })
    expect(state.jobs.find((job) => job.stage === '3dgs')).toMatchObject({ status: 'Stopped', secondary: 'MaxRuntimeExceeded' })
  },
  10 * minutes,
)

played(
  'a job that works in silence is stopped with its run; one that speaks is left alone',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await working(runId, '3dgs')
    expect(await stage.account.invoke('dead-man', {})).toEqual({ stopped: [] })
    // Whoever grants no silence at all finds every job dead.
    expect(await stage.account.invoke('dead-man', {}, { SILENT_MINUTES: '0' })).toEqual({ stopped: [`${tenant}_${runId}`] })
    const state = await until(stage.account, anna, runId, isOver)
    expect(state).toMatchObject({ execution: 'ABORTED', error: { name: 'Spaceport.Silent' } })
    expect(state.jobs.at(-1)).toMatchObject({ stage: '3dgs', status: 'Stopped' })
  },
  10 * minutes,
)

played(
  'the same order twice is one run; another order under its name is refused',
  async () => {
    plan()
    const runId = await start()
    expect(await ask(stage.account, anna, 'POST', 'start-job', order(runId, 'c-cases'))).toMatchObject({
      status: 202,
      body: { again: true },
    })
    await until(stage.account, anna, runId, isOver)
    expect(await ask(stage.account, anna, 'POST', 'start-job', order(runId, 'c-cases'))).toMatchObject({
      status: 202,
      body: { again: true },
    })
    const other = order(runId, 'c-cases', { compression: { sogIterations: 3 } })
    expect(await ask(stage.account, anna, 'POST', 'start-job', other)).toMatchObject({ status: 409, body: { code: 'cloud/run-exists' } })
    expect([...stage.account.states.executions.values()].filter((one) => one.name.endsWith(runId))).toHaveLength(1)
  },
  10 * minutes,
)

played('what cannot work is refused with 400 before anything is paid for', async () => {
  const before = stage.account.states.executions.size
  const refusals: [body: Record<string, unknown>, code: string][] = [
    [{ ...order('r-bad', 'c-cases'), step: 'everything' }, 'cloud/request'],
    [{ ...order('r-bad', 'c-cases'), photos: 's3://photos/t/someone/photos/' }, 'cloud/request'],
    [{ ...order('r-bad', '../c-cases') }, 'cloud/request'],
    [{ ...order('r-bad', 'c-unknown') }, 'cloud/no-manifest'],
    [{ ...order('r-bad', 'c-cases', { step: '3dgs' }) }, 'cloud/from-run'],
    [{ ...order('r-bad', 'c-cases', { step: 'compression', fromRun: 'r-nowhere' }) }, 'cloud/no-scene'],
    [{ ...order('r-bad', 'c-cases', { capUsd: 0.01 }) }, 'cloud/cap'],
  ]
  for (const [body, code] of refusals)
    expect(await ask(stage.account, anna, 'POST', 'start-job', body)).toMatchObject({ status: 400, body: { code } })
  expect(stage.account.states.executions.size).toBe(before)
})

played('photos that are not in the bucket, or are not whole there, are named', async () => {
  const { manifest } = await sampleCapture(stage.folder, 3, 'c-missing')
  const [first] = manifest.photos
  if (first) manifest.photos[0] = { ...first, sizeBytes: first.sizeBytes + 1 }
  await stage.account.outside.put(bucket.manifest(tenant, 'c-missing'), Buffer.from(JSON.stringify(manifest)))
  expect(await ask(stage.account, anna, 'POST', 'start-job', order('r-missing', 'c-missing'))).toMatchObject({
    status: 400,
    body: { code: 'cloud/photos-unverified', what: expect.stringContaining('1 of 3') as string },
  })
})

played(
  'a second person reaches nothing of the first; the first reaches it',
  async () => {
    plan()
    const runId = await start()
    expect(await ask(stage.account, anna, 'GET', `jobs/${runId}`)).toMatchObject({ status: 200 })
    expect(await ask(stage.account, bela, 'GET', `jobs/${runId}`)).toMatchObject({ status: 404 })
    expect(await ask(stage.account, bela, 'POST', 'stop-job', { runId, keep: false })).toMatchObject({ status: 404 })
    expect(await ask(stage.account, bela, 'POST', 'start-job', order('r-bela', 'c-cases'))).toMatchObject({
      body: { code: 'cloud/no-manifest' },
    })
    const reuse = order('r-bela', 'c-cases', { step: '3dgs', fromRun: runId })
    await until(stage.account, anna, runId, isOver)
    expect(await ask(stage.account, bela, 'POST', 'start-job', reuse)).toMatchObject({ body: { code: 'cloud/no-sparse' } })
    expect(await ask(stage.account, anna, 'POST', 'start-job', { ...reuse, runId: 'r-reuse' })).toMatchObject({ status: 202 })
    expect((await until(stage.account, anna, 'r-reuse', isOver)).jobs.map((job) => job.stage)).toEqual(['3dgs', 'compression'])
  },
  10 * minutes,
)

played('keys that have run out, wrong ones and none are refused at the door', async () => {
  expect(await ask(stage.account, late, 'GET', 'jobs/r-any')).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('expired') as string },
  })
  expect((await ask(stage.account, { ...anna, secretAccessKey: 'other' }, 'GET', 'jobs/r-any')).status).toBe(403)
  expect((await fetch(new URL('jobs/r-any', stage.account.door.url))).status).toBe(403)
  expect((await fetch(new URL('links/made-up.token', stage.account.door.url))).status).toBe(404)
})

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ServiceError } from '../../backend/testing/json-service.ts'
import { bucket } from '../../core/layout.ts'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { RunEvent, StageName } from '../../core/run/events.ts'
import { reduce } from '../../core/run/reduce.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import { apiClient } from '../../engine/cloud/account/api-client.ts'
import { until as comesTrue } from '../../engine/cloud/testing/until.ts'
import type { Engine } from '../../engine/engine.ts'
import { checked, makePlace, open, quick, toEnd, until } from '../../engine/run/fixtures/line.ts'
import { anna, bela, bucketName, fakeEntry, openStage, type Stage, whyNotPlayed } from './stage.ts'

// The desktop's own engine as one of two people of an account: real signatures, real Lambdas, the deployed definition, a bucket with walls.
const reason = whyNotPlayed()
const played = test.skipIf(reason !== null)
const minutes = 60_000
const plain = { sfm: { steps: 2 }, '3dgs': { steps: 2 }, compression: { steps: 2 } }
// A stage that works until it is stopped.
const endless = { steps: 1_000_000, stepMs: 20 }
let stage: Stage
let desks: Record<'anna' | 'bela', Desk>

type Desk = { readonly engine: Engine; readonly captureId: string; readonly target: CloudTarget }

// Time goes on by what the runner waits for; the stages get a moment of the real one.
let clockMs = 0
const ticker = {
  nowMs: () => clockMs,
  wait: async (ms: number, signal: AbortSignal) => {
    await sleep(20)
    if (!signal.aborted) clockMs += ms
  },
}

const plan = (over: Partial<Record<StageName, Record<string, unknown>>> = {}): void =>
  writeFileSync(join(stage.folder, 'plan.json'), JSON.stringify({ ...plain, ...over }))

beforeAll(async () => {
  if (reason !== null) return
  stage = await openStage((name) => fakeEntry(join(stage.folder, 'plan.json'))(name), { walled: true })
  const profiles = stage.keys.map(
    ({ accessKeyId, secretAccessKey, sub }) =>
      `[${sub === anna.sub ? 'anna' : 'bela'}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  writeFileSync(join(stage.folder, 'credentials'), profiles.join('\n'))
  writeFileSync(join(stage.folder, 'config'), '')
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: join(stage.folder, 'credentials'),
    AWS_CONFIG_FILE: join(stage.folder, 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  desks = { anna: await openDesk('anna', anna.sub ?? ''), bela: await openDesk('bela', bela.sub ?? '') }
}, 30 * minutes)
afterAll(async () => {
  for (const { engine } of Object.values(desks ?? {})) await engine.close()
  await stage?.close()
})
afterEach(() => {
  if (stage) stage.account.sageMaker.refusals.length = stage.account.sageMaker.lacks.length = 0
})

async function openDesk(profile: string, tenant: string): Promise<Desk> {
  const root = join(stage.folder, profile)
  mkdirSync(root)
  const place = makePlace({}, root)
  const engine = await open(place, { ticker })
  const target: CloudTarget = {
    name: 'studio',
    bucket: bucketName,
    region: 'us-east-1',
    tenant,
    profile,
    endpoint: stage.server.endpoint,
    api: stage.account.door.url,
  }
  await engine.handlers['targets.save'](target)
  return { engine, captureId: await checked(engine, place.photos), target }
}

const settings = (over: Partial<Omit<RunSettings, 'preset'>> = {}) => quick({ where: 'studio', ...over })
async function start(over: Partial<Omit<RunSettings, 'preset'>> = {}, { engine, captureId }: Desk = desks.anna): Promise<string> {
  return (await engine.startRun(captureId, settings(over))).runId
}
const ended = async (runId: string, { engine }: Desk = desks.anna) => {
  const { events } = await toEnd(engine, runId)
  return { events, state: reduce(events), last: events.at(-1) as RunEvent }
}
/** Until the desktop itself knows that a stage has a machine. */
const working = (runId: string, name: StageName) =>
  until(desks.anna.engine, runId, (event) => event.kind === 'stage-started' && event.stage === name)
const checkpointed = (runId: string) =>
  comesTrue(async () =>
    (await stage.account.outside.list(`${bucket.run(anna.sub ?? '', runId)}/3dgs/checkpoints/`)).some((key) => key.endsWith('.ply')),
  )
const warnings = (events: readonly RunEvent[]) => events.flatMap((event) => (event.kind === 'warning' ? [event.problem.code] : []))
const atHome = (runId: string, file: string) => existsSync(join(desks.anna.engine.runFolder(runId), file))
const jobsOf = (runId: string) => [...stage.account.sageMaker.jobs.values()].filter((job) => job.name.startsWith(runId))

played.each(['sfm', '3dgs', 'compression'] as const)(
  'a failure in %s reaches the screen with the stage’s own words, and nothing goes on',
  async (name) => {
    plan({ [name]: { exit: 65, failure: { code: 'run/input', what: `${name} met a bad file.`, remedy: 'Leave it out.' } } })
    const { last, state } = await ended(await start())
    expect(last).toMatchObject({ kind: 'failed', stage: name, problem: { code: 'run/input', what: `${name} met a bad file.` } })
    const failed = state.account?.jobs.at(-1)
    expect(failed).toMatchObject({ stage: name, status: 'Failed' })
  },
  10 * minutes,
)

played.each(['sfm', '3dgs', 'compression'] as const)(
  'a stop in %s is told as done only when no job of the run is alive',
  async (name) => {
    plan({ [name]: endless })
    const runId = await start()
    await working(runId, name)
    await desks.anna.engine.handlers['runs.stop']({ runId, keep: false })
    const { events, last, state } = await ended(runId)
    expect(last).toMatchObject({ kind: 'stopped', kept: false })
    // Who stopped it is known.
    expect(warnings(events)).toEqual([])
    expect(state.account?.jobs.at(-1)).toMatchObject({ stage: name, status: 'Stopped' })
    expect(jobsOf(runId).filter((job) => job.ended === null)).toEqual([])
  },
  10 * minutes,
)

played(
  'training that is stopped to be kept comes home as a scene',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await working(runId, '3dgs')
    await checkpointed(runId)
    await desks.anna.engine.handlers['runs.stop']({ runId, keep: true })
    const { last, state } = await ended(runId)
    expect(last).toMatchObject({ kind: 'stopped', kept: true })
    expect(state.account?.jobs.map(({ status }) => status)).toEqual(['Completed', 'Stopped', 'Completed'])
    expect([atHome(runId, '3dgs/scene.ply'), atHome(runId, 'compression/scene.sog')]).toEqual([true, true])
  },
  10 * minutes,
)

played(
  'a lack of machines is waited for under new job names, and each attempt is told',
  async () => {
    plan()
    const { sageMaker } = stage.account
    sageMaker.refusals.push({ stage: 'sfm', error: new ServiceError('ResourceLimitExceeded', 'The account-level limit is 0 Instances') })
    sageMaker.lacks.push({ stage: '3dgs', reason: 'CapacityError: Unable to provision requested ML compute capacity.' })
    const runId = await start()
    const { last, state } = await ended(runId)
    expect(last.kind).toBe('done')
    const jobs = state.account?.jobs ?? []
    expect(jobs.map((job) => [job.stage, job.status])).toEqual([
      ['sfm', 'Completed'],
      ['3dgs', 'Failed'],
      ['3dgs', 'Completed'],
      ['compression', 'Completed'],
    ])
    expect(new Set(jobs.map(({ name }) => name)).size).toBe(4)
    // What never got a machine costs nothing.
    expect(jobs[1]).toMatchObject({ startedAt: null })
    expect(atHome(runId, 'report.json')).toBe(true)
  },
  10 * minutes,
)

played(
  'a spot machine that is taken away is one job, one stage, and goes on from its checkpoint',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await working(runId, '3dgs')
    await checkpointed(runId)
    // The second machine reads its plan when it starts.
    plan({ '3dgs': { steps: 40, stepMs: 5 } })
    const job = stage.account.sageMaker.latest('3dgs')
    if (job) await stage.account.sageMaker.interrupt(job)
    const { events, last } = await ended(runId)
    expect(last.kind).toBe('done')
    expect(job?.starts).toBe(2)
    expect(events.filter((event) => event.kind === 'stage-started' && event.stage === '3dgs')).toHaveLength(1)
    const starts = readFileSync(join(stage.folder, 'plan.json.starts'), 'utf8').trim().split('\n')
    const trained = starts.map((one) => JSON.parse(one) as { stage: string; from: number }).filter((one) => one.stage === '3dgs')
    expect(trained.at(-1)?.from).toBeGreaterThanOrEqual(5)
    const begun = events.filter((event) => event.kind === 'line' && event.line.stage === '3dgs' && event.line.done === 0)
    expect(begun).toHaveLength(1)
  },
  10 * minutes,
)

played(
  'a job that works in silence is stopped by the account, and the run has failed by name',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await working(runId, '3dgs')
    expect(await stage.account.invoke('dead-man', {}, { SILENT_MINUTES: '0' })).toEqual({ stopped: [`${anna.sub}_${runId}`] })
    const { last } = await ended(runId)
    expect(last).toMatchObject({ kind: 'failed', problem: { code: 'cloud/silent' } })
    expect(jobsOf(runId).filter((job) => job.ended === null)).toEqual([])
  },
  10 * minutes,
)

played(
  'a run that comes to its cap ends there, is told so, and what it reached comes home',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start({ capUsd: 3 })
    await working(runId, '3dgs')
    await checkpointed(runId)
    const job = stage.account.sageMaker.latest('3dgs')
    if (job) await stage.account.sageMaker.reachLimit(job)
    const { events, last } = await ended(runId)
    expect(warnings(events)).toEqual(['run/cap'])
    expect(last).toMatchObject({ kind: 'stopped', kept: true })
    expect(atHome(runId, 'compression/scene.sog')).toBe(true)
  },
  10 * minutes,
)

played(
  'a sign-in that runs out in the middle is told once; after signing in again the same run is followed to its end',
  async () => {
    plan({ '3dgs': endless })
    const runId = await start()
    await working(runId, '3dgs')
    const at = stage.keys.findIndex(({ sub }) => sub === anna.sub)
    const good = stage.keys[at] ?? anna
    stage.keys[at] = { ...good, expired: true }
    await until(desks.anna.engine, runId, (event) => event.kind === 'warning')
    stage.keys[at] = good
    await checkpointed(runId)
    await desks.anna.engine.handlers['runs.stop']({ runId, keep: true })
    const { events, last } = await ended(runId)
    expect(warnings(events)).toEqual(['cloud/refused'])
    expect(last).toMatchObject({ kind: 'stopped', kept: true })
    expect([...stage.account.states.executions.values()].filter((one) => one.name.endsWith(runId))).toHaveLength(1)
  },
  10 * minutes,
)

played(
  'training and compression begin from what an earlier run of the account left',
  async () => {
    plan()
    const first = await start()
    expect((await ended(first)).last.kind).toBe('done')
    const trained = await start({ step: '3dgs', fromRun: first })
    const compressed = await start({ step: 'compression', fromRun: first })
    expect((await ended(trained)).last.kind).toBe('done')
    expect((await ended(compressed)).last.kind).toBe('done')
    expect(jobsOf(trained).map((job) => job.stage)).toEqual(['3dgs', 'compression'])
    expect(jobsOf(compressed).map((job) => job.stage)).toEqual(['compression'])
    expect([atHome(trained, '3dgs/scene.ply'), atHome(compressed, 'compression/scene.sog')]).toEqual([true, true])
  },
  10 * minutes,
)

played(
  'a second person runs in the own place, and is refused everywhere in the first one’s',
  async () => {
    plan()
    const of = await start()
    expect((await ended(of)).last.kind).toBe('done')
    // A denial proves nothing until the same person's own access was shown to work.
    const own = await start({}, desks.bela)
    expect((await ended(own, desks.bela)).last.kind).toBe('done')

    const reuse = await start({ step: '3dgs', fromRun: of }, desks.bela)
    expect((await ended(reuse, desks.bela)).last).toMatchObject({ kind: 'failed', problem: { code: 'cloud/no-sparse' } })
    const credentials = async () => stage.keys.find(({ sub }) => sub === bela.sub) ?? bela
    const api = apiClient({ url: stage.account.door.url, region: 'us-east-1', credentials, now: () => new Date() })
    const { signal } = new AbortController()
    expect(await api.job(own, signal)).toMatchObject({ runId: own, outcome: 'done' })
    expect(await api.job(of, signal)).toBeNull()
    await expect(api.stop({ runId: of, keep: false }, signal)).rejects.toMatchObject({ problem: { code: 'cloud/no-run' } })

    const { engine, target } = desks.bela
    await engine.handlers['targets.save']({ ...target, name: 'other', tenant: anna.sub ?? '' })
    const sent = await start({ where: 'other' }, desks.bela)
    expect((await ended(sent, desks.bela)).last).toMatchObject({ kind: 'failed', problem: { code: 'upload/denied' } })
    expect([...stage.account.states.executions.keys()].filter((arn) => arn.endsWith(sent))).toEqual([])
    const folder = mkdtempSync(join(stage.folder, 'fetched-'))
    const told = []
    for await (const event of engine.transfers.fetch(of, 'other', folder, signal)) told.push(event)
    expect(told.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/denied' } })
    rmSync(folder, { recursive: true })
  },
  10 * minutes,
)

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunEvent } from '../../core/run/events.ts'
import { reduce } from '../../core/run/reduce.ts'
import { until as comesTrue } from '../../engine/cloud/testing/until.ts'
import { prepareServer, storedFiles } from '../../engine/cloud/testing/versitygw.ts'
import { quick, toEnd, until } from '../../engine/run/fixtures/line.ts'
import { root } from '../served.ts'
import { at, bucket, job, jobState, openStand, type Stand } from './runner-stand.ts'

const missing = prepareServer()
const settings = quick({ where: 'studio', capUsd: 3 })
const ended = (seconds: number) => ({ status: 'Completed', endedAt: at(60 + seconds), billableSeconds: seconds })
const allDone = [job('sfm', ended(100)), job('3dgs', ended(200)), job('compression', ended(30))]
const line = (stage: string, second: number, done: number) =>
  `${JSON.stringify({ at: at(second), stage, step: stage === '3dgs' ? 'train' : 'features', done, total: 10, unit: 'x', metrics: stage === '3dgs' ? { loss: 0.1 } : {} })}\n`
const hash = 'a'.repeat(64)

describe.skipIf(missing !== null)(`a run in an account${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(() => stand.close())

  /** What a finished run leaves in the bucket. */
  const leave = async (runId: string): Promise<void> => {
    const place = `t/owner/runs/${runId}`
    const outcome = { kind: 'done', stage: '3dgs', tookMs: 1, cpuMs: 1, peakBytes: 1, files: { 'scene.ply': { bytes: 5, sha256: hash } } }
    await stand.put(`${place}/sfm/progress.jsonl`, line('sfm', 61, 5) + line('sfm', 70, 10))
    await stand.put(`${place}/3dgs/checkpoints/progress.jsonl`, line('3dgs', 62, 5) + line('3dgs', 80, 10))
    await stand.put(`${place}/3dgs/3dgs-1/output/model/scene.ply`, 'splat')
    await stand.put(`${place}/3dgs/3dgs-1/output/model/outcome.json`, JSON.stringify(outcome))
    await stand.put(`${place}/compression/scene.sog`, 'sog')
    await stand.put(`${place}/photos-0123456789abcdef.manifest`, '[]')
    await stand.put(`${place}/inputs-0123456789abcdef/manifest.json`, '{}')
    const report = { version: 1, score: 81.5, parts: [], stages: [], costUsd: 0.06 }
    await stand.put(`${place}/report.json`, JSON.stringify(report))
  }
  const storedPhotos = () => [...storedFiles(stand.server, bucket).keys()].filter((key) => key.includes('/photos/'))
  /** The command line on the stand's home, in a process of its own. */
  const spaceport = async (...words: string[]): Promise<{ code: number | null; said: string }> => {
    const env = { ...process.env, SPACEPORT_HOME: stand.place.home }
    const child = spawn(process.execPath, [join(root, 'engine', 'hosts', 'cli.ts'), ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, said }
  }
  const kinds = (events: readonly RunEvent[]) => events.map(({ kind }) => kind)

  test('photos are sent, the run is started once, told as a local one is, and its results lie at home', async () => {
    const { engine, captureId } = await stand.open()
    stand.states.push(
      jobState([job('sfm', { startedAt: null })]),
      jobState([job('sfm')], { heardAt: at(65) }),
      jobState(allDone.slice(0, 1), { heardAt: at(70) }),
      jobState([...allDone.slice(0, 1), job('3dgs')], { heardAt: at(80) }),
      jobState(allDone, { execution: 'SUCCEEDED', outcome: 'done', endedAt: at(400), heardAt: at(80) }),
    )
    const { runId } = await engine.startRun(captureId, settings)
    await leave(runId)
    const { events } = await toEnd(engine, runId)
    const state = reduce(events)
    expect([state.kind, state.score, events.at(-1)?.kind]).toEqual(['done', 81.5, 'done'])
    expect(state.stages.map(({ kind, tookMs }) => [kind, tookMs])).toEqual([
      ['done', 100_000],
      ['done', 200_000],
      ['done', 30_000],
    ])
    // Photos came first, and each line is told once although its file was read several times.
    expect([...storedFiles(stand.server, bucket).keys()].filter((key) => key.includes('/photos/'))).toHaveLength(4)
    expect(stand.orders).toMatchObject([{ runId, captureId, step: 'full', capUsd: 3, train: { engine: 'cuda' } }])
    expect(events.flatMap((event) => (event.kind === 'line' ? [`${event.line.stage} ${event.line.done}`] : []))).toEqual([
      'sfm 5',
      'sfm 10',
      '3dgs 5',
      '3dgs 10',
    ])
    expect(state.account?.jobs.map(({ billableSeconds }) => billableSeconds)).toEqual([100, 200, 30])
    const folder = engine.runFolder(runId)
    expect(readFileSync(join(folder, '3dgs', 'scene.ply'), 'utf8')).toBe('splat')
    expect(existsSync(join(folder, 'compression', 'scene.sog')) && existsSync(join(folder, 'manifest.json'))).toBe(true)
    for (const own of ['photos-0123456789abcdef.manifest', 'inputs-0123456789abcdef'])
      expect(existsSync(join(folder, own)), own).toBe(false)
    expect(readFileSync(join(folder, 'progress.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4)
    expect(events.filter((event) => event.kind === 'artefact')).toMatchObject([{ path: '3dgs/scene.ply', bytes: 5, sha256: hash }])
  })

  test('an account is asked at most once in 15 seconds, for lines too, and never about a finished run', async () => {
    const { engine, captureId } = await stand.open()
    for (let second = 0; second < 8; second++) stand.states.push(jobState([job('sfm')], { heardAt: at(second) }))
    stand.states.push(
      jobState([job('sfm', { status: 'Failed', endedAt: at(90) })], { execution: 'FAILED', outcome: 'failed', endedAt: at(90) }),
    )
    const { runId } = await engine.startRun(captureId, settings)
    await toEnd(engine, runId)
    const names = new Set(stand.asked.map(({ name }) => name))
    expect([...names].toSorted((a, b) => a.localeCompare(b))).toEqual(['get-job', 'progress', 'start-job'])
    const times = stand.asked.map(({ atMs }) => atMs)
    expect(times.length).toBeGreaterThan(8)
    for (const [index, atMs] of times.slice(1).entries()) expect(atMs - (times[index] ?? 0)).toBeGreaterThanOrEqual(15_000)
    const count = stand.asked.length
    await engine.close()
    const { engine: next } = await stand.open({ resume: true })
    expect((await next.handlers['runs.get']({ runId })).state.kind).toBe('failed')
    expect(stand.asked).toHaveLength(count)
  })

  test('a failure in a stage is told with the stage’s own words', async () => {
    const { engine, captureId } = await stand.open()
    const reason = 'AlgorithmError: {"code":"run/sfm-few","what":"38 of 91 photos joined.","remedy":"Take more."}, exit code: 65'
    stand.states.push(
      jobState([job('sfm', { status: 'Failed', endedAt: at(90), reason })], {
        execution: 'FAILED',
        outcome: 'failed',
        endedAt: at(90),
        error: { name: 'States.TaskFailed', cause: '{}' },
      }),
    )
    const { runId } = await engine.startRun(captureId, settings)
    const { events } = await toEnd(engine, runId)
    expect(events.at(-1)).toMatchObject({ kind: 'failed', stage: 'sfm', problem: { code: 'run/sfm-few', what: '38 of 91 photos joined.' } })
  })

  test('a stop is told as done only after SageMaker says Stopped', async () => {
    const { engine, captureId } = await stand.open()
    stand.states.push(jobState([job('3dgs')]))
    const { runId } = await engine.startRun(captureId, settings)
    await until(engine, runId, ({ kind }) => kind === 'account')
    const heardAt = (await engine.handlers['runs.get']({ runId })).state.lastHeardAt
    await engine.handlers['runs.stop']({ runId, keep: false })
    const asked = () => stand.asked.filter(({ name }) => name === 'get-job').length
    await comesTrue(() => stand.stops.length > 0)
    const before = asked()
    // Asked again and again, the account still says that the job is alive: so is the run.
    await comesTrue(() => asked() > before + 3)
    expect((await engine.handlers['runs.get']({ runId })).state).toMatchObject({ kind: 'stopping', lastHeardAt: heardAt })
    const stopped = job('3dgs', { status: 'Stopped', endedAt: at(200), billableSeconds: 140 })
    stand.states.push(jobState([stopped], { execution: 'ABORTED', outcome: 'stopped', endedAt: at(200) }))
    const { events } = await toEnd(engine, runId)
    expect(stand.stops).toEqual([{ runId, keep: false }])
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', kept: false, at: at(200) })
  })

  test('a stop while photos are being sent ends the run before anything is started, and nothing is sent twice after it', async () => {
    const { engine, captureId } = await stand.open()
    const [sending, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    stand.line.plan = async ({ method }) => {
      if (method !== 'PUT') return null
      sending.resolve()
      await goOn.promise
      return null
    }
    const { runId } = await engine.startRun(captureId, settings)
    await sending.promise
    await engine.handlers['runs.stop']({ runId, keep: false })
    goOn.resolve()
    const { events } = await toEnd(engine, runId)
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', kept: false })
    expect(kinds(events)).not.toContain('started')
    expect([stand.orders, stand.stops]).toEqual([[], []])

    stand.states.push(jobState([job('sfm', { status: 'Stopped' })], { execution: 'ABORTED', outcome: 'stopped', endedAt: at(90) }))
    await toEnd(engine, (await engine.startRun(captureId, settings)).runId)
    expect(stand.orders).toHaveLength(1)
    const sent = stand.line.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/photos/')).map(({ path }) => path)
    expect(storedPhotos()).toHaveLength(4)
    // Those that were under way when it was stopped may be sent again; no other.
    expect(sent.length).toBeLessThanOrEqual(8)
  })

  test('the command line follows a run of an account to its end, and stops one there', async () => {
    const { engine, captureId } = await stand.open()
    stand.states.push(jobState([job('sfm')]))
    const first = await engine.startRun(captureId, settings)
    await until(engine, first.runId, ({ kind }) => kind === 'account')
    const second = await engine.startRun(captureId, settings)
    await until(engine, second.runId, ({ kind }) => kind === 'account')
    await engine.close()
    const stopped = job('sfm', { status: 'Stopped', endedAt: at(90), billableSeconds: 30 })
    const over = jobState([stopped], { execution: 'ABORTED', outcome: 'stopped', endedAt: at(90) })
    stand.states.splice(0, stand.states.length, over)
    expect(await spaceport('stop', first.runId)).toMatchObject({ code: 0 })
    expect(stand.stops).toEqual([{ runId: first.runId, keep: false }])
    const watched = await spaceport('watch', second.runId, '--json')
    expect(watched.said).toContain('cloud/stopped-there')
    // Nobody on this machine asked for that end.
    expect(stand.stops).toHaveLength(1)
    const { engine: next } = await stand.open({ resume: false })
    for (const { runId } of [first, second]) expect((await next.handlers['runs.get']({ runId })).state.kind).toBe('stopped')
  })

  test('the engine goes and comes back: the run went on, is not started again, and nothing is told twice', async () => {
    const { engine, captureId } = await stand.open()
    stand.states.push(jobState([job('sfm')], { heardAt: at(65) }))
    const { runId } = await engine.startRun(captureId, settings)
    await leave(runId)
    await until(engine, runId, ({ kind }) => kind === 'line')
    await engine.close()
    stand.states.push(jobState(allDone, { execution: 'SUCCEEDED', outcome: 'done', endedAt: at(400), heardAt: at(80) }))
    const { engine: next } = await stand.open({ resume: true })
    const { events } = await toEnd(next, runId)
    expect(stand.orders).toHaveLength(1)
    expect(kinds(events).filter((kind) => kind === 'started' || kind === 'stage-started' || kind === 'done')).toHaveLength(5)
    expect(events.filter(({ kind }) => kind === 'line')).toHaveLength(4)
  })

  test('a sign-in that runs out does not end the run: it is told once, and the run is followed again', async () => {
    const { engine, captureId } = await stand.open()
    stand.states.push(jobState([job('sfm')]))
    const { runId } = await engine.startRun(captureId, settings)
    await until(engine, runId, ({ kind }) => kind === 'stage-started')
    const expired = { statusCode: 403, body: { message: 'The security token included in the request is expired' } }
    stand.refusals.push(expired, expired, { statusCode: 502, body: {} })
    await until(engine, runId, ({ kind }) => kind === 'warning')
    stand.states.push(jobState([job('sfm', { status: 'Stopped' })], { execution: 'ABORTED', outcome: 'stopped', endedAt: at(90) }))
    const { events } = await toEnd(engine, runId)
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.code] : []))
    expect(warnings).toEqual(['cloud/refused', 'cloud/no-answer', 'cloud/stopped-there'])
  })

  test('what the account refuses fails the run with the account’s own words, and an account without an API starts none', async () => {
    const { engine, captureId } = await stand.open()
    const few = { code: 'cloud/cap', what: 'With 0.01 USD no stage could finish.', remedy: 'Set more.' }
    stand.refusals.push({ statusCode: 400, body: few })
    const { runId } = await engine.startRun(captureId, quick({ where: 'studio', capUsd: 0.01 }))
    const { events } = await toEnd(engine, runId)
    expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: few })
    const [target] = await engine.handlers['targets.list']({})
    if (target) await engine.handlers['targets.save']({ ...target, api: null })
    await expect(engine.startRun(captureId, settings)).rejects.toMatchObject({ problem: { code: 'cloud/no-api' } })
    await expect(engine.startRun(captureId, quick({ where: 'other' }))).rejects.toMatchObject({ problem: { code: 'cloud/not-set-up' } })
  })
})

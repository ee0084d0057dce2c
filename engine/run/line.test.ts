import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { RunReport } from '../../core/run/report.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { presets } from '../../core/run/settings.ts'
import type { Engine } from '../engine.ts'
import { checked, isAlive, makePlace, open, type Place, type Plan, quick, runToEnd, toEnd, until } from './fixtures/line.ts'

const engines: Engine[] = []
const places: Place[] = []

async function begin(plan: Plan = {}): Promise<{ place: Place; engine: Engine; captureId: string }> {
  const place = makePlace(plan)
  places.push(place)
  const engine = await opened(place)
  return { place, engine, captureId: await checked(engine, place.photos) }
}

async function opened(place: Place, kind: 'cli' | 'browser' = 'cli'): Promise<Engine> {
  const engine = await open(place, {}, kind)
  engines.push(engine)
  return engine
}

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  for (const place of places.splice(0)) rmSync(place.root, { recursive: true, force: true })
})

const stagesStarted = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'stage-started' ? [event.stage] : []))
const stagesReused = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'stage-reused' ? [event.stage] : []))

test('a folder becomes a scene: three stages, their files, a report, a score', async () => {
  const { place, engine, captureId } = await begin()
  const out = join(place.root, 'out')
  const { runId, events } = await runToEnd(engine, captureId, quick(), { outDir: out })
  expect(stagesStarted(events)).toEqual(['sfm', '3dgs', 'compression'])
  expect(events.at(-1)).toMatchObject({ kind: 'done', score: expect.any(Number) as number })
  for (const name of [
    'manifest.json',
    'sfm/sparse/0/images.bin',
    'sfm/report.json',
    '3dgs/scene.ply',
    '3dgs/metrics.json',
    '3dgs/checkpoints/10.ply',
    'compression/scene.sog',
    'compression/scene.spz',
    'progress.jsonl',
    'logs/sfm.log',
    'report.json',
  ]) {
    expect(existsSync(join(engine.runFolder(runId), name)), name).toBe(true)
    expect(existsSync(join(out, name)), `out/${name}`).toBe(true)
  }
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as RunReport
  expect(report.stages.map((one) => [one.stage, one.reused])).toEqual([
    ['sfm', false],
    ['3dgs', false],
    ['compression', false],
  ])
  expect(report.parts.find((part) => part.name === 'GPS residual')).toMatchObject({ value: null, why: 'No GPS in these photos.' })
})

test('progress.jsonl of the run holds every line of every stage, in order', async () => {
  const { engine, captureId } = await begin()
  const { runId } = await runToEnd(engine, captureId)
  const lines = readFileSync(join(engine.runFolder(runId), 'progress.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { stage: string; step: string; done: number })
  const work = lines.filter((line) => line.step === 'work')
  expect(work.map((line) => `${line.stage} ${line.done}`)).toEqual(
    ['sfm', '3dgs', 'compression'].flatMap((stage) => Array.from({ length: 11 }, (_, at) => `${stage} ${at}`)),
  )
})

test('the same run again makes nothing; a changed training setting does not redo structure from motion', async () => {
  const { place, engine, captureId } = await begin()
  await runToEnd(engine, captureId)
  expect(await engine.handlers['runs.reusable']({ captureId, settings: quick() })).toEqual(['sfm', '3dgs', 'compression'])
  expect(stagesReused((await runToEnd(engine, captureId)).events)).toEqual(['sfm', '3dgs', 'compression'])
  const other = quick({ train: { ...presets.preview.train, iterations: 300 } })
  expect(await engine.handlers['runs.reusable']({ captureId, settings: other })).toEqual(['sfm'])
  expect(stagesReused((await runToEnd(engine, captureId, other)).events)).toEqual(['sfm'])
  expect(place.starts().map((one) => one.stage)).toEqual(['sfm', '3dgs', 'compression', '3dgs', 'compression'])
})

test('a run that reuses stages tells so itself: from which run, in its events, its progress, its log and its report', async () => {
  const { engine, captureId } = await begin()
  const first = await runToEnd(engine, captureId)
  const { runId, events } = await runToEnd(engine, captureId)
  const reused = (stage: string) => ({ stage, from: first.runId })
  expect(events.flatMap((event) => (event.kind === 'stage-reused' ? [{ stage: event.stage, from: event.from }] : []))).toEqual(
    ['sfm', '3dgs', 'compression'].map(reused),
  )
  const folder = engine.runFolder(runId)
  const lines = readFileSync(join(folder, 'progress.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { stage: string; step: string; metrics: { from: string; psnr?: number } })
  expect(lines.map(({ stage, step, metrics }) => [step, { stage, from: metrics.from }])).toEqual(
    ['sfm', '3dgs', 'compression'].map((stage) => ['reused', reused(stage)]),
  )
  expect(readFileSync(join(folder, 'logs', '3dgs.log'), 'utf8')).toContain(first.runId)
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as RunReport
  for (const one of report.stages) expect(one).toMatchObject({ reused: true, reusedFrom: first.runId })
  const { state } = await engine.handlers['runs.get']({ runId })
  for (const one of state.stages) expect(one).toMatchObject({ kind: 'reused', reusedFrom: first.runId })
  expect(state.psnr).toEqual([{ iteration: 10, psnr: 30, ssim: 0.9 }])
})

test('a file of the cache that was cut off is not reused', async () => {
  const { place, engine, captureId } = await begin()
  await runToEnd(engine, captureId)
  const [sfm] = (await import('node:fs')).readdirSync(join(place.home, 'cache', 'stages')).filter((name) => name.startsWith('sfm-'))
  const file = join(place.home, 'cache', 'stages', sfm ?? '', 'report.json')
  rmSync(file)
  writeFileSync(file, '{')
  expect(stagesReused((await runToEnd(engine, captureId)).events)).toEqual(['3dgs', 'compression'])
})

test('a photo that is left out makes another structure from motion', async () => {
  const { engine, captureId } = await begin()
  await runToEnd(engine, captureId)
  await engine.handlers['captures.setUse']({ captureId, files: ['d.jpg'], use: false })
  expect(await engine.handlers['runs.reusable']({ captureId, settings: quick() })).toEqual([])
})

test('step 3dgs starts from the sparse model of an earlier run, step compression from its scene; also from a folder outside the library', async () => {
  const { place, engine, captureId } = await begin()
  const out = join(place.root, 'out')
  const first = await runToEnd(engine, captureId, quick(), { outDir: out })
  const train = { ...presets.preview.train, iterations: 77 }
  const second = await runToEnd(engine, captureId, quick({ step: '3dgs', fromRun: first.runId, train }))
  expect([stagesReused(second.events), stagesStarted(second.events)]).toEqual([['sfm'], ['3dgs', 'compression']])
  expect(existsSync(join(engine.runFolder(second.runId), 'sfm/sparse/0/images.bin'))).toBe(true)
  const third = await runToEnd(engine, captureId, quick({ step: 'compression', fromRun: out, compression: { sogIterations: 9 } }))
  expect([stagesReused(third.events), stagesStarted(third.events)]).toEqual([['sfm', '3dgs'], ['compression']])
  expect(third.events.at(-1)?.kind).toBe('done')
})

test('a step without a run to start from is refused before anything starts', async () => {
  const { engine, captureId } = await begin()
  await expect(engine.startRun(captureId, quick({ step: '3dgs' }))).rejects.toMatchObject({ problem: { code: 'run/from-missing' } })
  await expect(engine.startRun(captureId, quick({ step: 'compression', fromRun: 'r-20200101-000000' }))).rejects.toMatchObject({
    problem: { code: 'run/from-unfinished' },
  })
})

test('stop, keep what is there: training ends early, what it reached is compressed and can be opened', async () => {
  const { engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  expect(await engine.artefact(`run/${runId}/3dgs/checkpoints/5.ply`)).toMatchObject({ bytes: expect.any(Number) as number })
  await engine.handlers['runs.stop']({ runId, keep: true })
  const { events } = await toEnd(engine, runId)
  expect(events.at(-1)).toMatchObject({ kind: 'stopped', kept: true })
  expect(stagesStarted(events)).toEqual(['sfm', '3dgs', 'compression'])
  expect((await engine.handlers['runs.get']({ runId })).state.kind).toBe('stopped')
  expect(statSync(join(engine.runFolder(runId), 'compression/scene.sog')).size).toBeGreaterThan(0)
})

test('stop during structure from motion keeps nothing viewable, and the next run goes on where it was', async () => {
  const { place, engine, captureId } = await begin({ sfm: { steps: 200, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && (event.line.done ?? 0) >= 5)
  await engine.handlers['runs.stop']({ runId, keep: true })
  expect((await toEnd(engine, runId)).events.at(-1)).toMatchObject({ kind: 'stopped', kept: false })
  place.plan({})
  const again = await runToEnd(engine, captureId)
  expect(again.events.at(-1)?.kind).toBe('done')
  expect(place.starts()[1]).toMatchObject({ stage: 'sfm', from: expect.any(Number) as number })
  expect(place.starts()[1]?.from).toBeGreaterThanOrEqual(5)
})

test('stop and discard ends the stage, even one that does not listen', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20, deaf: true } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.stage === '3dgs')
  await engine.handlers['runs.stop']({ runId, keep: false })
  expect((await toEnd(engine, runId)).events.at(-1)).toMatchObject({ kind: 'stopped', kept: false })
  expect(place.starts().filter((one) => isAlive(one.pid))).toEqual([])
})

test("bad input fails with the stage's own Problem, is not retried, and the log is kept", async () => {
  const failure = { code: 'run/sfm-few', what: '1 of 4 photos joined.', remedy: 'Photograph with more overlap.' }
  const { place, engine, captureId } = await begin({ sfm: { exit: 65, failure } })
  const { runId, events } = await runToEnd(engine, captureId)
  expect(events.at(-1)).toMatchObject({ kind: 'failed', stage: 'sfm', problem: failure, log: ['fake sfm starts from 0'] })
  expect(place.starts()).toHaveLength(1)
  expect((await engine.handlers['runs.get']({ runId })).state).toMatchObject({
    kind: 'failed',
    problem: failure,
    failureLog: ['fake sfm starts from 0'],
  })
})

test('passing trouble is tried again three times, then it is a failure', async () => {
  const { place, engine, captureId } = await begin({ sfm: { exit: 75 } })
  const { events } = await runToEnd(engine, captureId)
  expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'run/passing' } })
  expect(place.starts()).toHaveLength(4)
})

test('a stage that is killed goes on from where it was, in the same run', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { killOnceAt: 7 } })
  const { events } = await runToEnd(engine, captureId)
  expect(events.at(-1)?.kind).toBe('done')
  expect(events.find((event) => event.kind === 'warning')).toMatchObject({ problem: { code: 'run/killed' } })
  expect(
    place
      .starts()
      .filter((one) => one.stage === '3dgs')
      .map((one) => one.from),
  ).toEqual([0, 7])
})

test('a program that is missing is a Problem with the set-up as its remedy', async () => {
  const place = makePlace()
  places.push(place)
  const absent = { command: join(place.root, 'no-such-python'), args: [], cwd: place.root, code: [place.planFile] }
  const engine = await open(place, { programs: { sfm: absent, '3dgs': absent, compression: absent } })
  engines.push(engine)
  const { events } = await runToEnd(engine, await checked(engine, place.photos))
  expect(events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'run/no-program' } })
})

test('a photo that was deleted or changed after the check is named', async () => {
  const { place, engine, captureId } = await begin()
  rmSync(join(place.photos, 'b.jpg'))
  expect((await runToEnd(engine, captureId)).events.at(-1)).toMatchObject({
    kind: 'failed',
    problem: { code: 'run/photo-gone', what: expect.stringContaining('b.jpg') as string },
  })
  writeFileSync(join(place.photos, 'b.jpg'), 'another picture')
  expect((await runToEnd(engine, captureId)).events.at(-1)).toMatchObject({
    kind: 'failed',
    problem: { code: 'run/photo-changed', what: expect.stringContaining('b.jpg') as string },
  })
})

test('a photo that changes while structure from motion works is named, and its result is not kept', async () => {
  const { place, engine, captureId } = await begin({ sfm: { steps: 20, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line')
  writeFileSync(join(place.photos, 'c.jpg'), 'overwritten in place')
  expect((await toEnd(engine, runId)).events.at(-1)).toMatchObject({
    kind: 'failed',
    problem: { code: 'run/photo-changed', what: expect.stringContaining('c.jpg') as string },
  })
  expect(await engine.handlers['runs.reusable']({ captureId, settings: quick() })).toEqual([])
})

test('a photo that is deleted while structure from motion works does no harm: its bytes are held', async () => {
  const { place, engine, captureId } = await begin({ sfm: { steps: 20, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line')
  rmSync(join(place.photos, 'c.jpg'))
  expect((await toEnd(engine, runId)).events.at(-1)?.kind).toBe('done')
})

test("two engines on one home: the same work is done once, and each sees the other's run", async () => {
  const { place, engine, captureId } = await begin({ sfm: { steps: 30, stepMs: 20 } })
  const other = await opened(place)
  const heard: string[] = []
  other.subscribe((change) => void (change.kind === 'run' && heard.push(change.run.runId)))
  const [one, two] = await Promise.all([runToEnd(engine, captureId), runToEnd(other, captureId)])
  expect([one.events.at(-1)?.kind, two.events.at(-1)?.kind]).toEqual(['done', 'done'])
  expect(
    place
      .starts()
      .map((each) => each.stage)
      .sort(),
  ).toEqual(['3dgs', 'compression', 'sfm'])
  await expect.poll(() => heard).toContain(one.runId)
})

test('a run of another engine can be stopped from here', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20 } })
  const other = await opened(place)
  const { runId } = await engine.startRun(captureId, quick())
  await until(other, runId, (event) => event.kind === 'line' && event.line.stage === '3dgs')
  await other.handlers['runs.stop']({ runId, keep: true })
  expect((await toEnd(other, runId)).events.at(-1)).toMatchObject({ kind: 'stopped', kept: true })
})

test('closing the engine leaves the run unfinished and no process; the next window goes on', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 60, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  await engine.close()
  expect(place.starts().filter((one) => isAlive(one.pid))).toEqual([])
  const next = await opened(place, 'browser')
  const { events } = await toEnd(next, runId)
  expect(events.at(-1)?.kind).toBe('done')
  expect(events.filter((event) => event.kind === 'started').map((event) => event.kind === 'started' && event.resumed)).toEqual([
    false,
    true,
  ])
  expect(
    place
      .starts()
      .filter((one) => one.stage === '3dgs')
      .at(-1)?.from,
  ).toBeGreaterThanOrEqual(5)
})

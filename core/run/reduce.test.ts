import { expect, test } from 'vitest'
import type { RunEvent } from './events.ts'
import { emptyRun, hasEnded, reduce } from './reduce.ts'
import { settingsOf } from './settings.ts'
import { StageLine } from './stage-line.ts'

let second = 0
const at = (): string => new Date(Date.UTC(2026, 10, 24, 8, 0, second++)).toISOString()
const line = (
  stage: string,
  step: string,
  done: number | null,
  metrics: Record<string, number | string | null> = {},
  total: number | null = 10,
): RunEvent => {
  const time = at()
  return { at: time, kind: 'line', line: StageLine.parse({ at: time, stage, step, done, total, unit: 'x', metrics }) }
}
const started = (stage: 'sfm' | '3dgs' | 'compression', resumed = false, attempt = 1): RunEvent => ({
  at: at(),
  kind: 'stage-started',
  stage,
  attempt,
  resumed,
})
const created: RunEvent = {
  at: at(),
  kind: 'created',
  runId: 'r-aaaaaa',
  captureId: 'c-aaaaaa',
  settings: settingsOf('preview'),
  photos: 4,
}
const run: RunEvent = { at: at(), kind: 'started', where: 'local', resumed: false }
const stageOf = (events: readonly RunEvent[], stage: string) => reduce(events).stages.find((one) => one.stage === stage)

test('before the first event a run is queued and its stages wait', () => {
  expect(reduce([])).toEqual(emptyRun)
  expect(reduce([created])).toMatchObject({ kind: 'queued', stages: [{ kind: 'waiting' }, { kind: 'waiting' }, { kind: 'waiting' }] })
})

test('replaying in pieces gives the state of replaying at once', () => {
  const events = [
    created,
    run,
    started('sfm'),
    line('sfm', 'map', 3),
    { at: at(), kind: 'stage-done', stage: 'sfm', tookMs: 900, cpuMs: 1, peakBytes: 1 } as const,
    started('3dgs'),
    line('3dgs', 'train', 10, { loss: 0.3 }),
    line('3dgs', 'evaluate', 10, { psnr: 20, ssim: 0.5, iteration: 10 }),
    { at: at(), kind: 'done', score: 71 } as const,
  ]
  for (let cut = 0; cut <= events.length; cut++) expect(reduce(events.slice(cut), reduce(events.slice(0, cut)))).toEqual(reduce(events))
  expect(reduce(events)).toMatchObject({
    kind: 'done',
    score: 71,
    loss: [{ iteration: 10, loss: 0.3 }],
    psnr: [{ iteration: 10, psnr: 20, ssim: 0.5 }],
  })
})

test('the mean over some of the held-out photos is not shown as a measurement', () => {
  const partial = [created, run, started('3dgs'), line('3dgs', 'evaluate', 1, { psnr: 26.4, ssim: 0.7, iteration: 10 }, 4)]
  expect(reduce(partial).psnr).toEqual([])
  expect(reduce([...partial, line('3dgs', 'evaluate', 4, { psnr: 32, ssim: 0.9, iteration: 10 }, 4)]).psnr).toEqual([
    { iteration: 10, psnr: 32, ssim: 0.9 },
  ])
})

test('a step shows its newest count; several steps stand beside each other', () => {
  const { steps } = stageOf(
    [created, run, started('sfm'), line('sfm', 'features', 1), line('sfm', 'features', 7), line('sfm', 'map', 2, { registered: 2 }, null)],
    'sfm',
  ) ?? { steps: [] }
  expect(steps.map((one) => [one.step, one.done, one.total])).toEqual([
    ['features', 7, 10],
    ['map', 2, null],
  ])
})

test('a training that resumed from a checkpoint replaces the points that it repeats', () => {
  const events = [
    created,
    run,
    started('3dgs'),
    line('3dgs', 'train', 100, { loss: 0.3 }),
    line('3dgs', 'train', 200, { loss: 0.2 }),
    started('3dgs', true, 2),
    line('3dgs', 'train', 150, { loss: 0.25 }),
  ]
  expect(reduce(events).loss).toEqual([
    { iteration: 100, loss: 0.3 },
    { iteration: 150, loss: 0.25 },
  ])
})

test('only a checkpoint that the viewer can open is a preview', () => {
  const events = [
    line('3dgs', 'checkpoint', 5, { iteration: 500, bytes: 9, file: 'checkpoints/000500.npz' }),
    line('3dgs', 'checkpoint', 5, { iteration: 500, bytes: 7, file: 'checkpoints/000500.ply' }),
  ]
  expect(reduce(events).checkpoints).toMatchObject([{ iteration: 500, file: '3dgs/checkpoints/000500.ply', bytes: 7 }])
})

test('a failure ends the running stage and keeps the end of its log; resuming clears it', () => {
  const problem = { code: 'run/killed', what: 'x', remedy: 'y' }
  const failed = [created, run, started('sfm'), { at: at(), kind: 'failed', stage: 'sfm', problem, log: ['last words'] } as const]
  expect(reduce(failed)).toMatchObject({ kind: 'failed', problem, failureLog: ['last words'], stages: [{ kind: 'failed' }, {}, {}] })
  const resumed = reduce([...failed, { at: at(), kind: 'started', where: 'local', resumed: true }])
  expect([resumed.kind, resumed.problem, resumed.endedAt]).toEqual(['running', null, null])
})

test('stop: stopping until it has stopped; warnings are kept', () => {
  const warning = { code: 'file/corrupt', what: 'x', remedy: 'y' }
  const asked = [
    created,
    run,
    started('3dgs'),
    { at: at(), kind: 'warning', problem: warning } as const,
    { at: at(), kind: 'stop-asked', keep: true } as const,
  ]
  expect([reduce(asked).kind, hasEnded(reduce(asked))]).toEqual(['stopping', false])
  const stopped = reduce([...asked, { at: at(), kind: 'stopped', kept: true }])
  expect(stopped).toMatchObject({ kind: 'stopped', kept: true, warnings: [warning], stages: [{}, { kind: 'stopped' }, {}] })
  expect(hasEnded(stopped)).toBe(true)
})

import { expect, it } from 'vitest'
import type { RunSummary } from '../core/run/run-summary.ts'
import { emptyRun, type RunState } from '../core/run/reduce.ts'
import { settingsOf } from '../core/run/settings.ts'
import { noticeOf, taskbarProgress } from './notices.ts'

const runWith = (state: Partial<RunState>): RunSummary => ({
  runId: 'r-abcdef',
  captureId: 'c-abcdef',
  captureName: 'Quarry',
  createdAt: '2026-11-24T08:00:00.000Z',
  settings: settingsOf('preview'),
  state: { ...emptyRun, ...state },
  diskBytes: 0,
})

it('the end of a run is told once, with what was measured and where to look', () => {
  const done = runWith({ kind: 'done', psnr: [{ iteration: 2100, psnr: 32.314, ssim: 0.875 }] })
  expect(noticeOf('running', done)).toEqual({
    title: 'Quarry is a scene',
    body: 'Held-out PSNR 32.31 dB.',
    address: 'capture/c-abcdef/scene/r-abcdef',
  })
  expect(noticeOf('done', done)).toBeNull()
})

it('a run that had ended before the app was opened is not news', () => {
  expect(noticeOf(undefined, runWith({ kind: 'failed' }))).toBeNull()
})

it('the taskbar shows counted progress only', () => {
  const stage = (done: number | null, total: number | null) => ({
    stage: '3dgs' as const,
    kind: 'running' as const,
    startedAt: null,
    tookMs: null,
    attempt: 1,
    steps: [{ step: 'train', done, total, unit: null, metrics: {}, at: '' }],
  })
  expect(taskbarProgress(runWith({ kind: 'running', stages: [stage(525, 2100)] }).state)).toBe(0.25)
  expect(taskbarProgress(runWith({ kind: 'running', stages: [stage(5, null)] }).state)).toBe(2)
  expect(taskbarProgress(runWith({ kind: 'done', stages: [stage(2100, 2100)] }).state)).toBe(-1)
})

import { expect, test } from 'vitest'
import type { Capture } from '../core/capture/capture.ts'
import type { Change } from '../core/contract.ts'
import type { Photo } from '../core/capture/photo.ts'
import { emptyRun } from '../core/run/reduce.ts'
import type { RunEvent } from '../core/run/events.ts'
import { settingsOf } from '../core/run/settings.ts'
import { applyChange, withHeldRun, withRun, withWholeCapture } from './apply-change.ts'
import { firstState, type MirrorState, valueOf } from './mirror-state.ts'

const photo = (file: string) => ({ file }) as Photo
const capture: Capture = {
  captureId: 'c-abcdef',
  name: 'Jetty',
  folder: '/p',
  createdAt: '2026-11-24T10:00:00Z',
  takenAt: null,
  photoCount: 2,
  sizeBytes: 1,
  camera: null,
  verdict: null,
  scan: { kind: 'scanning', phase: 'photos', done: 0, total: 2 },
  lastRun: null,
  picture: null,
  photos: [],
  skipped: [],
  findings: [],
  forecast: null,
  leftOut: [],
  keptPlan: null,
}
const play = (state: MirrorState, ...changes: readonly Change[]) => changes.reduce(applyChange, state)
const detail = (state: MirrorState) => valueOf(state.details.get('c-abcdef'))

test('photos come in batches, and one that comes twice stays one', () => {
  const state = play(
    withWholeCapture(firstState, capture),
    { kind: 'photos', captureId: 'c-abcdef', photos: [photo('a'), photo('b')], skipped: [] },
    { kind: 'photos', captureId: 'c-abcdef', photos: [photo('b')], skipped: [] },
  )
  expect(detail(state)?.photos.map((one) => one.file)).toEqual(['a', 'b'])
})

test('photos that were heard while the answer was on its way are not lost', () => {
  const heard = play(withWholeCapture(firstState, capture), { kind: 'photos', captureId: 'c-abcdef', photos: [photo('a')], skipped: [] })
  expect(detail(withWholeCapture(heard, { ...capture, photos: [photo('b')] }))?.photos.map((one) => one.file)).toEqual(['a', 'b'])
})

test('a verdict replaces the pairs that were drawn while it was made', () => {
  const pair = { a: 'a', b: 'b', probability: 1, inliers: 90 }
  const forecast = { pairs: [pair], photos: [], islands: [], bridges: [], pairsTried: 1, pairsVerified: 1 }
  const state = play(
    withWholeCapture(firstState, capture),
    { kind: 'pairs', captureId: 'c-abcdef', pairs: [pair, { ...pair, b: 'c' }], tried: 2, total: 3 },
    { kind: 'verdict', captureId: 'c-abcdef', verdict: { kind: 'ready', score: 1, because: [] }, findings: [], forecast, leftOut: ['c'] },
  )
  expect(detail(state)).toMatchObject({ pairs: [pair], leftOut: ['c'], pairsTotal: 3, verdict: { kind: 'ready' } })
})

const run = {
  runId: 'r-abcdef',
  captureId: 'c-abcdef',
  captureName: 'Jetty',
  createdAt: '2026-11-24T10:00:00Z',
  settings: settingsOf('preview'),
  state: emptyRun,
  diskBytes: 0,
}
const started: RunEvent = { at: '2026-11-24T10:00:01Z', kind: 'started', where: 'local', resumed: false }
const warned: RunEvent = { at: '2026-11-24T10:00:02Z', kind: 'warning', problem: { code: 'run/x', what: 'x', remedy: 'y' } }

test('an event that the summary already contains is not counted twice', () => {
  const state = withRun(firstState, { ...run, state: { ...emptyRun, kind: 'running', lastHeardAt: warned.at, warnings: [warned.problem] } })
  const next = play(state, { kind: 'run-events', runId: 'r-abcdef', events: [started, warned] })
  expect(next.runs.get('r-abcdef')?.state.warnings).toHaveLength(1)
})

test('events that were heard before the whole list came are replayed once', () => {
  const held = withHeldRun(withRun(firstState, run), 'r-abcdef', [started])
  const heard = play(held, { kind: 'run-events', runId: 'r-abcdef', events: [warned] })
  const again = withHeldRun(heard, 'r-abcdef', [started, warned])
  expect(again.held.get('r-abcdef')?.events).toHaveLength(2)
  expect(again.runs.get('r-abcdef')?.state).toMatchObject({ kind: 'running', warnings: [warned.problem] })
})

test('a removed capture is gone from list and detail', () => {
  const state = play(
    withWholeCapture(firstState, capture),
    { kind: 'capture', capture },
    { kind: 'capture-removed', captureId: 'c-abcdef' },
  )
  expect([valueOf(state.captures)?.size, detail(state)]).toEqual([0, null])
})

import { expect, test } from 'vitest'
import type { CaptureSummary } from '../../../core/capture/capture.ts'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { emptyRun } from '../../../core/run/reduce.ts'
import { settingsOf } from '../../../core/run/settings.ts'
import { byMonth, filteredRows, hasScene, libraryRows, pictureOf, sortedRows } from './library-rows.ts'

const capture = (captureId: string, name: string, createdAt: string): CaptureSummary => ({
  captureId,
  name,
  createdAt,
  folder: `/photos/${name}`,
  takenAt: null,
  photoCount: 18,
  sizeBytes: 1e6,
  camera: 'DJI FC300S',
  verdict: { kind: 'ready', score: 1, because: [] },
  scan: { kind: 'done', tookMs: 1, finishedAt: createdAt },
  lastRun: null,
  picture: null,
})
const run = (runId: string, captureId: string, kind: 'done' | 'failed', score: number | null): RunSummary => ({
  runId,
  captureId,
  captureName: '',
  createdAt: '2026-11-24T10:00:00Z',
  settings: settingsOf('preview'),
  state: { ...emptyRun, kind, score },
  diskBytes: 1000,
})
const captures = new Map(
  [capture('c-1', 'Jetty', '2026-11-20T00:00:00Z'), capture('c-2', 'Mill house', '2026-10-02T00:00:00Z')].map((one) => [
    one.captureId,
    one,
  ]),
)
const runs = new Map([run('r-1', 'c-1', 'done', 86), run('r-2', 'c-2', 'failed', null)].map((one) => [one.runId, one]))
const rows = libraryRows(captures, runs)

test('a row knows its newest run, its score and its bytes', () => {
  expect(rows.map((row) => [row.capture.name, row.said.word, row.score, row.diskBytes, hasScene(row)])).toEqual([
    ['Jetty', 'Scene', 86, 1000, true],
    ['Mill house', 'Failed', null, 1000, false],
  ])
})

test('the picture is the rendered scene where held-out views were rendered, else a photo', () => {
  const [jetty] = rows
  const psnr = [{ iteration: 500, psnr: 30, ssim: 0.8 }]
  const measured = jetty?.runs.map((one) => ({ ...one, state: { ...one.state, psnr } })) ?? []
  expect(jetty && pictureOf(jetty)).toEqual({ address: null, isScene: false })
  expect(jetty && pictureOf({ ...jetty, runs: measured })).toEqual({ address: 'view/r-1', isScene: true })
})

test('rows stand in the order of a column, unknown values last either way', () => {
  const names = (sort: 'name' | 'score', down: boolean) => sortedRows(rows, { sort, down }).map((row) => row.capture.name)
  expect([names('name', false), names('name', true), names('score', true), names('score', false)]).toEqual([
    ['Jetty', 'Mill house'],
    ['Mill house', 'Jetty'],
    ['Jetty', 'Mill house'],
    ['Jetty', 'Mill house'],
  ])
})

test('chips and text filter together', () => {
  expect(
    filteredRows(rows, { text: '', filter: 'attention', chosen: null, sort: 'added', down: true }).map((row) => row.capture.captureId),
  ).toEqual(['c-2'])
  expect(
    filteredRows(rows, { text: 'jetty dji', filter: 'all', chosen: null, sort: 'added', down: true }).map((row) => row.capture.captureId),
  ).toEqual(['c-1'])
  expect(filteredRows(rows, { text: 'jetty', filter: 'attention', chosen: null, sort: 'added', down: true })).toEqual([])
})

test('older months have a heading', () => {
  expect(byMonth(rows, new Date('2026-11-24T12:00:00Z')).map((one) => one.heading)).toEqual([null, 'October'])
})

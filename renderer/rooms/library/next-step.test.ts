import { expect, test } from 'vitest'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { captureIn, runIn } from '../../gallery/fixtures.ts'
import { libraryRows } from './library-rows.ts'
import { nextStep } from './next-step.ts'

type State = Parameters<typeof captureIn>[0]

function step(state: State, ...runs: readonly RunSummary[]): string {
  const { photos: _photos, skipped: _skipped, ...capture } = captureIn(state)
  const [row] = libraryRows(new Map([[capture.captureId, capture]]), new Map(runs.map((run) => [run.runId, run])))
  return row ? nextStep(row) : 'no row'
}

test('a capture that is being read offers to stop that, also when it has a scene', () => {
  expect(step('reading')).toBe('stop-scan')
  expect(step('comparing', runIn('done'))).toBe('stop-scan')
})

test('a run is offered only on a whole verdict that allows one', () => {
  expect(step('ready')).toBe('set-up')
  expect(step('risky')).toBe('set-up')
  expect(step('unusable')).toBe('see-photos')
  expect(step('unchecked')).toBe('read-again')
  expect(step('failed')).toBe('read-again')
  expect(step('stopped')).toBe('go-on-reading')
})

test('a run under way or failed is gone to, a scene is opened', () => {
  expect(step('ready', runIn('running'))).toBe('see-run')
  expect(step('ready', runIn('failed'))).toBe('see-run')
  expect(step('ready', runIn('done'))).toBe('open-scene')
  expect(step('stopped', runIn('done'))).toBe('open-scene')
})

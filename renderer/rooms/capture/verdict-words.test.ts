import { expect, test } from 'vitest'
import { findingsOf } from '../../../core/capture/checks.ts'
import { aPhoto } from '../../../core/capture/photo-fixture.ts'
import { verdictOf } from '../../../core/capture/verdict.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { headline } from './verdict-words.ts'

const empty = findingsOf(
  [],
  null,
  new Date('2020-01-01T00:00:00Z'),
  [],
  [{ file: 'a.txt', code: 'file/not-an-image', what: '', remedy: '' }],
)
const detail = (change: Partial<CaptureDetail>): CaptureDetail => ({
  captureId: 'c-abcdef',
  name: 'x',
  folder: '/x',
  createdAt: '2020-01-01T00:00:00Z',
  takenAt: null,
  photoCount: 0,
  sizeBytes: 0,
  camera: null,
  verdict: null,
  scan: { kind: 'done', tookMs: 1, finishedAt: '2020-01-01T00:00:00Z' },
  lastRun: null,
  picture: null,
  photos: [],
  skipped: [],
  findings: [],
  forecast: null,
  leftOut: [],
  keptPlan: null,
  pairs: [],
  pairsTried: 0,
  pairsTotal: 0,
  ...change,
})

test('a folder that waits in line is not called empty', () => {
  expect(headline(detail({ scan: { kind: 'idle' } }))).toMatchObject({ title: 'Waiting to be read', tone: 'idle' })
})

test('an unusable folder names the reason in its title and the remedy below it', () => {
  const verdict = verdictOf({ photos: [], leftOut: [], findings: empty, forecast: null, skipped: 1 })
  expect(headline(detail({ verdict, findings: empty }))).toMatchObject({
    title: 'Unusable: no photos in this folder; it holds 1 text file',
    why: '',
  })
  const photos = [aPhoto(1), aPhoto(2)]
  const findings = [
    { code: 'capture/too-few', severity: 'error', what: '2 photos. A scene needs 3 or more.', remedy: 'Add photos.', files: [] },
  ] as const
  const few = verdictOf({ photos, leftOut: [], findings, forecast: null, skipped: 0 })
  expect(headline(detail({ photos, verdict: few, findings }))).toMatchObject({
    title: 'Unusable: 2 photos. A scene needs 3 or more',
    why: 'Add photos.',
  })
})

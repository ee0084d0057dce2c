import type { CaptureSummary } from '../../core/capture/capture.ts'
import type { RunSummary } from '../../core/run/run-summary.ts'
import type { Finding, Verdict } from '../../core/capture/finding.ts'
import type { Photo } from '../../core/capture/photo.ts'
import type { Pair } from '../../core/overlap/graph.ts'
import type { RunEvent, StageName } from '../../core/run/events.ts'
import { reduce } from '../../core/run/reduce.ts'
import { settingsOf } from '../../core/run/settings.ts'
import type { CaptureDetail } from '../mirror-state.ts'

const day = '2026-11-24T'
const at = (minute: number, second = 0) => `${day}14:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z`

/** A photo of an invented flight of six lines; only the gallery shows it. */
function photo(index: number): Photo {
  const [line, along] = [Math.floor(index / 6), index % 6]
  return {
    file: `DJI_${String(index + 1).padStart(4, '0')}.JPG`,
    sha256: String(index).padStart(64, '0'),
    sizeBytes: 5_200_000,
    format: 'jpeg',
    widthPx: 4000,
    heightPx: 2250,
    damaged: false,
    camera: 'DJI FC300S',
    lens: null,
    focalMm: 3.6,
    focal35Mm: 20,
    focalPx: 2330,
    takenAt: `2026-11-20T16:31:${String(index).padStart(2, '0')}`,
    offset: null,
    exposureS: 1 / 435,
    fNumber: 2.8,
    iso: 100,
    whiteBalance: null,
    orientation: 1,
    gps: { lat: 46.842 + line * 0.00018, lon: -91.994 + along * 0.00022, altM: 231 },
    gimbal: { pitchDeg: -89.9, yawDeg: 44, rollDeg: 0 },
    relativeAltM: 39.9,
    sharpness: 0.5 + (index % 5) * 0.1,
    blurDirectionDeg: null,
    meanLuma: 0.42,
    clippedLow: 0.011,
    clippedHigh: 0.002,
    redGreen: 1,
    blueGreen: 1,
    dhash: '0'.repeat(16),
  }
}

const photos = Array.from({ length: 30 }, (_, index) => photo(index))
const nameAt = (index: number) => photos[index]?.file ?? ''

/** Neighbours along and across the lines; the last line hangs on nothing. */
const pairs: readonly Pair[] = photos
  .slice(0, 24)
  .flatMap((one, index) =>
    [1, 6, 7]
      .filter((step) => index + step < 24 && (step === 6 || (index % 6) + (step % 6) < 6))
      .map((step) => ({ a: one.file, b: nameAt(index + step), probability: 0.97, inliers: step === 1 ? 180 : step === 6 ? 74 : 31 })),
  )

const findings: readonly Finding[] = [
  {
    code: 'photo/unlinked',
    severity: 'error',
    what: 'Six photos of the last line join nothing.',
    remedy: 'Photograph the gap between the lines, or leave them out.',
    files: [24, 25, 26, 27, 28, 29].map(nameAt),
  },
  {
    code: 'capture/weak-bridge',
    severity: 'warning',
    what: 'Two photos alone hold east and west together.',
    remedy: 'Add a line across.',
    files: [9, 10].map(nameAt),
  },
  {
    code: 'photo/blurred',
    severity: 'warning',
    what: '2 photos are blurred by motion.',
    remedy: 'Leave them out: their neighbours cover the place.',
    files: [3, 14].map(nameAt),
  },
]

const summary: CaptureSummary = {
  captureId: 'c-gallery0',
  name: 'Brighton Beach east',
  folder: '/photos/brighton',
  createdAt: at(0),
  takenAt: `${day}16:31:00`,
  photoCount: 30,
  sizeBytes: 156_000_000,
  camera: 'DJI FC300S',
  verdict: null,
  scan: { kind: 'done', tookMs: 38_000, finishedAt: at(1) },
  lastRun: null,
  picture: null,
}

const verdicts: Readonly<Record<Verdict['kind'], Verdict>> = {
  ready: { kind: 'ready', score: 1, because: [] },
  risky: {
    kind: 'risky',
    score: 0.8,
    because: ['Six photos of the last line join nothing, and two photos alone hold east and west together.'],
  },
  unusable: {
    kind: 'unusable',
    score: 0.1,
    because: ['No two photos see the same place.', 'Photograph with more overlap: two thirds of each photo should be on the next.'],
  },
}

type Unjudged = 'reading' | 'comparing' | 'stopped' | 'failed' | 'unchecked'

const scans: Readonly<Record<Unjudged, CaptureDetail['scan']>> = {
  reading: { kind: 'scanning', phase: 'photos', done: 184, total: 1204 },
  comparing: { kind: 'scanning', phase: 'overlap', done: 902, total: 1902 },
  stopped: { kind: 'stopped', phase: 'photos', done: 184, total: 1204 },
  failed: {
    kind: 'failed',
    problem: {
      code: 'intake/disk-gone',
      what: 'The card DCIM_02 was removed at 412 of 1,204. Nothing is lost.',
      remedy: 'Put it back, then go on.',
    },
  },
  unchecked: summary.scan,
}

/** A capture in a state. */
export function captureIn(state: Verdict['kind'] | Unjudged): CaptureDetail {
  const done = state === 'ready' || state === 'risky' || state === 'unusable'
  const registers = (index: number) => (state === 'ready' || index < 24 ? 0.98 : 0.04)
  const forecast = {
    pairs,
    photos: photos.map((one, index) => ({ file: one.file, registers: registers(index), island: index < 24 ? 0 : -1, links: 4 })),
    islands: [photos.slice(0, 24).map((one) => one.file)],
    bridges: [{ photos: [9, 10].map(nameAt), between: [0, 1] as const }],
    pairsTried: 190,
    pairsVerified: pairs.length,
  }
  return {
    ...summary,
    scan: done ? summary.scan : scans[state],
    verdict: done ? verdicts[state] : null,
    photos,
    skipped: [],
    findings: done && state !== 'ready' ? findings : [],
    forecast: done ? forecast : null,
    leftOut: [],
    keptPlan: null,
    pairs: done ? pairs : [],
    pairsTried: done ? 190 : 0,
    pairsTotal: 190,
  }
}

const line = (
  minute: number,
  stage: StageName,
  step: string,
  done: number | null,
  total: number | null,
  metrics: Record<string, number | string | null> = {},
): RunEvent => ({
  at: at(minute),
  kind: 'line',
  line: { at: at(minute), stage, step, done, total, unit: null, metrics },
})

const sfm: readonly RunEvent[] = [
  { at: at(6), kind: 'created', runId: 'r-gallery0', captureId: 'c-gallery0', settings: settingsOf('standard'), photos: 30 },
  { at: at(6), kind: 'started', where: 'local', resumed: false },
  { at: at(6), kind: 'stage-started', stage: 'sfm', attempt: 1, resumed: false },
  line(7, 'sfm', 'features', 30, 30),
  line(8, 'sfm', 'pairs', 190, 190),
  line(9, 'sfm', 'map', 30, null, { registered: 30, points: 18_422 }),
  { at: at(10), kind: 'stage-done', stage: 'sfm', tookMs: 240_000, cpuMs: 400_000, peakBytes: 240e6 },
]
const training: readonly RunEvent[] = [
  { at: at(10), kind: 'stage-started', stage: '3dgs', attempt: 1, resumed: false },
  ...Array.from({ length: 40 }, (_, step) =>
    line(11 + Math.floor(step / 8), '3dgs', 'train', (step + 1) * 100, 7000, {
      loss: 0.04 + 0.2 * Math.exp(-step / 6),
      gaussians: 100_000,
    }),
  ),
  ...[1000, 2000, 3000, 4000].map((iteration, step) =>
    line(11 + step, '3dgs', 'evaluate', 4, 4, { iteration, psnr: 19 + 4 * Math.log(1 + step), ssim: 0.7 + step * 0.04 }),
  ),
]

/** A run in a state, replayed from invented events. */
export function runIn(state: 'queued' | 'running' | 'failed' | 'stopped' | 'done'): RunSummary {
  const out: readonly RunEvent[] =
    state === 'failed'
      ? [
          {
            at: at(17),
            kind: 'failed',
            stage: '3dgs',
            problem: {
              code: 'run/memory',
              what: 'Training ran out of memory at 2.1 M gaussians; iteration 4,000 was kept.',
              remedy: 'Run again with at most 1.5 M, or open what was kept.',
            },
          },
        ]
      : state === 'stopped'
        ? [
            { at: at(17), kind: 'stop-asked', keep: true },
            { at: at(17, 4), kind: 'stopped', kept: true },
          ]
        : state === 'done'
          ? [
              { at: at(20), kind: 'stage-done', stage: '3dgs', tookMs: 600_000, cpuMs: 1e6, peakBytes: 8e8 },
              { at: at(20), kind: 'stage-started', stage: 'compression', attempt: 1, resumed: false },
              { at: at(21), kind: 'stage-done', stage: 'compression', tookMs: 40_000, cpuMs: 5e4, peakBytes: 2e8 },
              { at: at(21), kind: 'done', score: 86 },
            ]
          : []
  const events = state === 'queued' ? sfm.slice(0, 1) : [...sfm, ...training, ...out]
  return {
    runId: 'r-gallery0',
    captureId: 'c-gallery0',
    captureName: summary.name,
    createdAt: at(6),
    settings: settingsOf('standard'),
    state: reduce(events),
    diskBytes: state === 'queued' ? 0 : 30e6,
  }
}

import type { CaptureSummary } from '../core/capture/capture.ts'
import type { RunSummary } from '../core/run/run-summary.ts'
import { unreachable } from '../core/problem.ts'
import type { RunState } from '../core/run/reduce.ts'
import { count, plural } from './format.ts'
import type { GlyphState } from './parts/state-glyph.tsx'

export type Said = { readonly glyph: GlyphState; readonly word: string; readonly detail: string }

/** The state of a capture in the words of the library: its newest run wins over its verdict. */
export function sayCapture(capture: CaptureSummary, run: RunSummary | null): Said {
  if (capture.scan.kind === 'scanning') return { glyph: 'running', word: 'Reading', detail: scanCount(capture) }
  if (run && run.state.kind !== 'stopped') return sayRun(run.state)
  if (run?.state.kind === 'stopped' && run.state.kept) return { ...sayRun(run.state), word: 'Stopped, scene kept' }
  return sayVerdict(capture)
}

/** The verdict of a capture in a few words. */
export function sayVerdict(capture: CaptureSummary): Said {
  if (capture.scan.kind === 'failed') return { glyph: 'failed', word: 'Scan failed', detail: capture.scan.problem.what }
  if (capture.scan.kind === 'stopped') return { glyph: 'paused', word: 'Scan stopped', detail: stoppedAt(capture.scan) }
  if (capture.scan.kind === 'idle' && capture.verdict === null) return { glyph: 'waiting', word: 'Waiting', detail: 'not read yet' }
  if (capture.verdict === null) return { glyph: 'unknown', word: 'Not checked', detail: 'overlap not checked' }
  return {
    glyph: capture.verdict.kind,
    word: { ready: 'Ready', risky: 'Risky', unusable: 'Unusable' }[capture.verdict.kind],
    detail: 'not run',
  }
}

/** "184 of 1,204" with the phase it belongs to. */
export function scanCount(capture: CaptureSummary): string {
  if (capture.scan.kind !== 'scanning') return ''
  const { phase, done, total } = capture.scan
  return phase === 'photos' ? `${count(done)} of ${count(total)}` : `${count(done)} of ${count(total)} pairs`
}

/** How far a stopped scan came: photos read, or pairs compared. */
export function stoppedAt({ phase, done, total }: CaptureSummary['scan'] & { kind: 'stopped' }): string {
  if (total === 0) return 'before anything was read'
  return phase === 'overlap' ? `${count(done)} of ${count(total)} pairs compared` : `${count(done)} of ${count(total)} read`
}

/** How many photos there are; while reading is unfinished, of how many. */
export function photosRead({ scan, photoCount }: CaptureSummary): { readonly words: string; readonly whole: boolean } {
  if ((scan.kind !== 'scanning' && scan.kind !== 'stopped') || scan.phase === 'overlap') return { words: count(photoCount), whole: true }
  return { words: scan.total > 0 ? `${count(photoCount)} of ${count(scan.total)}` : count(photoCount), whole: false }
}

/** The state of a run in a few words. */
export function sayRun(state: RunState): Said {
  switch (state.kind) {
    case 'queued':
      return { glyph: 'waiting', word: 'Queued', detail: 'not started' }
    case 'running':
      return { glyph: 'running', word: stageWord(activeStage(state)?.stage ?? 'sfm'), detail: stageCount(state) }
    case 'stopping':
      return { glyph: 'stopping', word: 'Stopping', detail: stageCount(state) }
    case 'stopped':
      return {
        glyph: 'stopped',
        word: 'Stopped',
        detail: state.kept ? `kept at ${count(state.checkpoints.at(-1)?.iteration ?? 0)}` : 'nothing kept',
      }
    case 'failed':
      return { glyph: 'failed', word: 'Failed', detail: state.problem?.what ?? 'no reason recorded' }
    case 'done':
      return {
        glyph: 'done',
        word: 'Scene',
        detail: state.score === null ? 'score not measured' : `score ${Math.round(state.score)} of 100`,
      }
    default:
      return unreachable(state.kind)
  }
}

/** What a stage is called on the screen. */
export function stageWord(stage: 'sfm' | '3dgs' | 'compression'): string {
  return { sfm: 'Structure from motion', '3dgs': 'Gaussian splatting', compression: 'Compression' }[stage]
}

/** What a running stage is called where there is little room. */
function shortStage(stage: 'sfm' | '3dgs' | 'compression'): string {
  return { sfm: 'finding cameras', '3dgs': 'training', compression: 'compressing' }[stage]
}

/** A run's state in one lower-case word or two. */
export function shortRun(state: RunState): string {
  if (state.kind === 'running') return shortStage(activeStage(state)?.stage ?? 'sfm')
  return state.kind === 'done' ? 'done' : state.kind
}

/** The stage that runs, or the last that was started. */
export function activeStage(state: RunState) {
  return state.stages.find((one) => one.kind === 'running') ?? state.stages.findLast((one) => one.kind !== 'waiting') ?? null
}

/** The newest counted step of the active stage: "18,400 of 30,000 iterations". */
export function stageCount(state: RunState): string {
  const step = activeStage(state)
    ?.steps.toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1)
  if (!step || step.done === null) return ''
  return step.total === null
    ? plural(step.done, step.unit ?? 'step')
    : `${count(step.done)} of ${count(step.total)}${step.unit ? ` ${step.unit}` : ''}`
}

/** One line under a capture's name in the sidebar. */
export function sideLine(capture: CaptureSummary, run: RunSummary | null): string {
  const said = sayCapture(capture, run)
  if (capture.scan.kind === 'scanning') return `reading ${said.detail}`
  const state = said.glyph === 'done' ? 'scene' : run && said.glyph === 'running' ? shortRun(run.state) : said.word.toLowerCase()
  return `${plural(capture.photoCount, 'photo')} · ${state}`
}

/** The newest run of a capture among those held, else the one its summary names. */
export function newestRun(capture: CaptureSummary, runs: ReadonlyMap<string, RunSummary>): RunSummary | null {
  let newest = capture.lastRun ? (runs.get(capture.lastRun.runId) ?? capture.lastRun) : null
  for (const run of runs.values()) {
    if (run.captureId === capture.captureId && (newest === null || run.createdAt > newest.createdAt)) newest = run
  }
  return newest
}

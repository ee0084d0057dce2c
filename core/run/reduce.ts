import type { CloudJob, JobState } from '../cloud/api.ts'
import { type Problem, unreachable } from '../problem.ts'
import { type RunEvent, type StageName, stageNames } from './events.ts'
import { reusedStep, type StageLine } from './stage-line.ts'

/** Counted progress of one step of a stage. */
export type StepState = {
  readonly step: string
  readonly done: number | null
  readonly total: number | null
  readonly unit: string | null
  readonly metrics: Readonly<Record<string, number | string | null>>
  readonly at: string
}

export type StageState = {
  readonly stage: StageName
  readonly kind: 'waiting' | 'running' | 'reused' | 'done' | 'failed' | 'stopped'
  /** Of a stage that was found made: the run that made it, or 'cache' where that run is gone. */
  readonly reusedFrom?: string
  readonly startedAt: string | null
  readonly tookMs: number | null
  readonly attempt: number
  readonly steps: readonly StepState[]
}

/** A preview that can be opened while training goes on. `file` is relative to the run's folder. */
export type Checkpoint = { readonly iteration: number; readonly file: string; readonly bytes: number; readonly at: string }
export type Measured = { readonly iteration: number; readonly psnr: number; readonly ssim: number | null }
export type LossPoint = { readonly iteration: number; readonly loss: number }

export type AccountState = {
  readonly askedAt: string
  readonly execution: JobState['execution']
  readonly jobs: readonly CloudJob[]
  readonly pausing: boolean
}

/** All that a screen shows of a run; derived, never stored. */
export type RunState = {
  /** Of a run in an account: what it said when it was last asked. */
  readonly account?: AccountState
  readonly kind: 'queued' | 'running' | 'stopping' | 'stopped' | 'failed' | 'done'
  readonly stages: readonly StageState[]
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly lastHeardAt: string | null
  readonly problem: Problem | null
  /** The end of the failed stage's log, where there is one. */
  readonly failureLog?: readonly string[]
  readonly warnings: readonly Problem[]
  readonly checkpoints: readonly Checkpoint[]
  readonly psnr: readonly Measured[]
  readonly loss: readonly LossPoint[]
  readonly kept: boolean
  readonly score: number | null
}

const waiting = (stage: StageName): StageState => ({ stage, kind: 'waiting', startedAt: null, tookMs: null, attempt: 0, steps: [] })

/** The state of a run before its first event. */
export const emptyRun: RunState = {
  kind: 'queued',
  stages: stageNames.map(waiting),
  startedAt: null,
  endedAt: null,
  lastHeardAt: null,
  problem: null,
  warnings: [],
  checkpoints: [],
  psnr: [],
  loss: [],
  kept: false,
  score: null,
}

/** No more events will come, unless the run is resumed. */
export function hasEnded(state: Pick<RunState, 'kind'>): boolean {
  return state.kind === 'done' || state.kind === 'failed' || state.kind === 'stopped'
}

/** The state that follows from events, oldest first. */
export function reduce(events: readonly RunEvent[], from: RunState = emptyRun): RunState {
  return events.reduce(after, from)
}

function withStage(state: RunState, stage: StageName, change: (old: StageState) => StageState): RunState {
  return { ...state, stages: state.stages.map((one) => (one.stage === stage ? change(one) : one)) }
}

function endStages(state: RunState, kind: 'failed' | 'stopped', at: string): RunState {
  const end = (one: StageState): StageState => (one.kind === 'running' ? { ...one, kind, tookMs: sinceMs(one.startedAt, at) } : one)
  return { ...state, stages: state.stages.map(end) }
}

function sinceMs(from: string | null, to: string): number | null {
  return from === null ? null : Date.parse(to) - Date.parse(from)
}

function after(state: RunState, event: RunEvent): RunState {
  const heard = { ...state, lastHeardAt: event.at }
  switch (event.kind) {
    case 'created':
      return { ...heard, kind: 'queued' }
    case 'started':
      return { ...heard, kind: 'running', startedAt: state.startedAt ?? event.at, endedAt: null, problem: null }
    case 'stage-reused':
      // A resumed run finds what it made itself before: that was done, not reused.
      return withStage(heard, event.stage, (one) => (one.kind === 'done' ? one : { ...one, kind: 'reused', reusedFrom: event.from }))
    case 'stage-started':
      return withStage(heard, event.stage, (one) => ({
        ...one,
        kind: 'running',
        attempt: event.attempt,
        startedAt: event.at,
        tookMs: null,
        steps: event.resumed ? one.steps : [],
      }))
    case 'line':
      return withLine(heard, event.line)
    case 'stage-done':
      return withStage(heard, event.stage, (one) => ({ ...one, kind: 'done', tookMs: event.tookMs }))
    case 'account': {
      const { at: askedAt, execution, jobs, pausing } = event
      // Asking is not hearing: that the account answers does not mean that the stage lives.
      return { ...state, account: { askedAt, execution, jobs, pausing } }
    }
    case 'artefact':
      return heard
    case 'warning':
      return { ...heard, warnings: [...state.warnings, event.problem] }
    case 'stop-asked':
      // What a person asks for here is no word from an account.
      return { ...(state.account ? state : heard), kind: 'stopping' }
    case 'stopped':
      return {
        ...endStages(heard, 'stopped', event.at),
        kind: 'stopped',
        kept: event.kept,
        // What was not kept is gone from the disk too.
        checkpoints: event.kept ? heard.checkpoints : [],
        endedAt: event.at,
      }
    case 'failed':
      return {
        ...endStages(heard, 'failed', event.at),
        kind: 'failed',
        problem: event.problem,
        failureLog: event.log ?? [],
        endedAt: event.at,
      }
    case 'done':
      return { ...heard, kind: 'done', score: event.score, endedAt: event.at }
    default:
      return unreachable(event)
  }
}

function withLine(state: RunState, line: StageLine): RunState {
  if (line.problem) return { ...state, warnings: [...state.warnings, line.problem] }
  const step: StepState = { step: line.step, done: line.done, total: line.total, unit: line.unit, metrics: line.metrics, at: line.at }
  const next = withStage(state, line.stage, (one) => ({ ...one, steps: replaceStep(one.steps, step) }))
  return line.stage === '3dgs' ? withTraining(next, line) : next
}

function replaceStep(steps: readonly StepState[], step: StepState): readonly StepState[] {
  const at = steps.findIndex((one) => one.step === step.step)
  return at < 0 ? [...steps, step] : steps.with(at, step)
}

function withTraining(state: RunState, line: StageLine): RunState {
  const { iteration, psnr, ssim, loss, file, bytes } = line.metrics
  if (line.step === 'train' && typeof loss === 'number' && line.done !== null) {
    const done = line.done
    return { ...state, loss: [...before(state.loss, done), { iteration: done, loss }] }
  }
  // Checkpoints are measured too, by PSNR alone.
  if (line.step === 'checkpoint' && typeof psnr === 'number' && typeof iteration === 'number') {
    return { ...state, psnr: [...before(state.psnr, iteration), { iteration, psnr, ssim: null }] }
  }
  // A mean over some of the held-out photos is no measurement yet.
  if (
    (line.step === 'evaluate' || line.step === reusedStep) &&
    line.done === line.total &&
    typeof psnr === 'number' &&
    typeof iteration === 'number'
  ) {
    return {
      ...state,
      psnr: [...before(state.psnr, iteration), { iteration, psnr, ssim: typeof ssim === 'number' ? ssim : null }],
    }
  }
  if (line.step === 'checkpoint' && typeof file === 'string' && file.endsWith('.ply') && typeof iteration === 'number') {
    const checkpoint = { iteration, file: `3dgs/${file}`, bytes: typeof bytes === 'number' ? bytes : 0, at: line.at }
    return { ...state, checkpoints: [...before(state.checkpoints, iteration), checkpoint] }
  }
  return state
}

// A resumed training counts again from its checkpoint: what it repeats replaces what was there.
function before<T extends { readonly iteration: number }>(points: readonly T[], iteration: number): readonly T[] {
  const last = points.at(-1)
  return last === undefined || last.iteration < iteration ? points : points.filter((one) => one.iteration < iteration)
}

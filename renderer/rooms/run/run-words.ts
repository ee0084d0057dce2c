import { runFolder } from '../../../core/layout.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import type { RunState, StageState, StepState } from '../../../core/run/reduce.ts'
import { activeStage, stageWord } from '../../capture-words.ts'
import { bytes, count, decimal } from '../../format.ts'
import type { Fact } from '../../parts/fact-table.tsx'

/** What the counted steps are called on the screen; an unknown step keeps its own name. */
const stepNames: Readonly<Record<string, string>> = {
  prepare: 'Photos prepared',
  features: 'Features',
  pairs: 'Pairs',
  map: 'Images registered',
  align: 'Placed and coloured',
  undistort: 'Undistorted',
  load: 'Photos loaded',
  train: 'Iteration',
  evaluate: 'Views measured',
  checkpoint: 'Checkpoints',
  sog: 'SOG',
  spz: 'SPZ',
  verify: 'Read back',
}

/** The line above the room: what happens now. */
export function runTitle(state: RunState): string {
  const active = activeStage(state)
  switch (state.kind) {
    case 'queued':
      return 'Starting'
    case 'running': {
      const train = active?.steps.find((one) => one.step === 'train')
      if (active?.stage === '3dgs' && train?.done != null)
        return `Training, iteration ${count(train.done)}${train.total ? ` of ${count(train.total)}` : ''}`
      return active ? stageWord(active.stage) : 'Starting'
    }
    case 'stopping':
      return state.account ? 'Stop sent, waiting for SageMaker' : 'Stop sent, waiting for the stage to end'
    case 'stopped':
      return state.kept ? `Stopped, iteration ${count(state.checkpoints.at(-1)?.iteration ?? 0)} kept` : 'Stopped, nothing kept'
    case 'failed':
      return active ? `Failed in ${stageWord(active.stage).toLowerCase()}` : 'Failed'
    case 'done':
      return 'Done: the scene is here'
  }
}

/** What is read aloud of it: the state, and training by tenths, so that a reader is not drowned in iterations. */
export function runSpoken(state: RunState): string {
  const active = state.kind === 'running' ? activeStage(state) : undefined
  const train = active?.stage === '3dgs' ? active.steps.find((one) => one.step === 'train') : undefined
  if (train?.done == null || !train.total) return runTitle(state)
  return `Training, ${Math.floor((train.done / train.total) * 10) * 10} %`
}

/** The counted lines of a stage: what was counted, of how many, and what was measured with it. */
export function stageFacts(stage: StageState): readonly Fact[] {
  const newest = [...stage.steps].filter((one) => one.step !== 'warning')
  const facts = newest.flatMap((step) => [...counted(step), ...measured(step)])
  // A measurement and the checkpoint made with it say the same: it stands once.
  return [...new Map(facts.map((one) => [one.label, one])).values()]
}

function counted(step: StepState): readonly Fact[] {
  const name = stepNames[step.step] ?? step.step
  if (step.step === 'checkpoint') {
    const { iteration, bytes: size } = step.metrics
    return typeof iteration === 'number'
      ? [
          {
            label: 'Newest checkpoint',
            value: `${count(iteration)}${typeof size === 'number' && size > 0 ? `, ${bytes(size)}` : ''}`,
            source: 'progress.jsonl',
          },
        ]
      : []
  }
  if (step.step === 'evaluate') return []
  if (step.done === null) return [{ label: name, value: '…', source: 'progress.jsonl' }]
  const value = step.total === null ? count(step.done) : `${count(step.done)} / ${count(step.total)}`
  return [{ label: name, value, source: 'progress.jsonl' }]
}

/** Names, digits and units of the metrics worth a line. */
const metricNames: Readonly<Record<string, readonly [string, number, string]>> = {
  points: ['Sparse points', 0, ''],
  reprojectionPx: ['Reprojection error', 2, 'px'],
  loss: ['Loss', 4, ''],
  gaussians: ['Gaussians in training', 0, ''],
  psnr: ['Held-out PSNR', 2, 'dB'],
  ssim: ['Held-out SSIM', 3, ''],
  residualM: ['GPS residual', 2, 'm'],
  bytesOut: ['Bytes out', -1, ''],
}

function measured(step: StepState): readonly Fact[] {
  return Object.entries(step.metrics).flatMap(([key, value]) => {
    const named = metricNames[key]
    if (!named || typeof value !== 'number') return []
    const [name, digits, unit] = named
    const label = key === 'bytesOut' ? `${stepNames[step.step] ?? step.step}, ${name.toLowerCase()}` : name
    const at = key === 'psnr' && typeof step.metrics['iteration'] === 'number' ? ` at ${count(step.metrics['iteration'])}` : ''
    const words = digits < 0 ? bytes(value) : digits === 0 ? count(value) : decimal(value, digits)
    return [{ label: `${label}${at}`, value: unit ? `${words} ${unit}` : words, source: 'progress.jsonl' }]
  })
}

/** The step of a stage that a bar can show: the newest with a total. */
export function barOf(stage: StageState): { done: number; total: number } | null {
  const step = stage.steps
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .findLast((one) => one.done !== null && one.total !== null && one.total > 0)
  return step?.done != null && step.total !== null ? { done: step.done, total: step.total } : null
}

/** Whether a run has left a scene that opens, also when it failed afterwards. */
export function leavesScene(state: RunState, events: readonly RunEvent[]): boolean {
  return state.kind === 'done' || state.kept || events.some((one) => one.kind === 'artefact' && one.path === runFolder.scenePly)
}

/** Iterations a second over the last points, and what remains at that rate; null before there is half a minute of data or when the rate varies by more than half. */
export function timeLeft(events: readonly RunEvent[]): { readonly perS: number; readonly remain: number; readonly ms: number } | null {
  const lines = events.flatMap((one) =>
    one.kind === 'line' && one.line.step === 'train' && one.line.done !== null && one.line.total !== null
      ? [{ at: Date.parse(one.line.at), done: one.line.done, total: one.line.total }]
      : [],
  )
  const last = lines.at(-1)
  const recent = last ? lines.filter((one) => one.at >= last.at - 60_000) : []
  const first = recent[0]
  const middle = recent[Math.floor(recent.length / 2)]
  if (!last || !first || !middle || last.at - first.at < 30_000) return null
  const rate = (a: typeof first, b: typeof first) => (b.done - a.done) / Math.max((b.at - a.at) / 1000, 1e-3)
  const [early, late, perS] = [rate(first, middle), rate(middle, last), rate(first, last)]
  if (perS <= 0 || Math.abs(early - late) > 0.5 * Math.max(early, late)) return null
  return { perS, remain: last.total - last.done, ms: ((last.total - last.done) / perS) * 1000 }
}

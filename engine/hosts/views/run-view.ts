import type { RunState, StageState, StepState } from '../../../core/run/reduce.ts'
import { reusedStep } from '../../../core/run/stage-line.ts'
import { unreachable } from '../../../core/problem.ts'
import type { Paint } from '../terminal/paint.ts'
import type { Drawing } from './check-progress.ts'
import { count, durationText, meter, sizeText } from '../terminal/words.ts'

const titles: Readonly<Record<StageState['stage'], string>> = { sfm: 'Structure', '3dgs': 'Training', compression: 'Compression' }

/** The lines that a person sees while a run goes on: one a stage. */
export function runLines(state: RunState, drawing: Drawing): string[] {
  // A line that stays need not say that nothing has happened yet.
  const told = drawing.live ? state.stages : state.stages.filter((stage) => stage.kind !== 'waiting')
  return told.map((stage) => stageLine(stage, state, drawing))
}

function stageLine(stage: StageState, state: RunState, drawing: Drawing): string {
  const { paint } = drawing
  const name = titles[stage.stage].padEnd(11)
  switch (stage.kind) {
    case 'waiting':
      return paint.faint(`${name} waiting`)
    case 'reused':
      return `${name} ${paint.good('reused')}${stage.reusedFrom?.startsWith('r-') ? ` from ${stage.reusedFrom}` : ''}${outcome(stage, state)}`
    case 'running':
      return `${name} ${running(stage, state, drawing)}`
    case 'done':
      return `${name} ${paint.good('done')}  ${durationText(stage.tookMs ?? 0)}${outcome(stage, state)}`
    case 'failed':
      return `${name} ${paint.bad('failed')}`
    case 'stopped':
      return `${name} ${paint.warn('stopped')}`
    default:
      return unreachable(stage.kind)
  }
}

function running(stage: StageState, state: RunState, { paint, live, nowMs }: Drawing): string {
  const step = currentStep(stage)
  const sinceMs = stage.startedAt === null ? 0 : nowMs - Date.parse(stage.startedAt)
  if (step === undefined) return `starting, ${durationText(sinceMs)}`
  const unit = step.unit ?? ''
  const counted = step.total === null ? `${count(step.done ?? 0)} ${unit}` : `${count(step.done ?? 0)} of ${count(step.total)} ${unit}`
  const shown = step.total === null || step.done === null ? '' : meter(step.done, step.total, live, paint.accent)
  return `${shown}${step.step}: ${counted.trim()}${figures(stage, step, state)}, ${durationText(sinceMs)}`
}

// Training goes on while a checkpoint is written or a view is evaluated; its own step is the one to look at.
function currentStep(stage: StageState): StepState | undefined {
  const counted = stage.steps.filter((one) => !['checkpoint', 'warning'].includes(one.step))
  return counted.reduce<StepState | undefined>((newest, one) => (newest === undefined || one.at >= newest.at ? one : newest), undefined)
}

function figures(stage: StageState, step: StepState, state: RunState): string {
  if (stage.stage !== '3dgs') return ''
  const loss = step.metrics['loss']
  const psnr = state.psnr.at(-1)
  return `${typeof loss === 'number' ? `, loss ${loss.toFixed(4)}` : ''}${psnr ? `, PSNR ${psnr.psnr.toFixed(2)} dB` : ''}`
}

function outcome(stage: StageState, state: RunState): string {
  const metric = (step: string, name: string) =>
    stage.steps.find((one) => one.step === (stage.kind === 'reused' ? reusedStep : step))?.metrics[name]
  if (stage.stage === 'sfm') {
    const [registered, points] = [metric('map', 'registered'), metric('map', 'points')]
    return `${typeof registered === 'number' ? `, ${count(registered)} photos registered` : ''}${typeof points === 'number' ? `, ${count(points)} points` : ''}`
  }
  if (stage.stage === '3dgs') {
    const last = state.psnr.at(-1)
    return last ? `, held-out PSNR ${last.psnr.toFixed(2)} dB${last.ssim === null ? '' : `, SSIM ${last.ssim.toFixed(3)}`}` : ''
  }
  const bytes = metric('sog', 'bytesOut')
  return typeof bytes === 'number' ? `, ${sizeText(bytes)}` : ''
}

/** How a run stands, in one word with its colour. */
export function runMark(state: RunState, paint: Paint): string {
  switch (state.kind) {
    case 'done':
      return paint.good('done')
    case 'failed':
      return paint.bad('failed')
    case 'stopped':
      return paint.warn(state.kept ? 'stopped, kept' : 'stopped')
    case 'queued':
    case 'running':
    case 'stopping':
      return paint.accent(state.kind)
    default:
      return unreachable(state.kind)
  }
}

/** The result of a run for a person. */
export function runResult(run: { readonly runId: string; readonly state: RunState; readonly folder: string }, paint: Paint): string {
  const { state } = run
  const tookMs = state.startedAt && state.endedAt ? Date.parse(state.endedAt) - Date.parse(state.startedAt) : null
  const last = state.psnr.at(-1)
  const facts = [
    ...(state.score === null ? [] : [`score ${state.score.toFixed(0)} of 100`]),
    ...(last ? [`held-out PSNR ${last.psnr.toFixed(2)} dB`] : []),
    ...(tookMs === null ? [] : [durationText(tookMs)]),
  ]
  const lines = [
    `${paint.strong(runMark(state, paint))}  ${run.runId}${facts.length > 0 ? paint.faint(`  ${facts.join(' · ')}`) : ''}`,
    `  ${run.folder}`,
  ]
  if (state.kind === 'done' || state.kept) lines.push(paint.faint(`Next: spaceport open ${run.runId}`))
  return `${lines.join('\n')}\n`
}

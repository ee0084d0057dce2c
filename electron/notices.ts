import type { RunSummary } from '../core/run/run-summary.ts'
import type { RunState } from '../core/run/reduce.ts'

/** What the system tells a person whose window is not in front, and where a click leads. */
export type Notice = { readonly title: string; readonly body: string; readonly address: string }

/** The notice of a run that has just ended, or null. */
export function noticeOf(before: RunState['kind'] | undefined, run: RunSummary): Notice | null {
  const { kind, psnr, problem } = run.state
  if (before === undefined || before === kind) return null
  const quality = psnr.at(-1)
  if (kind === 'done') {
    const body = quality ? `Held-out PSNR ${quality.psnr.toFixed(2)} dB.` : 'The scene is in the library.'
    return { title: `${run.captureName} is a scene`, body, address: `capture/${run.captureId}/scene/${run.runId}` }
  }
  if (kind !== 'failed') return null
  return {
    title: `${run.captureName} failed`,
    body: `${problem?.what ?? ''} ${problem?.remedy ?? ''}`.trim(),
    address: `capture/${run.captureId}/run/${run.runId}`,
  }
}

/** The taskbar's bar for a run: 0..1 counted, 2 where no total is known, -1 for none (Electron's numbers). */
export function taskbarProgress(state: RunState): number {
  if (state.kind !== 'running' && state.kind !== 'stopping') return -1
  const step = state.stages.find((one) => one.kind === 'running')?.steps.at(-1)
  return step?.total && step.done !== null ? Math.min(1, step.done / step.total) : 2
}

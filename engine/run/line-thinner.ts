import type { StageLine } from '../../core/run/stage-line.ts'

// Stages say up to 10 lines a second, for hours. A person sees no more than four; all of them are in progress.jsonl.
const leastGapMs = 250

/** Passes on at most four lines a second of one step; warnings, checkpoints and the last line of a step always. */
export function lineThinner(pass: (line: StageLine) => void) {
  let held: StageLine | null = null
  let last: { step: string; at: number } = { step: '', at: 0 }
  const flush = (): void => {
    if (held) pass(held)
    held = null
  }
  const now = (line: StageLine): number => Date.parse(line.at)
  return {
    flush,
    line: (line: StageLine): void => {
      const step = `${line.stage} ${line.step}`
      const matters =
        line.problem !== undefined ||
        line.step === 'checkpoint' ||
        line.step === 'evaluate' ||
        (line.done !== null && line.done === line.total)
      if (held && step !== `${held.stage} ${held.step}`) flush()
      if (!matters && step === last.step && now(line) - last.at < leastGapMs) {
        held = line
        return
      }
      held = null
      last = { step, at: now(line) }
      pass(line)
    },
  }
}

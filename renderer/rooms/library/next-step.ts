import { hasScene, type LibraryRow } from './library-rows.ts'

export type NextStep = 'stop-scan' | 'go-on-reading' | 'read-again' | 'see-run' | 'open-scene' | 'see-photos' | 'set-up'

const unended = ['queued', 'running', 'stopping']

/** The one honest next step of a capture: nothing is offered on numbers that are still being counted. */
export function nextStep(row: LibraryRow): NextStep {
  const { scan, verdict } = row.capture
  if (scan.kind === 'scanning') return 'stop-scan'
  if (row.run && unended.includes(row.run.state.kind)) return 'see-run'
  if (hasScene(row)) return 'open-scene'
  if (scan.kind === 'stopped') return 'go-on-reading'
  if (scan.kind === 'failed' || verdict === null) return 'read-again'
  if (row.run) return 'see-run'
  return verdict.kind === 'unusable' ? 'see-photos' : 'set-up'
}

export const nextStepWords: Readonly<Record<NextStep, string>> = {
  'stop-scan': 'Stop scan',
  'go-on-reading': 'Go on reading',
  'read-again': 'Read again',
  'see-run': 'Go to the run',
  'open-scene': 'Open scene',
  'see-photos': 'See what is missing',
  'set-up': 'Set up run',
}

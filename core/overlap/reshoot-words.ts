import { kindWords, type ReshootPlan, type ReshootPosition } from './reshoot-plan.ts'

/** "1 Gap between groups": what a position is called everywhere. */
export function nameOf({ number, kind }: ReshootPosition): string {
  return `${number} ${kindWords[kind]}`
}

/** Words as a sentence of their own. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

const signed = (value: number): string => value.toFixed(0).replace('-', '−')

/** "40 m above take-off, heading 45°, gimbal −90°": as much of it as is known. */
export function howTo({ aboveTakeoffM, altM, headingDeg, pitchDeg }: ReshootPosition): string {
  const height =
    aboveTakeoffM !== null ? [`${aboveTakeoffM.toFixed(0)} m above take-off`] : altM !== null ? [`${altM.toFixed(0)} m by GPS`] : []
  const heading = headingDeg === null ? [] : [`heading ${(Math.round(headingDeg) % 360).toFixed(0)}°`]
  const pitch = pitchDeg === null ? [] : [`gimbal ${signed(pitchDeg)}°`]
  return [...height, ...heading, ...pitch].join(', ')
}

/** "50.80071, −0.10003 (± 13 m)", or nothing without GPS. */
export function whereIs({ at }: ReshootPosition, accuracyM: number | null): string {
  if (!at) return ''
  const about = accuracyM !== null && accuracyM >= 1 ? ` (± ${Math.round(accuracyM)} m)` : ''
  return `${at.lat.toFixed(6)}, ${at.lon.toFixed(6)}${about}`.replaceAll('-', '−')
}

/** The whole plan as text that a pilot can read on a phone. */
export function planText(plan: ReshootPlan): string {
  const lines = plan.positions.map((position) => {
    const facts = [whereIs(position, plan.accuracyM), howTo(position)].filter((part) => part !== '')
    return `${nameOf(position)}: ${sentence(position.words)} ${facts.length > 0 ? `${facts.join('; ')}. ` : ''}${position.reason}`
  })
  return [...lines, ...plan.notes, ...(plan.positions.length > 0 ? [plan.rule] : [])].join('\n')
}

import type { Finding, Verdict } from '../../../core/capture/finding.ts'
import type { Skipped } from '../../../core/capture/photo.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
import { howTo, nameOf, whereIs } from '../../../core/overlap/reshoot-words.ts'
import { unreachable } from '../../../core/problem.ts'
import type { Check } from '../../intake/check-event.ts'
import type { Paint } from '../terminal/paint.ts'
import { counted, durationText, printable, sizeText, someOf, wrap } from '../terminal/words.ts'

// More lines than this scroll the verdict away; the JSON and the report page have all of them.
const MOST_SKIPPED = 8
const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'info']

/** The result of a check for a person: the verdict first, then why, then what to do next. */
export function checkText(check: Check, plan: ReshootPlan, paint: Paint, columns: number): string {
  const findings = check.findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
  const parts = [
    verdictText(check, paint, columns),
    facts(check, paint),
    ...findings.map((finding) => findingText(finding, paint, columns)),
    planLines(plan, paint, columns),
    skippedText(check.skipped, paint, columns),
    nextStep(check, paint),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The colour and the word of a verdict. */
export function verdictMark(verdict: Verdict, paint: Paint): string {
  switch (verdict.kind) {
    case 'ready':
      return paint.good('● Ready')
    case 'risky':
      return paint.warn('▲ Risky')
    case 'unusable':
      return paint.bad('✕ Unusable')
    default:
      return unreachable(verdict.kind)
  }
}

function verdictText(check: Check, paint: Paint, columns: number): string {
  // A sentence that a finding says too stands there, with its remedy.
  const isSaid = (sentence: string) => check.findings.some((finding) => sentence.includes(finding.what))
  const [first = '', ...others] = check.verdict.because.map(printable).filter((sentence, at) => at === 0 || !isSaid(sentence))
  const mark = paint.strong(verdictMark(check.verdict, paint))
  // The sentence may begin with the verdict's own word; the mark says it already.
  const word = /^(Ready|Risky|Unusable):\s*/
  const head = first === '' ? mark : `${mark}  ${wrap(first.replace(word, ''), columns - 12, '  ')}`
  return [head, ...others.map((one) => `  ${wrap(one, columns - 2, '  ')}`)].join('\n')
}

function facts(check: Check, paint: Paint): string {
  if (check.photos.length === 0) return ''
  const cameras = [...new Set(check.photos.map((photo) => photo.camera).filter((name) => name !== null))]
  const bytes = check.photos.reduce((sum, photo) => sum + photo.sizeBytes, 0)
  const withGps = check.photos.filter((photo) => photo.gps !== null).length
  const words = [
    counted(check.photos.length, 'photo'),
    ...(check.leftOut.length > 0 ? [`${check.leftOut.length} left out`] : []),
    ...(bytes > 0 ? [sizeText(bytes)] : []),
    ...(cameras.length > 0 ? [printable(someOf(cameras, 2))] : []),
    withGps === 0 ? 'no GPS' : `${withGps} with GPS`,
    ...(check.forecast ? [`${check.forecast.pairsVerified} of ${counted(check.forecast.pairsTried, 'pair')} should verify`] : []),
    `checked in ${durationText(check.tookMs)}`,
  ]
  return paint.faint(`  ${words.join(' · ')}`)
}

function findingText(finding: Finding, paint: Paint, columns: number): string {
  const mark = { error: paint.bad('✕'), warning: paint.warn('▲'), info: paint.accent('·') }[finding.severity]
  const lines = [
    `${mark} ${wrap(printable(finding.what), columns - 2, '  ')}`,
    `  ${paint.accent('→')} ${wrap(printable(finding.remedy), columns - 4, '    ')}`,
  ]
  const about = finding.files.length > 0 ? `${printable(someOf(finding.files))} · ` : ''
  return [...lines, paint.faint(`    ${about}${finding.code}`)].join('\n')
}

// More positions than this are for a file.
const MOST_POSITIONS = 6

function planLines(plan: ReshootPlan, paint: Paint, columns: number): string {
  if (plan.positions.length === 0) return ''
  const shown = plan.positions.slice(0, MOST_POSITIONS).map((position) => {
    const where = [whereIs(position, plan.accuracyM), howTo(position)].filter((part) => part !== '').join('; ')
    const words = wrap(printable(`${nameOf(position)}: ${position.words}.`), columns - 4, '    ')
    return [`  ${words}`, ...(where === '' ? [] : [paint.faint(`    ${wrap(where, columns - 4, '    ')}`)])].join('\n')
  })
  const rest = plan.positions.length - shown.length
  const more = rest > 0 ? [paint.faint(`  and ${rest} more (--kml, --csv, --gpx or --html FILE has them all)`)] : []
  return [
    paint.strong(`Re-shoot plan, ${counted(plan.positions.length, 'position')}`),
    ...shown,
    ...more,
    paint.faint(`  ${wrap(printable(plan.rule), columns - 2, '  ')}`),
  ].join('\n')
}

function skippedText(skipped: readonly Skipped[], paint: Paint, columns: number): string {
  if (skipped.length === 0) return ''
  const shown = skipped
    .slice(0, MOST_SKIPPED)
    .map((one) => `  ${printable(one.file)}  ${paint.faint(wrap(printable(one.what), columns - 6, '      '))}`)
  const rest = skipped.length > MOST_SKIPPED ? [paint.faint(`  and ${skipped.length - MOST_SKIPPED} more (--json lists them all)`)] : []
  return [paint.strong(`Skipped ${counted(skipped.length, 'file')}`), ...shown, ...rest].join('\n')
}

function nextStep(check: Check, paint: Paint): string {
  if (check.verdict.kind === 'unusable') return ''
  return paint.faint(`Next: spaceport run ${/[\s'"$]/.test(check.folder) ? JSON.stringify(check.folder) : check.folder}`)
}

import type { Verdict } from '../../../core/capture/finding.ts'
import { expectedPhotos } from '../../../core/capture/verdict.ts'
import { stoppedAt } from '../../capture-words.ts'
import { count } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import type { GlyphState } from '../../parts/state-glyph.tsx'

export type Headline = {
  readonly glyph: GlyphState
  readonly tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle'
  readonly title: string
  readonly why: string
  readonly source: string
}

/** The verdict, or how far the scan is, in one line and one sentence. */
export function headline(detail: CaptureDetail): Headline {
  const { scan } = detail
  if (scan.kind === 'scanning' && scan.phase === 'photos') {
    return {
      glyph: 'running',
      tone: 'info',
      title: `Reading ${count(scan.done)} of ${count(scan.total)}`,
      why: 'Facts and sharpness first, then which photos see the same place.',
      source: 'scan',
    }
  }
  if (scan.kind === 'scanning') {
    return {
      glyph: 'running',
      tone: 'info',
      title: `Comparing ${count(scan.done)} of ${count(scan.total)} pairs`,
      why: `${count(detail.photos.length)} photos read. Links appear as pairs are compared: a forecast of what structure from motion will verify.`,
      source: 'scan',
    }
  }
  if (scan.kind === 'failed') return { glyph: 'failed', tone: 'bad', title: 'The scan failed', why: scan.problem.what, source: 'scan' }
  if (scan.kind === 'stopped')
    return {
      glyph: 'paused',
      tone: 'idle',
      title: `Scan stopped: ${stoppedAt(scan)}`,
      why: 'What was read is kept; reading goes on from here.',
      source: 'scan',
    }
  if (scan.kind === 'idle' && detail.photos.length === 0)
    return {
      glyph: 'unknown',
      tone: 'idle',
      title: 'Waiting to be read',
      why: 'Folders are read one at a time; this one is in line.',
      source: 'scan',
    }
  if (!detail.verdict)
    return { glyph: 'unknown', tone: 'idle', title: 'Overlap not checked', why: 'No forecast yet for these photos.', source: 'scan' }
  return verdictLine(detail, detail.verdict)
}

function verdictLine(detail: CaptureDetail, verdict: Verdict): Headline {
  const used = detail.photos.length - detail.leftOut.length
  const some = registering(detail)
  const rest = used - (some ?? 0)
  // The title already says how many should register.
  const why = verdict.because
    .filter((one) => !one.includes('should register'))
    .slice(0, 2)
    .join(' ')
  const source = 'core/overlap forecast'
  if (verdict.kind === 'ready') {
    const title = some === null ? `Ready: ${count(used)} photos` : `Ready: ${count(some)} of ${count(used)} photos should register`
    return { glyph: 'ready', tone: 'ok', title, why: why || 'They hang together in one piece.', source }
  }
  if (verdict.kind === 'risky') {
    const title =
      some === null
        ? 'Risky'
        : rest > 0
          ? `Risky: ${count(some)} of ${count(used)} photos should register, ${count(rest)} should not`
          : `Risky: ${count(some)} of ${count(used)} photos should register`
    return { glyph: 'risky', tone: 'warn', title, why, source }
  }
  return unusable(detail, verdict)
}

/** The one reason, and what to do about it. */
function unusable(detail: CaptureDetail, { because }: Verdict): Headline {
  const [first = 'No scene can come of these photos.', ...rest] = because
  const worst = detail.findings.find(({ what }) => first.startsWith(what))
  // Without photos the room below says what to do.
  const why = detail.photos.length === 0 ? '' : [...(worst ? [worst.remedy] : []), ...rest.slice(0, 2)].join(' ')
  return {
    glyph: 'unusable',
    tone: 'bad',
    title: `Unusable: ${lower(worst?.what ?? first).replace(/\.$/, '')}`,
    why,
    source: 'core/overlap forecast',
  }
}

/** How many photos of the run should register; null before a forecast. */
export function registering(detail: CaptureDetail): number | null {
  if (!detail.forecast) return null
  return Math.round(expectedPhotos(detail.forecast, detail.leftOut))
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

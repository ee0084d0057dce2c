import type { Forecast } from '../overlap/graph.ts'
import { fewestPhotos } from './check-capture.ts'
import { outlookOf } from '../overlap/outlook.ts'
import type { Finding, Verdict } from './finding.ts'
import type { Photo } from './photo.ts'
import { names, photos, verb } from './words.ts'

/** What a verdict is reached from. `skipped`: files that are no photos. */
export type Case = {
  readonly photos: readonly Photo[]
  readonly leftOut: readonly string[]
  readonly findings: readonly Finding[]
  readonly forecast: Forecast | null
  readonly skipped: number
}

// One photo in ten may fail and the scene is still the place; below that parts are missing.
const readyShare = 0.9
// A third of the photos is not the place that was photographed.
const unusableShare = 0.34

/** Ready, risky or unusable, with the expected share of photos in the largest model and the causes, worst first. */
export function verdictOf(the: Case): Verdict {
  const used = the.photos.length - the.leftOut.length
  const causes = the.findings.filter(({ severity }) => severity !== 'info')
  const because = causes.map((finding) => `${finding.what} ${finding.remedy}`)
  if (used < fewestPhotos) return { kind: 'unusable', score: 0, because }
  if (!the.forecast) return { kind: 'risky', score: 0, because: because.length > 0 ? because : ['Overlap not checked.'] }
  const expected = expectedPhotos(the.forecast, the.leftOut)
  const score = Math.min(1, expected / used)
  const isUnusable = score < unusableShare || Math.round(expected) < fewestPhotos
  const kind = isUnusable ? 'unusable' : isReady(score, the.findings, the.forecast) ? 'ready' : 'risky'
  return {
    kind,
    score: Math.round(score * 1000) / 1000,
    because: [
      headline(Math.round(expected), used),
      ...because,
      ...weakOnes(the.forecast),
      ...borderline(the.forecast),
      ...unproven(the.forecast),
    ],
  }
}

/** How many of the photos that are not left out end in the largest model, by their probabilities. */
export function expectedPhotos(forecast: Forecast, leftOut: readonly string[]): number {
  const out = new Set(leftOut)
  return forecast.photos.filter(({ file, island }) => island === 0 && !out.has(file)).reduce((sum, { registers }) => sum + registers, 0)
}

// Linked, and yet more likely lost than not.
const unlikely = 0.5

function weakOnes(forecast: Forecast): readonly string[] {
  const files = forecast.photos.filter(({ island, registers }) => island === 0 && registers < unlikely).map(({ file }) => file)
  if (files.length === 0 || 2 * files.length > forecast.photos.length) return []
  return [
    `${names(files)} ${verb(files.length, 'is', 'are')} linked too weakly to be counted on. One more photo on each side should hold ${verb(files.length, 'it', 'them')}.`,
  ]
}

function borderline(forecast: Forecast): readonly string[] {
  const files = forecast.photos
    .filter(({ registers }) => registers >= unlikely && outlookOf(registers) === 'borderline')
    .map(({ file }) => file)
  if (files.length === 0 || 2 * files.length > forecast.photos.length) return []
  return [`${names(files)} ${verb(files.length, 'is', 'are')} borderline: COLMAP takes such photos in one run and leaves them in the next.`]
}

// Islands, too few photos and views that hardly differ stay a risk whatever the sum says.
const neverReady: readonly string[] = ['capture/too-few', 'capture/no-parallax', 'capture/forward-motion']

// Where nothing was rehearsed (thousands of photos) the pairs stand for it, and a sentence says so.
function isReady(score: number, findings: readonly Finding[], { motion }: Forecast): boolean {
  if (motion !== undefined && motion !== 'good') return false
  return score >= readyShare && findings.every(({ code, severity }) => severity !== 'error' && !neverReady.includes(code))
}

function unproven({ motion, rehearsals }: Forecast): readonly string[] {
  if (motion === 'weak')
    return [
      'The photos match, and yet the rehearsal found too little depth to hold them together: take more photos from further to the side.',
    ]
  if (motion === undefined && !rehearsals) return ['Not rehearsed: this follows from the pairs alone, so depth is not proven.']
  return []
}

function headline(expected: number, used: number): string {
  return expected >= used
    ? `${photos(used)} of ${used} should register.`.replace(/^(\d[\d,]*) photos? of (\S+)/, '$1 of $2 photos')
    : `${expected} of ${used} photos should register, ${used - expected} should not.`
}

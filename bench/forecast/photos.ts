import { logistic } from '../../core/overlap/calibration.ts'
import { calibratePhotos, sceneOf, shareScene } from './calibrate.ts'
import { benchData } from './data.ts'
import type { PhotoSample } from './rehearsals.ts'
import { auc, calibrationError } from './scores.ts'
import type { Row } from './table.ts'

/** A photo with the probability that is said of it. */
export type ScoredPhoto = { readonly photo: PhotoSample; readonly p: number }

/** How well photos that COLMAP cannot use are named, each scene judged by a calibration that has not seen it. */
export async function photoRows(): Promise<Row[]> {
  const { sets, photos } = await benchData()
  const scored = sets.map((set) => ({ name: set.name, scored: leaveOneOut(photos, set.name) }))
  const all = scored.flatMap((each) => each.scored)
  const scenes = Map.groupBy(all, ({ photo }) => sceneOf(photo.set))
  const rows = [...scored, ...[...scenes].map(([name, of]) => ({ name: `all of ${name}`, scored: of })), { name: 'pooled', scored: all }]
  printPhotos(rows)
  const { lost, named, right, ece } = photoFigures(all)
  const least = 0.8
  const sure = all.filter(({ p }) => p <= 0.2 || p >= 0.8)
  return [
    {
      what: `photos lost, recall (${lost} lost in ${lostSets(all)} sets)`,
      must: '>= 0.8',
      figure: (right / lost).toFixed(3),
      reached: right / lost >= least,
    },
    {
      what: `photos lost, precision (${named} named)`,
      must: '>= 0.8',
      figure: (right / named).toFixed(3),
      reached: right / named >= least,
    },
    { what: 'photos, calibration error', must: '<= 0.04', figure: ece.toFixed(3), reached: ece <= 0.04 },
    {
      what: `photos said to be sure (p <= 0.2 or >= 0.8; ${((100 * sure.length) / all.length).toFixed(0)} %), wrong`,
      must: '<= 5 %',
      figure: `${((100 * sure.filter(isWrong).length) / sure.length).toFixed(1)} %`,
      reached: sure.filter(isWrong).length <= 0.05 * sure.length,
    },
  ]
}

function isWrong({ photo, p }: ScoredPhoto): boolean {
  return photo.share !== 0.5 && p >= 0.5 !== photo.share > 0.5
}

function lostSets(all: readonly ScoredPhoto[]): number {
  return new Set(all.filter(({ photo }) => photo.share < 0.5).map(({ photo }) => photo.set)).size
}

function leaveOneOut(all: readonly PhotoSample[], set: string): ScoredPhoto[] {
  const weights = calibratePhotos(all.filter((photo) => !shareScene(photo.set, set)))
  return all.filter((photo) => photo.set === set).map((photo) => scoredPhoto(photo, weights))
}

/** The photo judged by given weights. */
export function scoredPhoto(photo: PhotoSample, weights: readonly number[]): ScoredPhoto {
  return { photo, p: logistic(photo.described.reduce((sum, value, i) => sum + value * weights[i]!, 0)) }
}

/** How right the said probabilities are. */
export function photoFigures(scored: readonly ScoredPhoto[]) {
  const decided = scored.filter(({ photo }) => photo.share !== 0.5)
  const named = decided.filter(({ p }) => p < 0.5)
  const odds = scored.map(({ p }) => p)
  const usable = scored.map(({ photo }) => photo.share)
  return {
    photos: scored.length,
    lost: decided.filter(({ photo }) => photo.share < 0.5).length,
    either: scored.length - decided.length,
    named: named.length,
    right: named.filter(({ photo }) => photo.share < 0.5).length,
    ece: calibrationError(odds, usable),
    auc: auc(
      decided.map(({ p }) => p),
      decided.map(({ photo }) => photo.share > 0.5),
    ),
  }
}

/** A line for each set. */
export function printPhotos(rows: readonly { readonly name: string; readonly scored: readonly ScoredPhoto[] }[]): void {
  const head = ['photos', 'lost', 'either', 'named', 'right', 'recall', 'precis.', 'ECE', 'AUC'].map((word) => word.padStart(8))
  console.log(`photos that are not usable        ${head.join('')}`)
  for (const each of rows) console.log(line(each.name, photoFigures(each.scored)))
  console.log('either: COLMAP itself uses the photo in one run and not in the other: neither right nor wrong; named: p < 0.5\n')
}

function line(name: string, { photos, lost, either, named, right, ece, auc: order }: ReturnType<typeof photoFigures>): string {
  const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(2))
  const cells = [photos, lost, either, named, right, share(right, lost), share(right, named), ece.toFixed(3), order.toFixed(3)]
  return name.padEnd(34) + cells.map((cell) => String(cell).padStart(8)).join('')
}

import { join } from 'node:path'
import { CALIBRATION } from '../../core/overlap/calibration-data.ts'
import { REHEARSAL_CALIBRATION } from '../../core/overlap/rehearsal-data.ts'
import { calibratePhotos, sceneOf, shareScene } from './calibrate.ts'
import { benchData, dataOf } from './data.ts'
import { root } from './evidence.ts'
import { pairFigures, printPairs, scoredPair } from './pairs.ts'
import { photoFigures, printPhotos, type ScoredPhoto, scoredPhoto } from './photos.ts'
import type { PhotoSample } from './rehearsals.ts'
import type { Row } from './table.ts'
import { readSets } from './truth.ts'

/** The weights of the repo on copies that nothing was fitted on (unseen.py); `SPACEPORT_UNSEEN` names another folder of sets. */
export async function unseenRows(): Promise<Row[]> {
  const sets = readSets(process.env.SPACEPORT_UNSEEN ?? join(root, '.cache', 'bench', 'unseen'))
  if (sets.length === 0)
    return [{ what: 'sets that nothing was fitted on', must: '-', figure: 'none: make them with unseen.py', reached: null }]
  const { samples, photos } = await dataOf(sets)
  const scored = photos.map((photo) => scoredPhoto(photo, REHEARSAL_CALIBRATION))
  const pairs = samples.map((sample) => scoredPair(sample, CALIBRATION))
  const kinds = Map.groupBy(scored, ({ photo }) => kindOf(photo.set))
  const pairKinds = Map.groupBy(pairs, ({ sample }) => kindOf(sample.set))
  printPairs([...pairKinds, ['pooled', pairs] as const].map(([name, of]) => ({ name, figures: pairFigures(of) })))
  const lossy = Map.groupBy(scored, ({ photo }) => photo.set)
  const named = [...lossy].filter(([, of]) => of.some(({ photo, p }) => photo.share < 0.5 || p < 0.5))
  printPhotos([...named, ...kinds, ['pooled', scored] as const].map(([name, of]) => ({ name, scored: of })))
  const apart = await sceneLeftOut(photos)
  return [
    ...pairLines(pairFigures(pairs)),
    ...photoLines('unseen photos', photoFigures(scored), sets.length),
    ...photoLines('unseen photos of unseen scenes', photoFigures(apart), sets.length),
  ]
}

/** The photos judged by weights that have seen neither the copy nor its scene. */
async function sceneLeftOut(photos: readonly PhotoSample[]): Promise<readonly ScoredPhoto[]> {
  const { photos: seen } = await benchData()
  return [...Map.groupBy(photos, ({ set }) => sceneOf(set))].flatMap(([scene, of]) => {
    const weights = calibratePhotos(seen.filter(({ set }) => !shareScene(set, scene)))
    return of.map((photo) => scoredPhoto(photo, weights))
  })
}

/** What was done to the scene: the name without it and without a number. */
function kindOf(set: string): string {
  return `all ${set.split('~')[1]?.replace(/\d+$/, '') ?? ''}`
}

function pairLines({ auc, ece, missed }: ReturnType<typeof pairFigures>): Row[] {
  return [
    { what: 'unseen pairs, AUC pooled', must: '>= 0.995', figure: auc.toFixed(4), reached: auc >= 0.995 },
    { what: 'unseen pairs over 100 inliers missed', must: '0', figure: String(missed), reached: missed === 0 },
    { what: 'unseen pairs, calibration error', must: '<= 0.04', figure: ece.toFixed(3), reached: ece <= 0.04 },
  ]
}

function photoLines(what: string, { lost, named, right, ece }: ReturnType<typeof photoFigures>, sets: number): Row[] {
  const share = (part: number, whole: number): { readonly must: string; readonly figure: string; readonly reached: boolean } => ({
    must: '>= 0.8',
    figure: (part / whole).toFixed(3),
    reached: part / whole >= 0.8,
  })
  return [
    { what: `${what} lost, recall (${lost} lost in ${sets} sets)`, ...share(right, lost) },
    { what: `${what} lost, precision (${named} named)`, ...share(right, named) },
    { what: `${what}, calibration error`, must: '<= 0.04', figure: ece.toFixed(3), reached: ece <= 0.04 },
  ]
}

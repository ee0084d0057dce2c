// node bench/forecast/run.ts: how well the forecast's pairs agree with pycolmap, leave-one-scene-out, and what they cost.
import { expectedInliers, logistic, probability } from '../../core/overlap/calibration.ts'
import { calibrate, calibratePhotos, isDecided, shareScene, VERIFIED } from './calibrate.ts'
import { candidateReport } from './candidates.ts'
import { capturesFolders, native, noCost, photosOf, samplesOf, type BenchPhoto, type Sample } from './evidence.ts'
import { auc, brier, calibrationError } from './scores.ts'
import { photoSamples, runsOf, type PhotoSample } from './rehearsals.ts'
import { readSets } from './truth.ts'

type Scored = { readonly sample: Sample; readonly p: number; readonly inliers: number }

function leaveOneOut(samples: readonly Sample[], set: string): Scored[] {
  const calibration = calibrate(
    samples.filter((sample) => !shareScene(sample.set, set)),
    '',
  )
  return samples
    .filter((sample) => sample.set === set)
    .map((sample) => ({ sample, p: probability(sample.evidence, calibration), inliers: expectedInliers(sample.evidence, calibration) }))
}

type ScoredPhoto = { readonly photo: PhotoSample; readonly p: number }

function leaveOneOutPhotos(all: readonly PhotoSample[], set: string): ScoredPhoto[] {
  const weights = calibratePhotos(all.filter((photo) => !shareScene(photo.set, set)))
  return all
    .filter((photo) => photo.set === set)
    .map((photo) => ({ photo, p: logistic(photo.described.reduce((sum, value, i) => sum + value * weights[i]!, 0)) }))
}

/** Of the photos that are not usable: how many are named (p < 0.5), and how many named ones are right. */
function photoLine(name: string, scored: readonly ScoredPhoto[]): string {
  const named = scored.filter(({ p }) => p < 0.5)
  const lost = scored.filter(({ photo }) => !photo.usable)
  const right = named.filter(({ photo }) => !photo.usable).length
  const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(2))
  const labels = scored.map(({ photo }) => photo.usable)
  const cells = [
    scored.length,
    lost.length,
    named.length,
    right,
    share(right, lost.length),
    share(right, named.length),
    calibrationError(
      scored.map(({ p }) => p),
      labels,
    ).toFixed(3),
    auc(
      scored.map(({ p }) => p),
      labels,
    ).toFixed(3),
  ]
  return name.padEnd(34) + cells.map((cell) => String(cell).padStart(8)).join('')
}

function line(name: string, scored: readonly Scored[]): string {
  const decided = scored.filter(({ sample }) => isDecided(sample))
  const truth = ({ sample }: Scored): boolean => sample.truth >= VERIFIED
  const missed = scored.filter(({ sample, p }) => sample.truth > 100 && p < 0.5).length
  const falsely = scored.filter(({ sample, p }) => sample.truth < 5 && p >= 0.5).length
  const offs = scored
    .filter(({ sample }) => sample.truth >= VERIFIED)
    .map(({ sample, inliers }) => Math.abs(Math.log((inliers + 1) / (sample.truth + 1))))
    .sort((a, b) => a - b)
  const cells = [
    auc(
      decided.map(({ p }) => p),
      decided.map(truth),
    ).toFixed(4),
    brier(
      scored.map(({ p }) => p),
      scored.map(truth),
    ).toFixed(3),
    calibrationError(
      scored.map(({ p }) => p),
      scored.map(truth),
    ).toFixed(3),
  ]
  return [
    name.padEnd(28),
    String(decided.length).padStart(6),
    ...cells.map((cell) => cell.padStart(8)),
    String(missed).padStart(8),
    String(falsely).padStart(7),
    Math.exp(offs[Math.floor(offs.length / 2)] ?? 0)
      .toFixed(2)
      .padStart(9),
  ].join('')
}

const sets = capturesFolders.flatMap(readSets)
const engine = native()
const cost = noCost()
const samples: Sample[] = []
const photoRows: PhotoSample[] = []
let rehearsalS = 0
const heap: (BenchPhoto & { readonly set: string })[] = []
for (const set of sets) {
  const photos = await photosOf(engine, set, cost)
  const own = samplesOf(engine, set, photos, cost)
  const { runs, cpuS } = runsOf(engine, set, photos, own)
  rehearsalS += cpuS
  if (!set.name.includes('~')) heap.push(...photos.map((photo) => ({ ...photo, set: set.name })))
  samples.push(...own)
  photoRows.push(...photoSamples(set, photos, runs))
}
console.log('pairs                        decided     AUC   Brier     ECE  missed   false  inliers x/')
const scored = sets.map((set) => ({ set, scored: leaveOneOut(samples, set.name) }))
for (const each of scored) console.log(line(each.set.name, each.scored))
console.log(
  line(
    'pooled',
    scored.flatMap((each) => each.scored),
  ),
)
console.log('missed: over 100 inliers, p < 0.5; false: under 5 inliers, p >= 0.5; inliers x/: median factor between expected and true')
console.log(
  `\nphotos that are not usable        ${['photos', 'lost', 'named', 'right', 'recall', 'precis.', 'ECE', 'AUC'].map((word) => word.padStart(8)).join('')}`,
)
const scoredPhotos = sets.map((set) => ({ set, scored: leaveOneOutPhotos(photoRows, set.name) }))
for (const each of scoredPhotos) console.log(photoLine(each.set.name, each.scored))
console.log(
  photoLine(
    'pooled',
    scoredPhotos.flatMap((each) => each.scored),
  ),
)
console.log(
  `\n${candidateReport(
    engine,
    heap,
    samples.filter(({ set }) => !set.includes('~')),
  )}`,
)
const per = (total: number, count: number, unit: string): string =>
  count === 0 ? `- a ${unit} (cached)` : `${(total / count).toFixed(1)} ms a ${unit} (${count})`
console.log(
  `CPU of what was made now: ${per(cost.featuresMs, cost.photos, 'photo')}, ${per(cost.pairsMs, cost.pairs, 'pair')}, rehearsals ${rehearsalS.toFixed(1)} s`,
)

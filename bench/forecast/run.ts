// node bench/forecast/run.ts: how well the forecast's pairs agree with pycolmap, leave-one-scene-out, and what they cost.
import { expectedInliers, probability } from '../../core/overlap/calibration.ts'
import { calibrate, isDecided, VERIFIED } from './calibrate.ts'
import { capturesFolders, native, noCost, photosOf, samplesOf, type Sample } from './evidence.ts'
import { auc, brier, calibrationError } from './scores.ts'
import { readSets } from './truth.ts'

type Scored = { readonly sample: Sample; readonly p: number; readonly inliers: number }

/** The scene that a set shows: degraded copies are named `scene~fault` and are left out together with their scene. */
function sceneOf(set: string): string[] {
  return (set.split('~')[0] ?? set).split('+')
}

function leaveOneOut(samples: readonly Sample[], set: string): Scored[] {
  const scenes = sceneOf(set)
  const calibration = calibrate(samples.filter((sample) => !sceneOf(sample.set).some((scene) => scenes.includes(scene))), '')
  return samples.filter((sample) => sample.set === set).map((sample) => ({ sample, p: probability(sample.evidence, calibration), inliers: expectedInliers(sample.evidence, calibration) }))
}

function line(name: string, scored: readonly Scored[]): string {
  const decided = scored.filter(({ sample }) => isDecided(sample))
  const truth = ({ sample }: Scored): boolean => sample.truth >= VERIFIED
  const missed = scored.filter(({ sample, p }) => sample.truth > 100 && p < 0.5).length
  const falsely = scored.filter(({ sample, p }) => sample.truth < 5 && p >= 0.5).length
  const offs = scored.filter(({ sample }) => sample.truth >= VERIFIED).map(({ sample, inliers }) => Math.abs(Math.log((inliers + 1) / (sample.truth + 1)))).sort((a, b) => a - b)
  const cells = [auc(decided.map(({ p }) => p), decided.map(truth)).toFixed(4), brier(scored.map(({ p }) => p), scored.map(truth)).toFixed(3), calibrationError(scored.map(({ p }) => p), scored.map(truth)).toFixed(3)]
  return [name.padEnd(28), String(decided.length).padStart(6), ...cells.map((cell) => cell.padStart(8)), String(missed).padStart(8), String(falsely).padStart(7), Math.exp(offs[Math.floor(offs.length / 2)] ?? 0).toFixed(2).padStart(9)].join('')
}

const sets = capturesFolders.flatMap(readSets)
const engine = native()
const cost = noCost()
const samples: Sample[] = []
for (const set of sets) samples.push(...samplesOf(engine, set, await photosOf(engine, set, cost), cost))
console.log('set                          decided     AUC   Brier     ECE  missed   false  inliers x/')
const scored = sets.map((set) => ({ set, scored: leaveOneOut(samples, set.name) }))
for (const each of scored) console.log(line(each.set.name, each.scored))
console.log(line('pooled', scored.flatMap((each) => each.scored)))
console.log(`CPU: ${(cost.featuresMs / cost.photos).toFixed(0)} ms a photo (${cost.photos} made now), ${(cost.pairsMs / cost.pairs).toFixed(1)} ms a pair (${cost.pairs})`)
console.log('missed: over 100 inliers, p < 0.5; false: under 5 inliers, p >= 0.5; inliers x/: median factor between expected and true')

import { type Calibration, expectedInliers, probability } from '../../core/overlap/calibration.ts'
import { calibrate, isDecided, shareScene, VERIFIED } from './calibrate.ts'
import { candidateReport } from './candidates.ts'
import { benchData } from './data.ts'
import { native, type Sample } from './evidence.ts'
import { auc, brier, calibrationError } from './scores.ts'
import type { Row } from './table.ts'

/** A pair with what is said of it. */
export type Scored = { readonly sample: Sample; readonly p: number; readonly inliers: number }

/** How well pairs agree with pycolmap, each scene judged by a calibration that has not seen it. */
export async function pairRows(): Promise<Row[]> {
  const { sets, samples, heap, cost } = await benchData()
  const scored = sets.map((set) => ({ name: set.name, figures: pairFigures(leaveOneOut(samples, set.name)) }))
  const pooled = pairFigures(sets.flatMap((set) => leaveOneOut(samples, set.name)))
  printPairs([...scored, { name: 'pooled', figures: pooled }])
  console.log(
    `\n${candidateReport(
      native(),
      heap,
      samples.filter(({ set }) => !set.includes('~')),
    )}`,
  )
  const per = (total: number, count: number, unit: string): string =>
    count === 0 ? `- a ${unit} (cached)` : `${(total / count).toFixed(1)} ms a ${unit} (${count})`
  console.log(`CPU of what was made now: ${per(cost.featuresMs, cost.photos, 'photo')}, ${per(cost.pairsMs, cost.pairs, 'pair')}\n`)
  // With one kind of pair alone there is no order to judge.
  const judged = scored.filter(({ figures }) => !Number.isNaN(figures.auc))
  const worst = judged.toSorted((a, b) => a.figures.auc - b.figures.auc)[0]!
  return [
    { what: 'pairs, AUC pooled', must: '>= 0.995', figure: pooled.auc.toFixed(4), reached: pooled.auc >= 0.995 },
    {
      what: `pairs, AUC of the worst of ${judged.length} sets`,
      must: '>= 0.98',
      figure: `${worst.figures.auc.toFixed(4)} ${worst.name}`,
      reached: worst.figures.auc >= 0.98,
    },
    { what: 'pairs over 100 inliers missed', must: '0', figure: String(pooled.missed), reached: pooled.missed === 0 },
    { what: 'pairs, calibration error', must: '<= 0.04', figure: pooled.ece.toFixed(3), reached: pooled.ece <= 0.04 },
  ]
}

function leaveOneOut(samples: readonly Sample[], set: string): Scored[] {
  const calibration = calibrate(
    samples.filter((sample) => !shareScene(sample.set, set)),
    '',
  )
  return samples.filter((sample) => sample.set === set).map((sample) => scoredPair(sample, calibration))
}

/** The pair judged by a given calibration. */
export function scoredPair(sample: Sample, calibration: Calibration): Scored {
  return { sample, p: probability(sample.evidence, calibration), inliers: expectedInliers(sample.evidence, calibration) }
}

/** A line for each set. */
export function printPairs(rows: readonly { readonly name: string; readonly figures: Figures }[]): void {
  console.log('pairs                             decided     AUC   Brier     ECE  missed   false  inliers x/')
  for (const { name, figures } of rows) console.log(line(name, figures))
  console.log('missed: over 100 inliers, p < 0.5; false: under 5 inliers, p >= 0.5; inliers x/: median factor between expected and true')
}

type Figures = ReturnType<typeof pairFigures>

/** How right what is said is. */
export function pairFigures(scored: readonly Scored[]) {
  const decided = scored.filter(({ sample }) => isDecided(sample))
  const truth = ({ sample }: Scored): boolean => sample.truth >= VERIFIED
  const odds = scored.map(({ p }) => p)
  const offs = scored
    .filter(truth)
    .map(({ sample, inliers }) => Math.abs(Math.log((inliers + 1) / (sample.truth + 1))))
    .sort((a, b) => a - b)
  return {
    decided: decided.length,
    auc: auc(
      decided.map(({ p }) => p),
      decided.map(truth),
    ),
    brier: brier(odds, scored.map(truth)),
    ece: calibrationError(odds, scored.map(truth)),
    missed: scored.filter(({ sample, p }) => sample.truth > 100 && p < 0.5).length,
    falsely: scored.filter(({ sample, p }) => sample.truth < 5 && p >= 0.5).length,
    factor: Math.exp(offs[Math.floor(offs.length / 2)] ?? 0),
  }
}

function line(name: string, { decided, missed, falsely, factor, ...scores }: Figures): string {
  return [
    name.padEnd(34),
    String(decided).padStart(7),
    ...[scores.auc.toFixed(4), scores.brier.toFixed(3), scores.ece.toFixed(3)].map((cell) => cell.padStart(8)),
    String(missed).padStart(8),
    String(falsely).padStart(8),
    factor.toFixed(2).padStart(9),
  ].join('')
}

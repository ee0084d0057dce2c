import { attemptsUnderCap, machinesOf, stagesOf } from '../pipeline/machines.ts'
import { costUsd, leastCapUsd, limitsOf, type PriceTable, prices } from './cost.ts'
import type { StageName } from './events.ts'
import type { RunSettings } from './settings.ts'

export type QuotePart = {
  readonly stage: StageName
  readonly instance: string
  readonly spot: boolean
  readonly lowSeconds: number
  readonly highSeconds: number
  readonly lowUsd: number
  readonly highUsd: number
}

/** What a run in an account should cost. From `runs` finished runs like it, or, before there are three, from the published table. */
export type Quote = {
  readonly lowUsd: number
  readonly highUsd: number
  readonly basis:
    | { readonly kind: 'history'; readonly runs: number }
    | { readonly kind: 'table'; readonly runs: number; readonly source: string }
  readonly parts: readonly QuotePart[]
  /** The longest runtime of each stage under the cap; null: there is no cap, or it is too small. */
  readonly limits: Readonly<Record<StageName, number>> | null
  /** The cap that a run needs to begin with. */
  readonly leastCapUsd: number
  readonly prices: Pick<PriceTable, 'region' | 'date' | 'source'>
}

/** A finished run of an account: what the quotes of later ones stand on. */
export type PaidRun = { readonly settings: RunSettings; readonly photos: number; readonly usd: number }

// Under three runs a range is a guess (shared/screens.md section 4).
const leastRuns = 3
// Chosen, not measured: structure from motion grows with the photos, so half or twice as many is another size.
const mostUnlike = 2

/** The quote of a run. Throws a RangeError where the table has no price of a machine: the account's own machines are all in it. */
export function quoteOf(settings: RunSettings, photos: number, paid: readonly PaidRun[], table: PriceTable = prices): Quote {
  const stages = stagesOf(settings.step)
  const machines = machinesOf(settings)
  const parts = stages.map((stage) => partOf(stage, machines[stage].instance, settings, photos, table))
  const like = paid.filter((run) => isLike(run, settings, photos)).map(({ usd }) => usd)
  const isKnown = like.length >= leastRuns
  const sum = (pick: (part: QuotePart) => number) => parts.reduce((all, part) => all + pick(part), 0)
  const { region, date, source } = table
  return {
    lowUsd: isKnown ? percentile(like, 0.1) : sum((part) => part.lowUsd),
    highUsd: isKnown ? percentile(like, 0.9) : sum((part) => part.highUsd),
    basis: isKnown ? { kind: 'history', runs: like.length } : { kind: 'table', runs: like.length, source: published.source },
    parts,
    limits: settings.capUsd === null ? null : limitsOf(settings.capUsd, machines, stages, attemptsUnderCap, table),
    leastCapUsd: leastCapUsd(machines, stages, attemptsUnderCap, table),
    prices: { region, date, source },
  }
}

function isLike(run: PaidRun, { step, preset, train }: RunSettings, photos: number): boolean {
  const before = run.settings
  if (before.step !== step || before.preset !== preset || before.train.engine !== train.engine) return false
  return before.train.iterations === train.iterations && run.photos <= photos * mostUnlike && run.photos * mostUnlike >= photos
}

/** Linear between the two nearest: of three runs, the 10th percentile lies a fifth of the way from the cheapest to the middle one. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

/**
 * How long each stage takes, as ranges. Wide, because none of it was measured on these machines: structure from motion and compression from
 * this project's own runs on two cores (docs/figures.md), training from what NerfBaselines publishes for 30,000 iterations on an A100 (1,224
 * to 1,768 s), five times that at most for the T4's memory, which is a fifth as fast.
 */
export const published = {
  source: 'docs/figures.md (two cores) and NerfBaselines (A100), scaled; not measured on these machines',
  // Until a billed machine does its work: the image and the photos come first. Chosen, not measured.
  startSeconds: [60, 300],
  sfmPerPhoto: [0.2, 4],
  trainPer1000: { cuda: [10, 290], cpu: [9, 400] },
  compressionPer100k: [10, 300],
} as const

function partOf(stage: StageName, instance: string, settings: RunSettings, photos: number, table: PriceTable): QuotePart {
  const [low, high] = workSeconds(stage, settings, photos)
  const [lowSeconds, highSeconds] = [Math.round(low + published.startSeconds[0]), Math.round(high + published.startSeconds[1])]
  const [lowUsd, highUsd] = [costUsd(instance, lowSeconds, table), costUsd(instance, highSeconds, table)]
  if (lowUsd === null || highUsd === null) throw new RangeError(`no price of ${instance}`)
  // Spot costs less, nobody promises how much: the quote is of the full price.
  return { stage, instance, spot: stage === '3dgs', lowSeconds, highSeconds, lowUsd, highUsd }
}

function workSeconds(stage: StageName, { train }: RunSettings, photos: number): readonly [number, number] {
  const times = ([low, high]: readonly [number, number], by: number): readonly [number, number] => [low * by, high * by]
  switch (stage) {
    case 'sfm':
      return times(published.sfmPerPhoto, photos)
    case '3dgs':
      return times(published.trainPer1000[train.engine], train.iterations / 1000)
    case 'compression':
      return times(published.compressionPer100k, train.cap / 100_000)
  }
}

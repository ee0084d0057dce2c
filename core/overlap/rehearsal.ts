import { logistic } from './calibration.ts'
import { REHEARSAL_CALIBRATION } from './rehearsal-data.ts'

/** One run of the rehearsal, as far as the forecast reasons about it: see Rehearsal in engine/intake/native.ts. Arrays run over the photos. */
export type Run = {
  readonly leastInliers: number
  readonly group: ArrayLike<number>
  readonly points: ArrayLike<number>
  readonly support: ArrayLike<number>
  readonly shared: ArrayLike<number>
  readonly beginnings: ArrayLike<number>
}

/**
 * The runs that are made: COLMAP's rule of 30 inliers belongs to its own 4,096 features a photo, about twice ours, and it is the
 * same photos that fall from run to run that are in danger. So the rule is moved around 13 and matches are left out.
 */
export const RUNS: readonly { readonly seed: number; readonly leastInliers: number; readonly dropped: number }[] = [
  { seed: 1, leastInliers: 13, dropped: 0 },
  { seed: 2, leastInliers: 7, dropped: 0 },
  { seed: 3, leastInliers: 20, dropped: 0 },
  { seed: 4, leastInliers: 10, dropped: 0.2 },
  { seed: 5, leastInliers: 16, dropped: 0.2 },
  { seed: 6, leastInliers: 28, dropped: 0 },
]

/** What else is known of a photo: its density (density.ts), and the strongest triangle that ties it to others (islands.ts). */
export type Tied = { readonly density: number; readonly triangle: number }

/** The numbers that the regression on photos sees: a constant, the share of the runs that it is usable in, its points, its support, log density, log triangle. */
export function describePhoto(runs: readonly Run[], photo: number, { density, triangle }: Tied): number[] {
  const inLargest = runs.map((run) => (isUsable(run, photo) ? 1 : 0) as number)
  const share = inLargest.reduce((a, b) => a + b, 0) / Math.max(1, runs.length)
  const mean = (numbers: (run: Run) => number): number =>
    runs.reduce((sum, run) => sum + (run.group[photo] === 0 ? Math.log1p(numbers(run)) : 0), 0) / Math.max(1, runs.length)
  return [1, share, mean((run) => run.points[photo] ?? 0), mean((run) => run.support[photo] ?? 0), Math.log(density), Math.log1p(triangle)]
}

/** That the photo is usable in COLMAP's largest model, 0..1. */
export function registers(runs: readonly Run[], photo: number, tied: Tied, weights: readonly number[] = REHEARSAL_CALIBRATION): number {
  return logistic(describePhoto(runs, photo, tied).reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0))
}

// Usable in COLMAP: sees 30 points, the same number that it needs to join.
function isUsable(run: Run, photo: number): boolean {
  return run.group[photo] === 0 && (run.points[photo] ?? 0) >= run.leastInliers
}

const OUTERMOST = [7, 20]

/** True for the loosest and the strictest of the first three runs. */
export function isOutermost({ leastInliers }: { readonly leastInliers: number }): boolean {
  return OUTERMOST.includes(leastInliers)
}

/**
 * Whether two runs say the same of every photo: its group, and whether it is usable. Where the loosest and the strictest run agree, those between have
 * nothing to add: so on 210 of 341 sets (2,028 photos), and the run between differed on 2 photos of one of them.
 */
export function agree(one: Run, other: Run): boolean {
  return Array.from(one.group).every((group, i) => group === other.group[i] && isUsable(one, i) === isUsable(other, i))
}

// Together in at least half of the runs is together, if there are not as many that put the two in different groups: a run in which one
// of them joined nothing, or only one other, says nothing about an island.
const MOST = 0.5
const PAIR = 2

/** Groups of photo numbers that hold together in at least half of the runs, of two or more photos, largest first. */
export function groupsOf(runs: readonly Run[], photos: number): number[][] {
  const home = Array.from({ length: photos }, (_, i) => i)
  const find = (i: number): number => {
    while (home[i] !== i) i = home[i] = home[home[i]!]!
    return i
  }
  for (const [i, j] of couples(runs, photos)) home[find(i)] = find(j)
  const groups = Map.groupBy(home.keys(), find)
  return [...groups.values()].filter((group) => group.length > 1).sort((a, b) => b.length - a.length)
}

// Photos next to each other in a group of some run stand for all of its couples: the test is the same and linear in the photos.
function couples(runs: readonly Run[], photos: number): [number, number][] {
  const together = (i: number, j: number): number => runs.filter((run) => (run.group[i] ?? -1) >= 0 && run.group[i] === run.group[j]).length
  const sizes = runs.map((run) =>
    Map.groupBy(
      Array.from({ length: photos }, (_, i) => run.group[i] ?? -1),
      (group) => group,
    ),
  )
  const isPlaced = (run: Run, k: number, i: number): boolean => (run.group[i] ?? -1) >= 0 && sizes[k]!.get(run.group[i]!)!.length > PAIR
  const apart = (i: number, j: number): number =>
    runs.filter((run, k) => isPlaced(run, k, i) && isPlaced(run, k, j) && run.group[i] !== run.group[j]).length
  return runs.flatMap((run) => {
    const last = new Map<number, number>()
    return Array.from({ length: photos }, (_, i) => i).flatMap((i): [number, number][] => {
      const group = run.group[i] ?? -1
      const before = last.get(group)
      if (group < 0) return []
      if (before === undefined) {
        last.set(group, i)
        return []
      }
      if (together(before, i) < MOST * runs.length || together(before, i) <= apart(before, i)) return []
      last.set(group, i)
      return [[before, i]]
    })
  })
}

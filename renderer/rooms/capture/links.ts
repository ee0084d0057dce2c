import type { Pair } from '../../../core/overlap/graph.ts'

/** COLMAP's own threshold: with fewer shared features a pair is not verified. */
export const acceptedInliers = 15
/** From here a link holds by itself: pairs of 10 to 30 inliers change from run to run (captures' ground truth), 60 is twice that. */
export const strongInliers = 60
/** A pair counts as a link once COLMAP more likely verifies it than not. */
const likely = 0.5

export type Strength = 'strong' | 'weak' | 'none'

/** How well a number of shared features holds. */
export function strengthOf(inliers: number): Strength {
  return inliers >= strongInliers ? 'strong' : inliers >= acceptedInliers ? 'weak' : 'none'
}

/** The pairs that should hold. */
export function linksOf(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.filter((one) => one.probability >= likely)
}

export type Neighbour = { readonly file: string; readonly inliers: number }

/** Each photo's linked photos, most shared features first. */
export function neighboursOf(pairs: readonly Pair[]): ReadonlyMap<string, readonly Neighbour[]> {
  const all = new Map<string, Neighbour[]>()
  const add = (from: string, file: string, inliers: number) => {
    const list = all.get(from)
    if (list) list.push({ file, inliers })
    else all.set(from, [{ file, inliers }])
  }
  for (const { a, b, inliers } of linksOf(pairs)) {
    add(a, b, inliers)
    add(b, a, inliers)
  }
  for (const list of all.values()) list.sort((a, b) => b.inliers - a.inliers)
  return all
}

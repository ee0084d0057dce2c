import { bridgesOf } from './bridges.ts'
import type { Pair } from './graph.ts'
import { islandsOf, tiesOf } from './islands.ts'
import { unique } from './pairs.ts'

/** A pair of photo numbers, i < j, after a look at its few largest features, or (`first` false) at all of them. */
export type Look = {
  readonly i: number
  readonly j: number
  readonly probability: number
  readonly inliers: number
  readonly first: boolean
}

// Below it a first look is believed that there is nothing, above SURE that there is something.
const NOTHING = 0.05
const SURE = 0.9

// A photo is held by its strongest pairs; further sure ones say the same again. Eight are more than COLMAP's mapper needs of a photo.
const STRONGEST = 8

// With fewer verified partners a photo is weakly tied, and the neighbours of its neighbours are tried.
const FEW_TIES = 3
const EXPANDED = 12

// Pairs that a claim of an island or a bridge is checked on again, for each two groups.
const RECHECKED = 24

/** Of first looks, the pairs that deserve all features: the doubtful ones, and each photo's strongest. */
export function secondLooks(looks: readonly Look[]): [number, number][] {
  const doubtful = looks.filter(({ probability }) => probability >= NOTHING && probability <= SURE)
  const held = new Map<number, number>()
  const strongest = looks
    .filter(({ probability }) => probability > SURE)
    .toSorted((a, b) => b.inliers - a.inliers || a.i - b.i || a.j - b.j)
    .filter(({ i, j }) => {
      const wanted = Math.min(held.get(i) ?? 0, held.get(j) ?? 0) < STRONGEST
      for (const photo of [i, j]) held.set(photo, (held.get(photo) ?? 0) + 1)
      return wanted
    })
  return unique([...doubtful, ...strongest].filter(({ first }) => first).map(({ i, j }) => [i, j]))
}

/** Pairs not tried yet of photos that are weakly tied, with the neighbours of their neighbours. */
export function expansions(photos: number, looks: readonly Look[]): [number, number][] {
  const near = Array.from({ length: photos }, () => new Set<number>())
  const tried = Array.from({ length: photos }, () => new Set<number>())
  for (const { i, j, probability } of looks) {
    tried[i]!.add(j)
    tried[j]!.add(i)
    if (probability < 0.5) continue
    near[i]!.add(j)
    near[j]!.add(i)
  }
  return unique(
    near.flatMap((own, i) => {
      if (own.size >= FEW_TIES) return []
      const votes = new Map<number, number>()
      for (const neighbour of own) for (const j of near[neighbour]!) if (j !== i && !tried[i]!.has(j)) votes.set(j, (votes.get(j) ?? 0) + 1)
      return [...votes]
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, EXPANDED)
        .map(([j]): [number, number] => [i, j])
    }),
  )
}

/** The pairs that islands and bridges rest on and that had only a first look: those between two groups, the likeliest of each two. */
export function decidingPairs(photos: number, looks: readonly Look[]): [number, number][] {
  const name = (i: number): string => String(i)
  const files = Array.from({ length: photos }, (_, i) => name(i))
  const ties = tiesOf(
    files,
    looks.map(({ i, j, probability, inliers }): Pair => ({ a: name(i), b: name(j), probability, inliers })),
  )
  const islands = islandsOf(files, ties)
  const cuts = [
    groupNumbers(islands),
    ...bridgesOf(islands, ties).map(({ photos: [bridge], sides }) => groupNumbers([...(sides ?? []), [bridge ?? '']])),
  ]
  return unique(
    cuts.flatMap((groups) => {
      const between = looks.filter(({ i, j, first }) => first && groups.has(i) && groups.has(j) && groups.get(i) !== groups.get(j))
      const cells = Map.groupBy(between, ({ i, j }) => [groups.get(i)!, groups.get(j)!].sort((a, b) => a - b).join())
      return [...cells.values()].flatMap((cell) =>
        cell
          .sort((a, b) => b.probability - a.probability)
          .slice(0, RECHECKED)
          .map(({ i, j }): [number, number] => [i, j]),
      )
    }),
  )
}

function groupNumbers(groups: readonly (readonly string[])[]): Map<number, number> {
  return new Map(groups.flatMap((group, index) => group.map((file): [number, number] => [Number(file), index])))
}

import type { Pair } from './graph.ts'

/** A graph of photos: for each, how strongly each neighbour is tied to it, in expected inliers. */
export type Ties = ReadonlyMap<string, ReadonlyMap<string, number>>

// A pair alone registers nothing: the mapper wants 30 points that it has seen twice already. Two photos of a group that both see
// the new one and each other, each with this many expected inliers, give about that (strongest triangle, facts section 4).
const TRIANGLE_INLIERS = 20

// A pair this strong holds two photos together whoever else sees them.
const PAIR_INLIERS = 60

// Below it a pair is more likely than not no pair at all.
const LIKELY = 0.5

/** Ties from pairs that are likelier than not. */
export function tiesOf(files: readonly string[], pairs: readonly Pair[]): Ties {
  const ties = new Map(files.map((file) => [file, new Map<string, number>()]))
  for (const { a, b, probability, inliers } of pairs) {
    if (probability < LIKELY) continue
    ties.get(a)?.set(b, inliers)
    ties.get(b)?.set(a, inliers)
  }
  return ties
}

/** For each photo, the photos that it holds together with: null where the pair alone does, else the thirds of the triangles that do. */
export type Holds = ReadonlyMap<string, ReadonlyMap<string, readonly string[] | null>>

/** The links among `files` that bear: those that islands grow by, in both directions. */
export function holdsOf(files: readonly string[], ties: Ties): Holds {
  const inside = new Set(files)
  const strong = new Map(
    files.map((file) => [
      file,
      new Map([...(ties.get(file) ?? [])].filter(([other, inliers]) => inside.has(other) && inliers >= TRIANGLE_INLIERS)),
    ]),
  )
  return new Map(
    files.map((a) => {
      const links = [...strong.get(a)!].map(([b, inliers]): [string, readonly string[] | null] => {
        if (inliers >= PAIR_INLIERS) return [b, null]
        return [b, [...strong.get(a)!.keys()].filter((third) => strong.get(b)!.has(third))]
      })
      return [a, new Map(links.filter(([, thirds]) => thirds === null || thirds.length > 0))]
    }),
  )
}

/** The strongest triangle that ties `file` into `group`: the greatest, over two members, of the least of the three sides. */
export function triangle(ties: Ties, file: string, group: ReadonlySet<string>): number {
  const near = [...(ties.get(file) ?? [])].filter(([other]) => group.has(other)).sort((a, b) => b[1] - a[1])
  let best = 0
  for (const [i, [a, sideA]] of near.entries()) {
    if (sideA <= best) break
    for (const [b, sideB] of near.slice(i + 1)) {
      if (sideB <= best) break
      best = Math.max(best, Math.min(sideB, ties.get(a)?.get(b) ?? 0))
    }
  }
  return best
}

/** Groups of photos that hold together, largest first; photos that hang on nothing are in none. Grown like the mapper grows: from the strongest pair, photo by photo. */
export function islandsOf(files: readonly string[], ties: Ties): string[][] {
  const left = new Set(files)
  const islands: string[][] = []
  for (let seed = strongestPair(ties, left); seed !== null; seed = strongestPair(ties, left)) {
    const island = grow(ties, seed, left)
    for (const file of island) left.delete(file)
    islands.push(files.filter((file) => island.has(file)))
  }
  return islands.sort((a, b) => b.length - a.length)
}

function strongestPair(ties: Ties, left: ReadonlySet<string>): [string, string] | null {
  let best: [string, string] | null = null
  let most = TRIANGLE_INLIERS
  for (const a of left)
    for (const [b, inliers] of ties.get(a) ?? [])
      if (inliers > most && left.has(b)) {
        best = [a, b]
        most = inliers
      }
  return best
}

// Each photo that joins offers its neighbours a new chance; a photo is looked at again only then.
function grow(ties: Ties, seed: readonly string[], left: ReadonlySet<string>): Set<string> {
  const island = new Set(seed)
  const waiting = new Set(seed.flatMap((file) => [...(ties.get(file)?.keys() ?? [])]))
  for (const file of waiting) {
    waiting.delete(file)
    if (island.has(file) || !left.has(file) || !holds(ties, file, island)) continue
    island.add(file)
    for (const [other] of ties.get(file) ?? []) if (!island.has(other)) waiting.add(other)
  }
  return island
}

function holds(ties: Ties, file: string, island: ReadonlySet<string>): boolean {
  const strongest = Math.max(0, ...[...(ties.get(file) ?? [])].filter(([other]) => island.has(other)).map(([, inliers]) => inliers))
  return strongest >= PAIR_INLIERS || triangle(ties, file, island) >= TRIANGLE_INLIERS
}

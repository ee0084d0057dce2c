import { startPool } from '../../engine/intake/overlap-pool.ts'
import { benchSets, native, noCost, photosOf, root, samplesOf, type BenchPhoto, type Cost, type Sample } from './evidence.ts'
import { photoSamples, runsOf, type PhotoSample } from './rehearsals.ts'
import type { TruthSet } from './truth.ts'

/** All sets that are there, compared and rehearsed: what the figures are computed from. `heap`: the photos of the whole shared sets. */
export type BenchData = {
  readonly sets: readonly TruthSet[]
  readonly samples: readonly Sample[]
  readonly firstLooks: readonly Sample[]
  readonly photos: readonly PhotoSample[]
  readonly heap: readonly (BenchPhoto & { readonly set: string })[]
  readonly cost: Cost
}

let loaded: Promise<BenchData> | null = null

/** The data, read or made once in a process. */
export function benchData(): Promise<BenchData> {
  return (loaded ??= dataOf(benchSets()))
}

/** The same of other sets. What was made is kept: a call that was ended goes on where it was. */
export async function dataOf(sets: readonly TruthSet[]): Promise<BenchData> {
  const engine = native()
  const cost = noCost()
  const samples: Sample[] = []
  const firstLooks: Sample[] = []
  const photos: PhotoSample[] = []
  const heap: (BenchPhoto & { readonly set: string })[] = []
  const pool = startPool(root, 2)
  for (const set of sets) {
    const own = await photosOf(engine, set, cost)
    const pairs = samplesOf(engine, set, own, cost)
    const runs = await runsOf(own, pairs, pool)
    if (!set.name.includes('~')) heap.push(...own.map((photo) => ({ ...photo, set: set.name })))
    samples.push(...pairs)
    firstLooks.push(...samplesOf(engine, set, own, cost, true))
    photos.push(...photoSamples(set, own, pairs, runs))
  }
  await pool.close()
  return { sets, samples, firstLooks, photos, heap, cost }
}

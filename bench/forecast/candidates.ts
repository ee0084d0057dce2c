import type { Native } from '../../engine/intake/native.ts'
import type { BenchPhoto, Sample } from './evidence.ts'
import { pairKey } from './truth.ts'

// The descriptors that vote: HEAD_FEATURES of engine/intake/overlap-worker.ts.
const HEAD_FEATURES = 600
const ASKED = 20

/** Of several scenes' photos in one heap: how many candidates a photo the votes give, and what share of the pairs that COLMAP verifies is among them. */
export function candidateReport(
  engine: Native,
  photos: readonly (BenchPhoto & { readonly set: string })[],
  samples: readonly Sample[],
): string {
  const before = process.cpuUsage()
  const flat = engine.candidates(
    photos.map(({ blob }) => head(blob)),
    ASKED,
  )
  const spent = process.cpuUsage(before)
  const chosen = new Set<string>()
  for (let k = 0; k < flat.length; k += 2) chosen.add(pairKey(nameOf(photos[flat[k]!]!), nameOf(photos[flat[k + 1]!]!)))
  const share = (least: number): string => {
    const wanted = samples.filter(({ truth }) => truth >= least)
    return `${((100 * wanted.filter(({ set, a, b }) => chosen.has(pairKey(`${set}/${a}`, `${set}/${b}`))).length) / wanted.length).toFixed(1)} %`
  }
  return `candidates by votes, ${photos.length} photos in one heap: ${(chosen.size / photos.length).toFixed(1)} a photo, ${share(100)} of the pairs over 100 inliers, ${share(15)} of the verified (${((spent.user + spent.system) / 1e6).toFixed(2)} CPU s)`
}

function nameOf({ set, file }: { readonly set: string; readonly file: string }): string {
  return `${set}/${file}`
}

function head(blob: Buffer): Buffer {
  const count = blob.readUInt32LE(4)
  const few = Math.min(count, HEAD_FEATURES)
  const cut = Buffer.concat([blob.subarray(0, 32 + 16 * few), blob.subarray(32 + 16 * count, 32 + 16 * count + 128 * few)])
  cut.writeUInt32LE(few, 4)
  return cut
}

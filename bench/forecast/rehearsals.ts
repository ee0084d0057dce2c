import { mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { probability } from '../../core/overlap/calibration.ts'
import { RUNS, describePhoto, type Run } from '../../core/overlap/rehearsal.ts'
import { rehearsalPairs } from '../../engine/intake/overlap-rehearsal.ts'
import type { Native } from '../../engine/intake/native.ts'
import { cacheFolder, nativeHash, type BenchPhoto, type Sample } from './evidence.ts'
import type { TruthSet } from './truth.ts'

/** One photo of a set: what the regression sees, and in what share of its runs COLMAP can use it. */
export type PhotoSample = { readonly set: string; readonly file: string; readonly described: readonly number[]; readonly share: number }

/** Every run of the rehearsal on one set, from the bench's cache or made now. Returns CPU seconds spent too. */
export function runsOf(
  engine: Native,
  set: TruthSet,
  photos: readonly BenchPhoto[],
  samples: readonly Sample[],
): { runs: Run[]; cpuS: number } {
  const key = createHash('sha256')
    .update(JSON.stringify([set.name, RUNS, nativeHash(), photos.map(({ sha256, focalPx }) => [sha256, focalPx])]))
    .digest('hex')
    .slice(0, 24)
  const file = join(cacheFolder, 'rehearsals', `${key}.json`)
  if (existsSync(file)) return { runs: JSON.parse(readFileSync(file, 'utf8')) as Run[], cpuS: 0 }
  const numbers = new Map(photos.map((photo, i) => [photo.file, i]))
  const pairs = rehearsalPairs(
    samples.map(({ a, b, evidence }) => ({
      a: numbers.get(a)!,
      b: numbers.get(b)!,
      probability: probability(evidence),
      matches: evidence.matches,
    })),
  )
  const cameras = new Map<string, number>()
  const given = photos.map(({ blob, focalPx }) => {
    const lens = `${blob.readUInt32LE(8)}x${blob.readUInt32LE(12)} ${Math.round(focalPx)}`
    if (!cameras.has(lens)) cameras.set(lens, cameras.size)
    return { blob, focalPx, camera: cameras.get(lens)! }
  })
  const before = process.cpuUsage()
  const runs = RUNS.map((options): Run => {
    const { group, points, support, shared, beginnings } = engine.rehearse(given, pairs, options)
    return {
      leastInliers: options.leastInliers,
      group: [...group],
      points: [...points],
      support: [...support],
      shared: [...shared],
      beginnings: [...beginnings],
    }
  })
  const spent = process.cpuUsage(before)
  mkdirSync(join(cacheFolder, 'rehearsals'), { recursive: true })
  writeFileSync(file, JSON.stringify(runs))
  return { runs, cpuS: (spent.user + spent.system) / 1e6 }
}

/** The photos of a set as the regression sees them. */
export function photoSamples(set: TruthSet, photos: readonly BenchPhoto[], runs: readonly Run[]): PhotoSample[] {
  return photos.map(({ file }, i) => ({ set: set.name, file, described: describePhoto(runs, i), share: set.usable.get(file) ?? 0 }))
}

import { expectedInliers, probability } from '../../core/overlap/calibration.ts'
import { tiesOf, triangle } from '../../core/overlap/islands.ts'
import { describePhoto, type Run, type Tied } from '../../core/overlap/rehearsal.ts'
import type { OverlapPhoto } from '../../engine/intake/overlap.ts'
import type { OverlapPool } from '../../engine/intake/overlap-pool.ts'
import { rehearse } from '../../engine/intake/overlap-rehearsal.ts'
import { GREY_LONG_PX } from '../../engine/intake/overlap-features.ts'
import { cacheFolder, photoDensity, type BenchPhoto, type Sample } from './evidence.ts'
import type { TruthSet } from './truth.ts'

/** One photo of a set: what the regression sees, and in what share of its runs COLMAP can use it. */
export type PhotoSample = { readonly set: string; readonly file: string; readonly described: readonly number[]; readonly share: number }

/** The runs of the rehearsal on one set, as the check makes them, from its own cache or made now. */
export async function runsOf(photos: readonly BenchPhoto[], samples: readonly Sample[], pool: OverlapPool): Promise<readonly Run[]> {
  const numbers = new Map(photos.map((photo, i) => [photo.file, i]))
  const tried = samples
    .map(({ a, b, evidence }) => ({
      a: numbers.get(a)!,
      b: numbers.get(b)!,
      probability: probability(evidence),
      matches: evidence.matches,
    }))
    .sort((p, q) => p.a - q.a || p.b - q.b)
  const lenses = photos.map(lensName)
  const given = photos.map((photo, i) => ({
    file: photo.file,
    sha256: photo.sha256,
    focalPx: greyFocal(photo),
    camera: lenses.indexOf(lenses[i]!),
  }))
  return (await rehearse(given, tried, cacheFolder, pool, new AbortController().signal)).runs
}

/** The photo as the check hands it to the overlap. */
export function overlapPhoto({ file, sha256, widthPx, heightPx, focalPx }: BenchPhoto): OverlapPhoto {
  return { file, sha256, widthPx, heightPx, focalPx, takenAt: null, gps: null }
}

// As in engine/intake/overlap.ts.
function lensName({ widthPx, heightPx, focalPx }: BenchPhoto): string {
  return `${widthPx}x${heightPx} ${Math.round(focalPx ?? 0)}`
}

function greyFocal({ widthPx, heightPx, focalPx }: BenchPhoto): number {
  return focalPx === null ? 0 : focalPx * Math.min(1, GREY_LONG_PX / Math.max(widthPx, heightPx))
}

/** The photos of a set as the regression sees them. */
export function photoSamples(
  set: TruthSet,
  photos: readonly BenchPhoto[],
  samples: readonly Sample[],
  runs: readonly Run[],
): PhotoSample[] {
  const everyone = new Set(set.files)
  const ties = tiesOf(
    set.files,
    samples.map(({ a, b, evidence }) => ({ a, b, probability: probability(evidence), inliers: expectedInliers(evidence) })),
  )
  const tied = (photo: BenchPhoto): Tied => ({ density: photoDensity(photo), triangle: triangle(ties, photo.file, everyone) })
  return photos.map((photo, i) => ({
    set: set.name,
    file: photo.file,
    described: describePhoto(runs, i, tied(photo)),
    share: set.usable.get(photo.file) ?? 0,
  }))
}

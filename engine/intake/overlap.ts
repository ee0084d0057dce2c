import type { GpsFix } from '../../core/capture/photo.ts'
import { CALIBRATION, FIRST_CALIBRATION } from '../../core/overlap/calibration-data.ts'
import { expectedInliers, probability } from '../../core/overlap/calibration.ts'
import { decidingPairs, expansions, secondLooks, type Look } from '../../core/overlap/cascade.ts'
import { density, type FeatureCount } from '../../core/overlap/density.ts'
import type { Evidence } from '../../core/overlap/evidence.ts'
import { forecastOf } from '../../core/overlap/forecast.ts'
import type { Forecast, Pair } from '../../core/overlap/graph.ts'
import { isSmall } from '../../core/overlap/pairs.ts'
import { loadNative, type PairEvidence } from './native.ts'
import { distinct, pairsToTry } from './overlap-candidates.ts'
import { FIRST_FEATURES, FIRST_RECIPE, PairCache } from './overlap-cache.ts'
import { featureCount, featureFile, GREY_LONG_PX } from './overlap-features.ts'
import { startPool, type OverlapPool } from './overlap-pool.ts'
import { rehearse } from './overlap-rehearsal.ts'

/** What the overlap needs to know of a photo. Its features lie at `featureFile(cacheDir, sha256)`; without that file it has none. `focalPx` at `widthPx`. */
export type OverlapPhoto = {
  readonly file: string
  readonly sha256: string
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number | null
  readonly takenAt: string | null
  readonly gps: GpsFix | null
}

/** `threads`: 0 is all. `program`: the root of the program's files, where the addon is found. */
export type OverlapOptions = { readonly cacheDir: string; readonly threads: number; readonly program: string }

export type OverlapEvent =
  | { readonly kind: 'pair'; readonly pair: Pair; readonly done: number; readonly total: number }
  | { readonly kind: 'forecast'; readonly forecast: Forecast }

// Small enough that a cancelled check and the progress bar move within a fraction of a second, large enough to hide the messages.
const BATCH = 8

// First looks cost a tenth.
const FIRST_BATCH = 64

/** `first`: looked at only with the largest features; its matches are too few for a rehearsal. */
type Found = { readonly i: number; readonly j: number; readonly evidence: PairEvidence; readonly first: boolean }

type Compared = Found & { readonly evidence: Evidence }

type Counted = OverlapPhoto & { readonly features: FeatureCount }

// Photos whose pairs were looked at first, by number pairs.
type Looks = Map<string, Compared>

/**
 * Compares the photos and says what structure from motion will make of them. The last event is the forecast. Throws the signal's
 * reason when aborted, and a ProblemError `engine/native-missing` where the addon cannot be loaded.
 */
export async function* overlap(asked: readonly OverlapPhoto[], options: OverlapOptions, signal: AbortSignal): AsyncIterable<OverlapEvent> {
  signal.throwIfAborted()
  loadNative(options.program)
  const photos = asked.map((photo) => ({ ...photo, features: featureCount(options.cacheDir, photo) }))
  const pool = lazyPool(options)
  const stop = (): void => void pool.close()
  signal.addEventListener('abort', stop)
  try {
    const tried = await pairsToTry(photos, options.cacheDir, pool)
    const compared: Compared[] = []
    const found = isSmall(photos.length) ? compare(photos, tried, false, options, pool) : cascade(photos, tried, options, pool)
    for await (const each of found) {
      signal.throwIfAborted()
      compared.push(each)
      yield { kind: 'pair', pair: pairOf(photos, each), done: compared.length, total: Math.max(tried.length, compared.length) }
    }
    yield {
      kind: 'forecast',
      forecast: await forecastFrom(
        photos,
        compared.sort((p, q) => p.i - q.i || p.j - q.j),
        options,
        pool,
        signal,
      ),
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    // A worker in the middle of native work ends when that does: an aborted check does not wait for it.
    if (!signal.aborted) await pool.close()
  }
}

async function forecastFrom(
  photos: readonly Counted[],
  compared: readonly Compared[],
  { cacheDir }: OverlapOptions,
  pool: OverlapPool,
  signal: AbortSignal,
): Promise<Forecast> {
  const lenses = new Map(photos.map(lensName).map((name, _, all): [string, number] => [name, all.indexOf(name)]))
  const rehearsed = await rehearse(
    photos.map((photo) => ({ file: photo.file, sha256: photo.sha256, focalPx: greyFocal(photo), camera: lenses.get(lensName(photo))! })),
    compared
      .filter(({ first }) => !first)
      .map(({ i, j, evidence }) => ({ a: i, b: j, probability: probability(evidence), matches: evidence.matches })),
    cacheDir,
    pool,
    signal,
  )
  const seen = compared.map((each) => ({ ...pairOf(photos, each), flatness: each.evidence.inliersH / Math.max(1, each.evidence.inliersF) }))
  const forecast = forecastOf(
    photos.map(({ file }) => file),
    seen,
    rehearsed.runs,
    photos.map(({ features }) => density(features)),
  )
  return rehearsed.sketch ? { ...forecast, medianAngleDeg: rehearsed.medianAngleDeg, sketch: rehearsed.sketch } : forecast
}

// COLMAP gets one camera for each size and lens, too.
function lensName({ widthPx, heightPx, focalPx }: OverlapPhoto): string {
  return `${widthPx}x${heightPx} ${Math.round(focalPx ?? 0)}`
}

// Workers cost 0.1 s to start: a check whose pairs are all known needs none.
function lazyPool(options: OverlapOptions): OverlapPool {
  let pool: OverlapPool | null = null
  const started = (): OverlapPool => (pool ??= startPool(options.program, options.threads))
  return {
    get size() {
      return started().size
    },
    run: (work) => started().run(work),
    close: async () => pool?.close(),
  }
}

// First looks at every pair; all features for the doubtful and for each photo's strongest; neighbours of neighbours for weakly tied
// photos; then the pairs that islands and bridges rest on, once more with all features. Each pair is told when it is decided.
async function* cascade(
  photos: readonly Counted[],
  tried: readonly [number, number][],
  options: OverlapOptions,
  pool: OverlapPool,
): AsyncIterable<Compared> {
  const looks: Looks = new Map()
  const gather = async (pairs: readonly [number, number][], first: boolean): Promise<void> => {
    for await (const each of compare(photos, pairs, first, options, pool))
      looks.set(keyOf(each), first ? { ...each, evidence: { ...each.evidence, matches: NONE } } : each)
  }
  // In one order: looks come in that of finishing, and equally likely ones must not be chosen by a race.
  const all = (): Look[] => [...looks.values()].map((each) => lookOf(each)).sort((p, q) => p.i - q.i || p.j - q.j)
  const told = new Set<string>()
  const decided = function* (final: boolean): Iterable<Compared> {
    for (const [key, each] of looks) {
      if (told.has(key) || !(final || !each.first)) continue
      told.add(key)
      yield each
    }
  }
  await gather(tried, true)
  const second = secondLooks(all())
  for (let from = 0; from < second.length; from += TOLD_AT_ONCE) {
    await gather(second.slice(from, from + TOLD_AT_ONCE), false)
    yield* decided(false)
  }
  const more = distinct(photos, expansions(photos.length, all()))
  await gather(more, true)
  await gather(secondLooks(all()), false)
  await gather(decidingPairs(photos.length, all()), false)
  yield* decided(true)
}

const NONE = new Int32Array(0)

// Between these the pool runs dry for a moment, which costs less than a bar that stands still.
const TOLD_AT_ONCE = 256

function keyOf({ i, j }: Compared): string {
  return `${Math.min(i, j)},${Math.max(i, j)}`
}

function lookOf({ i, j, evidence, first }: Compared): Look {
  const calibration = first ? FIRST_CALIBRATION : CALIBRATION
  return {
    i: Math.min(i, j),
    j: Math.max(i, j),
    probability: probability(evidence, calibration),
    inliers: expectedInliers(evidence, calibration),
    first,
  }
}

async function* compare(
  photos: readonly Counted[],
  tried: readonly [number, number][],
  first: boolean,
  options: OverlapOptions,
  pool: OverlapPool,
): AsyncIterable<Compared> {
  const cache = first ? new PairCache(options.cacheDir, FIRST_RECIPE) : new PairCache(options.cacheDir)
  const unknown: [number, number][] = []
  for (const [i, j] of tried) {
    const [low, high] = lowHigh(photos, i, j)
    const evidence = cache.get(photos[low]!.sha256, photos[high]!.sha256)
    if (evidence) yield judged(photos, { i: low, j: high, evidence, first })
    else unknown.push([low, high])
  }
  if (unknown.length === 0) return
  const size = first ? FIRST_BATCH : BATCH
  const batches = Array.from({ length: Math.ceil(unknown.length / size) }, (_, k) => unknown.slice(k * size, (k + 1) * size))
  // Two batches a worker are under way at any time, so that none waits for the next.
  const running = new Map<number, Promise<{ key: number; found: Found[] }>>()
  let key = 0
  const start = (): void => {
    const batch = batches[key]
    if (!batch) return
    const own = key++
    const run = compareBatch(photos, batch, first, options, pool).then((found) => ({ key: own, found }))
    // Waited for below; an abort may leave some unwaited.
    run.catch(() => undefined)
    running.set(own, run)
  }
  for (let k = 0; k < 2 * pool.size; k++) start()
  while (running.size > 0) {
    const { key: ended, found } = await Promise.race(running.values())
    running.delete(ended)
    start()
    for (const each of found) {
      cache.put(photos[each.i]!.sha256, photos[each.j]!.sha256, each.evidence)
      yield judged(photos, each)
    }
  }
}

async function compareBatch(
  photos: readonly OverlapPhoto[],
  batch: readonly [number, number][],
  first: boolean,
  { cacheDir }: OverlapOptions,
  pool: OverlapPool,
): Promise<Found[]> {
  const answer = await pool.run({
    kind: 'compare',
    // No focal lengths: the rehearsal finds the poses, and only of the pairs where it asks.
    pairs: batch.map(([i, j]) => ({
      a: featureFile(cacheDir, photos[i]!.sha256),
      b: featureFile(cacheDir, photos[j]!.sha256),
      options: first ? { use: FIRST_FEATURES } : {},
    })),
  })
  return answer.kind === 'compared' ? answer.evidence.map((evidence, k) => ({ i: batch[k]![0], j: batch[k]![1], evidence, first })) : []
}

// Of a first look only the largest features count.
function judged(photos: readonly Counted[], found: Found): Compared {
  const of = (photo: number): number => density(photos[photo]!.features, found.first ? FIRST_FEATURES : undefined)
  return { ...found, evidence: { ...found.evidence, density: Math.sqrt(of(found.i) * of(found.j)) } }
}

// Results are kept under the lower hash first, so that the order of files never matters.
function lowHigh(photos: readonly OverlapPhoto[], i: number, j: number): [number, number] {
  return photos[i]!.sha256 < photos[j]!.sha256 ? [i, j] : [j, i]
}

/** The focal length in pixels of the grey picture that the features were made from; 0 where it is not known. */
function greyFocal({ focalPx, widthPx, heightPx }: OverlapPhoto): number {
  return focalPx === null ? 0 : focalPx * Math.min(1, GREY_LONG_PX / Math.max(widthPx, heightPx))
}

function pairOf(photos: readonly OverlapPhoto[], compared: Compared): Pair {
  const { i, j, probability: odds, inliers } = lookOf(compared)
  return { a: photos[i]!.file, b: photos[j]!.file, probability: odds, inliers: Math.round(inliers) }
}

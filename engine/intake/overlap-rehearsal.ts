import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sketch } from '../../core/overlap/graph.ts'
import { agree, isOutermost, RUNS, type Run } from '../../core/overlap/rehearsal.ts'
import type { Rehearsal, RehearsalPair } from './native.ts'
import { PAIR_RECIPE } from './overlap-cache.ts'
import { featureFile } from './overlap-features.ts'
import type { OverlapPool } from './overlap-pool.ts'

/** A tried pair of photo numbers with its probability and the matches that fit its geometry. */
export type TriedPair = RehearsalPair & { readonly probability: number }

/** A photo by content; `focalPx` of the grey picture, 0 unknown; photos with one `camera` number share a lens. */
export type RehearsedPhoto = { readonly file: string; readonly sha256: string; readonly focalPx: number; readonly camera: number }

export type Rehearsed = { readonly runs: readonly Run[]; readonly sketch: Sketch | null; readonly medianAngleDeg: number }

// COLMAP uses verified pairs only; ours that are nearly as likely as not may be verified there.
const LEAST_PROBABILITY = 0.3

// A run costs 20 to 60 CPU ms a photo: larger captures get fewer runs, and the largest none. This and the counts in native/mapper.cpp bound
// the work, never the time: a slow machine says the same as a fast one.
const FEW_RUNS = 3
const RUNS_UP_TO: readonly (readonly [photos: number, runs: number])[] = [
  [60, RUNS.length],
  [300, FEW_RUNS],
  [2000, 1],
]

// From SMALL photos on, pairs that are among the strongest of neither photo are redundant to the mapper.
const SMALL = 60
const STRONGEST = 10

// A sketch is to be drawn, not measured.
const SKETCH_POINTS = 4000

// Changes with native/rehearse and what it rests on.
const REHEARSAL_RECIPE = `${PAIR_RECIPE}.rehearsal-5`

/** The pairs that the rehearsal builds on. */
export function rehearsalPairs(tried: readonly TriedPair[]): RehearsalPair[] {
  const usable = tried.filter(({ probability }) => probability >= LEAST_PROBABILITY)
  return withoutRedundant(usable).map(({ a, b, matches }) => ({ a, b, matches }))
}

function withoutRedundant(pairs: readonly TriedPair[]): readonly TriedPair[] {
  if (new Set(pairs.flatMap(({ a, b }) => [a, b])).size <= SMALL) return pairs
  const held = new Map<number, number>()
  const strongest = pairs
    .toSorted((p, q) => q.matches.length - p.matches.length || p.a - q.a || p.b - q.b)
    .filter(({ a, b }) => {
      const wanted = Math.min(held.get(a) ?? 0, held.get(b) ?? 0) < STRONGEST
      for (const photo of [a, b]) held.set(photo, (held.get(photo) ?? 0) + 1)
      return wanted
    })
  return strongest.toSorted((p, q) => p.a - q.a || p.b - q.b)
}

/** Rehearses the reconstruction in the pool's workers, all runs at once. Known results come from the cache. An abort ends the runs within a second. */
export async function rehearse(
  photos: readonly RehearsedPhoto[],
  tried: readonly TriedPair[],
  cacheDir: string,
  pool: OverlapPool,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const options = RUNS.slice(0, RUNS_UP_TO.find(([most]) => photos.length <= most)?.[1] ?? 0)
  const pairs = rehearsalPairs(tried)
  if (options.length === 0 || pairs.length === 0) return { runs: [], sketch: null, medianAngleDeg: 0 }
  const key = createHash('sha256')
    .update(JSON.stringify([REHEARSAL_RECIPE, options, photos, pairs.map(({ a, b, matches }) => [a, b, matches.length])]))
    .digest('hex')
  const known = join(cacheDir, 'rehearsals', `${key}.json`)
  if (existsSync(known)) return JSON.parse(readFileSync(known, 'utf8')) as Rehearsed
  const given = photos.map(({ sha256, focalPx, camera }) => ({ file: featureFile(cacheDir, sha256), focalPx, camera }))
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const end = (): void => void Atomics.store(stop, 0, 1)
  signal.addEventListener('abort', end)
  const made = await runsNeeded(options, async (each) => {
    const answer = await pool.run({ kind: 'rehearse', photos: given, pairs, options: { ...each, stop } })
    // Only an abort stops a run.
    signal.throwIfAborted()
    if (answer.kind !== 'rehearsed') throw new Error('The rehearsal ended without an answer.')
    return { rehearsal: answer.rehearsal, run: runOf(answer.rehearsal, each.leastInliers) }
  }).finally(() => signal.removeEventListener('abort', end))
  const first = made[0]?.rehearsal
  const rehearsed = { runs: made.map(({ run }) => run), sketch: sketchOf(photos, first), medianAngleDeg: first?.medianAngleDeg ?? 0 }
  mkdirSync(join(cacheDir, 'rehearsals'), { recursive: true })
  writeFileSync(`${known}.${process.pid}`, JSON.stringify(rehearsed))
  renameSync(`${known}.${process.pid}`, known)
  return rehearsed
}

type Options = (typeof RUNS)[number]
type Made = { readonly rehearsal: Rehearsal; readonly run: Run }

// All runs in the order of `options`; of a large capture first the outermost ones, and no others where these say the same of every photo.
async function runsNeeded(options: readonly Options[], make: (options: Options) => Promise<Made>): Promise<Made[]> {
  if (options.length !== FEW_RUNS) return Promise.all(options.map(make))
  const outer = new Map(
    await Promise.all(options.filter(isOutermost).map(async (each): Promise<[Options, Made]> => [each, await make(each)])),
  )
  const [one, other] = [...outer.values()]
  if (one && other && agree(one.run, other.run)) return [one, other]
  return Promise.all(options.map(async (each) => outer.get(each) ?? make(each)))
}

function runOf({ group, points, support, shared, beginnings }: Rehearsal, leastInliers: number): Run {
  return { leastInliers, group: [...group], points: [...points], support: [...support], shared: [...shared], beginnings: [...beginnings] }
}

function sketchOf(photos: readonly RehearsedPhoto[], rehearsal: Rehearsal | undefined): Sketch | null {
  if (!rehearsal || rehearsal.xyz.length === 0) return null
  const short = (value: number): number => Number(value.toPrecision(6))
  const triple = (at: number): [number, number, number] => [
    short(rehearsal.pose[at]!),
    short(rehearsal.pose[at + 1]!),
    short(rehearsal.pose[at + 2]!),
  ]
  const cameras = photos.flatMap(({ file }, i) =>
    rehearsal.group[i] === 0 ? [{ file, centre: triple(7 * i), direction: triple(7 * i + 3) }] : [],
  )
  const step = Math.ceil(rehearsal.xyz.length / 3 / SKETCH_POINTS)
  const points = Array.from(rehearsal.xyz)
    .filter((_, i) => Math.floor(i / 3) % step === 0)
    .map(short)
  return { cameras, points }
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sketch } from '../../core/overlap/graph.ts'
import { RUNS, type Run } from '../../core/overlap/rehearsal.ts'
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

// A run costs about 20 CPU ms a photo for small sets and grows with the square: larger captures get fewer runs, the largest none.
const RUNS_UP_TO: readonly (readonly [photos: number, runs: number])[] = [[60, RUNS.length], [120, 3], [300, 1]]

// A sketch is to be drawn, not measured.
const SKETCH_POINTS = 4000

// Changes with native/rehearse and what it rests on.
const REHEARSAL_RECIPE = `${PAIR_RECIPE}.rehearsal-1`

/** The pairs that the rehearsal builds on. */
export function rehearsalPairs(tried: readonly TriedPair[]): RehearsalPair[] {
  return tried.filter(({ probability }) => probability >= LEAST_PROBABILITY).map(({ a, b, matches }) => ({ a, b, matches }))
}

/** Rehearses the reconstruction in the pool's workers, all runs at once. Known results come from the cache. */
export async function rehearse(photos: readonly RehearsedPhoto[], tried: readonly TriedPair[], cacheDir: string, pool: OverlapPool): Promise<Rehearsed> {
  const options = RUNS.slice(0, RUNS_UP_TO.find(([most]) => photos.length <= most)?.[1] ?? 0)
  const pairs = rehearsalPairs(tried)
  if (options.length === 0 || pairs.length === 0) return { runs: [], sketch: null, medianAngleDeg: 0 }
  const key = createHash('sha256').update(JSON.stringify([REHEARSAL_RECIPE, options, photos, pairs.map(({ a, b, matches }) => [a, b, matches.length])])).digest('hex')
  const known = join(cacheDir, 'rehearsals', `${key}.json`)
  if (existsSync(known)) return JSON.parse(readFileSync(known, 'utf8')) as Rehearsed
  const given = photos.map(({ sha256, focalPx, camera }) => ({ file: featureFile(cacheDir, sha256), focalPx, camera }))
  const answers = await Promise.all(options.map((each) => pool.run({ kind: 'rehearse', photos: given, pairs, options: each })))
  const all = answers.flatMap((answer) => (answer.kind === 'rehearsed' ? [answer.rehearsal] : []))
  const rehearsed = { runs: all.map((each, k) => runOf(each, options[k]!.leastInliers)), sketch: sketchOf(photos, all[0]), medianAngleDeg: all[0]?.medianAngleDeg ?? 0 }
  mkdirSync(join(cacheDir, 'rehearsals'), { recursive: true })
  writeFileSync(`${known}.${process.pid}`, JSON.stringify(rehearsed))
  renameSync(`${known}.${process.pid}`, known)
  return rehearsed
}

function runOf({ group, points, support, shared, beginnings }: Rehearsal, leastInliers: number): Run {
  return { leastInliers, group: [...group], points: [...points], support: [...support], shared: [...shared], beginnings: [...beginnings] }
}

function sketchOf(photos: readonly RehearsedPhoto[], rehearsal: Rehearsal | undefined): Sketch | null {
  if (!rehearsal || rehearsal.xyz.length === 0) return null
  const short = (value: number): number => Number(value.toPrecision(6))
  const triple = (at: number): [number, number, number] => [short(rehearsal.pose[at]!), short(rehearsal.pose[at + 1]!), short(rehearsal.pose[at + 2]!)]
  const cameras = photos.flatMap(({ file }, i) => (rehearsal.group[i] === 0 ? [{ file, centre: triple(7 * i), direction: triple(7 * i + 3) }] : []))
  const step = Math.ceil(rehearsal.xyz.length / 3 / SKETCH_POINTS)
  const points = Array.from(rehearsal.xyz).filter((_, i) => Math.floor(i / 3) % step === 0).map(short)
  return { cameras, points }
}

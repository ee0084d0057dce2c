import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allPairs, isSmall, placedPairs, unique } from '../../core/overlap/pairs.ts'
import { FEATURE_RECIPE, featureFile } from './overlap-features.ts'
import type { OverlapPool } from './overlap-pool.ts'
import type { OverlapPhoto } from './overlap.ts'

// Twelve candidates a photo remain of 20 asked for, with 97 % of the pairs over 100 inliers (facts section 5).
const CANDIDATES = 20

/** The pairs of photos that are worth a look: all of few, of many those that look alike or stand near each other. */
export async function pairsToTry(photos: readonly OverlapPhoto[], cacheDir: string, pool: OverlapPool): Promise<[number, number][]> {
  if (isSmall(photos.length)) return distinct(photos, allPairs(photos.length))
  const numbers = await lookAlikes(photos, cacheDir, pool)
  const seen = Array.from({ length: numbers.length / 2 }, (_, k): [number, number] => [numbers[2 * k]!, numbers[2 * k + 1]!])
  return distinct(photos, unique([...seen, ...placedPairs(photos)]))
}

// Voting reads every photo's features: kept, so that a second check of the same photos does not.
async function lookAlikes(photos: readonly OverlapPhoto[], cacheDir: string, pool: OverlapPool): Promise<readonly number[]> {
  const key = createHash('sha256')
    .update(JSON.stringify([FEATURE_RECIPE, CANDIDATES, photos.map(({ sha256 }) => sha256)]))
    .digest('hex')
  const known = join(cacheDir, 'candidates', `${key}.json`)
  if (existsSync(known)) return JSON.parse(readFileSync(known, 'utf8')) as number[]
  const answer = await pool.run({ kind: 'candidates', files: photos.map(({ sha256 }) => featureFile(cacheDir, sha256)), k: CANDIDATES })
  if (answer.kind !== 'candidates') return []
  mkdirSync(join(cacheDir, 'candidates'), { recursive: true })
  writeFileSync(`${known}.${process.pid}`, JSON.stringify([...answer.pairs]))
  renameSync(`${known}.${process.pid}`, known)
  return [...answer.pairs]
}

/** Without pairs of one content: two files with the same bytes are one photo, and comparing them says nothing. */
export function distinct(photos: readonly OverlapPhoto[], pairs: readonly [number, number][]): [number, number][] {
  return pairs.filter(([i, j]) => photos[i]?.sha256 !== photos[j]?.sha256)
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import sharp from 'sharp'
import { loadNative, type Native, type PairEvidence } from '../../engine/intake/native.ts'
import { extract, FEATURE_RECIPE, GREY_LONG_PX } from '../../engine/intake/overlap-features.ts'
import { pairKey, type TruthSet } from './truth.ts'

/** A pair with what the engine saw and what COLMAP found. */
export type Sample = { readonly set: string; readonly a: string; readonly b: string; readonly truth: number; readonly evidence: PairEvidence }

/** CPU milliseconds of the addon's own work. */
export type Cost = { featuresMs: number; photos: number; pairsMs: number; pairs: number }

export const root = join(import.meta.dirname, '..', '..')
/** The shared sets, and the degraded copies that degrade.py made, where they stand. */
export const capturesFolders = (process.env.SPACEPORT_CAPTURES ?? [join(root, '..', 'shared', 'captures'), join(root, '.cache', 'bench', 'degraded')].join(delimiter)).split(delimiter)
const cacheFolder = join(root, '.cache', 'bench', 'forecast')

/** The addon of this checkout. */
export function native(): Native {
  return loadNative(root)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** A photo's features, from the bench's own cache or made now. */
export async function featuresOf(engine: Native, file: string, cost: Cost): Promise<Buffer> {
  const key = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 24)
  const cached = join(cacheFolder, `${key}.${recipe}.sift`)
  if (existsSync(cached)) return readFileSync(cached)
  const { data, info } = await sharp(file).grayscale().resize({ width: GREY_LONG_PX, height: GREY_LONG_PX, fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true })
  const before = cpuMs()
  const blob = extract(engine, data, info.width, info.height)
  cost.featuresMs += cpuMs() - before
  cost.photos++
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(cached, blob)
  return blob
}

// A rebuilt addon makes new features: the pointer's content names it.
const recipe = `${FEATURE_RECIPE}.${readFileSync(join(root, '.cache', 'native', 'current'), 'utf8').trim().slice(10, 26)}`

/** Every pair of a set, compared. */
export async function samplesOf(engine: Native, set: TruthSet, cost: Cost): Promise<Sample[]> {
  const blobs = new Map<string, Buffer>()
  for (const file of set.files) blobs.set(file, await featuresOf(engine, join(set.folder, file), cost))
  const samples: Sample[] = []
  for (const [i, a] of set.files.entries())
    for (const b of set.files.slice(i + 1)) {
      const before = cpuMs()
      const evidence = engine.match(blobs.get(a)!, blobs.get(b)!, {})
      cost.pairsMs += cpuMs() - before
      cost.pairs++
      samples.push({ set: set.name, a, b, truth: set.inliers.get(pairKey(a, b)) ?? 0, evidence })
    }
  return samples
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import sharp from 'sharp'
import { readHeader } from '../../engine/intake/header.ts'
import { density } from '../../core/overlap/density.ts'
import type { Evidence } from '../../core/overlap/evidence.ts'
import { loadNative, type Native, type PairEvidence } from '../../engine/intake/native.ts'
import { FIRST_FEATURES, FIRST_RECIPE, PAIR_RECIPE, PairCache } from '../../engine/intake/overlap-cache.ts'
import { countFeatures, extract, featureFile, GREY_LONG_PX } from '../../engine/intake/overlap-features.ts'
import { pairKey, readSets, type TruthSet } from './truth.ts'

/** A pair with what the engine saw and what COLMAP found. */
export type Sample = {
  readonly set: string
  readonly a: string
  readonly b: string
  readonly truth: number
  readonly evidence: PairEvidence & Evidence
}

/** CPU milliseconds of the addon's own work. */
export type Cost = { featuresMs: number; photos: number; pairsMs: number; pairs: number }

export const root = join(import.meta.dirname, '..', '..')
/** The shared sets, and the degraded copies that degrade.py made, where they stand. */
const capturesFolders = (
  process.env.SPACEPORT_CAPTURES ?? [join(root, '..', 'shared', 'captures'), join(root, '.cache', 'bench', 'degraded')].join(delimiter)
).split(delimiter)
/** Every set that is there. */
export function benchSets(): TruthSet[] {
  return capturesFolders.flatMap(readSets)
}

/** Where the bench keeps features, pairs and rehearsals of the present sources. */
export const cacheFolder = join(root, '.cache', 'bench', 'forecast', sourcesHash())

/** The addon of this checkout. */
export function native(): Native {
  return loadNative(root)
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** A photo's features, from the bench's own cache or made now. */
async function featuresOf(engine: Native, file: string, cost: Cost): Promise<Omit<BenchPhoto, 'file'>> {
  const bytes = readFileSync(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { width: widthPx, height: heightPx } = await sharp(bytes).metadata()
  const { focalPx } = await readHeader(bytes, 'jpeg', { widthPx, heightPx })
  const cached = featureFile(cacheFolder, sha256)
  if (existsSync(cached)) return { sha256, widthPx, heightPx, focalPx, blob: readFileSync(cached) }
  const { data, info } = await sharp(file)
    .grayscale()
    .resize({ width: GREY_LONG_PX, height: GREY_LONG_PX, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const before = cpuMs()
  const blob = extract(engine, data, info.width, info.height)
  cost.featuresMs += cpuMs() - before
  cost.photos++
  mkdirSync(join(cacheFolder, 'features'), { recursive: true })
  writeFileSync(cached, blob)
  return { sha256, widthPx, heightPx, focalPx, blob }
}

/** A photo of a set, ready to be compared. `focalPx` by its header, at `widthPx`. */
export type BenchPhoto = {
  readonly file: string
  readonly sha256: string
  readonly blob: Buffer
  readonly widthPx: number
  readonly heightPx: number
  readonly focalPx: number | null
}

/** The photos of a set with their features. */
export async function photosOf(engine: Native, set: TruthSet, cost: Cost): Promise<BenchPhoto[]> {
  const photos: BenchPhoto[] = []
  for (const file of set.files) photos.push({ file, ...(await featuresOf(engine, join(set.folder, file), cost)) })
  return photos
}

/** Every pair of a set, compared at all features or, as a first look, at the largest. Photos of equal content are left out, as in the engine. */
export function samplesOf(engine: Native, set: TruthSet, photos: readonly BenchPhoto[], cost: Cost, first = false): Sample[] {
  const cache = new PairCache(cacheFolder, first ? FIRST_RECIPE : PAIR_RECIPE)
  return photos.flatMap((a, i) =>
    photos.slice(i + 1).flatMap((b) => {
      if (a.sha256 === b.sha256) return []
      const [low, high] = a.sha256 < b.sha256 ? [a, b] : [b, a]
      let evidence = cache.get(low.sha256, high.sha256)
      if (!evidence) {
        const before = cpuMs()
        evidence = engine.match(low.blob, high.blob, first ? { use: FIRST_FEATURES } : {})
        cost.pairsMs += cpuMs() - before
        cost.pairs++
        cache.put(low.sha256, high.sha256, evidence)
      }
      return [
        {
          set: set.name,
          a: low.file,
          b: high.file,
          truth: set.inliers.get(pairKey(a.file, b.file)) ?? 0,
          evidence: { ...evidence, density: pairDensity(a, b, first) },
        },
      ]
    }),
  )
}

/** How many features COLMAP finds for each of the photo's; of a first look, of its largest. */
export function photoDensity({ blob, widthPx, heightPx }: BenchPhoto, first = false): number {
  return density(countFeatures(blob, Math.max(widthPx, heightPx)), first ? FIRST_FEATURES : undefined)
}

function pairDensity(a: BenchPhoto, b: BenchPhoto, first: boolean): number {
  return Math.sqrt(photoDensity(a, first) * photoDensity(b, first))
}

/** No cost yet. */
export function noCost(): Cost {
  return { featuresMs: 0, photos: 0, pairsMs: 0, pairs: 0 }
}

// Names the results by the sources that they follow from: a change in native/ that cannot alter them keeps the cache.
function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(join(root, 'native')).sort())
    if (/^(sift|image|target|blob|match|two_view|fundamental|homography|ransac|random|linear|lanes)/.test(name))
      hash.update(readFileSync(join(root, 'native', name)))
  return hash
    .update(readFileSync(join(root, 'engine', 'intake', 'overlap-features.ts')))
    .digest('hex')
    .slice(0, 12)
}

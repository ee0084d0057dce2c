import { z } from 'zod'
import type { Forecast, Pair } from '../overlap/graph.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'

const gps = z.object({ lat: z.number(), lon: z.number(), altM: z.number().nullable() }).nullable()

/** One photo of the frozen capture, as far as stages, transfer and history read it. */
export const ManifestPhoto = z.object({
  file: z.string().min(1),
  /** `<sha256>.<ext>`: the file's name in every store. Of the derived JPEG where the original is HEIC. */
  object: z.string().regex(/^[0-9a-f]{64}\.[a-z0-9]{2,5}$/),
  sizeBytes: z.number().int().nonnegative(),
  widthPx: z.number().int().positive(),
  heightPx: z.number().int().positive(),
  camera: z.string().nullable(),
  focalPx: z.number().positive().nullable(),
  orientation: z.number().int().min(1).max(8),
  takenAt: z.string().nullable(),
  gps,
  use: z.boolean(),
})

/** The frozen capture, versioned. `pairs`: the forecast's pair list by file; null means exhaustive. */
export const Manifest = z.object({
  version: z.literal(1),
  captureId: z.string(),
  name: z.string(),
  folder: z.string(),
  createdAt: z.string(),
  photos: z.array(ManifestPhoto),
  pairs: z.array(z.tuple([z.string(), z.string()])).nullable(),
})

export type ManifestPhoto = z.infer<typeof ManifestPhoto>
export type Manifest = z.infer<typeof Manifest>

/** What a manifest is made of. `objects`: the stored name of each photo, by file. */
export type Freezing = {
  readonly captureId: string
  readonly name: string
  readonly folder: string
  readonly createdAt: string
  readonly photos: readonly Photo[]
  readonly leftOut: readonly string[]
  readonly findings: readonly Finding[]
  readonly forecast: Forecast | null
  readonly objects: ReadonlyMap<string, string>
}

// COLMAP verifies one such pair in ten; matching ten costs a second, and one true link can hold an island.
const leastProbability = 0.1

/** Freezes a capture. Positions that a finding doubts are not handed on; pairs are those worth matching, null without a forecast. */
export function freeze(the: Freezing): Manifest {
  const out = new Set(the.leftOut)
  const doubted = new Set(the.findings.filter(({ code }) => code === 'photo/gps-outlier').flatMap(({ files }) => files))
  const photos = the.photos.map((photo) => frozenPhoto(photo, the.objects, !out.has(photo.file), doubted.has(photo.file)))
  const pairs = the.forecast?.pairs
    .filter((pair) => worthMatching(pair) && !out.has(pair.a) && !out.has(pair.b))
    .map(({ a, b }): [string, string] => [a, b])
  return {
    version: 1,
    captureId: the.captureId,
    name: the.name,
    folder: the.folder,
    createdAt: the.createdAt,
    photos,
    pairs: pairs ?? null,
  }
}

/** Whether a tried pair belongs on the list that COLMAP matches. */
export function worthMatching({ probability }: Pair): boolean {
  return probability >= leastProbability
}

function frozenPhoto(photo: Photo, objects: ReadonlyMap<string, string>, use: boolean, isDoubted: boolean): ManifestPhoto {
  const object = objects.get(photo.file)
  if (object === undefined) throw new Error(`no object for ${photo.file}`)
  const { file, sizeBytes, widthPx, heightPx, camera, focalPx, orientation, takenAt } = photo
  return { file, object, sizeBytes, widthPx, heightPx, camera, focalPx, orientation, takenAt, gps: isDoubted ? null : photo.gps, use }
}

import { z } from 'zod'

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

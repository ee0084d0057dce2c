import { statfs } from 'node:fs/promises'
import type { Manifest } from '../../core/capture/manifest.ts'
import { type Problem, problem } from '../../core/problem.ts'
import type { RunSettings } from '../../core/run/settings.ts'

// Estimates meant to be high, by reckoning and not yet measured: a photo is kept twice at the run's size (scaled and undistorted, JPEG at 0.35 bytes a
// pixel), its features take 132 bytes each in the database and as much again for matches.
const bytesPerPixel = 0.7
const bytesPerFeature = 264
// A Gaussian with harmonics of degree 3 is 248 bytes in a .ply and three times that in a checkpoint with its moments; a few are kept.
const bytesPerGaussian = 248 * 4 * 3
// Logs, renders, the database.
const spareBytes = 50e6

/** Bytes that a run may come to need beside the photos. */
export function neededBytes(manifest: Manifest, settings: RunSettings): number {
  const photos = manifest.photos.filter((one) => one.use)
  const long = settings.sfm.maxImageSizePx
  const pixels = photos.reduce(
    (sum, one) => sum + one.widthPx * one.heightPx * Math.min(1, long / Math.max(one.widthPx, one.heightPx)) ** 2,
    0,
  )
  const sfm = settings.step === 'full' ? pixels * bytesPerPixel + photos.length * settings.sfm.maxFeatures * bytesPerFeature : 0
  const train = settings.step === 'compression' ? 0 : settings.train.cap * bytesPerGaussian
  return Math.round(sfm + train + spareBytes)
}

/** The Problem that a disk has too little room for a run, or null. */
export async function spaceProblem(folder: string, needed: number): Promise<Problem | null> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= needed) return null
  return problem(
    'disk/full',
    `This run may need ${megabytes(needed)}; ${megabytes(free)} are free where ${folder} lies.`,
    'Free up space, or set SPACEPORT_HOME to a folder on another disk.',
  )
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
}

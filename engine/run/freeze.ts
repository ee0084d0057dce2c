import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { freeze, type Manifest } from '../../core/capture/manifest.ts'
import type { Photo } from '../../core/capture/photo.ts'
import { ProblemError, problem } from '../../core/problem.ts'
import { type CaptureStore, leftOutOf } from '../history/captures.ts'
import type { Host } from '../host.ts'
import { objectFor } from '../intake/derive.ts'
import type { SourceOf } from './photos-in.ts'

/** Structure from motion cannot start from fewer. */
export const leastPhotos = 3

/** Freezes a checked capture: what a run reads from now on, whatever is changed in the capture later. Throws ProblemError. */
export async function freezeCapture(host: Host, store: CaptureStore, captureId: string): Promise<Manifest> {
  const row = store.get(captureId)
  if (row === null)
    throw new ProblemError(problem('capture/unknown', `No capture ${captureId} is in this library.`, 'Open its folder again.'))
  if (row.scan.kind !== 'done')
    throw new ProblemError(
      problem('capture/not-checked', `${row.name} has not been checked to the end.`, 'Let the check finish, then start the run.'),
    )
  const facts = store.facts(captureId)
  const photos = store.photos(captureId)
  const leftOut = leftOutOf(facts)
  const out = new Set(leftOut)
  const used = photos.length - photos.filter((one) => out.has(one.file)).length
  if (used < leastPhotos)
    throw new ProblemError(
      problem(
        'capture/too-few',
        `${used} photos are in the run; at least ${leastPhotos} are needed.`,
        'Add photos, or include some that were left out.',
      ),
    )
  const objects = new Map<string, string>()
  // A photo that is left out is named, never converted.
  for (const photo of photos)
    objects.set(photo.file, out.has(photo.file) ? `${photo.sha256}.jpg` : await objectOf(photo, row.folder, join(host.home, 'cache')))
  const { findings, forecast } = facts
  const manifest = freeze({
    captureId,
    name: row.name,
    folder: row.folder,
    createdAt: host.now().toISOString(),
    photos,
    leftOut,
    findings,
    forecast,
    objects,
  })
  // A forecast that finds no pair at all is the weaker evidence: structure from motion tries them all.
  return manifest.pairs?.length === 0 ? { ...manifest, pairs: null } : manifest
}

async function objectOf(photo: Photo, folder: string, cacheDir: string): Promise<string> {
  try {
    return (await objectFor(photo, folder, cacheDir)).object
  } catch (cause) {
    throw new ProblemError(
      problem(
        'run/photo-gone',
        `${photo.file} cannot be read any more.`,
        'Put it back, or check the folder again, then start the run again.',
      ),
      { cause },
    )
  }
}

/** Where the bytes of a run's photos lie: the photos themselves, or the JPEGs that were derived from them when they were frozen. */
export function sourcesOf(host: Host, store: CaptureStore, manifest: Manifest): SourceOf {
  const known = new Map(store.photos(manifest.captureId).map((photo) => [photo.file, photo]))
  return async (photo) => {
    const original = known.get(photo.file)
    const isDerived = original !== undefined && original.format !== 'jpeg' && original.format !== 'png'
    if (!isDerived) return join(manifest.folder, photo.file)
    const kept = join(host.home, 'cache', 'derived', photo.object)
    return (await stat(kept).catch(() => null)) ? kept : (await objectFor(original, manifest.folder, join(host.home, 'cache'))).file
  }
}

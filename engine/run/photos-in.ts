import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ManifestPhoto } from '../../core/capture/manifest.ts'
import { ProblemError, problem } from '../../core/problem.ts'
import { lend } from './place.ts'
import { allEnded } from './settled.ts'

/** Where a photo's bytes lie: the photo itself, or the JPEG derived from a HEIC. */
export type SourceOf = (photo: ManifestPhoto) => Promise<string>

// Hashing is bound by the disk: a few at a time keep it busy without holding many files open.
const atOnce = 4

type Lent = { readonly photo: ManifestPhoto; readonly file: string; readonly sizeBytes: number; readonly mtimeMs: number }

/**
 * Lends the photos to a stage as `<folder>/<object>`, each proven by its hash. Returns a second look, for after the stage: it throws where a
 * photo was changed or taken away meanwhile. Throws ProblemError naming the photo.
 */
export async function lendPhotos(photos: readonly ManifestPhoto[], sourceOf: SourceOf, folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const lent: Lent[] = []
  for (let from = 0; from < photos.length; from += atOnce) {
    lent.push(...(await allEnded(photos.slice(from, from + atOnce).map((photo) => lendOne(photo, sourceOf, folder)))))
  }
  return async () => {
    for (const one of lent) await stillTheSame(one)
  }
}

async function lendOne(photo: ManifestPhoto, sourceOf: SourceOf, folder: string): Promise<Lent> {
  const file = join(folder, photo.object)
  try {
    const source = await sourceOf(photo)
    const { size, mtimeMs } = await stat(source)
    if ((await sha256Of(source)) !== photo.object.slice(0, 64)) throw changed(photo)
    // The same picture twice in a capture is one object.
    await lend(source, file).catch((error: { code?: string }) => {
      if (error.code !== 'EEXIST') throw error
    })
    return { photo, file, sizeBytes: size, mtimeMs }
  } catch (error) {
    throw isGone(error) ? gone(photo, error) : error
  }
}

async function stillTheSame({ photo, file, sizeBytes, mtimeMs }: Lent): Promise<void> {
  try {
    const now = await stat(file)
    if (now.size !== sizeBytes || now.mtimeMs !== mtimeMs) throw changed(photo)
  } catch (error) {
    throw isGone(error) ? gone(photo, error) : error
  }
}

/** The hash of a file's bytes, in hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function isGone(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EIO' || code === 'ENODEV' || code === 'EACCES'
}

function gone(photo: ManifestPhoto, cause: unknown): ProblemError {
  return new ProblemError(
    problem(
      'run/photo-gone',
      `${photo.file} is no longer where it was.`,
      'Put it back (or the card or disk that it lies on), or check the folder again, then start the run again.',
    ),
    { cause },
  )
}

function changed(photo: ManifestPhoto): ProblemError {
  return new ProblemError(
    problem('run/photo-changed', `${photo.file} changed on disk since the check.`, 'Check the folder again, then start a new run.'),
  )
}

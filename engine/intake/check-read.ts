import { join } from 'node:path'
import type { Photo } from '../../core/capture/photo.ts'
import type { Evidence } from '../../core/capture/evidence.ts'
import { isMask, photoOfMask } from '../../core/capture/masks.ts'
import type { Skipped } from '../../core/capture/photo.ts'
import { keepFacts, keepKnownFiles, keptFacts, knownFiles, stillKnown } from './check-cache.ts'
import type { Known } from './check-cache.ts'
import type { CheckProgram } from './check.ts'
import type { ByteFacts, DecodeResult } from './decode-photo.ts'
import { decodeAll } from './decode-pool.ts'
import type { ListedFile } from './list-files.ts'
import { loadNative } from './native.ts'
import { areFeatures, featureFile } from './overlap-features.ts'
import { unreadable } from './unreadable.ts'
import { problemOf } from '../../core/problem.ts'

export type ReadEvent = { readonly kind: 'photo'; readonly record: Evidence } | { readonly kind: 'skipped'; readonly skipped: Skipped }

// So many entries are looked up at once: enough to hide the disk, few enough for any limit on open files.
const lookupsAtOnce = 64

/** Reads every listed file, known ones from the cache. Events come in the order of finishing; what was read is kept even when stopped. */
export async function* readPhotos(
  folder: string,
  files: readonly ListedFile[],
  options: CheckProgram,
  signal: AbortSignal,
): AsyncIterable<ReadEvent> {
  const pictures = files.filter(({ file }) => !isMask(file))
  const names = pictures.map(({ file }) => file)
  for (const file of files) if (isMask(file.file)) yield maskEvent(file.file, photoOfMask(file.file, names))
  yield* readPictures(folder, pictures, options, signal)
}

async function* readPictures(
  folder: string,
  files: readonly ListedFile[],
  options: CheckProgram,
  signal: AbortSignal,
): AsyncIterable<ReadEvent> {
  const before = await knownFiles(options.cacheDir, folder)
  const known = new Map<string, Known>()
  const unread: ListedFile[] = []
  const hasNative = nativeLoads(options.program)
  for (let from = 0; from < files.length; from += lookupsAtOnce) {
    signal.throwIfAborted()
    const batch = files.slice(from, from + lookupsAtOnce)
    const events = await Promise.all(batch.map((file) => fromCache(file, stillKnown(before, file), options, hasNative)))
    for (const [i, event] of events.entries()) {
      const file = batch[i] as ListedFile
      if (!event) {
        unread.push(file)
        continue
      }
      const entry = before.get(file.file)
      if (entry && !file.unreadable) known.set(file.file, entry)
      yield event
    }
  }
  try {
    yield* readAnew(unread, known, options, signal)
  } finally {
    if (unread.length > 0 || known.size !== before.size) await keepKnownFiles(options.cacheDir, folder, known)
  }
}

/** What can be said without reading the file: it cannot be read, or it is known. */
async function fromCache(file: ListedFile, entry: Known | null, options: CheckProgram, hasNative: boolean): Promise<ReadEvent | null> {
  if (file.unreadable) return skippedEvent(file, { kind: 'refused', refusal: unreadable('EACCES') })
  if (!entry) return null
  if ('refusal' in entry) return skippedEvent(file, { kind: 'refused', refusal: entry.refusal })
  if (hasNative && !(await areFeatures(featureFile(options.cacheDir, entry.sha256)))) return null
  const facts = await keptFacts(options.cacheDir, entry.sha256, [join(options.thumbsDir, `${entry.sha256}.jpg`)])
  return facts ? { kind: 'photo', record: recordOf(file.file, facts) } : null
}

async function* readAnew(
  files: readonly ListedFile[],
  known: Map<string, Known>,
  options: CheckProgram,
  signal: AbortSignal,
): AsyncIterable<ReadEvent> {
  const jobs = files.map(({ path }) => ({ path, cacheDir: options.cacheDir, thumbsDir: options.thumbsDir }))
  for await (const { index, result } of decodeAll(jobs, options.program, options.threads, signal)) {
    const file = files[index] as ListedFile
    const stamp = { sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs }
    if (result.kind === 'refused') {
      // Permission may come back without the file changing.
      if (result.refusal.code !== 'file/unreadable') known.set(file.file, { ...stamp, refusal: result.refusal })
      yield skippedEvent(file, result)
    } else {
      await keepFacts(options.cacheDir, result.facts)
      known.set(file.file, { ...stamp, sha256: result.facts.sha256 })
      yield { kind: 'photo', record: recordOf(file.file, result.facts) }
    }
  }
}

/** Makes features again that went while the check ran, of photos of `folder`. */
export async function readFeaturesAgain(
  folder: string,
  photos: readonly Photo[],
  options: CheckProgram,
  signal: AbortSignal,
): Promise<void> {
  const jobs = photos.map(({ file }) => ({ path: join(folder, file), cacheDir: options.cacheDir, thumbsDir: options.thumbsDir }))
  for await (const { result } of decodeAll(jobs, options.program, options.threads, signal)) void result
}

function recordOf(file: string, { print, ...facts }: ByteFacts): Evidence {
  return { photo: { file, ...facts }, print: Buffer.from(print, 'base64') }
}

function skippedEvent(file: ListedFile, { refusal }: Extract<DecodeResult, { kind: 'refused' }>): ReadEvent {
  return { kind: 'skipped', skipped: { file: file.file, ...refusal } }
}

// Masks hide sky or people from a reconstruction; as photos they would be black and white pictures without a place.
function maskEvent(file: string, photo: string | null): ReadEvent {
  const skipped = photo
    ? {
        file,
        code: 'file/mask',
        what: `A mask of ${photo}, not a photo.`,
        remedy: 'Nothing to do: it is counted as a mask. Runs do not use masks yet.',
      }
    : {
        file,
        code: 'file/mask',
        what: 'A mask without its photo: no photo here has its name.',
        remedy: 'Name it after its photo, such as DJI_0001.mask.png for DJI_0001.JPG.',
      }
  return { kind: 'skipped', skipped }
}

function nativeLoads(program: string): boolean {
  try {
    loadNative(program)
    return true
  } catch (error) {
    if (problemOf(error)) return false
    throw error
  }
}

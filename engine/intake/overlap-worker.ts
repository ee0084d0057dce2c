import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { FeaturesGone, wholeCount } from './overlap-features.ts'
import { loadNative, type MatchOptions, type PairEvidence, type Rehearsal, type RehearsalOptions, type RehearsalPair } from './native.ts'

/** What the worker is asked: to compare pairs of feature files, for the pairs worth comparing, or to rehearse. `id` comes back with the answer. */
export type OverlapTask =
  | {
      readonly id: number
      readonly kind: 'compare'
      readonly pairs: readonly { readonly a: string; readonly b: string; readonly options: MatchOptions }[]
    }
  | { readonly id: number; readonly kind: 'candidates'; readonly files: readonly string[]; readonly k: number }
  | {
      readonly id: number
      readonly kind: 'rehearse'
      readonly photos: readonly { readonly file: string; readonly focalPx: number; readonly camera: number }[]
      readonly pairs: readonly RehearsalPair[]
      readonly options: RehearsalOptions
    }

export type OverlapAnswer =
  | { readonly id: number; readonly kind: 'compared'; readonly evidence: readonly PairEvidence[] }
  | { readonly id: number; readonly kind: 'candidates'; readonly pairs: Int32Array }
  | { readonly id: number; readonly kind: 'rehearsed'; readonly rehearsal: Rehearsal }
  | { readonly id: number; readonly kind: 'stopped' }
  | { readonly id: number; readonly kind: 'gone'; readonly files: readonly string[] }

// 96 photos of 2,500 features are 35 MB a worker; pairs come in blocks, so that the same photos are asked for again soon.
const KEPT_BYTES = 36 * 2 ** 20

// Enough for the votes of native/candidates; the rest of the features stays on disk.
const HEAD_FEATURES = 600
const ALL = Number.MAX_SAFE_INTEGER

const native = loadNative((workerData as { program: string }).program)
const kept = new Map<string, Buffer>()
let keptBytes = 0

// The blob's layout is told in native/blob.h: header, 16 bytes a keypoint, 128 bytes a descriptor.
const HEADER_BYTES = 32
const POINT_BYTES = 16
const DESCRIPTOR_BYTES = 128

// The first `most` features of a file, or only their places. A file may go or be damaged while the check runs.
function read(file: string, most: number, described = true): Buffer {
  if (!existsSync(file)) throw new FeaturesGone([file])
  const handle = openSync(file, 'r')
  try {
    const count = wholeCount(handle)
    if (count === null) throw new FeaturesGone([file])
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(handle, header, 0, HEADER_BYTES, 0)
    const few = Math.min(count, most)
    header.writeUInt32LE(few, 4)
    const points = Buffer.alloc(POINT_BYTES * few)
    readSync(handle, points, 0, points.length, HEADER_BYTES)
    if (!described) return Buffer.concat([header, points])
    const descriptors = Buffer.alloc(DESCRIPTOR_BYTES * few)
    readSync(handle, descriptors, 0, descriptors.length, HEADER_BYTES + POINT_BYTES * count)
    return Buffer.concat([header, points, descriptors])
  } finally {
    closeSync(handle)
  }
}

// The least recently used go first.
function blob(file: string, use: number): Buffer {
  const key = `${use} ${file}`
  const have = kept.get(key)
  const bytes = have ?? read(file, use)
  if (have) kept.delete(key)
  else keptBytes += bytes.length
  kept.set(key, bytes)
  for (const [oldest, { length }] of kept) {
    if (keptBytes <= KEPT_BYTES) break
    kept.delete(oldest)
    keptBytes -= length
  }
  return bytes
}

function answer(task: OverlapTask): OverlapAnswer {
  switch (task.kind) {
    case 'compare':
      return {
        id: task.id,
        kind: 'compared',
        evidence: task.pairs.map(({ a, b, options }) => native.match(blob(a, options.use ?? ALL), blob(b, options.use ?? ALL), options)),
      }
    case 'candidates':
      return {
        id: task.id,
        kind: 'candidates',
        pairs: native.candidates(
          task.files.map((file) => read(file, HEAD_FEATURES)),
          task.k,
        ),
      }
    case 'rehearse':
      return rehearse(task)
  }
}

function rehearse({ id, photos, pairs, options }: Extract<OverlapTask, { readonly kind: 'rehearse' }>): OverlapAnswer {
  try {
    return {
      id,
      kind: 'rehearsed',
      rehearsal: native.rehearse(
        photos.map(({ file, focalPx, camera }) => ({ blob: read(file, ALL, false), focalPx, camera })),
        pairs,
        options,
      ),
    }
  } catch (error) {
    if (options.stop?.[0]) return { id, kind: 'stopped' }
    throw error
  }
}

function answerOrGone(task: OverlapTask): OverlapAnswer {
  try {
    return answer(task)
  } catch (error) {
    if (error instanceof FeaturesGone) return { id: task.id, kind: 'gone', files: error.files }
    throw error
  }
}

parentPort?.on('message', (task: OverlapTask) => parentPort?.postMessage(answerOrGone(task)))

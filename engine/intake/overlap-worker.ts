import { existsSync, readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { loadNative, type MatchOptions, type PairEvidence, type Rehearsal, type RehearsalOptions, type RehearsalPair } from './native.ts'

/** What the worker is asked: to compare pairs of feature files, for the pairs worth comparing, or to rehearse. `id` comes back with the answer. */
export type OverlapTask =
  | { readonly id: number; readonly kind: 'compare'; readonly pairs: readonly { readonly a: string; readonly b: string; readonly options: MatchOptions }[] }
  | { readonly id: number; readonly kind: 'candidates'; readonly files: readonly string[]; readonly k: number }
  | { readonly id: number; readonly kind: 'rehearse'; readonly photos: readonly { readonly file: string; readonly focalPx: number; readonly camera: number }[]; readonly pairs: readonly RehearsalPair[]; readonly options: RehearsalOptions }

export type OverlapAnswer =
  | { readonly id: number; readonly kind: 'compared'; readonly evidence: readonly PairEvidence[] }
  | { readonly id: number; readonly kind: 'candidates'; readonly pairs: Int32Array }
  | { readonly id: number; readonly kind: 'rehearsed'; readonly rehearsal: Rehearsal }

// 96 photos of 2,500 features are 35 MB a worker; pairs come in blocks, so that the same photos are asked for again soon.
const KEPT_BLOBS = 96

// Enough for the votes of native/candidates; the rest of the features stays on disk.
const HEAD_FEATURES = 600

const native = loadNative((workerData as { program: string }).program)
const kept = new Map<string, Buffer>()

const EMPTY = Buffer.alloc(32)
EMPTY.write('SPF1', 'latin1')

function read(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : EMPTY
}

function blob(file: string): Buffer {
  const have = kept.get(file) ?? read(file)
  kept.delete(file)
  kept.set(file, have)
  if (kept.size > KEPT_BLOBS) kept.delete(kept.keys().next().value!)
  return have
}

// The blob's layout is told in native/blob.h: header, 16 bytes a keypoint, 128 bytes a descriptor.
function head(file: string): Buffer {
  const whole = read(file)
  const count = whole.readUInt32LE(4)
  const few = Math.min(count, HEAD_FEATURES)
  const cut = Buffer.concat([whole.subarray(0, 32 + 16 * few), whole.subarray(32 + 16 * count, 32 + 16 * count + 128 * few)])
  cut.writeUInt32LE(few, 4)
  return cut
}

function answer(task: OverlapTask): OverlapAnswer {
  switch (task.kind) {
    case 'compare':
      return { id: task.id, kind: 'compared', evidence: task.pairs.map(({ a, b, options }) => native.match(blob(a), blob(b), options)) }
    case 'candidates':
      return { id: task.id, kind: 'candidates', pairs: native.candidates(task.files.map(head), task.k) }
    case 'rehearse':
      return { id: task.id, kind: 'rehearsed', rehearsal: native.rehearse(task.photos.map(({ file, focalPx, camera }) => ({ blob: read(file), focalPx, camera })), task.pairs, task.options) }
  }
}

parentPort?.on('message', (task: OverlapTask) => parentPort?.postMessage(answer(task)))

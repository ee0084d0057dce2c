import { parentPort, workerData } from 'node:worker_threads'
import sharp from 'sharp'
import { problemOf } from '../../core/problem.ts'
import { decodePhoto } from './decode-photo.ts'
import type { DecodeJob } from './decode-photo.ts'
import { loadNative } from './native.ts'
import type { Native } from './native.ts'

// One photo, one thread: the pool is the parallelism. The cache would keep decoded pictures that nobody asks for again.
sharp.concurrency(1)
sharp.cache(false)

const native = nativeOrNull((workerData as { program: string }).program)

parentPort?.on('message', (job: DecodeJob) => {
  void decodePhoto(job, native).then(
    (result) => parentPort?.postMessage({ kind: 'result', result }),
    (error: unknown) =>
      parentPort?.postMessage({
        kind: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        errno: (error as { code?: string })?.code ?? null,
      }),
  )
})

/** Without the addon photos are still read; that the overlap is missing is said once, by the check. */
function nativeOrNull(program: string): Native | null {
  try {
    return loadNative(program)
  } catch (error) {
    if (problemOf(error)) return null
    throw error
  }
}

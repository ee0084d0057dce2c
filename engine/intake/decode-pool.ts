import { Worker } from 'node:worker_threads'
import { problem, ProblemError } from '../../core/problem.ts'
import type { DecodeJob, DecodeResult } from './decode-photo.ts'

type Reply =
  | { readonly kind: 'result'; readonly result: DecodeResult }
  | { readonly kind: 'failed'; readonly message: string; readonly errno: string | null }

/** A job's result, as soon as it is there: the order is that of finishing. */
export type Decoded = { readonly index: number; readonly result: DecodeResult }

// The longest honest photo (100 MP HEIC on a loaded machine) takes half of it; after that the file is set down as broken and its worker replaced.
const longestMs = 90_000
const crashed: DecodeResult = {
  kind: 'refused',
  refusal: { code: 'file/corrupt', what: 'Reading its picture failed.', remedy: 'Export it anew, or leave it out.' },
}

/** Decodes all jobs on `threads` workers. Ends at once when aborted, with the signal's reason; nothing half-written stays visible. */
export async function* decodeAll(
  jobs: readonly DecodeJob[],
  program: string,
  threads: number,
  signal: AbortSignal,
): AsyncIterable<Decoded> {
  const done: Decoded[] = []
  let wake: () => void = () => {}
  let failure: unknown = null
  let next = 0
  const lanes = Array.from({ length: Math.min(threads, jobs.length) }, () => new Lane(program))
  const run = async (lane: Lane) => {
    for (let index = next++; index < jobs.length && !signal.aborted; index = next++) {
      done.push({ index, result: await lane.decode(jobs[index] as DecodeJob) })
      wake()
    }
  }
  for (const lane of lanes)
    run(lane).catch((error: unknown) => {
      failure ??= error
      wake()
    })
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  try {
    for (let given = 0; given < jobs.length;) {
      signal.throwIfAborted()
      if (failure) throw failure
      const item = done.shift()
      if (item) {
        given++
        yield item
      } else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    next = jobs.length
    await Promise.all(lanes.map((lane) => lane.close()))
  }
}

/** One worker and the job that it has; a worker that dies is replaced and its job is the file's fault. */
class Lane {
  private readonly program: string
  private worker: Worker | null = null
  private closed = false

  constructor(program: string) {
    this.program = program
  }

  async decode(job: DecodeJob): Promise<DecodeResult> {
    if (this.closed) return crashed
    const worker = (this.worker ??= startWorker(this.program))
    const reply = await ask(worker, job)
    if (reply === null) {
      this.worker = null
      await worker.terminate()
      return crashed
    }
    if (reply.kind === 'result') return reply.result
    if (reply.errno === 'ENOSPC')
      throw new ProblemError(
        problem('disk/full', 'The disk is full: thumbnails and features could not be kept.', 'Free up space, then check again.'),
      )
    if (reply.errno === 'EACCES' || reply.errno === 'EROFS')
      throw new ProblemError(
        problem(
          'disk/read-only',
          'The cache folder cannot be written.',
          'Give yourself write permission to the home folder, or set SPACEPORT_HOME.',
        ),
      )
    return crashed
  }

  async close(): Promise<void> {
    this.closed = true
    await this.worker?.terminate()
  }
}

function startWorker(program: string): Worker {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { workerData: { program } })
  // An error between two jobs has nobody to tell: the next job finds the worker gone.
  return worker.on('error', () => {})
}

/** The worker's answer; null where it died or took too long. */
function ask(worker: Worker, job: DecodeJob): Promise<Reply | null> {
  return new Promise((resolve) => {
    const settle = (reply: Reply | null) => {
      clearTimeout(timer)
      worker.off('message', settle).off('error', onEnd).off('exit', onEnd)
      resolve(reply)
    }
    const onEnd = () => settle(null)
    const timer = setTimeout(onEnd, longestMs)
    worker.on('message', settle).on('error', onEnd).on('exit', onEnd)
    worker.postMessage(job)
  })
}

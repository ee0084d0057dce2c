import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { FeaturesGone } from './overlap-features.ts'
import type { OverlapAnswer, OverlapTask } from './overlap-worker.ts'

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A task without the number that the pool gives it. */
export type Work = DistributiveOmit<OverlapTask, 'id'>

/** A few worker threads that answer tasks. `close` ends them at once, whatever they are doing. */
export type OverlapPool = {
  readonly size: number
  run(work: Work): Promise<OverlapAnswer>
  close(): Promise<void>
}

type Waiting = { readonly resolve: (answer: OverlapAnswer) => void; readonly reject: (reason: unknown) => void }

/** Starts `threads` workers (0: one for each processor). A worker that dies rejects what it was asked; one that misses features rejects it with FeaturesGone. */
export function startPool(program: string, threads: number): OverlapPool {
  const size = threads > 0 ? threads : availableParallelism()
  const workers = Array.from(
    { length: size },
    () => new Worker(new URL('./overlap-worker.ts', import.meta.url), { workerData: { program } }),
  )
  const waiting = workers.map(() => new Map<number, Waiting>())
  for (const [i, worker] of workers.entries()) {
    const fail = (reason: unknown): void => {
      for (const each of waiting[i]!.values()) each.reject(reason)
      waiting[i]!.clear()
    }
    worker.on('message', (answer: OverlapAnswer) => {
      const asked = waiting[i]!.get(answer.id)
      if (answer.kind === 'gone') asked?.reject(new FeaturesGone(answer.files))
      else asked?.resolve(answer)
      waiting[i]!.delete(answer.id)
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('The overlap worker ended.')))
  }
  let next = 0
  return {
    size,
    run(work) {
      const id = next++
      const idle = workers.map((_, i) => i).reduce((a, b) => (waiting[b]!.size < waiting[a]!.size ? b : a))
      return new Promise((resolve, reject) => {
        waiting[idle]!.set(id, { resolve, reject })
        workers[idle]!.postMessage({ ...work, id })
      })
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

import { Worker } from 'node:worker_threads'
import type { HashJob, HashReply, PieceHash } from './hash-job.ts'

/** A file that could not be read or written: the system's code (`ENOENT`, `EIO`, …) or `SHORT` where it ends too early. */
export class FileTrouble extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'FileTrouble'
    this.code = code
  }
}

export type Hasher = {
  /** Jobs with the same `chain.id` run in the order in which they were asked. */
  readonly run: (job: HashJob) => Promise<PieceHash>
  readonly close: () => Promise<void>
}

type Waiting = { readonly resolve: (hash: PieceHash) => void; readonly reject: (error: unknown) => void }
type Lane = { readonly worker: Worker; readonly waiting: Map<number, Waiting> }

/** Reads and hashes on `threads` worker threads. */
export function openHasher(threads: number): Hasher {
  const lanes = Array.from({ length: threads }, startLane)
  let count = 0
  return {
    run(job) {
      const id = ++count
      const lane = laneFor(lanes, job)
      return new Promise((resolve, reject) => {
        lane.waiting.set(id, { resolve, reject })
        lane.worker.postMessage({ id, job })
      })
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.worker.terminate()))
    },
  }
}

function startLane(): Lane {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 4 } })
  const waiting = new Map<number, Waiting>()
  const failAll = (error: unknown) => {
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }
  worker.on('message', (reply: HashReply) => {
    const one = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.ok) one?.resolve(reply.hash)
    else one?.reject(new FileTrouble(reply.code, reply.message))
  })
  worker.on('error', failAll)
  worker.on('exit', () => failAll(new Error('the hash worker ended')))
  return { worker, waiting }
}

function laneFor(lanes: readonly Lane[], job: HashJob): Lane {
  const chain = job.kind === 'piece' ? job.chain?.id : job.kind === 'drop-chain' ? job.id : undefined
  if (chain !== undefined) return lanes[pinned(chain, lanes.length)] as Lane
  return lanes.reduce((least, lane) => (lane.waiting.size < least.waiting.size ? lane : least))
}

function pinned(id: string, count: number): number {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0
  return sum % count
}

import type { BandwidthLimit } from '../../core/transfer/bandwidth.ts'
import { bytesInFlight, firstPace, nextPace, type Pace } from '../../core/transfer/pacing.ts'
import { type Bucket, limitAt, take } from '../../core/transfer/token-bucket.ts'
import { Gate } from './gate.ts'
import { type Memory, openMemory } from './memory.ts'
import type { News } from './news.ts'
import type { BodyHooks } from './wire.ts'

// A window long enough that one photo more or less is not a trend.
const windowMs = 1000
// Questions (HEAD) carry no bytes: their number hides the round trip and is no load.
const questionsAtOnce = 16

// The next body starts when nine tenths of this one should have arrived: the line never idles, and a kill finds little more than one body under way.
const mostOfABody = 0.9
const newestBodyWeight = 0.3
// A quarter second of the line at a time: progress is smooth on a slow one, and slices cost nothing on a fast one (2,000 a GiB cost 0.4 CPU seconds).
const sliceMs = 250
const smallSlice = 256 * 1024
const largestSlice = 8 * 1024 * 1024

/** The line that all requests of a transfer share: who may send when, and what was learnt about it. */
export class Line {
  /** Requests with a body, open at once. */
  readonly lanes: Gate
  readonly questions = new Gate(questionsAtOnce)
  readonly memory: Memory = openMemory(bytesInFlight)
  private readonly bodies: Gate
  private readonly unanswered: Gate
  private pace: Pace
  private bucket: Bucket
  private provenBytes = 0
  private trouble = false
  private hungry = false
  private answersMs: number[] = []
  private windowStartMs: number
  private movedBytes = 0
  /** How fast the last bodies were, from their first byte to their answer. */
  private bodyBytesPerMs: number | null = null
  private readonly startMs: number
  private readonly news: News
  private readonly now: () => Date
  private readonly limit: () => BandwidthLimit | null

  constructor(news: News, now: () => Date, limit: () => BandwidthLimit | null, first: Pace = firstPace) {
    this.pace = first
    this.lanes = new Gate(first.atOnce)
    this.bodies = new Gate(first.onLine)
    this.unanswered = new Gate(first.onLine + 1)
    this.news = news
    this.now = now
    this.limit = limit
    this.startMs = now().getTime()
    this.bucket = { tokens: 0, atMs: this.startMs }
    this.windowStartMs = this.startMs
  }

  /** Waits for a place on the line for a body of `sizeBytes`; `moved` counts what left of it, `done` (its end) gives the place back. */
  async body(
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<{ readonly hooks: BodyHooks; readonly moved: () => number; readonly done: (arrived: boolean) => void }> {
    const answered = await this.unanswered.enter(signal)
    const leave = await this.bodies.enter(signal).catch((error: unknown) => {
      answered()
      throw error
    })
    const startMs = performance.now()
    let moved = 0
    let timer: NodeJS.Timeout | undefined
    const hooks: BodyHooks = {
      moved: (bytes) => {
        moved += bytes
        this.movedBytes += bytes
        this.news.count(bytes)
      },
      // The system took it all, perhaps into buffers of megabytes: the line is free when it can have carried most of it.
      flushed: () => {
        if (this.bodyBytesPerMs === null) return
        timer = setTimeout(leave, Math.max(0, startMs + (mostOfABody * sizeBytes) / this.bodyBytesPerMs - performance.now()))
      },
      sliceBytes: this.sliceBytes(),
      allow: this.limit() === null ? null : (bytes) => this.allow(bytes),
    }
    const done = (arrived: boolean) => {
      clearTimeout(timer)
      leave()
      answered()
      const rate = sizeBytes / Math.max(1, performance.now() - startMs)
      if (arrived)
        this.bodyBytesPerMs = this.bodyBytesPerMs === null ? rate : this.bodyBytesPerMs * (1 - newestBodyWeight) + rate * newestBodyWeight
    }
    return { hooks, moved: () => moved, done }
  }

  /** Counts bytes that came; where a limit holds, a promise of when more may. */
  received(bytes: number): Promise<void> | null {
    this.movedBytes += bytes
    this.news.count(bytes)
    return this.limit() === null ? null : this.allow(bytes)
  }

  /** Bytes per second since the start; null while too little has moved to tell. */
  rate(): number | null {
    const tookMs = this.now().getTime() - this.startMs
    return tookMs < 2000 || this.movedBytes === 0 ? null : (this.movedBytes * 1000) / tookMs
  }

  answered(tookMs: number): void {
    this.answersMs.push(tookMs)
  }

  proven(bytes: number): void {
    this.provenBytes += bytes
    this.hungry ||= this.unanswered.isCrowded || this.bodies.isCrowded || this.lanes.isCrowded
    this.look()
  }

  troubled(): void {
    this.trouble = true
    this.look()
  }

  private look(): void {
    const endMs = this.now().getTime()
    const tookMs = endMs - this.windowStartMs
    if (tookMs < windowMs) return
    const rttMs = this.answersMs.length === 0 ? null : (this.answersMs.sort((a, b) => a - b)[this.answersMs.length >> 1] as number)
    const next = nextPace(this.pace, { endMs, tookMs, provenBytes: this.provenBytes, rttMs, trouble: this.trouble, hungry: this.hungry })
    const changed = next.atOnce !== this.pace.atOnce || next.onLine !== this.pace.onLine
    this.pace = next
    Object.assign(this, { provenBytes: 0, trouble: false, hungry: false, answersMs: [], windowStartMs: endMs })
    if (!changed) return
    this.lanes.resize(next.atOnce)
    this.bodies.resize(next.onLine)
    this.unanswered.resize(next.onLine + 1)
    this.news.tell({ kind: 'pace', atOnce: next.atOnce, onLine: next.onLine })
  }

  private sliceBytes(): number {
    if (this.limit() !== null || this.bodyBytesPerMs === null) return smallSlice
    return Math.min(largestSlice, Math.max(smallSlice, this.bodyBytesPerMs * sliceMs))
  }

  private async allow(bytes: number): Promise<void> {
    const now = this.now()
    const bytesPerS = limitAt(this.limit(), now.getHours())
    if (bytesPerS === null) return
    const { bucket, waitMs } = take(this.bucket, bytesPerS, bytes, now.getTime())
    this.bucket = bucket
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

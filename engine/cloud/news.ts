import type { TransferEvent, TransferNews } from '../../core/transfer/events.ts'

/** Where the many hands of a transfer tell what happened, and the one reader hears it in order. */
export class News {
  private readonly queue: TransferEvent[] = []
  private wake: () => void = () => {}
  private ended = false
  private moved = 0
  private movedAtMs = 0
  private readonly now: () => Date

  constructor(now: () => Date) {
    this.now = now
  }

  tell(news: TransferNews): void {
    this.flushMoved()
    this.push(news)
  }

  /** Counts body bytes; told in sums, at most five times a second. */
  count(bytes: number): void {
    this.moved += bytes
    if (this.now().getTime() - this.movedAtMs >= 200) this.flushMoved()
  }

  end(): void {
    this.flushMoved()
    this.ended = true
    this.wake()
  }

  async *read(): AsyncGenerator<TransferEvent> {
    for (;;) {
      const event = this.queue.shift()
      if (event) yield event
      else if (this.ended) return
      else await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  private flushMoved(): void {
    if (this.moved === 0) return
    const bytes = this.moved
    this.moved = 0
    this.movedAtMs = this.now().getTime()
    this.push({ kind: 'moved', bytes })
  }

  private push(news: TransferNews): void {
    this.queue.push({ ...news, atMs: this.now().getTime() })
    this.wake()
  }
}

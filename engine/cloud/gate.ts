/** Lets as many in as there is room for, in the order in which they came. */
export class Gate {
  private room: number
  private inside = 0
  private readonly waiting: { readonly let: () => void; readonly signal: AbortSignal }[] = []

  constructor(room: number) {
    this.room = room
  }

  /** Waits for a place; the returned function gives it back (once). Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.waiting.length > 0 || this.inside >= this.room) await this.queue(signal)
    else this.inside++
    let left = false
    return () => {
      if (left) return
      left = true
      this.inside--
      this.next()
    }
  }

  resize(room: number): void {
    this.room = room
    this.next()
  }

  /** Somebody waits: more room would be used. */
  get isCrowded(): boolean {
    return this.waiting.length > 0
  }

  private queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { let: () => (signal.removeEventListener('abort', onAbort), resolve()), signal }
      const onAbort = () => {
        const at = this.waiting.indexOf(entry)
        if (at >= 0) this.waiting.splice(at, 1)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.waiting.push(entry)
    })
  }

  private next(): void {
    while (this.inside < this.room && this.waiting.length > 0) {
      this.inside++
      this.waiting.shift()?.let()
    }
  }
}

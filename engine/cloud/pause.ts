import type { Hold } from '../../core/transfer/events.ts'

// Whose word is shown where several hold: a person's own is never hidden behind a rule.
const order: readonly Hold[] = ['user', 'sleep', 'battery', 'offline']

/** The switch by which a person, a sleeping machine or a low battery holds transfers. What is on the line goes to its end: nothing is sent twice for a pause. */
export class PauseSwitch {
  private readonly holders = new Set<Hold>()
  private wake: (() => void)[] = []
  private readonly listeners = new Set<(by: Hold | null) => void>()

  get heldBy(): Hold | null {
    return order.find((by) => this.holders.has(by)) ?? null
  }

  hold(by: Hold): void {
    this.change(() => this.holders.add(by))
  }

  /** Takes one reason away: a machine that wakes up does not end a person's pause. */
  release(by: Hold): void {
    this.change(() => this.holders.delete(by))
  }

  /** A person wants it to go on, whatever held it. */
  goOn(): void {
    this.change(() => this.holders.clear())
  }

  /** Tells every change; returns its undoing. */
  listen(hear: (by: Hold | null) => void): () => void {
    this.listeners.add(hear)
    return () => this.listeners.delete(hear)
  }

  /** Resolves as soon as nothing is held. Rejects with the signal's reason. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.holders.size > 0) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => reject(signal.reason as Error)
        signal.addEventListener('abort', onAbort, { once: true })
        this.wake.push(() => (signal.removeEventListener('abort', onAbort), resolve()))
      })
    }
  }

  private change(deed: () => void): void {
    const before = this.heldBy
    deed()
    const now = this.heldBy
    if (before === now) return
    for (const hear of this.listeners) hear(now)
    if (now !== null) return
    const sleepers = this.wake
    this.wake = []
    for (const rise of sleepers) rise()
  }
}

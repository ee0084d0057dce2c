import type { Hold } from '../../core/transfer/events.ts'

/** The switch by which a person, a sleeping machine or a low battery holds transfers. What is on the line goes to its end: nothing is sent twice for a pause. */
export class PauseSwitch {
  private holder: Hold | null = null
  private wake: (() => void)[] = []
  private readonly listeners = new Set<(by: Hold | null) => void>()

  get heldBy(): Hold | null {
    return this.holder
  }

  hold(by: Hold): void {
    if (this.holder !== null) return
    this.holder = by
    for (const hear of this.listeners) hear(by)
  }

  goOn(): void {
    if (this.holder === null) return
    this.holder = null
    for (const hear of this.listeners) hear(null)
    const sleepers = this.wake
    this.wake = []
    for (const rise of sleepers) rise()
  }

  /** Tells every change; returns its undoing. */
  listen(hear: (by: Hold | null) => void): () => void {
    this.listeners.add(hear)
    return () => this.listeners.delete(hear)
  }

  /** Resolves as soon as nothing is held. Rejects with the signal's reason. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.holder !== null) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => reject(signal.reason as Error)
        signal.addEventListener('abort', onAbort, { once: true })
        this.wake.push(() => (signal.removeEventListener('abort', onAbort), resolve()))
      })
    }
  }
}

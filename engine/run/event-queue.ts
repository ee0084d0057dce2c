/** Hands over values from whoever pushes to whoever iterates, in order. */
export function eventQueue<T>() {
  let held: T[] = []
  let closed = false
  let wake: () => void = () => undefined
  return {
    push: (value: T): void => {
      held.push(value)
      wake()
    },
    close: (): void => {
      closed = true
      wake()
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T> {
      for (;;) {
        const batch = held
        held = []
        yield* batch
        if (held.length > 0) continue
        if (closed) return
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

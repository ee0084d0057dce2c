/** Where a host takes its time from: the wall clock, and a beat. */
export type Beat = { readonly nowMs: () => number; readonly every: (ms: number, hear: () => void) => () => void }

const tickMs = 5_000
// A busy machine is late by seconds; a lid is closed for longer. Whoever is late for a minute loses nothing by a pause that ends at once.
const leastSleepMs = 60_000

const realBeat: Beat = {
  nowMs: () => Date.now(),
  every: (ms, hear) => {
    const timer = setInterval(hear, ms).unref()
    return () => clearInterval(timer)
  },
}

/** Calls `woke` after the machine slept: no program in a plain browser is told, but the clock has jumped over the beats. Returns its undoing. */
export function watchSleep(woke: () => void, beat: Beat = realBeat): () => void {
  let lastMs = beat.nowMs()
  return beat.every(tickMs, () => {
    const nowMs = beat.nowMs()
    const isLate = nowMs - lastMs > tickMs + leastSleepMs
    lastMs = nowMs
    if (isLate) woke()
  })
}

/** Bytes moved since the start, at a time. */
export type Sample = { readonly atMs: number; readonly bytes: number }

// Shown rate: the last 10 s. Time left: the last 60 s, and nothing below 30 s of data (screens.md section 4).
const shownMs = 10_000
const leftMs = 60_000
const enoughMs = 30_000
// "Varies by more than half": the fastest 10 s of the window against its mean, and the slowest.
const steady = 0.5
// Half a second between samples is finer than any figure that is shown.
const apartMs = 500

/** The samples with one more, thinned and without those that no figure needs. */
export function keep(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-2)
  const before = last && next.atMs - last.atMs < apartMs ? samples.slice(0, -1) : samples
  const fresh = before.filter((one) => one.atMs >= next.atMs - leftMs - apartMs)
  return [...fresh, next]
}

/** Bytes per second over the last 10 s; null while there is less than one second of data or the newest is older than that. */
export function shownRate(samples: readonly Sample[], nowMs: number): number | null {
  return rateSince(samples, nowMs - shownMs, nowMs)
}

/** Seconds left by the rule: remaining / rate of the last 60 s; null under 30 s of data, at a standstill, or while the rate varies by more than half. */
export function secondsLeft(samples: readonly Sample[], remainingBytes: number, nowMs: number): number | null {
  const first = samples.find((one) => one.atMs >= nowMs - leftMs)
  if (first === undefined || nowMs - first.atMs < enoughMs) return null
  const rate = rateSince(samples, nowMs - leftMs, nowMs)
  if (rate === null || rate <= 0 || !isSteady(samples, first.atMs, nowMs, rate)) return null
  return remainingBytes / rate
}

function isSteady(samples: readonly Sample[], fromMs: number, nowMs: number, mean: number): boolean {
  for (let start = fromMs; start + shownMs <= nowMs; start += shownMs) {
    const rate = (bytesAt(samples, start + shownMs) - bytesAt(samples, start)) / (shownMs / 1000)
    if (Math.abs(rate - mean) > mean * steady) return false
  }
  return true
}

function rateSince(samples: readonly Sample[], fromMs: number, nowMs: number): number | null {
  const first = samples.find((one) => one.atMs >= fromMs)
  if (first === undefined || nowMs - first.atMs < 1000) return null
  return ((samples.at(-1) as Sample).bytes - first.bytes) / ((nowMs - first.atMs) / 1000)
}

function bytesAt(samples: readonly Sample[], atMs: number): number {
  const after = samples.findIndex((one) => one.atMs >= atMs)
  if (after === -1) return (samples.at(-1) as Sample).bytes
  const right = samples[after] as Sample
  const left = samples[after - 1]
  if (left === undefined || right.atMs === left.atMs) return right.bytes
  return left.bytes + ((right.bytes - left.bytes) * (atMs - left.atMs)) / (right.atMs - left.atMs)
}

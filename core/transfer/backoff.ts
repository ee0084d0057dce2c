// The first repeat comes soon (most failures are one broken connection); later ones give a throttled service time.
const firstMs = 500
const longestMs = 60_000
/** Attempts of one request before the transfer gives up on it: about three minutes of trouble without a single answer. */
export const mostAttempts = 9

/** How long to wait before attempt `attempt` + 1, milliseconds. `random`: 0..1; half of the wait is random, so that clients do not return together. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1))
  return full * (0.5 + random / 2)
}

// While there is no network a try costs nothing: look often at first, then every quarter minute.
const offlineLongestMs = 15_000

/** How long to wait before the next look whether the network is back, milliseconds. */
export function offlineWaitMs(look: number, random: number): number {
  return Math.min(offlineLongestMs, 500 * 2 ** look) * (0.5 + random / 2)
}

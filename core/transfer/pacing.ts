/** How many requests are open, and how many of them may have their body on the line at once. */
export type Pace = {
  readonly atOnce: number
  readonly onLine: number
  /** Goodput of the best window so far, bytes per second; fades, so that a line that got slower is learnt again. */
  readonly bestBytesPerS: number
  readonly trial: boolean
  readonly nextTrialMs: number
  readonly typicalRttMs: number | null
}

/** What one window of time has shown. `rttMs`: median answer time of small requests, null where none was asked. */
export type PaceWindow = {
  readonly endMs: number
  readonly tookMs: number
  readonly provenBytes: number
  readonly rttMs: number | null
  readonly trouble: boolean
  readonly hungry: boolean
}

// Four keep any line busy that has round trips; beyond sixteen servers answer SlowDown and memory is spent (facts: peers default to 4-10).
export const fewest = 4
export const most = 16
// What may be read, hashed and unsent at once: bounds the memory of the whole upload.
export const bytesInFlight = 64 * 1024 * 1024
// A rise below 10 % is noise on a shared line (5 % let the number creep up on a busy machine).
const worthwhile = 1.1
const backOff = 0.7
const betweenTrialsMs = 10_000
const quickTrialsMs = 2_000
const fade = 0.98

// One body at a time on the line: what a kill loses is then one part, not a part a connection. Answers and proofs overlap anyway.
export const firstPace: Pace = { atOnce: fewest, onLine: 1, bestBytesPerS: 0, trial: false, nextTrialMs: 0, typicalRttMs: null }

// Ranges that come: two at once hide the question between them; what a kill makes come again costs no upload.
export const firstDownloadPace: Pace = { ...firstPace, atOnce: 6, onLine: 2 }

/** The pace after a window: additive increase while goodput rises, multiplicative decrease on trouble or a doubled answer time. */
export function nextPace(pace: Pace, window: PaceWindow): Pace {
  const typicalRttMs = smooth(pace.typicalRttMs, window.rttMs)
  const queueing = window.rttMs !== null && pace.typicalRttMs !== null && window.rttMs > 2 * pace.typicalRttMs + 50
  if (window.trouble || queueing) return slower({ ...pace, typicalRttMs }, window)
  if (!window.hungry || window.tookMs <= 0) return { ...pace, typicalRttMs }
  const goodput = (window.provenBytes * 1000) / window.tookMs
  return settle({ ...pace, typicalRttMs }, goodput, window.endMs)
}

function settle(pace: Pace, goodput: number, nowMs: number): Pace {
  const best = Math.max(goodput, pace.bestBytesPerS * fade)
  const rose = goodput > pace.bestBytesPerS * worthwhile
  if (pace.trial && !rose)
    return { ...sized(pace, pace.onLine - 1), bestBytesPerS: best, trial: false, nextTrialMs: nowMs + betweenTrialsMs }
  if (nowMs < pace.nextTrialMs && !pace.trial) return { ...pace, bestBytesPerS: best }
  if (pace.bestBytesPerS === 0) return { ...pace, bestBytesPerS: best, nextTrialMs: nowMs + quickTrialsMs }
  return { ...sized(pace, pace.onLine + 1), bestBytesPerS: best, trial: true }
}

function slower(pace: Pace, window: PaceWindow): Pace {
  const atOnce = Math.max(fewest, Math.floor(pace.atOnce * backOff))
  const onLine = Math.max(1, Math.floor(pace.onLine * backOff))
  return { ...pace, atOnce, onLine, trial: false, bestBytesPerS: pace.bestBytesPerS * backOff, nextTrialMs: window.endMs + betweenTrialsMs }
}

// Behind each body on the line one more is hashed and waiting, and one is being proven.
function sized(pace: Pace, onLine: number): Pace {
  const bodies = Math.min(most, Math.max(1, onLine))
  return { ...pace, onLine: bodies, atOnce: Math.min(most, Math.max(fewest, bodies * 2 + 2)) }
}

function smooth(before: number | null, now: number | null): number | null {
  if (now === null) return before
  return before === null ? now : before * 0.9 + now * 0.1
}

import { useSyncExternalStore } from 'react'

/** The two clocks that may tick (elapsed, last heard): the time now, once a second while `on`. */
export function useClock(on: boolean): number {
  return useSyncExternalStore(on ? everySecond : never, secondNow)
}

function everySecond(hear: () => void): () => void {
  const timer = setInterval(hear, 1000)
  return () => clearInterval(timer)
}

function never(): () => void {
  return () => undefined
}

function secondNow(): number {
  return Math.floor(Date.now() / 1000) * 1000
}

/** The time of this drawing, for words like "today". */
export function useNow(): Date {
  return new Date(useClock(false))
}

import { bytes, count, decimal, duration, plural } from '../core/figures.ts'

/** `—` is the sign of the unknown. */
export const unknown = '—'

export { bytes, count, decimal, duration, plural }

/** A span in whole seconds for clocks that tick. */
export function ticking(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000)
}

/** Local clock time of an ISO time: "14:06", with seconds "14:06:18". */
export function clockTime(iso: string, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(seconds ? { second: '2-digit' } : {}),
  }
  return new Date(iso).toLocaleTimeString('en-GB', options)
}

/** Day of an ISO time, seen from `now`: "today 14:02", "yesterday", "24 Oct", "24 Oct 2024". */
export function day(iso: string, now: Date): string {
  const then = new Date(iso)
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000)
  if (days === 0) return `today ${clockTime(iso)}`
  if (days === 1) return 'yesterday'
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'short',
    ...(then.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }
  return then.toLocaleDateString('en-GB', options)
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

/** Month heading of an ISO time: "October", "October 2024". */
export function month(iso: string, now: Date): string {
  const then = new Date(iso)
  return then.toLocaleDateString('en-GB', then.getFullYear() === now.getFullYear() ? { month: 'long' } : { month: 'long', year: 'numeric' })
}

/** Exposure time as photographers say it: "1/435 s", "2.5 s". */
export function exposureTime(seconds: number): string {
  return seconds >= 0.4 ? `${decimal(seconds, 1)} s` : `1/${Math.round(1 / seconds)} s`
}

/** The last part of a path, for either kind of slash. */
export function leaf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
}

/** A photo's name without its folder and ending. */
export function shortName(file: string): string {
  return leaf(file).replace(/\.[^.]+$/, '')
}

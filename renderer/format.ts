/** Words for numbers: units with a space, thousands separators, a real minus. `—` is the sign of the unknown. */
export const unknown = '—'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** A count with thousands separators. */
export function count(value: number): string {
  return whole.format(value).replace('-', '−')
}

/** A number with fixed decimals and a real minus. */
export function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}

/** Bytes in decimal units, three significant digits. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
  return `${size.toFixed(digits)} ${units[unit]}`
}

/** A span of time, two units at most: "52 min 18 s", "1 h 05 min", "8.2 s". */
export function duration(ms: number): string {
  const s = ms / 1000
  if (s < 10) return `${decimal(s, 1)} s`
  if (s < 60) return `${Math.floor(s)} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(Math.floor(s % 60)).padStart(2, '0')} s`
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`
}

/** A span in whole seconds for clocks that tick. */
export function ticking(ms: number): string {
  return ms < 10_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms)
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

/** "1 photo", "18 photos". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
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

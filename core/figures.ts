/** Figures as a person reads them, the same on every screen and in every terminal. */
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** A count with thousands separators and a real minus. */
export function count(value: number): string {
  return whole.format(value).replace('-', '−')
}

/** A number with fixed decimals and a real minus. */
export function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}

/** "1 photo", "18 photos". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Bytes in decimal units, as disks and file managers say them, three significant digits: "58.1 MB". */
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

/** A span of time, rounded, two units at most: "850 ms", "8.2 s", "42 s", "52 min 18 s", "1 h 05 min". */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9950) return `${decimal(ms / 1000, 1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`
  const minutes = Math.round(ms / 60_000)
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

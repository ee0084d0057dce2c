/** A whole number with separators: 1,204. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** "1 photo", "18 photos". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A rate for a person: whole from ten on, one decimal below. */
export function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value)
}

/** Bytes for a person: 58.1 MB (decimal, as disks and file managers say it). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${value.toFixed(value < 100 ? 1 : 0)} ${units[step - 1]}`
}

/** A duration for a person: 850 ms, 9.2 s, 2 min 10 s, 1 h 04 min. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of counted progress, `width` cells. */
export function bar(done: number, total: number, width = 24): string {
  const cells = Math.min(1, Math.max(0, total > 0 ? done / total : 0)) * width
  const whole = Math.floor(cells)
  const part = EIGHTHS[Math.floor((cells - whole) * 8)] ?? ''
  return ('█'.repeat(whole) + part).padEnd(width, '░')
}

/** The bar of a line that is redrawn, with the space behind it; nothing in a line that stays. */
export function meter(done: number, total: number, live: boolean, paint: (text: string) => string): string {
  return live ? `${paint(bar(done, total))}  ` : ''
}

/** The first few names and how many more there are. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${count(names.length - most)} more` : shown
}

/** Text without control characters: a file name may hold escape sequences that would drive the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\t\n]/g, ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** Breaks text at spaces so that no line is longer than `width`; later lines are indented. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join(`\n${indent}`)
}

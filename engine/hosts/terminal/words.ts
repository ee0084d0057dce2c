import { bytes as sizeText, count, duration as durationText, plural as counted } from '../../../core/figures.ts'

// The commands know all their words from here.
export { count, counted, durationText, sizeText }

/** A rate for a person: whole from ten on, one decimal below. */
export function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value)
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

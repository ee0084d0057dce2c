import { stripVTControlCharacters } from 'node:util'

/** Rows as columns that line up; colours count for nothing. The last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const width = (text: string) => stripVTControlCharacters(text).length
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ''))))
  const cell = (text: string, at: number, row: readonly string[]) =>
    at === row.length - 1 ? text : text + ' '.repeat((widths[at] ?? 0) - width(text))
  return rows.map((row) => row.map(cell).join('  ')).join('\n')
}

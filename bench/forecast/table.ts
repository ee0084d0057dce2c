/** One line of the table of what the forecast must reach. `reached`: null where this run could not measure it, and `figure` says why. */
export type Row = { readonly what: string; readonly must: string; readonly figure: string; readonly reached: boolean | null }

/** The table as text, one line a row. */
export function tableOf(rows: readonly Row[]): string {
  const widths = (['what', 'must'] as const).map((column) => Math.max(...rows.map((row) => row[column].length)) + 2)
  const word = (reached: boolean | null): string => (reached === null ? 'not measured' : reached ? 'reached' : 'MISSED')
  return rows
    .map((row) => `${word(row.reached).padEnd(14)}${row.what.padEnd(widths[0]!)}${row.must.padEnd(widths[1]!)}${row.figure}`)
    .join('\n')
}

import { CacheKind, type DoctorRow } from '../../../core/contract.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printable, sizeText, wrap } from '../terminal/words.ts'
import { withEngine } from './engine.ts'
import { requireLocal } from './not-yet.ts'

/** Tells whether this machine is able to run; exit status 30 where something blocks it. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  requireLocal(textFlag(context, 'where') ?? 'local')
  const { rows, freedBytes } = await withEngine(context, async (engine) => {
    const cleared = context.flags['clear-cache'] === true ? await engine.handlers['app.clearCache']({ kinds: CacheKind.options }) : null
    return { rows: await engine.handlers['app.doctor']({}), freedBytes: cleared?.freedBytes ?? null }
  })
  const isAble = !rows.some((one) => one.state === 'blocks')
  if (freedBytes !== null) terminal.note(`The caches were cleared: ${sizeText(freedBytes)} freed.`)
  if (terminal.json) terminal.value({ version: 1, able: isAble, rows, ...(freedBytes === null ? {} : { freedBytes }) })
  else terminal.result(doctorText(rows, isAble, terminal))
  return isAble ? exitCode.fine : exitCode.failed
}

function doctorText(rows: readonly DoctorRow[], isAble: boolean, terminal: Pick<Terminal, 'paint' | 'columns'>): string {
  const width = Math.max(...rows.map((row) => row.check.length))
  const sum = isAble ? 'This machine is able to run.' : 'This machine is not able to run yet.'
  return `${rows.map((row) => rowText(row, width, terminal)).join('\n')}\n\n${sum}\n`
}

function rowText(row: DoctorRow, width: number, { paint, columns }: Pick<Terminal, 'paint' | 'columns'>): string {
  const indent = ' '.repeat(width + 4)
  const fit = (text: string) => wrap(printable(text), columns - indent.length, indent)
  const mark = { ok: paint.good('●'), limits: paint.warn('▲'), blocks: paint.bad('✕'), unknown: paint.faint('?') }[row.state]
  const remedy = row.remedy === null ? '' : `\n${indent}${paint.accent('→')} ${fit(row.remedy)}`
  return `${mark} ${paint.strong(row.check.padEnd(width))}  ${fit(row.what)}${remedy}`
}

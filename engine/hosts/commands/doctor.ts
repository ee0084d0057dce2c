import { CacheKind } from '../../../core/cache-use.ts'
import type { DoctorRow } from '../../../core/doctor.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printable, sizeText, wrap } from '../terminal/words.ts'
import { withEngine } from './engine.ts'

/** Tells whether this machine (and an account) is able to run; exit status 30 where something blocks it. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  const where = textFlag(context, 'where') ?? 'local'
  const { rows, freedBytes } = await withEngine(context, async (engine) => {
    const cleared = context.flags['clear-cache'] === true ? await engine.handlers['app.clearCache']({ kinds: CacheKind.options }) : null
    const account = where === 'local' ? [] : await engine.handlers['account.doctor']({ name: where })
    return { rows: [...(await engine.handlers['app.doctor']({})), ...account], freedBytes: cleared?.freedBytes ?? null }
  })
  const isAble = !rows.some((one) => one.state === 'blocks')
  if (freedBytes !== null) terminal.note(`The caches were cleared: ${sizeText(freedBytes)} freed.`)
  if (terminal.json) terminal.value({ version: 1, able: isAble, rows, ...(freedBytes === null ? {} : { freedBytes }) })
  else terminal.result(doctorText(rows, isAble, where, terminal))
  return isAble ? exitCode.fine : exitCode.failed
}

function doctorText(rows: readonly DoctorRow[], isAble: boolean, where: string, terminal: Pick<Terminal, 'paint' | 'columns'>): string {
  const width = Math.max(...rows.map((row) => row.check.length))
  const who = where === 'local' ? 'This machine is' : `This machine and the account ${where} are`
  const sum = isAble ? `${who} able to run.` : `${who} not able to run yet.`
  return `${rows.map((row) => rowText(row, width, terminal)).join('\n')}\n\n${sum}\n`
}

function rowText(row: DoctorRow, width: number, { paint, columns }: Pick<Terminal, 'paint' | 'columns'>): string {
  const indent = ' '.repeat(width + 4)
  const fit = (text: string) => wrap(printable(text), columns - indent.length, indent)
  const mark = { ok: paint.good('●'), limits: paint.warn('▲'), blocks: paint.bad('✕'), unknown: paint.faint('?') }[row.state]
  const remedy = row.remedy === null ? '' : `\n${indent}${paint.accent('→')} ${fit(row.remedy)}`
  return `${mark} ${paint.strong(row.check.padEnd(width))}  ${fit(row.what)}${remedy}`
}

import type { DoctorRow } from '../../../core/contract.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Paint } from '../terminal/paint.ts'
import { durationText } from '../terminal/words.ts'
import { withEngine } from './engine.ts'
import { requireLocal } from './not-yet.ts'

/** Tells whether this machine is able to run; exit status 30 where something blocks it. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  requireLocal(textFlag(context, 'where') ?? 'local')
  const rows = await withEngine(context, async (engine) => await engine.handlers['app.doctor']({}))
  const isAble = !rows.some((one) => one.state === 'blocks')
  if (terminal.json) terminal.value({ version: 1, able: isAble, rows })
  else
    terminal.result(
      `${rows.map((one) => rowText(one, terminal.paint)).join('\n')}\n\n${isAble ? 'This machine is able to run.' : 'This machine is not able to run yet.'}\n`,
    )
  return isAble ? exitCode.fine : exitCode.failed
}

function rowText(row: DoctorRow, paint: Paint): string {
  const mark = { ok: paint.good('●'), limits: paint.warn('▲'), blocks: paint.bad('✕'), unknown: paint.faint('?') }[row.state]
  const remedy = row.remedy === null ? '' : `\n  ${''.padEnd(14)} ${paint.accent('→')} ${row.remedy}`
  return `${mark} ${paint.strong(row.check.padEnd(14))} ${row.what} ${paint.faint(durationText(row.tookMs))}${remedy}`
}

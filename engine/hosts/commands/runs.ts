import type { RunSummary } from '../../../core/run/run-summary.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Paint } from '../terminal/paint.ts'
import { printable, sizeText } from '../terminal/words.ts'
import { runMark } from '../views/run-view.ts'
import { table } from '../views/table.ts'
import { withEngine } from './engine.ts'
import { isLeft } from './unfinished-run.ts'

/** Lists the runs of the library, newest first. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  const runs = await withEngine(context, async (engine) => await engine.handlers['runs.list']({}))
  if (terminal.json) terminal.value({ version: 1, runs })
  else if (runs.length === 0) terminal.note('No runs yet. Start one: spaceport run FOLDER')
  else terminal.result(`${table(runs.map((one) => row(one, isLeft(context.home, one), terminal.paint)))}\n`)
  return exitCode.fine
}

/** The time on the person's own clock, to the minute. */
function localMinute(iso: string): string {
  const at = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

function row(one: RunSummary, left: boolean, paint: Paint): readonly string[] {
  const psnr = one.state.psnr.at(-1)
  return [
    paint.strong(one.runId),
    left ? paint.warn('unfinished') : runMark(one.state, paint),
    localMinute(one.createdAt),
    one.settings.step === 'full' ? one.settings.preset : `${one.settings.preset}, ${one.settings.step}`,
    psnr ? `${psnr.psnr.toFixed(2)} dB` : '',
    one.diskBytes > 0 ? sizeText(one.diskBytes) : '',
    printable(one.captureName),
  ]
}

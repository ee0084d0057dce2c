import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { targetText } from '../views/target-view.ts'
import { withEngine } from './engine.ts'

/** Lists the cloud accounts that are set up. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal } = context
  const targets = await withEngine(context, async ({ handlers }) => await handlers['targets.list']({}))
  if (terminal.json) terminal.value({ version: 1, targets })
  else if (targets.length === 0)
    terminal.note('No cloud account is set up. Set one up: spaceport target NAME --bucket BUCKET --region REGION --tenant TENANT')
  else terminal.result(targets.map((one) => targetText(one, terminal.paint)).join(''))
  return exitCode.fine
}

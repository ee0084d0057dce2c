import { type Context, textFlag } from '../command.ts'
import { cloudProblem } from './not-yet.ts'
import { UsageError } from './usage-error.ts'

/** The transfer alone. Refused as long as no cloud account can be set up. */
export async function run(context: Context): Promise<never> {
  const where = textFlag(context, 'where')
  if (where === undefined) throw new UsageError('--where NAME is missing.')
  if (where === 'local') throw new UsageError('This machine needs no upload: --where names a cloud account.')
  throw cloudProblem(where)
}

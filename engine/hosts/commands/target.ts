import { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { Handlers } from '../../../core/contract.ts'
import { ProblemError } from '../../../core/problem.ts'
import { noTarget } from '../../cloud/no-target.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { targetText } from '../views/target-view.ts'
import { withEngine } from './engine.ts'
import { UsageError } from './usage-error.ts'

const settable = ['bucket', 'region', 'tenant', 'profile', 'endpoint', 'api'] as const

/** Sets a bucket of the person's own account up under a name, shows it, or forgets it. No key is asked for or kept. */
export async function run(context: Context): Promise<ExitCode> {
  const name = context.words[0] ?? ''
  const given = settable.filter((flag) => textFlag(context, flag) !== undefined)
  const removes = context.flags['remove'] === true
  if (removes && given.length > 0) throw new UsageError('--remove stands alone.')
  return await withEngine(context, async ({ handlers }) => {
    if (removes) return await remove(name, handlers, context)
    const known = (await handlers['targets.list']({})).find((one) => one.name === name)
    if (given.length === 0) return show(known, name, context)
    const target = wanted(context, name, known)
    await handlers['targets.save'](target)
    return show(target, name, context)
  })
}

async function remove(name: string, handlers: Handlers, { terminal }: Context): Promise<ExitCode> {
  await handlers['targets.remove']({ name })
  if (terminal.json) terminal.value({ version: 1, removed: name })
  else terminal.note(`${name} is forgotten here. What lies in its bucket stays there.`)
  return exitCode.fine
}

function show(target: CloudTarget | undefined, name: string, { terminal }: Context): ExitCode {
  if (target === undefined) throw new ProblemError(noTarget(name))
  if (terminal.json) terminal.value({ version: 1, target })
  else terminal.result(targetText(target, terminal.paint))
  return exitCode.fine
}

/** What the flags say, over what is known; an empty --profile or --endpoint takes it away again. */
function wanted(context: Context, name: string, known: CloudTarget | undefined): CloudTarget {
  const text = (flag: (typeof settable)[number]) => textFlag(context, flag) ?? known?.[flag] ?? null
  const missing = (['bucket', 'region', 'tenant'] as const).filter((flag) => text(flag) === null)
  if (missing.length > 0) throw new UsageError(`${missing.map((flag) => `--${flag}`).join(', ')} is missing.`)
  const fields = Object.fromEntries(settable.map((flag) => [flag, text(flag) || null]))
  const read = CloudTarget.safeParse({ name, ...fields })
  if (read.success) return read.data
  const wrong = String(read.error.issues[0]?.path[0] ?? '')
  throw new UsageError(
    wrong === 'name'
      ? `"${name}" is not a name: ${nameRule}`
      : `--${wrong} "${fields[wrong] ?? ''}" is not one. ${rules[wrong] ?? ''}`.trim(),
  )
}

const nameRule = 'small letters, digits and hyphens, at most 32; "local" is this machine.'
const rules: Readonly<Record<string, string>> = {
  bucket: 'A bucket has 3 to 63 small letters, digits, hyphens and dots.',
  region: 'A region is written as us-east-1.',
  tenant: 'It is your place in the bucket, t/TENANT/: letters, digits and : _ . -',
  api: 'It is the stack output "Api", https://….execute-api.REGION.amazonaws.com/v1/.',
  endpoint: 'It is the address of an S3 server, https://HOST.',
}

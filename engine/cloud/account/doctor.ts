import type { DoctorRow } from '../../../core/doctor.ts'
import { machines } from '../../../core/pipeline/prepare.ts'
import { problem, ProblemError, problemOf } from '../../../core/problem.ts'
import { prices } from '../../../core/run/cost.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import { doctorRow, type Found, ok } from '../../doctor.ts'
import type { TransferStore } from '../../history/transfers.ts'
import { type AccountClients, openClients } from './clients.ts'
import { bucketRules } from './bucket-rules.ts'
import { imageRows } from './images-there.ts'
import { quotasOf, requestQuota } from './quotas.ts'

/** Looks at what a run needs of an account beside its bucket and API (target-doctor.ts): one row a part, each asked this moment. */
export async function accountDoctor(target: CloudTarget, store: TransferStore, now: () => Date): Promise<readonly DoctorRow[]> {
  const clients = openClients(target, store, now)
  const look = (check: string, found: () => Promise<Found>) => doctorRow(check, () => found().catch(couldNotTell))
  try {
    return await Promise.all([
      look('Identity', () => identity(clients)),
      look('Prices', async () => pricesOf(target)),
      look('Bucket rules', () => bucketRules(target.bucket, clients)),
      ...neededQuotas.map((name) => look(`Quota: ${name}`, () => quota(name, clients))),
      look('Containers', () => imageRows(clients)),
    ])
  } finally {
    clients.close()
  }
}

/** Asks AWS for the quota that a row named; the answer of AWS can take a day. */
export async function askForQuota(target: CloudTarget, store: TransferStore, code: string, now: () => Date): Promise<void> {
  const clients = openClients(target, store, now)
  try {
    await requestQuota(clients, code)
  } catch (cause) {
    if (problemOf(cause)) throw cause
    const { name } = cause as Error
    throw new ProblemError(
      problem('cloud/quota', `AWS did not take the request (${name}).`, 'Ask for it in the AWS console, Service Quotas, Amazon SageMaker.'),
      { cause },
    )
  } finally {
    clients.close()
  }
}

/** Quotas by AWS's own names: one for each instance and kind of job that a run asks for. */
const neededQuotas: readonly string[] = [
  `${machines.sfm.instance} for processing job usage`,
  `${machines.compression.instance} for processing job usage`,
  `${machines.train.instance} for spot training job usage`,
]

const denied: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'])

/** A Problem keeps its words; what this sign-in may not see is not known, which is no fault of the account. */
function couldNotTell(error: unknown): Found {
  const known = problemOf(error)
  if (known) return { state: 'blocks', what: known.what, remedy: known.remedy }
  const { name, message } = error as Error
  if (denied.has(name) || (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403)
    return {
      state: 'unknown',
      what: 'Not known: this sign-in may not look at it.',
      remedy: 'A person who only uses the account need not: ask its owner to check.',
    }
  return { state: 'unknown', what: `Not known: ${message.split('\n')[0] || name}.`, remedy: 'Check again when the account can be reached.' }
}

async function identity({ identity: ask }: AccountClients): Promise<Found> {
  const { Account, Arn } = await ask()
  return ok(`${Arn?.split(':').at(-1) ?? 'somebody'} in account ${Account ?? 'unknown'}`)
}

function pricesOf({ region }: CloudTarget): Found {
  if (prices.region === region) return ok(`of ${prices.date}; ${prices.source}`)
  const what = `Known are those of ${prices.region} (${prices.date}), not those of ${region}.`
  return { state: 'limits', what, remedy: 'Quotes and costs are shown by that table; the bill is AWS’s.' }
}

async function quota(name: string, clients: AccountClients): Promise<Found> {
  const found = (await quotasOf(clients)).get(name)
  if (found === undefined)
    return { state: 'unknown', what: 'AWS lists no quota of that name here.', remedy: 'Look whether the region has this instance.' }
  if (found.value >= 1) return ok(`${found.value} at once`)
  const asked = found.requested ? ' A request is open.' : ''
  return {
    state: 'blocks',
    what: `${found.value} allowed, 1 needed.${asked}`,
    remedy: 'Request 1; AWS can take a day to answer.',
    quota: found.code,
  }
}

import type { DoctorRow } from '../../core/doctor.ts'
import { bucket as keys } from '../../core/layout.ts'
import { type Problem, problemOf } from '../../core/problem.ts'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../history/transfers.ts'
import { apiClient, PassingTrouble } from './account/api-client.ts'
import { connect } from './s3-client.ts'
import { troubleOf } from './s3-trouble.ts'
import { signedTarget } from './sign-in.ts'
import { type Store, storeOf } from './store.ts'
import { transferProblem } from './transfer-problem.ts'

type Found = Pick<DoctorRow, 'state' | 'what' | 'remedy'>
type Parts = { readonly store: TransferStore; readonly now: () => Date }

const ok = (what: string): Found => ({ state: 'ok', what, remedy: null })
// Longer than any answer that a person waits for.
const longestMs = 30_000
// A name that no photo has: a photo's is its hash.
const probe = `${'0'.repeat(64)}.jpg`

/** Asks an account whether transfers and runs can work there: one row a part, each seen by doing it, nothing left behind. */
export async function targetDoctor(wanted: CloudTarget, { store, now }: Parts): Promise<readonly DoctorRow[]> {
  const target = signedTarget(wanted, store)
  const signedIn = await row('Sign-in', async () => {
    await target.credentials()
    return ok(
      wanted.profile === null ? 'The environment or the default AWS profile signs in.' : `The AWS profile ${wanted.profile} signs in.`,
    )
  })
  if (signedIn.state !== 'ok') return [signedIn]
  const connection = connect(target, { now })
  try {
    const inBucket = storeOf(await connection.access(), wanted.bucket, AbortSignal.timeout(longestMs))
    const bucket = await row('Bucket', () => lookInto(inBucket, wanted), wanted.bucket)
    const rows = [signedIn, bucket]
    if (bucket.state === 'ok') rows.push(await row('Sending photos', () => tryToSend(inBucket, wanted), wanted.bucket))
    return [...rows, await row('Runs', () => askForRuns(wanted, target.credentials, now))]
  } finally {
    connection.close()
  }
}

async function lookInto(store: Store, { bucket, tenant, region }: CloudTarget): Promise<Found> {
  await store.list(`t/${tenant}/`, null)
  return ok(`${bucket} in ${region} answers, and t/${tenant}/ may be listed.`)
}

/** A multipart that is begun and ended at once: it shows the right to write, and leaves no object. */
async function tryToSend(store: Store, { tenant }: CloudTarget): Promise<Found> {
  const key = keys.photo(tenant, probe)
  await store.abort(key, await store.create(key))
  return ok(`Photos may be sent to t/${tenant}/photos/.`)
}

async function askForRuns(
  { api, region }: CloudTarget,
  credentials: Parameters<typeof apiClient>[0]['credentials'],
  now: () => Date,
): Promise<Found> {
  if (!api)
    return {
      state: 'limits',
      what: 'Photos can be sent there, but nothing runs: no API is named.',
      remedy: 'Name it: --api ADDRESS, the stack output "Api".',
    }
  // A run that nobody started: the answer that there is none shows that the API knows this sign-in.
  await apiClient({ url: api, region, credentials, now }).job('r-00000000-doctor', AbortSignal.timeout(longestMs))
  return ok('The account answers, and this sign-in may start runs.')
}

async function row(check: string, look: () => Promise<Found>, subject = check): Promise<DoctorRow> {
  const began = performance.now()
  const found = await look().catch((error: unknown) => foundOf(error, subject))
  return { check, ...found, tookMs: Math.round(performance.now() - began) }
}

/** What could not be asked says nothing of the account; everything else blocks. */
function foundOf(error: unknown, subject: string): Found {
  const told = error instanceof PassingTrouble ? error.problem : (problemOf(error) ?? ofServer(error, subject))
  const isUnknown = error instanceof PassingTrouble || ['offline', 'passing', 'slow-down', 'aborted'].includes(troubleOf(error))
  return { state: isUnknown ? 'unknown' : 'blocks', what: told.what, remedy: told.remedy }
}

const otherRegion: ReadonlySet<unknown> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

function ofServer(error: unknown, subject: string): Pick<Problem, 'what' | 'remedy'> {
  if (otherRegion.has((error as { name?: unknown } | null)?.name))
    return { what: `${subject} lies in another region.`, remedy: 'Set the region in which the bucket was made.' }
  return transferProblem(troubleOf(error), subject)
}

import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3'
import { type Found, ok } from '../../doctor.ts'
import type { AccountClients } from './clients.ts'

/** Whether the bucket keeps what the backend promises of it; names what it does not keep. */
export async function bucketRules(Bucket: string, { s3 }: AccountClients): Promise<Found> {
  const client = await s3()
  const rules: readonly (readonly [string, () => Promise<boolean>])[] = [
    [
      'closed to the public',
      async () => isClosed((await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration),
    ],
    [
      'encrypted',
      async () =>
        ((await client.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules ?? []).length > 0,
    ],
    ['encrypted on the way', async () => isTlsOnly((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy)],
    ['versioned', async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status === 'Enabled'],
    [
      'rid of unfinished uploads',
      async () =>
        ((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules ?? []).some(
          (rule) => rule.Status === 'Enabled' && rule.AbortIncompleteMultipartUpload !== undefined,
        ),
    ],
  ]
  const kept = await Promise.all(rules.map(async ([name, look]) => ({ name, holds: await look().catch(absentIsNo) })))
  const missing = kept.filter(({ holds }) => !holds).map(({ name }) => name)
  if (missing.length === 0) return ok(`${Bucket}: ${kept.map(({ name }) => name).join(', ')}`)
  return {
    state: 'limits',
    what: `${Bucket} is not ${missing.join(', not ')}.`,
    remedy: 'Deploy the backend anew: it sets the rules of its bucket.',
  }
}

// S3 says «there is none» of a rule as an error; every other error stays one.
const absent: ReadonlySet<string> = new Set([
  'NoSuchPublicAccessBlockConfiguration',
  'ServerSideEncryptionConfigurationNotFoundError',
  'NoSuchBucketPolicy',
  'NoSuchLifecycleConfiguration',
])

function absentIsNo(error: unknown): boolean {
  if (absent.has((error as Error).name)) return false
  throw error
}

function isClosed(found: PublicAccessBlockConfiguration | undefined): boolean {
  const rules = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const
  return rules.every((rule) => found?.[rule] === true)
}

type Statement = { readonly Effect?: string; readonly Condition?: { readonly Bool?: Readonly<Record<string, unknown>> } }

function isTlsOnly(policy: string | undefined): boolean {
  const { Statement: found = [] } = JSON.parse(policy ?? '{}') as { Statement?: Statement | readonly Statement[] }
  const statements = Array.isArray(found) ? (found as readonly Statement[]) : [found as Statement]
  return statements.some(({ Effect, Condition }) => Effect === 'Deny' && String(Condition?.Bool?.['aws:SecureTransport']) === 'false')
}

import { z } from 'zod'
import { People } from '../cloud/people.ts'
import type { Ledger } from './ledger.ts'

/**
 * A bucket of the person's own account, by the name that `--where` and the screens use. Never a key: what signs comes from the AWS profile or the
 * environment. `tenant`: the place in the bucket, `t/<tenant>/`. `endpoint`: only for S3 servers other than AWS.
 */
export const CloudTarget = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
    .refine((name) => name !== 'local', '"local" is this machine'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  region: z.string().regex(/^[a-z0-9-]{2,32}$/),
  // A Cognito identity has a colon in it; a slash would leave the tenant's place.
  tenant: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_.-]{0,63}$/),
  profile: z.string().min(1).max(128).nullable(),
  endpoint: z.url({ protocol: /^https?$/ }).nullable(),
  /** The address that the stack's output `Api` gives; without it photos can be sent there, but nothing runs. */
  api: z.url({ protocol: /^https?$/ }).nullish(),
  /** The user pool whose people sign in with the browser; absent: the AWS profile or the environment signs in. */
  people: People.nullish(),
})
export type CloudTarget = z.infer<typeof CloudTarget>

/** One capture on its way to one target, as far as the screen shows it. */
export type TransferSummary = {
  readonly transferId: string
  readonly captureId: string
  readonly captureName: string
  /** The target's name. */
  readonly target: string
  readonly startedAt: string
  readonly ledger: Ledger
}

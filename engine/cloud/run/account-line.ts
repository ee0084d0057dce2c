import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../../history/transfers.ts'
import { apiClient } from '../account/api-client.ts'
import { connect } from '../s3-client.ts'
import { signedTarget } from '../sign-in.ts'
import type { AccountLine } from './cloud-run.ts'
import { progressReader } from './progress-file.ts'

/** Opens an account for one run: its API and its bucket, both signed by the target's sign-in. */
export function openLine(target: CloudTarget, store: TransferStore, now: () => Date): AccountLine {
  const signed = signedTarget(target, store)
  const bucket = connect(signed, { now })
  return {
    api: apiClient({ url: target.api ?? '', region: target.region, credentials: signed.credentials, now }),
    // The bucket of the target, never one that an answer names.
    linesOf: (state) => progressReader(bucket.client, target.bucket, state.prefix),
    close: bucket.close,
  }
}

import { ECRClient } from '@aws-sdk/client-ecr'
import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SFNClient } from '@aws-sdk/client-sfn'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../../history/transfers.ts'
import { connect } from '../s3-client.ts'
import { signedTarget } from '../sign-in.ts'

export type AccountClients = ReturnType<typeof openClients>

/** The services of an account, all by one sign-in. Nothing is asked before the first question. */
export function openClients(target: CloudTarget, store: TransferStore, now: () => Date) {
  const signed = signedTarget(target, store)
  const credentials = async () => {
    const { expiresAt, ...keys } = await signed.credentials()
    return expiresAt === undefined ? keys : { ...keys, expiration: expiresAt }
  }
  const common = { region: target.region, credentials, maxAttempts: 2 }
  const bucket = connect(signed, { now })
  const [sts, quotas, states, images, jobs] = [
    new STSClient(common),
    new ServiceQuotasClient(common),
    new SFNClient(common),
    new ECRClient(common),
    new SageMakerClient(common),
  ]
  return {
    quotas,
    states,
    images,
    jobs,
    s3: bucket.client,
    identity: () => sts.send(new GetCallerIdentityCommand({})),
    close: (): void => {
      bucket.close()
      for (const one of [sts, quotas, states, images, jobs]) one.destroy()
    },
  }
}

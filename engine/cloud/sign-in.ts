import { S3Client } from '@aws-sdk/client-s3'
import { type Problem, problem, ProblemError } from '../../core/problem.ts'
import type { CloudTarget } from '../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../history/transfers.ts'
import type { Credentials, Target } from './target.ts'

/** The target with what signs its requests: the person who signed in with the browser, the AWS profile, or the environment's own way where none is named. */
export function signedTarget(wanted: CloudTarget, store: TransferStore): Target {
  const { bucket, region, tenant, endpoint, name } = wanted
  let noted = false
  const credentials = async (): Promise<Credentials> => {
    const found = wanted.people ? await store.personKeys(wanted) : await askAws(wanted, store.hasSignedIn(name))
    if (!noted) store.signedIn(name)
    noted = true
    return found
  }
  return { bucket, region, tenant, credentials, ...(endpoint === null ? {} : { endpoint }) }
}

/** Asks the SDK's own chain afresh each time, so that a sign-in that was renewed outside of Spaceport is seen. */
async function askAws({ region, profile, name }: CloudTarget, hasWorked: boolean): Promise<Credentials> {
  const client = new S3Client({ region, ...(profile === null ? {} : { profile }) })
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials()
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiresAt: expiration }),
    }
  } catch (cause) {
    // Whatever the chain trips over (no profile, a stale session, a broken helper program), only the person can sign in.
    throw new ProblemError(hasWorked ? expiredProblem(profile) : absentProblem(name, profile), { cause })
  } finally {
    client.destroy()
  }
}

function expiredProblem(profile: string | null): Problem {
  return problem('upload/expired', 'The sign-in ran out.', `${howTo(profile)} What is verified is never sent again.`)
}

function absentProblem(name: string, profile: string | null): Problem {
  const where = profile === null ? 'the environment and the default AWS profile hold' : `the AWS profile "${profile}" holds`
  return problem('cloud/not-signed-in', `There is no sign-in for "${name}": ${where} none that works.`, howTo(profile))
}

function howTo(profile: string | null): string {
  return profile === null
    ? 'Sign in with "aws sso login" or "aws configure", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; then go on.'
    : `Sign in with "aws sso login --profile ${profile}" or "aws configure --profile ${profile}", then go on.`
}

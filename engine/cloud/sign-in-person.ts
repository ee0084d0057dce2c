import {
  CognitoIdentityClient,
  CognitoIdentityServiceException,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import type { People } from '../../core/cloud/people.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import { providerOf } from './sign-in-browser.ts'
import type { Credentials } from './target.ts'

/** Keys of the account for a person, by what the user pool says who it is; they last an hour. */
export async function credentialsOf({ identityPool, userPool }: People, idToken: string): Promise<Credentials> {
  // These two questions are not signed: the token is what proves the person.
  const client = new CognitoIdentityClient({ region: identityPool.split(':')[0] ?? '', maxAttempts: 3 })
  const Logins = { [providerOf(userPool)]: idToken }
  try {
    const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId: identityPool, Logins }))
    const { Credentials: keys } = await client.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
    const { AccessKeyId, SecretKey, SessionToken, Expiration } = keys ?? {}
    if (!AccessKeyId || !SecretKey || !SessionToken || !Expiration) throw new ProblemError(refused('no keys'))
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken, expiresAt: Expiration }
  } catch (cause) {
    if (cause instanceof CognitoIdentityServiceException) throw new ProblemError(refused(cause.name), { cause })
    throw cause
  } finally {
    client.destroy()
  }
}

function refused(why: string) {
  return problem(
    'cloud/sign-in-identity',
    `The account gives this person no keys (${why}).`,
    'Compare the account’s settings with the stack outputs UserPool and IdentityPool, then sign in again.',
  )
}

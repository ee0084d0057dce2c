import { type ApiEvent, Refused } from './door.ts'

/** The place in the bucket of callers who come with keys of the account itself (an AWS profile or SSO) and are no person of the user pool. */
export const ownerTenant = 'owner'

// «cognito-idp.REGION.amazonaws.com/POOL,cognito-idp.REGION.amazonaws.com/POOL:CognitoSignIn:SUB», written by API Gateway, not by the caller.
const signIn = /:CognitoSignIn:([0-9a-f-]{36})$/

/** Whose prefix a request may reach: never what the request says, only what IAM proved about the caller. */
export function tenantOf({ requestContext: { identity } }: ApiEvent): string {
  const provider = identity.cognitoAuthenticationProvider
  if (typeof provider === 'string' && provider !== '') {
    const sub = signIn.exec(provider)?.[1]
    if (sub === undefined) throw unknown()
    return sub
  }
  // An identity of the pool without a person behind it is nobody's.
  if (identity.cognitoIdentityId || !identity.userArn) throw unknown()
  return ownerTenant
}

function unknown(): Refused {
  return new Refused(403, 'cloud/unknown-caller', 'The account does not know who asks.', 'Sign in again.')
}

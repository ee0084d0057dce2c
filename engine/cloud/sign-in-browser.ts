import * as oauth from 'oauth4webapi'
import { type People, redirectOf, signInPorts } from '../../core/cloud/people.ts'
import { problem, ProblemError } from '../../core/problem.ts'
import { openSignInPage } from './sign-in-page.ts'

/** What the user pool hands out for a person. `idToken`: proves to the identity pool who it is, until `expiresAtMs`. */
export type Tokens = {
  readonly idToken: string
  readonly refreshToken: string
  readonly expiresAtMs: number
  readonly sub: string
  readonly mail: string
}

export type SignInOptions = { readonly nowMs: () => number; readonly ports?: readonly number[]; readonly longestMs?: number }

/** A sign-in that has begun: the address for the person's browser, and what comes of it. */
export type BegunSignIn = { readonly url: string; readonly tokens: Promise<Tokens> }

// A person looks up a password and a second factor in that time; the listener is not left open for ever.
const usualLongestMs = 5 * 60_000

/**
 * Begins a sign-in with the system's browser: authorization code with PKCE (S256), state and nonce, back to a loopback address (RFC 8252).
 * Throws ProblemError, and so does `tokens`: ports in use, denied, a wrong answer, too late, given up (`signal`).
 */
export async function beginSignIn(people: People, signal: AbortSignal, options: SignInOptions): Promise<BegunSignIn> {
  const page = await openSignInPage(options.ports ?? signInPorts)
  const secrets = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    redirect: redirectOf(page.port),
  }
  const url = new URL('/oauth2/authorize', people.signIn)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: people.client,
    redirect_uri: secrets.redirect,
    scope: 'openid email',
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
  }).toString()
  const finish = async (): Promise<Tokens> => {
    try {
      const came = await inTime(page.came, signal, options.longestMs ?? usualLongestMs)
      return await exchange(people, came, secrets, options.nowMs)
    } finally {
      await page.close()
    }
  }
  return { url: url.href, tokens: finish() }
}

type Secrets = { readonly verifier: string; readonly state: string; readonly nonce: string; readonly redirect: string }

async function exchange(people: People, came: URL, secrets: Secrets, nowMs: () => number): Promise<Tokens> {
  const [server, client] = [serverOf(people), clientOf(people)]
  const given = validated(server, client, came, secrets.state)
  try {
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      given,
      secrets.redirect,
      secrets.verifier,
      allowOf(people),
    )
    const read = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: secrets.nonce,
      requireIdToken: true,
    })
    return tokensOf(read, read.refresh_token, nowMs())
  } catch (cause) {
    if (cause instanceof oauth.ResponseBodyError) throw new ProblemError(codeProblem, { cause })
    throw troubleOf(cause, wrongAnswer)
  }
}

/** The parameters of the address that the browser came with, when they are ours. */
function validated(server: oauth.AuthorizationServer, client: oauth.Client, came: URL, state: string): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, came, state)
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError)
      throw new ProblemError(cause.error === 'access_denied' ? denied : refusedWith(cause.error), { cause })
    throw new ProblemError(wrongState, { cause })
  }
}

/** New tokens by the refresh token; null where the account does not take it any more: a person must sign in. */
export async function refreshTokens(people: People, refreshToken: string, nowMs: () => number): Promise<Tokens | null> {
  const [server, client] = [serverOf(people), clientOf(people)]
  try {
    const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, allowOf(people))
    const read = await oauth.processRefreshTokenResponse(server, client, answer)
    // The user pool hands out a new refresh token only where it rotates them.
    return tokensOf(read, read.refresh_token ?? refreshToken, nowMs())
  } catch (cause) {
    if (cause instanceof oauth.ResponseBodyError && cause.error === 'invalid_grant') return null
    throw troubleOf(cause, wrongAnswer)
  }
}

/** Tells the account that the sign-in is over: its refresh token is worth nothing from then on. */
export async function revoke(people: People, refreshToken: string): Promise<void> {
  const server = serverOf(people)
  try {
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, clientOf(people), oauth.None(), refreshToken, allowOf(people)),
    )
  } catch (cause) {
    if (cause instanceof oauth.ResponseBodyError) return
    throw troubleOf(cause, wrongAnswer)
  }
}

function tokensOf(read: oauth.TokenEndpointResponse, refreshToken: string | undefined, nowMs: number): Tokens {
  const claims = oauth.getValidatedIdTokenClaims(read)
  if (claims === undefined || read.id_token === undefined || refreshToken === undefined) throw new ProblemError(wrongAnswer)
  const mail = typeof claims['email'] === 'string' ? claims['email'] : claims.sub
  return { idToken: read.id_token, refreshToken, expiresAtMs: nowMs + (claims.exp - claims.iat) * 1000, sub: claims.sub, mail }
}

function serverOf({ signIn, userPool }: People): oauth.AuthorizationServer {
  return {
    issuer: `https://${providerOf(userPool)}`,
    authorization_endpoint: new URL('/oauth2/authorize', signIn).href,
    token_endpoint: new URL('/oauth2/token', signIn).href,
    revocation_endpoint: new URL('/oauth2/revoke', signIn).href,
  }
}

/** The name by which the identity pool knows the user pool. */
export function providerOf(userPool: string): string {
  return `cognito-idp.${userPool.split('_')[0] ?? ''}.amazonaws.com/${userPool}`
}

function clientOf({ client }: People): oauth.Client {
  return { client_id: client }
}

// Plain HTTP only to this machine itself, where tests stand in for the account.
function allowOf({ signIn }: People): { [oauth.allowInsecureRequests]: boolean } {
  const { protocol, hostname } = new URL(signIn)
  return { [oauth.allowInsecureRequests]: protocol === 'http:' && hostname === '127.0.0.1' }
}

/** Waits for the browser; ends when nobody comes, or when the person gives up. */
async function inTime(came: Promise<URL>, signal: AbortSignal, longestMs: number): Promise<URL> {
  const late = AbortSignal.timeout(longestMs)
  const ended = Promise.withResolvers<never>()
  const end = (): void => ended.reject(new ProblemError(signal.aborted ? givenUp : tooLate))
  const both = AbortSignal.any([signal, late])
  both.addEventListener('abort', end, { once: true })
  if (both.aborted) end()
  try {
    return await Promise.race([came, ended.promise])
  } finally {
    both.removeEventListener('abort', end)
  }
}

/** No answer is the network's; any other trouble is an answer that is none of the user pool's. */
function troubleOf(cause: unknown, otherwise: ReturnType<typeof problem>): ProblemError {
  if (cause instanceof ProblemError) return cause
  return new ProblemError(cause instanceof TypeError ? noAnswer : otherwise, { cause })
}

const again = 'Choose "Sign in" again.'
const denied = problem('cloud/sign-in-denied', 'The sign-in was not allowed in the browser.', again)
const wrongState = problem('cloud/sign-in-state', 'What the browser came back with does not belong to this sign-in.', again)
const codeProblem = problem(
  'cloud/sign-in-code',
  'The account did not take the code that the browser brought: it had run out or was used.',
  again,
)
const tooLate = problem('cloud/sign-in-time', 'Nobody signed in within five minutes.', again)
const givenUp = problem('cloud/sign-in-ended', 'The sign-in was given up.', again)
const noAnswer = problem('cloud/no-answer', 'The account’s sign-in cannot be reached.', `Check the network. ${again}`)
const wrongAnswer = problem(
  'cloud/sign-in-answer',
  'What the account’s sign-in answered is not for this app.',
  'Compare the account’s settings with the stack outputs SignIn, UserPool and UserPoolClient.',
)

function refusedWith(error: string): ReturnType<typeof problem> {
  return problem('cloud/sign-in-refused', `The account’s sign-in refused (${error}).`, wrongAnswer.remedy)
}

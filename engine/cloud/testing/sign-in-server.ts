import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { People } from '../../../core/cloud/people.ts'

export const client = 'desktopclient'
export const userPool = 'us-east-1_LOOPBACK'
export const identityPool = 'us-east-1:0c0c0c0c-0000-4000-8000-00000000000c'
export const sub = '0a0a0a0a-0000-4000-8000-00000000000a'

/** What the next visit of the browser comes to. */
export type Visit = { readonly state?: string; readonly code?: string; readonly error?: string }

type Grant = { readonly challenge: string; readonly redirect: string; readonly nonce: string }

/** A user pool with its pages and an identity pool, on loopback: checks what Cognito checks of the app, and refuses what it refuses. */
export type SignInServer = Awaited<ReturnType<typeof openSignInServer>>

export async function openSignInServer(redirects: readonly string[]) {
  const grants = new Map<string, Grant>()
  const refreshable = new Set<string>()
  const asked: string[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let tokenSeconds = 3600

  /** What a browser does with the app's address: the person agrees, and it goes where the page sends it. */
  const visit = async (url: string, over: Visit = {}): Promise<number> => {
    const { searchParams: query, pathname } = new URL(url)
    const redirect = query.get('redirect_uri') ?? ''
    if (pathname !== '/oauth2/authorize' || query.get('client_id') !== client || !redirects.includes(redirect)) return 400
    if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256') return 400
    const code = randomBytes(8).toString('hex')
    grants.set(code, { challenge: query.get('code_challenge') ?? '', redirect, nonce: query.get('nonce') ?? '' })
    const back = new URL(redirect)
    back.searchParams.set('state', over.state ?? query.get('state') ?? '')
    if (over.error === undefined) back.searchParams.set('code', over.code ?? code)
    else back.searchParams.set('error', over.error)
    return (await fetch(back)).status
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const target = String(request.headers['x-amz-target'] ?? '')
    asked.push(target === '' ? (request.url ?? '') : target)
    const tell = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (target !== '') return void tell(...identity(target, JSON.parse(body) as Record<string, unknown>))
    const form = new URLSearchParams(body)
    if (form.get('client_id') !== client) return void tell(400, { error: 'invalid_client' })
    if (request.url === '/oauth2/token') return void tell(...tokens(form))
    if (request.url === '/oauth2/revoke') {
      refreshable.delete(form.get('token') ?? '')
      return void response.writeHead(200).end()
    }
    tell(404, {})
  }

  function tokens(form: URLSearchParams): [number, unknown] {
    if (form.get('grant_type') === 'refresh_token')
      return refreshable.has(form.get('refresh_token') ?? '') ? [200, { ...tokensFor(null) }] : [400, { error: 'invalid_grant' }]
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== challenge || grant.redirect !== form.get('redirect_uri')) return [400, { error: 'invalid_grant' }]
    const refresh = randomBytes(8).toString('hex')
    refreshable.add(refresh)
    return [200, { ...tokensFor(grant.nonce), refresh_token: refresh }]
  }

  function tokensFor(nonce: string | null) {
    const iat = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      aud: client,
      sub,
      email: 'anna@example.org',
      iat,
      exp: iat + tokenSeconds,
      ...(nonce === null ? {} : { nonce }),
    }
    // The app reads it straight from here and need not check the signature (OpenID Connect Core, 3.1.3.7); the identity pool would.
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const idToken = `${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}.${part('signature')}`
    return { access_token: 'access', token_type: 'Bearer', expires_in: tokenSeconds, id_token: idToken }
  }

  function identity(target: string, input: Record<string, unknown>): [number, unknown] {
    const login = (input['Logins'] as Record<string, string> | undefined)?.[issuer.slice('https://'.length)]
    if (!login?.includes('.')) return [400, { __type: 'NotAuthorizedException', message: 'Invalid login token.' }]
    if (target.endsWith('.GetId'))
      return input['IdentityPoolId'] === identityPool
        ? [200, { IdentityId: 'us-east-1:0d0d0d0d-0000-4000-8000-00000000000d' }]
        : [400, { __type: 'ResourceNotFoundException', message: 'IdentityPool not found.' }]
    const Credentials = { AccessKeyId: 'ASIA', SecretKey: 'secret', SessionToken: 'session', Expiration: Date.now() / 1000 + tokenSeconds }
    return [200, { IdentityId: input['IdentityId'], Credentials }]
  }

  return {
    people: { signIn: endpoint, client, userPool, identityPool } satisfies People,
    endpoint,
    asked,
    visit,
    /** Refresh tokens that were handed out and still hold. */
    refreshable,
    /** How long what is handed out from now on lasts. */
    lasting: (seconds: number): void => void (tokenSeconds = seconds),
    close: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${userPool}`

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

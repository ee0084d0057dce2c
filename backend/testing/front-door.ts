import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'
import { textOf } from './json-service.ts'

/** A key that IAM knows and whom API Gateway takes its holder for. */
export type Key = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** The person of the user pool behind it; null: a key of the account itself. */
  readonly sub: string | null
  readonly expired?: boolean
}

export type FrontDoor = { readonly url: string; readonly close: () => Promise<void>; readonly requests: { path: string; tookMs: number }[] }

type Route = { readonly method: string; readonly path: RegExp; readonly name: string; readonly open: boolean; readonly parameter?: string }

const routes: readonly Route[] = [
  { method: 'POST', path: /^\/v1\/start-job$/, name: 'start-job', open: false },
  { method: 'POST', path: /^\/v1\/stop-job$/, name: 'stop-job', open: false },
  { method: 'GET', path: /^\/v1\/jobs\/([^/]+)$/, name: 'get-job', open: false, parameter: 'id' },
  { method: 'GET', path: /^\/v1\/links\/([^/]+)$/, name: 'link', open: true, parameter: 'token' },
]

/** API Gateway on loopback: checks the signature (SigV4, by signing again), says to the function who calls, and hands its answer back. */
export async function openFrontDoor(keys: readonly Key[], invoke: (name: string, event: unknown) => Promise<unknown>): Promise<FrontDoor> {
  const requests: FrontDoor['requests'] = []
  const server = createServer((request, response) => {
    const from = performance.now()
    void answerOne(request, response, keys, invoke).finally(() =>
      requests.push({ path: request.url ?? '', tookMs: performance.now() - from }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/v1/`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answerOne(
  request: IncomingMessage,
  response: ServerResponse,
  keys: readonly Key[],
  invoke: (name: string, event: unknown) => Promise<unknown>,
): Promise<void> {
  const tell = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const path = new URL(request.url ?? '/', 'http://x').pathname
  const route = routes.find((one) => one.method === request.method && one.path.test(path))
  if (!route) return tell(403, { message: 'Missing Authentication Token' })
  const body = await textOf(request)
  const key = route.open ? null : await keyOf(request, path, body, keys)
  if (typeof key === 'string') return tell(403, { message: key })
  const event = {
    body: body === '' ? null : body,
    pathParameters: route.parameter ? { [route.parameter]: decodeURIComponent(route.path.exec(path)?.[1] ?? '') } : null,
    requestContext: { requestId: 'loopback', identity: identityOf(key) },
  }
  try {
    const answer = (await invoke(route.name, event)) as { statusCode: number; headers: Record<string, string>; body: string }
    tell(answer.statusCode, answer.body, answer.headers)
  } catch (error) {
    tell(502, { message: `Internal server error: ${String(error)}` })
  }
}

/** The key whose signature it is, or what API Gateway says. */
async function keyOf(request: IncomingMessage, path: string, body: string, keys: readonly Key[]): Promise<Key | string> {
  const said = /Credential=([^/]+)\/\d+\/([^/]+)\/execute-api\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]+)/.exec(
    request.headers.authorization ?? '',
  )
  if (!said) return 'Missing Authentication Token'
  const [, id, region = '', signed = '', signature] = said
  const key = keys.find((one) => one.accessKeyId === id)
  if (!key) return 'The security token included in the request is invalid.'
  const headers = Object.fromEntries(
    signed
      .split(';')
      .filter((name) => name !== 'x-amz-date' && name !== 'x-amz-security-token')
      .map((name) => [name, String(request.headers[name])]),
  )
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: key, sha256: Sha256, applyChecksum: false })
  const date = String(request.headers['x-amz-date']).replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')
  const again = await signer.sign(
    { method: request.method ?? '', protocol: 'http:', hostname: '127.0.0.1', path, headers, body },
    { signingDate: new Date(date) },
  )
  if (!again.headers['authorization']?.endsWith(`Signature=${signature}`)) return 'The request signature we calculated does not match.'
  return key.expired ? 'The security token included in the request is expired' : key
}

function identityOf(key: Key | null): Record<string, string | null> {
  if (key === null) return { userArn: null, cognitoIdentityId: null, cognitoAuthenticationProvider: null }
  if (key.sub === null)
    return { userArn: 'arn:aws:iam::000000000000:user/owner', cognitoIdentityId: null, cognitoAuthenticationProvider: null }
  const pool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_LOOPBACK'
  return {
    userArn: 'arn:aws:sts::000000000000:assumed-role/Person/CognitoIdentityCredentials',
    cognitoIdentityId: `us-east-1:${key.sub}`,
    cognitoAuthenticationProvider: `${pool},${pool}:CognitoSignIn:${key.sub}`,
  }
}

/** The hash that the signer asks for, on Node's own. */
export class Sha256 {
  private readonly hash: { update: (data: Uint8Array | string) => unknown; digest: () => Uint8Array }
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string)
  }
  update(data: Uint8Array | string): void {
    this.hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { problem, ProblemError } from '../../core/problem.ts'
import { signedInPath } from '../../core/cloud/people.ts'

/** The loopback address that the browser comes back to. `came`: the first address that it came with. */
export type SignInPage = { readonly port: number; readonly came: Promise<URL>; readonly close: () => Promise<void> }

/** Listens on the first free port of `ports`, on this machine only. Throws ProblemError where each is taken. */
export async function openSignInPage(ports: readonly number[]): Promise<SignInPage> {
  const came = Promise.withResolvers<URL>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET' || url.pathname !== signedInPath) return void response.writeHead(404).end()
    response.writeHead(200, headers).end(pageOf(url.searchParams.has('code')))
    came.resolve(url)
  }
  for (const port of ports) {
    const servers = await listen(port, answer)
    if (servers === null) continue
    const close = async (): Promise<void> => {
      for (const server of servers) {
        server.closeIdleConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    }
    return { port, came: came.promise, close }
  }
  throw new ProblemError(
    problem(
      'cloud/sign-in-port',
      `The ports ${ports.join(', ')} of this machine are all in use, and the account sends people back to no other.`,
      'Finish the other sign-in, or end the program that listens there; then sign in again.',
    ),
  )
}

// What the browser resolves "localhost" to first differs: both families are listened on, where the machine has both.
async function listen(port: number, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server[] | null> {
  const first = await bind('127.0.0.1', port, answer)
  if (!(first instanceof Error)) {
    const second = await bind('::1', (first.address() as { port: number }).port, answer)
    if (!(second instanceof Error)) return [first, second]
    // Somebody else would hear what is meant for us.
    if (second.code !== 'EADDRINUSE') return [first]
    first.close()
  } else if (first.code !== 'EADDRINUSE' && first.code !== 'EACCES') throw first
  return null
}

function bind(
  host: string,
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer({ keepAlive: false }, answer)
    server.once('error', resolve)
    server.listen(port, host, () => resolve(server))
  })
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

function pageOf(cameBack: boolean): string {
  const words = cameBack
    ? 'Go back to Spaceport. This page can be closed.'
    : 'You are not signed in. Spaceport says why; this page can be closed.'
  return `<!doctype html><html lang="en"><title>Spaceport</title><meta name="color-scheme" content="light dark"><body style="font:16px system-ui;margin:20vh auto;max-width:32em"><p>${words}</p></body></html>`
}

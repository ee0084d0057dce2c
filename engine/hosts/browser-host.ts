import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problem, ProblemError, problemOf } from '../../core/problem.ts'
import type { Engine } from '../engine.ts'
import { answerArtefact } from './browser/artefact-route.ts'
import { answerCallRoute } from './browser/call-route.ts'
import { openChangeStream } from './browser/change-stream.ts'
import { openImports } from './browser/import-route.ts'
import { sendProblem, sendText, strictHeaders } from './browser/reply.ts'
import { answerScreen } from './browser/screen-route.ts'
import { openSession, type Refusal, type Session } from './browser/session.ts'
import { watchSleep } from './browser/sleep-watch.ts'

export type BrowserHostOptions = {
  readonly engine: Engine
  /** The built screens: dist/renderer. */
  readonly screens: string
  /** Absent: a free port is taken. */
  readonly port?: number
  readonly log: (line: string) => void
  readonly heartbeatMs?: number
}

export type BrowserHost = {
  readonly port: number
  /** The address that lets a browser in; it carries the session's token. */
  readonly startUrl: string
  readonly close: () => Promise<void>
}

type Routes = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

/** Opens the screens and the engine's contract on 127.0.0.1. The engine stays the caller's to close. */
export async function openBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const server = createServer()
  const port = await listen(server, options.port ?? 0)
  const session = openSession(port)
  const changes = openChangeStream(options.engine.subscribe, options.heartbeatMs)
  const routes = routesOf(options, changes.join)
  // A large photo over a slow disk takes longer than the 5 minutes that Node gives a request by default.
  server.requestTimeout = 0
  server.on('request', (request, response) => void answer(request, response, session, routes, options.log))
  // While it slept nothing could be held; held and let go now, the rate is measured anew and the pause is told.
  const forget = watchSleep(() => void tellSleep(options))
  const close = async () => {
    forget()
    changes.close()
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  }
  return { port, startUrl: session.startUrl, close }
}

async function tellSleep({ engine, log }: BrowserHostOptions): Promise<void> {
  const tell = engine.handlers['transfers.power']
  try {
    for (const asleep of [true, false]) await tell({ asleep, onBattery: false })
  } catch (error) {
    log(`after sleep: ${String(error)}`)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  session: Session,
  routes: Routes,
  log: (line: string) => void,
): Promise<void> {
  try {
    for (const [name, value] of Object.entries(strictHeaders)) response.setHeader(name, value)
    const url = new URL(request.url ?? '/', 'http://loopback')
    if (admit(request, response, session, url)) await routes(request, response, url)
  } catch (error) {
    const expected = problemOf(error)
    if (!expected && !request.destroyed)
      log(`${request.method} ${request.url?.split('?')[0]} failed: ${error instanceof Error ? error.stack : String(error)}`)
    const told =
      expected ??
      problem('engine/crash', 'The engine stumbled over this request.', 'Try again. If it happens twice, report it with the log.')
    if (response.headersSent) response.destroy()
    else sendProblem(response, expected ? 422 : 500, told)
  }
}

/** Lets the start address in by giving the cookie; everything else must bring it. */
function admit(request: IncomingMessage, response: ServerResponse, session: Session, url: URL): boolean {
  const refusal = session.refusal(request)
  if (request.method === 'GET' && url.pathname === '/' && refusal?.status !== 421 && session.isStart(url)) {
    response.writeHead(303, { Location: '/', 'Set-Cookie': session.cookie, 'Cache-Control': 'no-store' }).end()
    return false
  }
  if (refusal) refuse(request, response, refusal)
  return refusal === null
}

/** A person at the address bar reads a sentence, a program a Problem. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (/\btext\/html\b/.test(request.headers.accept ?? '')) sendText(response, refusal.status, refusal.says)
  else
    sendProblem(
      response,
      refusal.status,
      problem('session/refused', refusal.says, 'Open the address that "spaceport serve" or "npm start" printed.'),
    )
}

function routesOf(
  { engine, screens, log }: BrowserHostOptions,
  join: (request: IncomingMessage, response: ServerResponse) => void,
): Routes {
  const imports = openImports(engine.importFolder)
  return async (request, response, url) => {
    const [, room = '', first = '', ...rest] = url.pathname.split('/')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const route = `${request.method} ${room}`
    if (route === 'POST call') return await answerCallRoute(engine, [first, ...rest].join('/'), request, response, log)
    if (route === 'GET changes' && first === '') return join(request, response)
    if (isRead && room === 'artefact') return await answerArtefact(engine, [first, ...rest].join('/'), request, response)
    if (route === 'POST import' && first === '') return await imports.begin(response)
    if (route === 'POST import' && rest.join('/') === 'done') return imports.finish(first, response)
    if (route === 'PUT import' && rest.length > 0) return await imports.put(first, rest.join('/'), request, response)
    if (isRead) return await answerScreen(screens, url.pathname, request, response)
    sendText(response, 405, 'This is not done here.')
  }
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail)
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        server.off('error', fail)
        done()
      })
    })
  } catch (error) {
    throw listenProblem(error, port)
  }
  return (server.address() as AddressInfo).port
}

function listenProblem(error: unknown, port: number): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'EADDRINUSE')
    return new ProblemError(
      problem(
        'serve/port-in-use',
        `Port ${port} is in use by another program, perhaps another Spaceport.`,
        'Leave out --port to take a free one, or name another.',
      ),
      { cause: error },
    )
  if (code === 'EACCES')
    return new ProblemError(
      problem('serve/port-refused', `This account may not open port ${port}.`, 'Take a port above 1023, or leave out --port.'),
      { cause: error },
    )
  return error
}

import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { strictHeaders } from '../engine/hosts/browser/reply.ts'
import { mimeOf, screenFile } from '../engine/hosts/browser/screen-route.ts'
import { answerFile, type FileAnswer } from '../engine/hosts/ranged-file.ts'
import type { Engine } from '../engine/engine.ts'
import { appOrigin, artefactOrigin, scheme } from './addresses.ts'

// The screens may also read the library's bytes, which have an origin of their own.
const policy = strictHeaders['Content-Security-Policy']
  .replace("connect-src 'self'", `connect-src 'self' ${artefactOrigin}`)
  .replace("img-src 'self'", `img-src 'self' ${artefactOrigin}`)

/** Must run before the app is ready: makes the scheme a secure origin that can be fetched and streamed. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true } },
  ])
}

/** Answers `spaceport://app/…` with the screens and `spaceport://artefact/…` with the library; every other host is refused. */
export function serveScheme(engine: Pick<Engine, 'artefact'>, screens: string, log: (line: string) => void): void {
  protocol.handle(scheme, async (request) => {
    try {
      const url = new URL(request.url)
      if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })
      if (url.host === 'app') return await screen(request, screens, url.pathname)
      if (url.host === 'artefact') return await artefact(request, engine, url.pathname)
      return new Response(null, { status: 404 })
    } catch (error) {
      log(`${request.method} ${request.url} failed: ${error instanceof Error ? error.stack : String(error)}`)
      return new Response(null, { status: 500 })
    }
  })
}

async function screen(request: Request, screens: string, pathname: string): Promise<Response> {
  const file = await screenFile(screens, pathname)
  const mime = file === null ? undefined : mimeOf(file)
  if (file === null || mime === undefined) return new Response(null, { status: 404 })
  return responseOf(await answerFile(asked(request), file, mime, 'no-cache'), { ...strictHeaders, 'Content-Security-Policy': policy })
}

async function artefact(request: Request, engine: Pick<Engine, 'artefact'>, pathname: string): Promise<Response> {
  const address = decoded(pathname.slice(1))
  const found = address === null ? null : await engine.artefact(address)
  const cross = {
    'Access-Control-Allow-Origin': appOrigin,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  }
  if (found === null || 'code' in found) return new Response(null, { status: 404, headers: cross })
  return responseOf(await answerFile(asked(request), found.file, found.mime), cross)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function asked(request: Request) {
  const { headers, method } = request
  return { method, range: headers.get('range'), ifNoneMatch: headers.get('if-none-match'), ifRange: headers.get('if-range') }
}

function responseOf(answer: FileAnswer, headers: Readonly<Record<string, string>>): Response {
  const body = answer.body === null ? null : (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>)
  return new Response(body, { status: answer.status, headers: { ...answer.headers, ...headers } })
}

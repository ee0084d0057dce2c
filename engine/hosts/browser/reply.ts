import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Problem } from '../../../core/problem.ts'
import type { FileAnswer } from '../ranged-file.ts'

/** What every answer says: nothing but our own files, no guessing of types, no leaking of addresses, no framing. */
export const strictHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${text}\n`)
}

/** A Problem over HTTP; the body is the Reply that calls answer with. */
export function sendProblem(response: ServerResponse, status: number, problem: Problem): void {
  sendJson(response, status, { ok: false, problem })
}

/** Sends a file's answer; a reader that goes away in the middle is no trouble. */
export async function sendFile(response: ServerResponse, answer: FileAnswer): Promise<void> {
  response.writeHead(answer.status, answer.headers)
  if (answer.body === null) return void response.end()
  try {
    await pipeline(answer.body, response)
  } catch (error) {
    if (!response.destroyed) throw error
  }
}

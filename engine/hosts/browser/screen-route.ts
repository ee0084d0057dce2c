import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { answerFile } from '../ranged-file.ts'
import { fileRequest } from './file-request.ts'
import { sendFile, sendText } from './reply.ts'

const mimes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** The type of a screen's file by its ending; only these are served. */
export function mimeOf(file: string): string | undefined {
  return mimes[path.extname(file).toLowerCase()]
}

/** The file of the screens that an address path stands for, or null; never one outside `folder`. */
export async function screenFile(folder: string, pathname: string): Promise<string | null> {
  let name: string
  try {
    name = decodeURIComponent(pathname === '/' ? '/index.html' : pathname)
  } catch {
    return null
  }
  const file = path.resolve(folder, `.${path.posix.normalize(name)}`)
  if (name.includes('\0') || !file.startsWith(path.resolve(folder) + path.sep) || mimeOf(file) === undefined) return null
  const facts = await stat(file).catch(() => null)
  return facts?.isFile() ? file : null
}

/** Sends a file of the screens. What the bundler named by content never changes; the page itself is always asked for again. */
export async function answerScreen(folder: string, pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = await screenFile(folder, pathname)
  if (file === null) return sendText(response, 404, 'There is nothing here.')
  const isHashed = /^\/assets\/.*-[\w-]{8,}\.\w+$/.test(pathname)
  const cache = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache'
  await sendFile(response, await answerFile(fileRequest(request), file, mimeOf(file) ?? 'application/octet-stream', cache))
}

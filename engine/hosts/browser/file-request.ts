import type { IncomingMessage } from 'node:http'
import type { FileRequest } from '../ranged-file.ts'

/** What an HTTP request asks of a file. */
export function fileRequest(request: IncomingMessage): FileRequest {
  const header = (name: string): string | null => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : null
  }
  return { method: request.method ?? 'GET', range: header('range'), ifNoneMatch: header('if-none-match'), ifRange: header('if-range') }
}

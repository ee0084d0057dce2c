import { createReadStream, type ReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What a reader asks of a file: HTTP's words, lower-case header names. */
export type FileRequest = {
  readonly method: string
  readonly range: string | null
  readonly ifNoneMatch: string | null
  readonly ifRange: string | null
}

/** An answer in HTTP's terms; `body` null where none is due. */
export type FileAnswer = {
  readonly status: 200 | 206 | 304 | 416
  readonly headers: Readonly<Record<string, string>>
  readonly body: ReadStream | null
}

/** A part of a file in bytes, both ends included. */
export type ByteRange = { readonly from: number; readonly to: number }

/**
 * The single range of a Range header for a file of `bytes` bytes (RFC 9110 section 14): a range, 'whole' where the header is absent,
 * malformed or asks for several parts (a server may ignore those), 'outside' where it cannot be satisfied.
 */
export function readRange(header: string | null, bytes: number): ByteRange | 'whole' | 'outside' {
  const match = header === null ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (match === null || (match[1] === '' && match[2] === '')) return 'whole'
  if (match[1] === '') {
    const last = Number(match[2])
    return last === 0 || bytes === 0 ? 'outside' : { from: Math.max(0, bytes - last), to: bytes - 1 }
  }
  const from = Number(match[1])
  const to = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1)
  if (match[2] !== '' && Number(match[2]) < from) return 'whole'
  return from >= bytes ? 'outside' : { from, to }
}

/** Answers a request for a file that is already known to be allowed; the tag changes with size or time of the file. */
export async function answerFile(request: FileRequest, file: string, mime: string, cache = 'private, no-cache'): Promise<FileAnswer> {
  const facts = await stat(file, { bigint: true })
  const bytes = Number(facts.size)
  const etag = `"${facts.size.toString(36)}-${facts.mtimeNs.toString(36)}"`
  const shared = { ETag: etag, 'Cache-Control': cache, 'Accept-Ranges': 'bytes', 'Content-Type': mime }
  if (matches(request.ifNoneMatch, etag)) return { status: 304, headers: { ETag: etag, 'Cache-Control': cache }, body: null }
  const isStale = request.ifRange !== null && request.ifRange !== etag
  const range = isStale ? 'whole' : readRange(request.range, bytes)
  if (range === 'outside')
    return { status: 416, headers: { ...shared, 'Content-Range': `bytes */${bytes}`, 'Content-Length': '0' }, body: null }
  const { from, to } = range === 'whole' ? { from: 0, to: bytes - 1 } : range
  const isEmpty = request.method === 'HEAD' || bytes === 0
  return {
    status: range === 'whole' ? 200 : 206,
    headers: {
      ...shared,
      'Content-Length': String(to - from + 1),
      ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${from}-${to}/${bytes}` }),
    },
    body: isEmpty ? null : createReadStream(file, { start: from, end: to }),
  }
}

function matches(header: string | null, etag: string): boolean {
  return header !== null && header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}

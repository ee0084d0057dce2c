import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { problem, ProblemError } from '../../core/problem.ts'
import { combineCrc64 } from '../../core/transfer/crc64.ts'
import type { DownloadReceipts } from './download-receipts.ts'
import { Gate } from './gate.ts'
import { FileTrouble } from './hasher.ts'
import { troubleOf } from './s3-trouble.ts'
import type { Found } from './store.ts'
import { transferProblem } from './transfer-problem.ts'
import type { SharedTools } from './transferring.ts'
import { landing } from './wire.ts'

/** One object and where it shall lie on this disk. `sha256`: what it must be, where that is known. */
export type DownloadItem = { readonly file: string; readonly path: string; readonly key: string; readonly sha256?: string }

export type DownloadTools = SharedTools & { readonly receipts: DownloadReceipts }

/** The object is another one than when its first byte came: from the start. */
export class Replaced extends ProblemError {
  constructor(item: DownloadItem) {
    super(problem('download/replaced', `${item.file} was replaced in the bucket while it was coming.`, 'It is fetched anew.'))
  }
}

const unwritable = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EISDIR', 'EEXIST'])
// The same measure as an upload's part: one round trip hides behind it, and it is what is asked again after a break.
const rangeBytes = 8 * 1024 * 1024
const mostOfARange = 0.9
// Ranges of one file asked ahead of the last one that is whole: bounds what a kill makes come again.
const rangesAhead = 4

/** Fetches one object into place: ranges of exactly this version, a `.part` file that goes on after a kill, proof, then the name. */
export async function receiveFile(item: DownloadItem, found: Found, tools: DownloadTools, signal: AbortSignal): Promise<void> {
  const { receipts } = tools
  const etag = found.etag ?? ''
  const part = `${item.path}.part`
  const start = await beginning(item, found, part, tools)
  const signed = await onDisk(item, receiveRanges(item, { ...found, etag }, start, tools, signal))
  await prove(item, found, part, signed, start.offset > 0, tools)
  await onDisk(item, place(part, item.path))
  receipts.done(item.path)
}

type Start = { readonly offset: number; readonly crc64: bigint }

/** Where to go on: behind what an earlier process received of the same version, or at the start of an empty file. */
async function beginning(item: DownloadItem, found: Found, part: string, { receipts }: DownloadTools): Promise<Start> {
  const known = receipts.find(item.path)
  const size = await stat(part).then(
    (facts) => facts.size,
    () => -1,
  )
  if (
    known?.state === 'receiving' &&
    known.etag === found.etag &&
    known.key === item.key &&
    known.sizeBytes === found.sizeBytes &&
    size >= known.offset
  )
    return { offset: known.offset, crc64: known.crcSoFar }
  receipts.begin(item.path, { key: item.key, sizeBytes: found.sizeBytes, etag: found.etag ?? '' })
  await onDisk(item, create(part))
  return { offset: 0, crc64: 0n }
}

async function create(part: string): Promise<void> {
  await mkdir(dirname(part), { recursive: true })
  await (await open(part, 'w')).close()
}

async function receiveRanges(
  item: DownloadItem,
  found: Found & { etag: string },
  start: Start,
  tools: DownloadTools,
  signal: AbortSignal,
): Promise<bigint> {
  const ahead = new Gate(rangesAhead)
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const under = new Set<Promise<void>>()
  let crc64 = start.crc64
  let inOrder: Promise<void> = Promise.resolve()
  try {
    for (let offset = start.offset; offset < found.sizeBytes; offset += rangeBytes) {
      const size = Math.min(rangeBytes, found.sizeBytes - offset)
      const leave = await ahead.enter(either)
      const came = receiveRange(item, found.etag, offset, size, tools, either)
      // oxlint-disable-next-line promise/always-return
      inOrder = Promise.all([came, inOrder]).then(([piece]) => {
        crc64 = combineCrc64(crc64, piece, size)
        tools.receipts.came(item.path, offset + size, crc64)
      })
      const end: Promise<void> = inOrder
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          leave()
          under.delete(end)
        })
      under.add(end)
    }
    await Promise.all(under)
    either.throwIfAborted()
    return crc64
  } finally {
    failed.abort()
    await Promise.all(under)
  }
}

/** One range into memory, then on the disk; its CRC-64. */
async function receiveRange(
  item: DownloadItem,
  etag: string,
  offset: number,
  size: number,
  tools: DownloadTools,
  signal: AbortSignal,
): Promise<bigint> {
  const { line, hasher, news } = tools
  const leave = await line.lanes.enter(signal)
  try {
    const loan = await line.memory.borrow(size)
    try {
      let moved = 0
      await tools.persist(item.file, signal, async (store) => {
        const place = await line.body(size, signal)
        let got = 0
        const came = (bytes: number) => {
          got += bytes
          moved += bytes
          // The next range is asked for while the last tenth of this one comes: the line stays full, and a kill finds one range half there.
          if (got >= size * mostOfARange) place.done(false)
          return line.received(bytes)
        }
        try {
          await landing
            .run({ bytes: loan.bytes, came }, () => store.range(item.key, etag, offset, offset + size - 1))
            .catch((error: unknown) => {
              throw ['precondition', 'absent'].includes(troubleOf(error)) ? new Replaced(item) : error
            })
        } finally {
          place.done(false)
        }
      })
      if (moved > size) news.tell({ kind: 'again', file: item.file, bytes: moved - size })
      const hash = await hasher.run({ kind: 'write', path: `${item.path}.part`, offset, bytes: loan.bytes, sync: false })
      line.proven(size)
      return hash.crc64
    } finally {
      loan.giveBack()
    }
  } finally {
    leave()
  }
}

/** The file is the object, by the server's checksum of it, or nothing takes its name. What an earlier process wrote is read again: a power cut may have lost it. */
async function prove(
  item: DownloadItem,
  found: Found,
  part: string,
  received: bigint,
  wasResumed: boolean,
  { hasher, receipts }: DownloadTools,
): Promise<void> {
  const mustRead = wasResumed || item.sha256 !== undefined
  const read = mustRead ? await onDisk(item, hasher.run({ kind: 'file', path: part })) : null
  const crc64 = read?.crc64 ?? received
  const isSame = (found.crc64 === undefined || found.crc64 === crc64) && (item.sha256 === undefined || read?.sha256 === item.sha256)
  if (isSame) return
  receipts.begin(item.path, { key: item.key, sizeBytes: found.sizeBytes, etag: '' })
  throw new ProblemError(transferProblem('spoilt', item.file))
}

async function place(part: string, path: string): Promise<void> {
  const file = await open(part, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, path)
}

async function onDisk<T>(item: DownloadItem, deed: Promise<T>): Promise<T> {
  try {
    return await deed
  } catch (error) {
    const code = error instanceof FileTrouble ? error.code : (error as { code?: unknown; syscall?: unknown } | null)?.code
    if (code === 'ENOSPC')
      throw new ProblemError(
        problem(
          'disk/full',
          `The disk is full: ${item.file} could not be kept.`,
          'Free up space, then fetch again: what has come is kept.',
        ),
        { cause: error },
      )
    if (typeof code === 'string' && unwritable.has(code))
      throw new ProblemError(problem('disk/read-only', `${item.path} cannot be written.`, 'Choose another folder.'), { cause: error })
    throw error
  }
}

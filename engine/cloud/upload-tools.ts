import { ProblemError } from '../../core/problem.ts'
import type { FileReceipts } from './file-receipts.ts'
import { FileTrouble } from './hasher.ts'
import type { FileIdentity } from './file-identity.ts'
import type { UploadReceipts } from './receipts.ts'
import type { Found } from './store.ts'
import { changedProblem, fileProblem } from './transfer-problem.ts'
import type { SharedTools } from './transferring.ts'

/** One object that must be in the bucket, and the file on this disk whose bytes it is. */
export type UploadItem = {
  /** The file's name as the person knows it. */
  readonly file: string
  readonly path: string
  readonly key: string
  /** What the key promises, hex. */
  readonly sha256: string
  readonly sizeBytes: number
}

/** What every part of an upload works with. */
export type UploadTools = SharedTools & { readonly receipts: UploadReceipts; readonly files: FileReceipts }

/** The file's bytes are not those of the key: one more try may find them whole (a copy that was still going on). */
export class Changed extends ProblemError {
  constructor(item: UploadItem) {
    super(changedProblem(item.file))
    this.name = 'Changed'
  }
}

/** Whether the object found is, by size and checksum, these bytes. */
export function agrees(found: Found, sizeBytes: number, crc64: bigint): boolean {
  return found.sizeBytes === sizeBytes && found.crc64 === crc64
}

/** The CRC-64 of a file whose SHA-256 is the key's; from the receipt where the file is unchanged since. Throws Changed. */
export async function crcOfFile(item: UploadItem, identity: FileIdentity, { files, hasher }: UploadTools): Promise<bigint> {
  const known = files.find(identity)
  const hash = known ?? (await reading(item, hasher.run({ kind: 'file', path: item.path })))
  if (hash.sha256 !== item.sha256) throw new Changed(item)
  if (!known) files.remember(identity, hash)
  return hash.crc64
}

/** A read of the item's file: what the system refuses becomes a Problem, a file that ends early has changed. */
export async function reading<T>(item: UploadItem, read: Promise<T>): Promise<T> {
  try {
    return await read
  } catch (error) {
    const code = error instanceof FileTrouble ? error.code : (error as { code?: unknown } | null)?.code
    if (code === 'SHORT') throw new Changed(item)
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) throw new ProblemError(fileProblem(code, item.file), { cause: error })
    throw error
  }
}

/** Sends one body, as often as it takes; what left beyond its size is told as left twice, also where it never arrived. */
export async function leaving<T>(
  file: string,
  sizeBytes: number,
  news: SharedTools['news'],
  send: (count: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  let moved = 0
  try {
    return await send((bytes) => (moved += bytes))
  } finally {
    if (moved > sizeBytes) news.tell({ kind: 'again', file, bytes: moved - sizeBytes })
  }
}

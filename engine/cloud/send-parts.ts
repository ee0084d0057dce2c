import { type PartRange, partRange } from '../../core/transfer/plan.ts'
import { identityText } from './file-identity.ts'
import type { ChainStep, PieceHash } from './hash-job.ts'
import type { FileIdentity } from './file-identity.ts'
import type { PartReceipt, UploadReceipt } from './receipts.ts'
import type { Loan } from './memory.ts'
import { Changed, leaving, reading, type UploadItem, type UploadTools } from './upload-tools.ts'
import { hooks } from './wire.ts'

type Passage = {
  readonly item: UploadItem
  readonly uploadId: string
  readonly identity: FileIdentity
  readonly known: ReadonlyMap<number, PartReceipt>
  readonly count: number
  readonly partBytes: number
  readonly tools: UploadTools
  /** No further part begins. */
  readonly signal: AbortSignal
  /** Also those on the line are cut off. */
  readonly cut: AbortSignal
}

/**
 * Reads the file once from where its SHA-256 stands to its end, sending the parts that the server does not hold.
 * Throws Changed where the bytes are not those of the key.
 */
export async function sendParts(
  item: UploadItem,
  receipt: UploadReceipt,
  identity: FileIdentity,
  tools: UploadTools,
  signal: AbortSignal,
): Promise<void> {
  const partBytes = receipt.partBytes as number
  const known = new Map(tools.receipts.parts(item.key).map((part) => [part.number, part]))
  const failed = new AbortController()
  const cut = new AbortController()
  const fail = (error: unknown): void => {
    // A file that changed: its parts are freed next, and one that is cut off may still be written by the server after that, and stay.
    if (!(error instanceof Changed)) cut.abort(error)
    failed.abort(error)
  }
  const passage: Passage = {
    item,
    uploadId: receipt.uploadId as string,
    identity,
    known,
    count: Math.ceil(item.sizeBytes / partBytes),
    partBytes,
    tools,
    signal: AbortSignal.any([signal, failed.signal]),
    cut: AbortSignal.any([signal, cut.signal]),
  }
  // Another file than the one whose hashing was laid down: its SHA-256 is taken from the start.
  const resumed = receipt.identity === identityText(identity) && receipt.shaState !== null ? receipt.hashedParts : 0
  const under = new Set<Promise<unknown>>()
  try {
    for (const number of numbers(passage, resumed)) {
      const first = number !== resumed + 1 ? null : resumed === 0 ? 'start' : receipt.shaState
      const step: ChainStep | null = number <= resumed ? null : { id: item.key, from: first, last: number === passage.count }
      const end: Promise<void> = (await startPart(passage, number, step)).end.catch(fail).finally(() => under.delete(end))
      under.add(end)
      passage.signal.throwIfAborted()
    }
    await Promise.all(under)
    failed.signal.throwIfAborted()
  } finally {
    failed.abort()
    await Promise.all(under)
    await tools.hasher.run({ kind: 'drop-chain', id: item.key }).catch(() => {})
  }
}

/** Parts to touch: all that are not hashed yet, and before them those that the server lost. Empty only for a passage that is over. */
function* numbers(passage: Passage, hashed: number): Iterable<number> {
  for (let number = 1; number <= passage.count; number++) {
    if (number > hashed || passage.known.get(number)?.etag == null) yield number
  }
}

/** Waits for room, then starts one part. `end`: wrapped, or awaiting the room would await the part. */
async function startPart(passage: Passage, number: number, step: ChainStep | null): Promise<{ readonly end: Promise<void> }> {
  const { item, partBytes, tools, signal } = passage
  const range = partRange(item.sizeBytes, partBytes, number)
  const leave = await tools.line.lanes.enter(signal)
  const loan = await tools.line.memory.borrow(range.sizeBytes)
  const end = workPart(passage, range, step, loan).finally(() => {
    loan.giveBack()
    leave()
  })
  return { end }
}

async function workPart(passage: Passage, range: PartRange, step: ChainStep | null, loan: Loan): Promise<void> {
  const { item, known, tools, cut } = passage
  const job = { kind: 'piece', path: item.path, offset: range.offset, bytes: loan.bytes, chain: step } as const
  const hash = await reading(item, tools.hasher.run(job))
  assertSame(passage, hash, step)
  const before = known.get(range.number)
  // A part that was read before: other bytes now mean another file, also where the time on disk is the same.
  if (before && before.crc64 !== hash.crc64) throw new Changed(item)
  const whole = step === null ? null : { parts: range.number, state: hash.state, identity: identityText(hash.identity) }
  tools.receipts.hashed(item.key, range, hash.crc64, whole)
  if (before?.etag) return tools.receipts.partDone(item.key, before)
  const sealed = { bytes: loan.bytes, sha256: hash.sha256, crc64: hash.crc64 }
  passage.signal.throwIfAborted()
  const etag = await sendOne(passage, range, sealed, cut)
  tools.receipts.partDone(item.key, { number: range.number, sizeBytes: range.sizeBytes, crc64: hash.crc64, etag })
  tools.line.proven(range.sizeBytes)
}

async function sendOne(
  { item, uploadId, tools }: Passage,
  range: PartRange,
  sealed: { bytes: Uint8Array; sha256: string; crc64: bigint },
  signal: AbortSignal,
): Promise<string> {
  return await leaving(item.file, range.sizeBytes, tools.news, (count) =>
    tools.persist(item.file, signal, async (store) => {
      const place = await tools.line.body(range.sizeBytes, signal)
      let arrived = false
      tools.receipts.partLeaves(item.key, range.number)
      try {
        const etag = await hooks.run(place.hooks, () => store.part(item.key, uploadId, range.number, sealed))
        arrived = true
        return etag
      } finally {
        place.done(arrived)
        count(place.moved())
      }
    }),
  )
}

function assertSame({ item, identity }: Passage, hash: PieceHash, step: ChainStep | null): void {
  if (identityText(hash.identity) !== identityText(identity)) throw new Changed(item)
  if (step?.last && hash.whole !== item.sha256) throw new Changed(item)
}

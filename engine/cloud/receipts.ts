import type { PartRange } from '../../core/transfer/plan.ts'
import type { Database } from '../history/database.ts'
import { toHex } from './crc64-text.ts'
import { type FileHash, fileReceipts } from './file-receipts.ts'
import type { FileIdentity } from './file-identity.ts'

export type UploadState = 'sending' | 'creating' | 'uploading' | 'completing' | 'done'

export type UploadReceipt = {
  readonly key: string
  readonly sizeBytes: number
  readonly state: UploadState
  readonly crc64: bigint | null
  readonly uploadId: string | null
  readonly partBytes: number | null
  readonly identity: string | null
  readonly hashedParts: number
  readonly shaState: Uint8Array | null
  readonly updatedAt: string
  readonly etag: string | null
  /** When these uploads put the object there themselves; null: found there. */
  readonly sentAt: string | null
}

/** `etag` null: read, not sent; empty: sent, no answer recorded. */
export type PartReceipt = { readonly number: number; readonly sizeBytes: number; readonly crc64: bigint; readonly etag: string | null }

type UploadRow = {
  key: string
  size_bytes: number
  state: UploadState
  crc64: string | null
  upload_id: string | null
  part_bytes: number | null
  identity: string | null
  hashed_parts: number
  sha_state: Uint8Array | null
  updated_at: string
  etag: string | null
  sent_at: string | null
}
type PartRow = { number: number; size_bytes: number; crc64: string; etag: string | null }

/** A file that was read from its start to its end. */
export type ReadFile = { readonly file: FileIdentity; readonly hash: FileHash }

/** How far the SHA-256 of a whole file stands: its first `parts` parts, the laid-down state, and the file that was read. */
export type ChainReceipt = { readonly parts: number; readonly state: Uint8Array | null; readonly identity: string }

/** The receipts of uploads to one target. Each function is one committed write or one read. */
export type UploadReceipts = {
  readonly find: (key: string) => UploadReceipt | null
  readonly sending: (key: string, sizeBytes: number, crc64: bigint) => void
  readonly creating: (key: string, sizeBytes: number, partBytes: number, identity: string) => void
  readonly created: (key: string, uploadId: string) => void
  /** A part that was read: its checksum, and the whole file's SHA-256 up to it. */
  readonly hashed: (key: string, range: PartRange, crc64: bigint, whole: ChainReceipt | null) => void
  /** The part leaves now. */
  readonly partLeaves: (key: string, number: number) => void
  readonly partDone: (key: string, part: PartReceipt) => void
  readonly parts: (key: string) => PartReceipt[]
  readonly completing: (key: string, crc64: bigint) => void
  /** Sent and proven. `read`: what was read of the file on the way, remembered in the same write. */
  readonly done: (key: string, sizeBytes: number, crc64: bigint, etag: string | null, read: ReadFile | null) => void
  /** Found there, and proven. */
  readonly found: (key: string, sizeBytes: number, crc64: bigint, etag: string | null) => void
  readonly forget: (key: string) => void
  /** Unfinished multiparts that no running transfer wants any more. */
  readonly abandoned: () => UploadReceipt[]
}

/** Opens the receipts of one target. */
export function uploadReceipts(db: Database, target: string, now: () => Date): UploadReceipts {
  const files = fileReceipts(db)
  const find = db.prepare('SELECT * FROM uploads WHERE target = ? AND key = ?')
  const put = db.prepare(
    `INSERT INTO uploads (target, key, size_bytes, state, crc64, part_bytes, identity, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, state = excluded.state, crc64 = excluded.crc64, part_bytes = excluded.part_bytes,
       identity = excluded.identity, upload_id = NULL, etag = NULL, hashed_parts = 0, sha_state = NULL, updated_at = excluded.updated_at`,
  )
  const created = db.prepare(`UPDATE uploads SET state = 'uploading', upload_id = ?, updated_at = ? WHERE target = ? AND key = ?`)
  const completing = db.prepare(`UPDATE uploads SET state = 'completing', crc64 = ?, updated_at = ? WHERE target = ? AND key = ?`)
  const finish = db.prepare(
    `INSERT INTO uploads (target, key, size_bytes, state, crc64, etag, updated_at, sent_at) VALUES (?, ?, ?, 'done', ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET state = 'done', size_bytes = excluded.size_bytes, crc64 = excluded.crc64, etag = excluded.etag, upload_id = NULL,
       sha_state = NULL, updated_at = excluded.updated_at, sent_at = coalesce(excluded.sent_at, uploads.sent_at)`,
  )
  const forget = db.prepare('DELETE FROM uploads WHERE target = ? AND key = ?')
  const dropParts = db.prepare('DELETE FROM upload_parts WHERE target = ? AND key = ?')
  const parts = db.prepare('SELECT number, size_bytes, crc64, etag FROM upload_parts WHERE target = ? AND key = ? ORDER BY number')
  const putPart = db.prepare(
    `INSERT INTO upload_parts (target, key, number, size_bytes, crc64, etag) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, crc64 = excluded.crc64, etag = excluded.etag`,
  )
  const leaves = db.prepare(`UPDATE upload_parts SET etag = '' WHERE target = ? AND key = ? AND number = ?`)
  const chain = db.prepare('UPDATE uploads SET hashed_parts = ?, sha_state = ?, identity = ? WHERE target = ? AND key = ?')
  const open = db.prepare(
    `SELECT * FROM uploads WHERE target = ? AND state IN ('creating', 'uploading', 'completing')
       AND NOT EXISTS (SELECT 1 FROM transfer_items i JOIN transfers t USING (transfer_id) WHERE i.key = uploads.key AND t.target = uploads.target AND t.ended_at IS NULL)`,
  )
  const at = () => now().toISOString()
  return {
    find: (key) => fromRow(find.get(target, key) as UploadRow | undefined),
    sending: (key, sizeBytes, crc64) => void put.run(target, key, sizeBytes, 'sending', toHex(crc64), null, null, at()),
    creating: db.transaction((key: string, sizeBytes: number, partBytes: number, identity: string) => {
      dropParts.run(target, key)
      put.run(target, key, sizeBytes, 'creating', null, partBytes, identity, at())
    }),
    created: (key, uploadId) => void created.run(uploadId, at(), target, key),
    hashed: db.transaction((key: string, range: PartRange, crc64: bigint, whole: ChainReceipt | null) => {
      putPart.run(target, key, range.number, range.sizeBytes, toHex(crc64), null)
      if (whole) chain.run(whole.parts, whole.state, whole.identity, target, key)
    }),
    partLeaves: (key, number) => void leaves.run(target, key, number),
    partDone: (key, part) => void putPart.run(target, key, part.number, part.sizeBytes, toHex(part.crc64), part.etag),
    parts: (key) => (parts.all(target, key) as PartRow[]).map(partFromRow),
    completing: (key, crc64) => void completing.run(toHex(crc64), at(), target, key),
    done: db.transaction((key: string, sizeBytes: number, crc64: bigint, etag: string | null, read: ReadFile | null) => {
      finish.run(target, key, sizeBytes, toHex(crc64), etag, at(), at())
      if (read) files.remember(read.file, read.hash)
      dropParts.run(target, key)
    }),
    found: db.transaction((key: string, sizeBytes: number, crc64: bigint, etag: string | null) => {
      finish.run(target, key, sizeBytes, toHex(crc64), etag, at(), null)
      dropParts.run(target, key)
    }),
    forget: db.transaction((key: string) => {
      dropParts.run(target, key)
      forget.run(target, key)
    }),
    abandoned: () => (open.all(target) as UploadRow[]).map((row) => fromRow(row) as UploadReceipt),
  }
}

function fromRow(row: UploadRow | undefined): UploadReceipt | null {
  if (row === undefined) return null
  return {
    key: row.key,
    sizeBytes: row.size_bytes,
    state: row.state,
    crc64: row.crc64 === null ? null : BigInt(`0x${row.crc64}`),
    uploadId: row.upload_id,
    partBytes: row.part_bytes,
    identity: row.identity,
    hashedParts: row.hashed_parts,
    shaState: row.sha_state,
    updatedAt: row.updated_at,
    etag: row.etag,
    sentAt: row.sent_at,
  }
}

function partFromRow(row: PartRow): PartReceipt {
  return { number: row.number, sizeBytes: row.size_bytes, crc64: BigInt(`0x${row.crc64}`), etag: row.etag }
}

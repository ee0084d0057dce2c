import type { Database } from '../history/database.ts'
import { toHex } from './crc64-text.ts'

export type DownloadReceipt = {
  readonly key: string
  readonly sizeBytes: number
  readonly etag: string
  /** Bytes from the start of the `.part` file that have come, and their CRC-64. */
  readonly offset: number
  readonly crcSoFar: bigint
  readonly state: 'receiving' | 'done'
}

export type DownloadReceipts = {
  readonly find: (path: string) => DownloadReceipt | null
  readonly begin: (path: string, object: { readonly key: string; readonly sizeBytes: number; readonly etag: string }) => void
  readonly came: (path: string, offset: number, crcSoFar: bigint) => void
  readonly done: (path: string) => void
}

type Row = { key: string; size_bytes: number; etag: string; offset_bytes: number; crc64_so_far: string; state: 'receiving' | 'done' }

/** The receipts of downloads from one target, by the place on this disk. */
export function downloadReceipts(db: Database, target: string, now: () => Date): DownloadReceipts {
  const find = db.prepare('SELECT * FROM downloads WHERE path = ? AND target = ?')
  const begin = db.prepare(
    `INSERT OR REPLACE INTO downloads (path, target, key, size_bytes, etag, offset_bytes, crc64_so_far, state, updated_at) VALUES (?, ?, ?, ?, ?, 0, ?, 'receiving', ?)`,
  )
  const came = db.prepare('UPDATE downloads SET offset_bytes = ?, crc64_so_far = ? WHERE path = ?')
  const done = db.prepare(`UPDATE downloads SET state = 'done', updated_at = ? WHERE path = ?`)
  const at = () => now().toISOString()
  return {
    find(path) {
      const row = find.get(path, target) as Row | undefined
      if (row === undefined) return null
      return {
        key: row.key,
        sizeBytes: row.size_bytes,
        etag: row.etag,
        offset: row.offset_bytes,
        crcSoFar: BigInt(`0x${row.crc64_so_far}`),
        state: row.state,
      }
    },
    begin: (path, object) => void begin.run(path, target, object.key, object.sizeBytes, object.etag, toHex(0n), at()),
    came: (path, offset, crcSoFar) => void came.run(offset, toHex(crcSoFar), path),
    done: (path) => void done.run(at(), path),
  }
}

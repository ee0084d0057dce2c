import type { Database } from '../history/database.ts'
import { toHex } from './crc64-text.ts'
import type { FileIdentity } from './file-identity.ts'

export type FileHash = { readonly sha256: string; readonly crc64: bigint }
export type FileReceipts = ReturnType<typeof fileReceipts>

/** What was read of files on this disk, so that no unchanged file is read twice. */
export function fileReceipts(db: Database) {
  const byPath = db.prepare('SELECT sha256, crc64 FROM file_hashes WHERE path = ? AND size_bytes = ? AND mtime_ns = ? AND inode = ?')
  // A moved or renamed folder: the same file under another name.
  const moved = db.prepare('SELECT sha256, crc64 FROM file_hashes WHERE inode = ? AND size_bytes = ? AND mtime_ns = ? LIMIT 1')
  const put = db.prepare('INSERT OR REPLACE INTO file_hashes (path, size_bytes, mtime_ns, inode, sha256, crc64) VALUES (?, ?, ?, ?, ?, ?)')
  return {
    find(file: FileIdentity): FileHash | null {
      const row = byPath.get(file.path, file.sizeBytes, file.mtimeNs, file.inode) ?? moved.get(file.inode, file.sizeBytes, file.mtimeNs)
      if (row === undefined) return null
      const { sha256, crc64 } = row as { sha256: string; crc64: string }
      return { sha256, crc64: BigInt(`0x${crc64}`) }
    },
    remember(file: FileIdentity, hash: FileHash): void {
      put.run(file.path, file.sizeBytes, file.mtimeNs, file.inode, hash.sha256, toHex(hash.crc64))
    },
  }
}

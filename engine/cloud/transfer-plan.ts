import type { Database } from '../history/database.ts'
import type { UploadItem } from './upload-tools.ts'

type Row = { seq: number; path: string; file: string; key: string; sha256: string; size_bytes: number }

// What one read takes: enough that SQLite does not count, little enough to hold.
const pageRows = 256

export type TransferPlan = {
  /** When the first attempt at this plan began; one that came to its end begins anew. */
  readonly startedAt: string
  readonly files: number
  readonly bytes: number
  /** The items in order, a page at a time. */
  readonly items: () => Iterable<UploadItem>
  readonly end: () => void
}

/** Lays a plan down in the database: `items` is read once and never held. One object is planned once, however many files have its bytes. */
export function layDown(db: Database, transferId: string, target: string, items: Iterable<UploadItem>, now: () => Date): TransferPlan {
  const add = db.prepare(
    'INSERT INTO transfer_items (transfer_id, seq, path, file, key, sha256, size_bytes) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  let files = 0
  let bytes = 0
  const write = db.transaction(() => {
    db.prepare('DELETE FROM transfer_items WHERE transfer_id = ?').run(transferId)
    db.prepare(
      `INSERT INTO transfers VALUES (?, ?, ?, NULL) ON CONFLICT DO UPDATE SET target = excluded.target, ended_at = NULL,
         started_at = CASE WHEN ended_at IS NULL THEN started_at ELSE excluded.started_at END`,
    ).run(transferId, target, now().toISOString())
    let seq = 0
    for (const item of items) {
      const { changes } = add.run(transferId, ++seq, item.path, item.file, item.key, item.sha256, item.sizeBytes)
      files += changes
      bytes += changes * item.sizeBytes
    }
  })
  write.immediate()
  const startedAt = db.prepare('SELECT started_at FROM transfers WHERE transfer_id = ?').pluck().get(transferId) as string
  return {
    startedAt,
    files,
    bytes,
    items: () => pages(db, transferId),
    end: () => void db.prepare('UPDATE transfers SET ended_at = ? WHERE transfer_id = ?').run(now().toISOString(), transferId),
  }
}

function* pages(db: Database, transferId: string): Iterable<UploadItem> {
  const page = db.prepare(`SELECT * FROM transfer_items WHERE transfer_id = ? AND seq > ? ORDER BY seq LIMIT ${pageRows}`)
  for (let last = 0; ;) {
    const rows = page.all(transferId, last) as Row[]
    if (rows.length === 0) return
    for (const { path, file, key, sha256, size_bytes } of rows) yield { path, file, key, sha256, sizeBytes: size_bytes }
    last = (rows.at(-1) as Row).seq
  }
}

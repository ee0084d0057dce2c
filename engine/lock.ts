import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { home as layout } from '../core/layout.ts'

/** Something held by one engine on this home. Ends with the process, however it dies. */
export type Lock = { readonly release: () => void }

// A handle that nobody holds any more is closed by the garbage collector, and its lock with it.
const held = new Set<Sqlite.Database>()

/**
 * Takes the lock `name` of a home, or null while another engine (of this or another process) holds it.
 * It is SQLite's exclusive lock on an empty file: portable, and the system drops it with the process. The file stays: to remove it
 * would let two processes lock two files of one name.
 */
export function takeLock(home: string, name: string): Lock | null {
  const folder = join(home, layout.locks)
  mkdirSync(folder, { recursive: true })
  const db = new Sqlite(join(folder, name), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
    held.add(db)
    return { release: () => void (held.delete(db) && db.close()) }
  } catch (error) {
    db.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null
    throw error
  }
}

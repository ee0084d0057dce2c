import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { home as layout } from '../../core/layout.ts'
import type { Lock } from '../lock.ts'

// A handle that nobody holds any more is closed by the garbage collector, and its lock with it.
const held = new Set<Sqlite.Database>()

// Whoever clears the caches holds the lock for the length of some deletions.
const waitMs = 10_000

/**
 * Takes the lock `name` together with others who share it; `takeLock` of the same name gets it only when nobody shares it. It is
 * SQLite's shared lock, as that one is its exclusive lock. Throws where someone keeps it to himself for longer than 10 s.
 */
export function shareLock(home: string, name: string): Lock {
  const folder = join(home, layout.locks)
  mkdirSync(folder, { recursive: true })
  const db = new Sqlite(join(folder, name), { timeout: waitMs })
  try {
    db.exec('BEGIN')
    // The lock is taken by the first reading, not by BEGIN.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    held.add(db)
    return { release: () => void (held.delete(db) && db.close()) }
  } catch (error) {
    db.close()
    throw error
  }
}

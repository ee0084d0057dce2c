import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { home as layout } from '../../core/layout.ts'
import { type Problem, ProblemError, problem } from '../../core/problem.ts'
import { historyProblem, readOnly } from './trouble.ts'

export type Database = Sqlite.Database

/** An open database. `setAside`: a corrupt one was found; it lies, whole, under the name that the Problem gives. */
export type Opened = { readonly db: Database; readonly setAside: Problem | null }

const migrationsFolder = new URL('./migrations/', import.meta.url)

/** Opens `<home>/spaceport.db`, brings it up to this program's version, sets a corrupt one aside. Throws ProblemError. */
export function openDatabase(home: string, now: () => Date): Opened {
  const file = join(home, layout.database)
  makeHome(home)
  try {
    return { db: open(file), setAside: null }
  } catch (error) {
    if (!isCorrupt(error)) throw historyProblem(error, home)
  }
  try {
    const kept = setAside(file, now())
    return { db: open(file), setAside: damaged(kept) }
  } catch (error) {
    throw historyProblem(error, home)
  }
}

function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true })
  } catch (error) {
    // Below a read-only disk Node says that the folder "does not exist": it could not be made.
    throw (error as { code?: string }).code === 'ENOENT' ? new ProblemError(readOnly(home), { cause: error }) : historyProblem(error, home)
  }
}

function open(file: string): Database {
  const db = new Sqlite(file)
  try {
    // Another process may be migrating or writing: wait for it rather than fail.
    db.pragma('busy_timeout = 10000')
    db.pragma('journal_mode = WAL')
    // NORMAL survives a killed process whole; a power cut may lose the last moments, never the file.
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new Corrupt(file)
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** All of `act` or nothing, with the right to write taken at its start: two processes then never wait for each other in a circle. */
export function inOneWrite<A extends readonly unknown[]>(db: Database, act: (...given: A) => void): (...given: A) => void {
  const transaction = db.transaction((...given: unknown[]) => act(...(given as unknown as A)))
  return (...given) => transaction.immediate(...given)
}

type Migration = { readonly version: number; readonly sql: string }

function migrations(): readonly Migration[] {
  const names = readdirSync(migrationsFolder).filter((name) => /^\d{4}-.+\.sql$/.test(name))
  return names.sort().map((name) => ({ version: Number(name.slice(0, 4)), sql: readFileSync(new URL(name, migrationsFolder), 'utf8') }))
}

function migrate(db: Database): void {
  const known = migrations()
  const newest = known.at(-1)?.version ?? 0
  const run = db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number
    if (version > newest) throw new ProblemError(newer(version, newest))
    for (const one of known.filter((each) => each.version > version)) {
      db.exec(one.sql)
      db.pragma(`user_version = ${one.version}`)
    }
  })
  run.immediate()
}

class Corrupt extends Error {
  readonly code = 'SQLITE_CORRUPT'
}

function isCorrupt(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
}

// The write-ahead log belongs to the file: beside a fresh database it would be read as that one's.
function setAside(file: string, now: Date): string {
  const kept = `${file}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}`
  renameSync(file, kept)
  for (const end of ['-wal', '-shm']) {
    try {
      renameSync(file + end, kept + end)
    } catch {
      rmSync(file + end, { force: true })
    }
  }
  return kept
}

function newer(version: number, newest: number): Problem {
  const what = `The library was written by a newer Spaceport (version ${version} of the database; this program knows ${newest}).`
  return problem('history/newer', what, 'Update Spaceport, or set SPACEPORT_HOME to another folder.')
}

function damaged(kept: string): Problem {
  return problem(
    'history/damaged',
    `The library's database is damaged. It was kept as ${kept}; an empty one was started.`,
    'Open the captures again: photos and finished stages are still there and are not made twice.',
  )
}

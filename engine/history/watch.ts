import type { Photo } from '../../core/capture/photo.ts'
import type { RunEvent } from '../../core/run/events.ts'
import type { Database } from './database.ts'

/** What another process on the same home has written. */
export type Foreign =
  | { readonly kind: 'capture'; readonly captureId: string; readonly deleted: boolean }
  | { readonly kind: 'photos'; readonly captureId: string; readonly photos: readonly Photo[] }
  | { readonly kind: 'run-events'; readonly runId: string; readonly events: readonly RunEvent[] }

// Half a second: quick for a person, and one PRAGMA costs microseconds.
const pollMs = 500

/** Tells `hear` what other processes write. Never holds the process open. Returns its undoing. */
export function watchOthers(db: Database, origin: string, hear: (foreign: Foreign) => void): () => void {
  let version = db.pragma('data_version', { simple: true })
  let from = newest(db)
  const look = (): void => {
    const now = db.pragma('data_version', { simple: true })
    if (now === version) return
    version = now
    const to = newest(db)
    for (const foreign of written(db, origin, from, to)) hear(foreign)
    from = to
  }
  const timer = setInterval(look, pollMs)
  timer.unref()
  return () => clearInterval(timer)
}

type Mark = { readonly ticks: number; readonly event: number }

function newest(db: Database): Mark {
  return {
    ticks: db.prepare('SELECT ticks FROM clock').pluck().get() as number,
    event: db.prepare('SELECT coalesce(max(id), 0) FROM run_events').pluck().get() as number,
  }
}

function written(db: Database, origin: string, from: Mark, to: Mark): readonly Foreign[] {
  const captures = db
    .prepare('SELECT capture_id, deleted_at FROM captures WHERE touched > ? AND touched <= ? AND origin <> ?')
    .all(from.ticks, to.ticks, origin) as { capture_id: string; deleted_at: string | null }[]
  const photos = db
    .prepare('SELECT capture_id, facts FROM photos WHERE touched > ? AND touched <= ? AND origin <> ?')
    .all(from.ticks, to.ticks, origin) as { capture_id: string; facts: string }[]
  const events = db
    .prepare('SELECT run_id, event FROM run_events WHERE id > ? AND id <= ? AND origin <> ? ORDER BY id')
    .all(from.event, to.event, origin) as { run_id: string; event: string }[]
  return [
    ...captures.map((row) => ({ kind: 'capture' as const, captureId: row.capture_id, deleted: row.deleted_at !== null })),
    ...[...Map.groupBy(photos, (row) => row.capture_id)].map(([captureId, rows]) => ({
      kind: 'photos' as const,
      captureId,
      photos: rows.map((row) => JSON.parse(row.facts) as Photo),
    })),
    ...[...Map.groupBy(events, (row) => row.run_id)].map(([runId, rows]) => ({
      kind: 'run-events' as const,
      runId,
      events: rows.map((row) => JSON.parse(row.event) as RunEvent),
    })),
  ]
}

import type { Manifest } from '../../core/capture/manifest.ts'
import type { RunEvent } from '../../core/run/events.ts'
import { emptyRun, hasEnded, reduce, type RunState } from '../../core/run/reduce.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import { type Database, inOneWrite } from './database.ts'

/** A run as it lies in the database; its state is never stored but replayed. */
export type RunRow = {
  readonly runId: string
  readonly captureId: string
  readonly createdAt: string
  readonly settings: RunSettings
  readonly outDir: string | null
}

type Raw = { run_id: string; capture_id: string; created_at: string; settings: string; out_dir: string | null }
const columns = 'run_id, capture_id, created_at, settings, out_dir'

function rowOf(raw: Raw): RunRow {
  return {
    runId: raw.run_id,
    captureId: raw.capture_id,
    createdAt: raw.created_at,
    settings: JSON.parse(raw.settings) as RunSettings,
    outDir: raw.out_dir,
  }
}

/** Runs and their append-only events. */
export type RunStore = ReturnType<typeof runStore>

export function runStore(db: Database, origin: string) {
  const insertEvent = db.prepare(
    'INSERT INTO run_events (run_id, seq, event, origin) VALUES (?, (SELECT coalesce(max(seq), 0) + 1 FROM run_events WHERE run_id = ?), ?, ?)',
  )
  const after = db.prepare('SELECT seq, event FROM run_events WHERE run_id = ? AND seq > ? ORDER BY seq')
  const one = db.prepare(`SELECT ${columns} FROM runs WHERE run_id = ?`)
  const ended = db.prepare('SELECT ended_state, ended_seq FROM runs WHERE run_id = ?')
  const replayed = new Map<string, { seq: number; state: RunState }>()

  const eventsAfter = (runId: string, seq: number): readonly { seq: number; event: RunEvent }[] =>
    (after.all(runId, seq) as { seq: number; event: string }[]).map((raw) => ({ seq: raw.seq, event: JSON.parse(raw.event) as RunEvent }))

  // Only events that came since the last look are replayed.
  const state = (runId: string): RunState => {
    const known = replayed.get(runId) ?? snapshot(ended.get(runId) as Snapshot | undefined)
    const fresh = eventsAfter(runId, known.seq)
    const last = fresh.at(-1)
    const now = last
      ? {
          seq: last.seq,
          state: reduce(
            fresh.map((each) => each.event),
            known.state,
          ),
        }
      : known
    replayed.set(runId, now)
    return now.state
  }

  const keepEnded = (runId: string): void => {
    const now = state(runId)
    const at = replayed.get(runId)?.seq ?? 0
    db.prepare('UPDATE runs SET ended_state = ?, ended_seq = ? WHERE run_id = ?').run(
      ...(hasEnded(now) ? [JSON.stringify(now), at] : [null, null]),
      runId,
    )
  }

  return {
    add: (row: RunRow, manifest: Manifest): void => {
      const insert = db.prepare('INSERT INTO runs (run_id, capture_id, created_at, settings, manifest, out_dir) VALUES (?, ?, ?, ?, ?, ?)')
      insert.run(row.runId, row.captureId, row.createdAt, JSON.stringify(row.settings), JSON.stringify(manifest), row.outDir)
    },
    append: inOneWrite(db, (runId: string, events: readonly RunEvent[]): void => {
      for (const event of events) insertEvent.run(runId, runId, JSON.stringify(event), origin)
      if (events.some((event) => event.kind !== 'line')) keepEnded(runId)
    }),
    get: (runId: string): RunRow | null => {
      const raw = one.get(runId) as Raw | undefined
      return raw ? rowOf(raw) : null
    },
    list: (): readonly RunRow[] =>
      (db.prepare(`SELECT ${columns} FROM runs ORDER BY created_at DESC, run_id DESC`).all() as Raw[]).map(rowOf),
    lastOf: (captureId: string): RunRow | null => {
      const raw = db
        .prepare(`SELECT ${columns} FROM runs WHERE capture_id = ? ORDER BY created_at DESC, run_id DESC LIMIT 1`)
        .get(captureId) as Raw | undefined
      return raw ? rowOf(raw) : null
    },
    unfinished: (): readonly RunRow[] =>
      (db.prepare(`SELECT ${columns} FROM runs WHERE ended_state IS NULL ORDER BY created_at`).all() as Raw[]).map(rowOf),
    manifest: (runId: string): Manifest =>
      JSON.parse(db.prepare('SELECT manifest FROM runs WHERE run_id = ?').pluck().get(runId) as string) as Manifest,
    events: (runId: string): readonly RunEvent[] => eventsAfter(runId, 0).map((each) => each.event),
    eventsAfter,
    state,
  }
}

type Snapshot = { readonly ended_state: string | null; readonly ended_seq: number | null }

function snapshot(raw: Snapshot | undefined): { seq: number; state: RunState } {
  if (!raw || raw.ended_state === null || raw.ended_seq === null) return { seq: 0, state: emptyRun }
  return { seq: raw.ended_seq, state: JSON.parse(raw.ended_state) as RunState }
}

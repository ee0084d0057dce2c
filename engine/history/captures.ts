import type { Finding, Verdict } from '../../core/capture/finding.ts'
import type { Photo, Skipped } from '../../core/capture/photo.ts'
import type { ScanState } from '../../core/capture/capture.ts'
import type { Forecast } from '../../core/overlap/graph.ts'
import type { KeptPlan } from '../../core/overlap/reshoot-kept.ts'
import { type Database, inOneWrite } from './database.ts'

/** A capture as it lies in the database: the columns of lists, without photos and runs. */
export type CaptureRow = {
  readonly captureId: string
  readonly folder: string
  readonly name: string
  readonly createdAt: string
  readonly deletedAt: string | null
  readonly takenAt: string | null
  readonly photoCount: number
  readonly sizeBytes: number
  readonly camera: string | null
  readonly picture: string | null
  readonly scan: ScanState
  readonly verdict: Verdict | null
}

/** What a check found, beside the photos. */
export type CheckFacts = {
  readonly findings: readonly Finding[]
  readonly forecast: Forecast | null
  readonly skipped: readonly Skipped[]
  readonly leftOut: readonly string[]
  readonly choices: Choices
  readonly keptPlan: KeptPlan | null
}

/** What the person decided against the checks: in the run or not, by file. */
export type Choices = Readonly<Record<string, boolean>>

/** The files left out of a run: what the checks leave out, corrected by the person. */
export function leftOutOf(facts: Pick<CheckFacts, 'leftOut' | 'choices'>): readonly string[] {
  const byChecks = facts.leftOut.filter((file) => facts.choices[file] !== true)
  const byPerson = Object.keys(facts.choices).filter((file) => facts.choices[file] === false)
  return [...new Set([...byChecks, ...byPerson])].sort()
}

type Raw = Record<string, string | number | null>
const listColumns = 'capture_id, folder, name, created_at, deleted_at, taken_at, photo_count, size_bytes, camera, picture, scan, verdict'

function rowOf(raw: Raw): CaptureRow {
  return {
    captureId: raw['capture_id'] as string,
    folder: raw['folder'] as string,
    name: raw['name'] as string,
    createdAt: raw['created_at'] as string,
    deletedAt: raw['deleted_at'] as string | null,
    takenAt: raw['taken_at'] as string | null,
    photoCount: raw['photo_count'] as number,
    sizeBytes: raw['size_bytes'] as number,
    camera: raw['camera'] as string | null,
    picture: raw['picture'] as string | null,
    scan: JSON.parse(raw['scan'] as string) as ScanState,
    verdict: raw['verdict'] === null ? null : (JSON.parse(raw['verdict'] as string) as Verdict),
  }
}

/** What of a capture may be changed after it was made. */
export type CapturePatch = Partial<
  Omit<CaptureRow, 'captureId' | 'createdAt'> & CheckFacts & { readonly droppedPlans: readonly KeptPlan[] }
>

const columnOf: Readonly<Record<keyof CapturePatch, string>> = {
  folder: 'folder',
  name: 'name',
  deletedAt: 'deleted_at',
  takenAt: 'taken_at',
  photoCount: 'photo_count',
  sizeBytes: 'size_bytes',
  camera: 'camera',
  picture: 'picture',
  scan: 'scan',
  verdict: 'verdict',
  findings: 'findings',
  forecast: 'forecast',
  skipped: 'skipped',
  leftOut: 'left_out',
  choices: 'choices',
  keptPlan: 'kept_plan',
  droppedPlans: 'dropped_plans',
}

function stored(value: unknown): string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}

/** Captures and their photos. Every write is marked with `origin`, so that other engines on the same home notice it. */
export type CaptureStore = ReturnType<typeof captureStore>

export function captureStore(db: Database, origin: string) {
  const tick = db.prepare('UPDATE clock SET ticks = ticks + 1 RETURNING ticks').pluck()
  const putPhoto = db.prepare(`INSERT INTO photos VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (capture_id, file) DO UPDATE SET sha256 = excluded.sha256, facts = excluded.facts, touched = excluded.touched, origin = excluded.origin`)
  const dropPhoto = db.prepare('DELETE FROM photos WHERE capture_id = ? AND file = ?')
  const one = db.prepare(`SELECT ${listColumns} FROM captures WHERE capture_id = ?`)
  const all = db.prepare(`SELECT ${listColumns} FROM captures WHERE deleted_at IS NULL ORDER BY created_at DESC, capture_id`)
  const photosOf = db.prepare('SELECT facts FROM photos WHERE capture_id = ? ORDER BY file').pluck()

  const patch = inOneWrite(db, (captureId: string, change: CapturePatch): void => {
    const names = Object.keys(change) as (keyof CapturePatch)[]
    const sets = [...names.map((name) => `${columnOf[name]} = ?`), 'touched = ?', 'origin = ?'].join(', ')
    db.prepare(`UPDATE captures SET ${sets} WHERE capture_id = ?`).run(
      ...names.map((name) => stored(change[name])),
      tick.get(),
      origin,
      captureId,
    )
  })

  return {
    add: inOneWrite(db, (row: Pick<CaptureRow, 'captureId' | 'folder' | 'name' | 'createdAt' | 'scan'>): void => {
      const insert = db.prepare(
        'INSERT INTO captures (capture_id, folder, name, created_at, scan, touched, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      insert.run(row.captureId, row.folder, row.name, row.createdAt, JSON.stringify(row.scan), tick.get(), origin)
    }),
    patch,
    get: (captureId: string): CaptureRow | null => {
      const raw = one.get(captureId) as Raw | undefined
      return raw ? rowOf(raw) : null
    },
    list: (): readonly CaptureRow[] => (all.all() as Raw[]).map(rowOf),
    byFolder: (folder: string): CaptureRow | null => {
      const raw = db.prepare(`SELECT ${listColumns} FROM captures WHERE folder = ? AND deleted_at IS NULL`).get(folder) as Raw | undefined
      return raw ? rowOf(raw) : null
    },
    facts: (captureId: string): CheckFacts => {
      const raw = db
        .prepare('SELECT findings, forecast, skipped, left_out, choices, kept_plan FROM captures WHERE capture_id = ?')
        .get(captureId) as Raw | undefined
      const read = (name: string): unknown => JSON.parse((raw?.[name] as string | null) ?? 'null')
      return {
        findings: (read('findings') ?? []) as Finding[],
        forecast: read('forecast') as Forecast | null,
        skipped: (read('skipped') ?? []) as Skipped[],
        leftOut: (read('left_out') ?? []) as string[],
        choices: (read('choices') ?? {}) as Choices,
        keptPlan: read('kept_plan') as KeptPlan | null,
      }
    },
    /** Plans that were kept once and dropped, oldest first. */
    droppedPlans: (captureId: string): readonly KeptPlan[] => {
      const raw = db.prepare('SELECT dropped_plans FROM captures WHERE capture_id = ?').pluck().get(captureId) as string | null | undefined
      return JSON.parse(raw ?? '[]') as KeptPlan[]
    },
    photos: (captureId: string): readonly Photo[] => (photosOf.all(captureId) as string[]).map((facts) => JSON.parse(facts) as Photo),
    photo: (captureId: string, sha256: string): Photo | null => {
      const facts = db.prepare('SELECT facts FROM photos WHERE capture_id = ? AND sha256 = ? LIMIT 1').pluck().get(captureId, sha256) as
        | string
        | undefined
      return facts === undefined ? null : (JSON.parse(facts) as Photo)
    },
    /** Whether any capture, also a removed one, has a photo with this content. */
    hasPhoto: (sha256: string): boolean => db.prepare('SELECT 1 FROM photos WHERE sha256 = ? LIMIT 1').get(sha256) !== undefined,
    putPhotos: inOneWrite(db, (captureId: string, photos: readonly Photo[]): void => {
      const touched = tick.get()
      for (const photo of photos) putPhoto.run(captureId, photo.file, photo.sha256, JSON.stringify(photo), touched, origin)
    }),
    /** Forgets the photos that are no longer in the folder. */
    keepPhotos: inOneWrite(db, (captureId: string, files: ReadonlySet<string>): void => {
      const known = db.prepare('SELECT file FROM photos WHERE capture_id = ?').pluck().all(captureId) as string[]
      for (const file of known) if (!files.has(file)) dropPhoto.run(captureId, file)
    }),
  }
}

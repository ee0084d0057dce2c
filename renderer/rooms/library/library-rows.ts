import type { CaptureSummary } from '../../../core/capture/capture.ts'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { viewOf } from '../../artefacts.ts'
import { newestRun, sayCapture, type Said } from '../../capture-words.ts'
import { month } from '../../format.ts'
import type { LibraryColumn, LibraryView } from '../../mirror-state.ts'

export type LibraryRow = {
  readonly capture: CaptureSummary
  readonly run: RunSummary | null
  readonly runs: readonly RunSummary[]
  readonly said: Said
  readonly score: number | null
  readonly diskBytes: number
}

export type LibraryFilter = { readonly id: string; readonly word: string; readonly keeps: (row: LibraryRow) => boolean }

const alive = ['running', 'stopping', 'waiting']

/** The chips above the list. */
export const libraryFilters: readonly LibraryFilter[] = [
  { id: 'all', word: 'All', keeps: () => true },
  {
    id: 'progress',
    word: 'In progress',
    keeps: (row) => row.capture.scan.kind === 'scanning' || (row.run !== null && alive.includes(row.said.glyph)),
  },
  { id: 'attention', word: 'Needs attention', keeps: (row) => ['failed', 'risky', 'unusable', 'paused'].includes(row.said.glyph) },
  { id: 'scenes', word: 'Scenes', keeps: hasScene },
  { id: 'not-run', word: 'Not run', keeps: (row) => row.run === null && row.capture.scan.kind !== 'scanning' },
]

/** Whether a row has a scene to open. */
export function hasScene(row: LibraryRow): boolean {
  return sceneRun(row) !== null
}

/** The newest run of a row that has a scene. */
export function sceneRun(row: Pick<LibraryRow, 'runs'>): RunSummary | null {
  return row.runs.find((run) => run.state.kind === 'done' || run.state.kept) ?? null
}

/** The picture of a row: its scene as it was rendered, where held-out views were; else a photo. */
export function pictureOf(row: Pick<LibraryRow, 'capture' | 'runs'>): { readonly address: string | null; readonly isScene: boolean } {
  const scene = sceneRun(row)
  return scene && scene.state.psnr.length > 0
    ? { address: viewOf(scene.runId), isScene: true }
    : { address: row.capture.picture, isScene: false }
}

/** One row a capture, newest first. */
export function libraryRows(captures: ReadonlyMap<string, CaptureSummary>, runs: ReadonlyMap<string, RunSummary>): readonly LibraryRow[] {
  const ofCapture = Map.groupBy(runs.values(), (run) => run.captureId)
  return [...captures.values()]
    .map((capture) => {
      const own = (ofCapture.get(capture.captureId) ?? []).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
      const run = newestRun(capture, runs)
      const score = own.find((one) => one.state.score !== null)?.state.score ?? null
      return { capture, run, runs: own, said: sayCapture(capture, run), score, diskBytes: own.reduce((sum, one) => sum + one.diskBytes, 0) }
    })
    .toSorted((a, b) => b.capture.createdAt.localeCompare(a.capture.createdAt))
}

/** The rows that text and chip leave, in the order of the chosen column. Text looks at name, folder, camera and state. */
export function filteredRows(rows: readonly LibraryRow[], view: LibraryView): readonly LibraryRow[] {
  const keeps = libraryFilters.find((one) => one.id === view.filter)?.keeps ?? (() => true)
  const words = view.text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const left = rows.filter((row) => {
    const text = `${row.capture.name} ${row.capture.folder} ${row.capture.camera ?? ''} ${row.said.word}`.toLowerCase()
    return keeps(row) && words.every((word) => text.includes(word))
  })
  return sortedRows(left, view)
}

/** What a column is ordered by; null: unknown, and such rows stand last in either direction. */
const keys: Readonly<Record<LibraryColumn, (row: LibraryRow) => string | number | null>> = {
  added: ({ capture }) => capture.createdAt,
  name: ({ capture }) => capture.name.toLowerCase(),
  photos: ({ capture }) => capture.photoCount,
  taken: ({ capture }) => capture.takenAt,
  state: ({ said }) => said.word,
  score: ({ score }) => score,
  disk: ({ diskBytes }) => (diskBytes > 0 ? diskBytes : null),
}

/** The rows in the order of a column. */
export function sortedRows(rows: readonly LibraryRow[], { sort, down }: Pick<LibraryView, 'sort' | 'down'>): readonly LibraryRow[] {
  const key = keys[sort]
  return rows.toSorted((a, b) => {
    const [one, other] = [key(a), key(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    const order = typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other))
    return down ? -order : order
  })
}

/** Rows under headings: those of this month stand without one, older ones under their month. */
export function byMonth(
  rows: readonly LibraryRow[],
  now: Date,
): readonly { readonly heading: string | null; readonly rows: readonly LibraryRow[] }[] {
  const here = month(now.toISOString(), now)
  const groups = Map.groupBy(rows, (row) => month(row.capture.createdAt, now))
  return [...groups].map(([heading, list]) => ({ heading: heading === here ? null : heading, rows: list }))
}

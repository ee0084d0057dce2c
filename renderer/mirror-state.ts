import type { AppInfo } from '../core/contract.ts'
import type { AppSettings } from '../core/app-settings.ts'
import type { CacheUse } from '../core/cache-use.ts'
import type { Capture, CaptureSummary } from '../core/capture/capture.ts'
import type { DoctorRow } from '../core/doctor.ts'
import type { RunSummary } from '../core/run/run-summary.ts'
import type { SceneFacts } from '../core/scene/scene.ts'
import type { TransferSummary, CloudTarget } from '../core/transfer/cloud-target.ts'
import type { Pair } from '../core/overlap/graph.ts'
import type { Problem } from '../core/problem.ts'
import type { RunEvent } from '../core/run/events.ts'
import type { Quote } from '../core/run/quote.ts'
import type { RunState } from '../core/run/reduce.ts'
import type { RunSettings } from '../core/run/settings.ts'
import type { Link } from './change-link.ts'
import type { Place } from './place.ts'
import type { History } from './undo-history.ts'

/** A capture as far as the screen holds it; `pairs` grow while the overlap is being checked. */
export type CaptureDetail = Capture & { readonly pairs: readonly Pair[]; readonly pairsTried: number; readonly pairsTotal: number }

/** A run whose every event is held, so that its state is replayed here. */
export type HeldRun = { readonly events: readonly RunEvent[]; readonly state: RunState }

/** How the user looks at one capture. Lives here only. */
export type CaptureView = {
  readonly photo: string | null
  readonly picked: readonly string[]
  readonly chips: readonly string[]
  readonly text: string
  readonly sort: 'name' | 'time' | 'sharpness' | 'links'
  readonly chart: 'map' | 'links' | 'sketch' | null
  readonly tilePx: number
  readonly findingsOpen: boolean
  readonly planOpen: boolean
}

export const firstView: CaptureView = {
  photo: null,
  picked: [],
  chips: [],
  text: '',
  sort: 'name',
  chart: null,
  tilePx: 120,
  findingsOpen: false,
  planOpen: false,
}

/** `sort`: the column by which the library is ordered; `down`: largest or latest first. */
export type LibraryView = {
  readonly text: string
  readonly filter: string
  readonly chosen: string | null
  readonly sort: LibraryColumn
  readonly down: boolean
}
export type LibraryColumn = 'added' | 'name' | 'photos' | 'taken' | 'state' | 'score' | 'disk'

export type Toast = {
  readonly id: number
  readonly text: string
  readonly act: { readonly word: 'Undo' | 'Redo'; readonly run: () => void } | null
}

/** A thing that answers later: nothing yet, the value, or why not. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: Problem }

/** All that the screen knows. The engine's part is replayed from answers and changes; the rest is the user's. */
export type MirrorState = {
  readonly place: Place
  readonly info: AppInfo | null
  readonly settings: AppSettings | null
  readonly doctor: Loaded<readonly DoctorRow[]> | null
  readonly cacheUse: Loaded<CacheUse> | null
  readonly captures: Loaded<ReadonlyMap<string, CaptureSummary>>
  readonly details: ReadonlyMap<string, Loaded<CaptureDetail>>
  readonly runs: ReadonlyMap<string, RunSummary>
  readonly transfers: ReadonlyMap<string, TransferSummary>
  readonly targets: readonly CloudTarget[]
  readonly held: ReadonlyMap<string, HeldRun>
  readonly scenes: ReadonlyMap<string, Loaded<SceneFacts>>
  readonly reusable: ReadonlyMap<string, readonly string[]>
  readonly quotes: ReadonlyMap<string, Quote>
  /** A run in an account was started in this session: its cost was agreed to. */
  readonly hasSpent: boolean
  readonly views: ReadonlyMap<string, CaptureView>
  readonly drafts: ReadonlyMap<string, RunSettings>
  readonly library: LibraryView
  readonly link: Link
  readonly problem: Problem | null
  readonly toast: Toast | null
  /** What can be taken back, by capture. */
  readonly histories: ReadonlyMap<string, History>
  readonly dialog: 'folders' | 'shortcuts' | 'palette' | 'rename' | 'stop' | null
  readonly taking: { readonly done: number; readonly total: number } | null
  /** An intent under way, by name: its button waits. */
  readonly busy: ReadonlySet<string>
  /** Runs that the user watched from this window while they were running; such a run opens its scene when it is done. */
  readonly watched: ReadonlySet<string>
}

export const firstState: MirrorState = {
  place: { room: 'new' },
  info: null,
  settings: null,
  doctor: null,
  cacheUse: null,
  captures: { kind: 'loading' },
  details: new Map(),
  runs: new Map(),
  transfers: new Map(),
  targets: [],
  held: new Map(),
  scenes: new Map(),
  reusable: new Map(),
  quotes: new Map(),
  hasSpent: false,
  views: new Map(),
  drafts: new Map(),
  library: { text: '', filter: 'all', chosen: null, sort: 'added', down: true },
  link: { kind: 'up' },
  problem: null,
  toast: null,
  histories: new Map(),
  dialog: null,
  taking: null,
  busy: new Set(),
  watched: new Set(),
}

/** The map with one entry set; the old one stays as it is. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value)
}

/** The map without one entry. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const next = new Map(map)
  next.delete(key)
  return next
}

/** The value of a Loaded, or null. */
export function valueOf<T>(loaded: Loaded<T> | null | undefined): T | null {
  return loaded?.kind === 'here' ? loaded.value : null
}

import { z } from 'zod'
import { AppSettings } from './app-settings.ts'
import { CacheKind, type CacheUse } from './cache-use.ts'
import type { Capture, CaptureSummary } from './capture/capture.ts'
import type { Finding, Verdict } from './capture/finding.ts'
import type { Photo, Skipped } from './capture/photo.ts'
import type { AccountCosts } from './cloud/costing.ts'
import type { Person } from './cloud/people.ts'
import type { DoctorRow } from './doctor.ts'
import type { Forecast, Pair } from './overlap/graph.ts'
import type { KeptPlan } from './overlap/reshoot-kept.ts'
import type { Problem } from './problem.ts'
import type { RunEvent } from './run/events.ts'
import type { Quote } from './run/quote.ts'
import type { RunSummary } from './run/run-summary.ts'
import { RunSettings } from './run/settings.ts'
import type { SceneFacts } from './scene/scene.ts'
import { BandwidthLimit } from './transfer/bandwidth.ts'
import { CloudTarget, type TransferSummary } from './transfer/cloud-target.ts'
import { PowerState } from './transfer/power.ts'

/** What the screen asks first: the program, the host that it runs in, and what that host lends. */
export type AppInfo = {
  readonly version: string
  readonly host: 'browser' | 'electron'
  readonly platform: string
  readonly home: string
  readonly sampleAvailable: boolean
}

/** An entry of the folder chooser of the browser host. */
export type FolderEntry = { readonly name: string; readonly path: string; readonly photoCount: number }

export type FolderListing = {
  readonly path: string
  readonly parent: string | null
  readonly folders: readonly FolderEntry[]
  readonly photoCount: number
}

const captureId = z.object({ captureId: z.string().regex(/^c-[a-z0-9]{6,32}$/) })
const runId = z.object({ runId: z.string().regex(/^r-[a-z0-9-]{6,40}$/) })
const transferId = z.object({ transferId: z.string().regex(/^t-[0-9a-f]{16}$/) })
const none = z.object({})

/** What a call answers; only the type matters. */
type Answer<T> = { readonly answers?: T }
function ask<I extends z.ZodType>(input: I): { answers: <T>() => { readonly input: I } & Answer<T> } {
  return { answers: () => ({ input }) }
}

/** Every question the screen may ask. The sides (Handlers, Bridge, channel names, preload) derive from this object. */
export const calls = {
  'app.info': ask(none).answers<AppInfo>(),
  'app.settings': ask(none).answers<AppSettings>(),
  'app.saveSettings': ask(AppSettings).answers<AppSettings>(),
  'app.doctor': ask(none).answers<readonly DoctorRow[]>(),
  'app.cacheUse': ask(none).answers<CacheUse>(),
  'app.clearCache': ask(z.object({ kinds: z.array(CacheKind).min(1).max(3) })).answers<{ readonly freedBytes: number }>(),
  'folders.browse': ask(z.object({ path: z.string().nullable() })).answers<FolderListing>(),
  'captures.list': ask(none).answers<readonly CaptureSummary[]>(),
  'captures.open': ask(z.object({ folder: z.string().min(1), name: z.string().max(200).optional() })).answers<CaptureSummary>(),
  'captures.openSample': ask(none).answers<CaptureSummary>(),
  'captures.get': ask(captureId).answers<Capture>(),
  'captures.rescan': ask(captureId).answers<null>(),
  'captures.stopScan': ask(captureId).answers<null>(),
  'captures.setUse': ask(
    z.object({ captureId: captureId.shape.captureId, files: z.array(z.string()).max(100_000), use: z.boolean() }),
  ).answers<Capture>(),
  /** Keeps the re-shoot plan of the last check, or of the kept one says which positions are left out. */
  'captures.keepPlan': ask(
    z.object({ captureId: captureId.shape.captureId, without: z.array(z.number().int().min(1)).max(10_000) }),
  ).answers<KeptPlan>(),
  /** Lets go of the kept plan: the one of the last check takes its place. */
  'captures.dropPlan': ask(captureId).answers<null>(),
  /** Keeps a plan again that was dropped, by when it was kept first. */
  'captures.restorePlan': ask(z.object({ captureId: captureId.shape.captureId, keptAt: z.string().max(40) })).answers<KeptPlan>(),
  'captures.rename': ask(z.object({ captureId: captureId.shape.captureId, name: z.string().min(1).max(200) })).answers<CaptureSummary>(),
  'captures.remove': ask(captureId).answers<null>(),
  'captures.restore': ask(captureId).answers<CaptureSummary>(),
  'runs.list': ask(none).answers<readonly RunSummary[]>(),
  'runs.get': ask(runId).answers<RunSummary>(),
  'runs.events': ask(runId).answers<readonly RunEvent[]>(),
  'runs.reusable': ask(z.object({ captureId: captureId.shape.captureId, settings: RunSettings })).answers<readonly string[]>(),
  /** What a run in an account should cost, and what its cap becomes; nothing is asked of the account. */
  'runs.quote': ask(z.object({ captureId: captureId.shape.captureId, settings: RunSettings })).answers<Quote>(),
  'runs.start': ask(z.object({ captureId: captureId.shape.captureId, settings: RunSettings })).answers<RunSummary>(),
  'runs.stop': ask(z.object({ runId: runId.shape.runId, keep: z.boolean() })).answers<null>(),
  'runs.resume': ask(runId).answers<RunSummary>(),
  'targets.list': ask(none).answers<readonly CloudTarget[]>(),
  'targets.save': ask(CloudTarget).answers<readonly CloudTarget[]>(),
  'targets.remove': ask(z.object({ name: CloudTarget.shape.name })).answers<readonly CloudTarget[]>(),
  'targets.test': ask(z.object({ name: CloudTarget.shape.name })).answers<readonly DoctorRow[]>(),
  'account.doctor': ask(z.object({ name: CloudTarget.shape.name })).answers<readonly DoctorRow[]>(),
  'account.requestQuota': ask(z.object({ name: CloudTarget.shape.name, quota: z.string().regex(/^L-[A-Z0-9]{1,32}$/) })).answers<null>(),
  /** What of Spaceport's costs money in the account now, also what other people and computers started. */
  'account.costs': ask(z.object({ name: CloudTarget.shape.name })).answers<AccountCosts>(),
  /** Begins a sign-in with the browser: its address, and whether the browser was opened with it. */
  'account.signIn': ask(z.object({ name: CloudTarget.shape.name })).answers<{ readonly url: string; readonly opened: boolean }>(),
  /** Who is signed in; waits for a sign-in that has begun. Null: nobody. */
  'account.signedIn': ask(z.object({ name: CloudTarget.shape.name })).answers<Person | null>(),
  'account.signOut': ask(z.object({ name: CloudTarget.shape.name })).answers<null>(),
  'transfers.list': ask(none).answers<readonly TransferSummary[]>(),
  'transfers.start': ask(z.object({ captureId: captureId.shape.captureId, target: CloudTarget.shape.name })).answers<TransferSummary>(),
  'transfers.pause': ask(transferId).answers<TransferSummary>(),
  'transfers.resume': ask(transferId).answers<TransferSummary>(),
  'transfers.cancel': ask(transferId).answers<TransferSummary>(),
  'transfers.power': ask(PowerState).answers<null>(),
  'transfers.limit': ask(z.object({ limit: BandwidthLimit.nullable() })).answers<AppSettings>(),
  'scenes.ofRun': ask(runId).answers<SceneFacts>(),
  'scenes.openFile': ask(z.object({ path: z.string().min(1) })).answers<SceneFacts>(),
} as const

export type Calls = typeof calls
export type CallName = keyof Calls
export type InputOf<N extends CallName> = z.infer<Calls[N]['input']>
export type AnswerOf<N extends CallName> = Calls[N] extends Answer<infer T> ? T : never

/** What a call comes back with over any wire: the answer or the Problem. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

/** The engine's side: one function a call. */
export type Handlers = { readonly [N in CallName]: (input: InputOf<N>) => Promise<AnswerOf<N>> }

/** What happens over time; photos and pairs come batched, at most 10 batches a second. */
export type Change =
  | { readonly kind: 'capture'; readonly capture: CaptureSummary }
  | { readonly kind: 'capture-removed'; readonly captureId: string }
  | { readonly kind: 'photos'; readonly captureId: string; readonly photos: readonly Photo[]; readonly skipped: readonly Skipped[] }
  | { readonly kind: 'pairs'; readonly captureId: string; readonly pairs: readonly Pair[]; readonly tried: number; readonly total: number }
  | {
      readonly kind: 'verdict'
      readonly captureId: string
      readonly verdict: Verdict
      readonly findings: readonly Finding[]
      readonly forecast: Forecast | null
      readonly leftOut: readonly string[]
    }
  | { readonly kind: 'plan'; readonly captureId: string; readonly keptPlan: KeptPlan | null }
  | { readonly kind: 'run-events'; readonly runId: string; readonly events: readonly RunEvent[] }
  | { readonly kind: 'run'; readonly run: RunSummary }
  | { readonly kind: 'transfer'; readonly transfer: TransferSummary }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** The screen's side of the contract. `subscribe` returns its undoing; `artefactUrl` turns an address path into something a browser can load. */
export type Bridge = {
  readonly call: <N extends CallName>(name: N, input: InputOf<N>) => Promise<Reply<AnswerOf<N>>>
  readonly subscribe: (hear: (change: Change) => void) => () => void
  readonly artefactUrl: (path: string) => string
}

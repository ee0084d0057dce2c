import type { Capture, CaptureSummary } from '../core/capture/capture.ts'
import type { Change } from '../core/contract.ts'
import type { RunSummary } from '../core/run/run-summary.ts'
import { unreachable } from '../core/problem.ts'
import type { RunEvent } from '../core/run/events.ts'
import { reduce } from '../core/run/reduce.ts'
import type { Link } from './change-link.ts'
import { type CaptureDetail, type MirrorState, valueOf, withEntry, withoutEntry } from './mirror-state.ts'

/** The state after a change from the engine. Pure: tests replay recorded changes through it. */
export function applyChange(state: MirrorState, change: Change): MirrorState {
  switch (change.kind) {
    case 'capture':
      return withCapture(state, change.capture)
    case 'capture-removed':
      return withoutCapture(state, change.captureId)
    case 'photos':
      return withDetail(state, change.captureId, (old) => ({
        ...old,
        photos: joined(old.photos, change.photos, (one) => one.file),
        skipped: joined(old.skipped, change.skipped, (one) => one.file),
      }))
    case 'pairs':
      return withDetail(state, change.captureId, (old) => ({
        ...old,
        pairs: joined(old.pairs, change.pairs, (one) => `${one.a}\n${one.b}`),
        pairsTried: change.tried,
        pairsTotal: change.total,
      }))
    case 'verdict':
      return withDetail(state, change.captureId, (old) => ({
        ...old,
        verdict: change.verdict,
        findings: change.findings,
        forecast: change.forecast,
        pairs: change.forecast?.pairs ?? old.pairs,
        leftOut: change.leftOut,
      }))
    case 'plan':
      return withDetail(state, change.captureId, (old) => ({ ...old, keptPlan: change.keptPlan }))
    case 'run-events':
      return withEvents(state, change.runId, change.events)
    case 'run':
      return withRun(state, change.run)
    case 'transfer':
      return { ...state, transfers: withEntry(state.transfers, change.transfer.transferId, change.transfer) }
    case 'problem':
      return { ...state, problem: change.problem }
    default:
      return unreachable(change)
  }
}

/** The state with the link turned. What failed for want of an engine is no news any more once it is back. */
export function withLink(state: MirrorState, link: Link): MirrorState {
  const wasLost = link.kind === 'up' && state.problem?.code === 'engine/unreachable'
  return { ...state, link, problem: wasLost ? null : state.problem }
}

/** The state with a capture's summary, in the list and in its detail. */
export function withCapture(state: MirrorState, capture: CaptureSummary): MirrorState {
  const captures = valueOf(state.captures) ?? new Map<string, CaptureSummary>()
  const next = { ...state, captures: { kind: 'here' as const, value: withEntry(captures, capture.captureId, capture) } }
  return withDetail(next, capture.captureId, (old) => ({ ...old, ...capture, verdict: capture.verdict ?? old.verdict }))
}

/** The state without a capture. */
export function withoutCapture(state: MirrorState, captureId: string): MirrorState {
  const captures = valueOf(state.captures)
  return {
    ...state,
    captures: captures ? { kind: 'here', value: withoutEntry(captures, captureId) } : state.captures,
    details: withoutEntry(state.details, captureId),
  }
}

/** The state with a whole capture. What was heard while the answer was on its way is kept. */
export function withWholeCapture(state: MirrorState, capture: Capture): MirrorState {
  const old = valueOf(state.details.get(capture.captureId))
  const pairs = capture.forecast?.pairs ?? old?.pairs ?? []
  const detail: CaptureDetail = {
    ...capture,
    photos: joined(old?.photos ?? [], capture.photos, (one) => one.file),
    pairs,
    pairsTried: capture.forecast?.pairsTried ?? old?.pairsTried ?? 0,
    pairsTotal: capture.forecast?.pairsTried ?? old?.pairsTotal ?? 0,
  }
  return { ...state, details: withEntry(state.details, capture.captureId, { kind: 'here', value: detail }) }
}

/** The state with a run's summary; its own replay wins over the summary where every event is held. */
export function withRun(state: MirrorState, run: RunSummary): MirrorState {
  const held = state.held.get(run.runId)
  return { ...state, runs: withEntry(state.runs, run.runId, held ? { ...run, state: held.state } : run) }
}

/** The state once every event of a run is held. Events that were heard meanwhile follow those of the answer. */
export function withHeldRun(state: MirrorState, runId: string, events: readonly RunEvent[]): MirrorState {
  const known = new Set(events.map((one) => JSON.stringify(one)))
  const all = [...events, ...(state.held.get(runId)?.events ?? []).filter((one) => !known.has(JSON.stringify(one)))]
  return shownRun({ ...state, held: withEntry(state.held, runId, { events: all, state: reduce(all) }) }, runId)
}

function withEvents(state: MirrorState, runId: string, events: readonly RunEvent[]): MirrorState {
  const held = state.held.get(runId)
  if (held) {
    const next = { events: [...held.events, ...events], state: reduce(events, held.state) }
    return shownRun({ ...state, held: withEntry(state.held, runId, next) }, runId)
  }
  const run = state.runs.get(runId)
  if (!run) return state
  // A summary may already contain these events: only what is newer than its newest is added.
  const news = events.filter((one) => run.state.lastHeardAt === null || one.at > run.state.lastHeardAt)
  return { ...state, runs: withEntry(state.runs, runId, { ...run, state: reduce(news, run.state) }) }
}

function shownRun(state: MirrorState, runId: string): MirrorState {
  const run = state.runs.get(runId)
  const held = state.held.get(runId)
  return run && held ? { ...state, runs: withEntry(state.runs, runId, { ...run, state: held.state }) } : state
}

function withDetail(state: MirrorState, captureId: string, change: (old: CaptureDetail) => CaptureDetail): MirrorState {
  const old = valueOf(state.details.get(captureId))
  return old ? { ...state, details: withEntry(state.details, captureId, { kind: 'here', value: change(old) }) } : state
}

/** The old list with newer entries in place of those of the same key, unknown ones at the end. */
function joined<T>(old: readonly T[], news: readonly T[], key: (one: T) => string): readonly T[] {
  if (news.length === 0) return old
  const all = new Map(old.map((one) => [key(one), one]))
  for (const one of news) all.set(key(one), one)
  return [...all.values()]
}

import type { RunEvent, StageName } from '../run/events.ts'
import { stageNames } from '../run/events.ts'
import type { StageLine } from '../run/stage-line.ts'
import type { CloudJob, JobState } from './api.ts'

/** What the history of a run in an account already holds, so that nothing is told twice, also not after a restart. */
export type Seen = {
  readonly started: boolean
  readonly stopAsked: boolean
  readonly attempts: Readonly<Record<StageName, number>>
  readonly done: readonly StageName[]
  /** When each stage's newest line was written, and the lines of that very moment. */
  readonly lines: Readonly<Record<StageName, { readonly at: string; readonly texts: readonly string[] }>>
  readonly account: Extract<RunEvent, { kind: 'account' }> | null
}

const each = <T>(value: T): Record<StageName, T> => ({ sfm: value, '3dgs': value, compression: value })

const nothing: Seen = {
  started: false,
  stopAsked: false,
  attempts: each(0),
  done: [],
  lines: each({ at: '', texts: [] }),
  account: null,
}

/** What events have told, oldest first. */
export function seenOf(events: readonly RunEvent[], from: Seen = nothing): Seen {
  return events.reduce(after, from)
}

function after(seen: Seen, event: RunEvent): Seen {
  if (event.kind === 'started') return { ...seen, started: true }
  if (event.kind === 'stop-asked') return { ...seen, stopAsked: true }
  if (event.kind === 'stage-started') return { ...seen, attempts: { ...seen.attempts, [event.stage]: event.attempt } }
  if (event.kind === 'stage-done') return { ...seen, done: [...seen.done, event.stage] }
  if (event.kind === 'account') return { ...seen, account: event }
  if (event.kind !== 'line') return seen
  const { stage, at } = event.line
  const text = JSON.stringify(event.line)
  const texts = seen.lines[stage].at === at ? [...seen.lines[stage].texts, text] : [text]
  return { ...seen, lines: { ...seen.lines, [stage]: { at, texts } } }
}

// An unchanged account is written down this often: the history says when SageMaker was last asked, without a row for each question.
const repeatMs = 60_000

/** The events that an answer of GET /jobs/{id} brings, in the order in which the account dates them. `at`: when it was asked. */
export function newsOf(seen: Seen, state: JobState, at: string): readonly RunEvent[] {
  const stages = stageNames.flatMap((stage) =>
    stageNews(
      stage,
      state.jobs.filter((job) => job.stage === stage),
      seen,
    ),
  )
  const account: RunEvent = {
    at,
    kind: 'account',
    execution: state.execution,
    jobs: state.jobs,
    pausing: state.pausing,
    heardAt: state.heardAt,
  }
  return isSame(seen.account, account) ? stages : [...stages, account]
}

function stageNews(stage: StageName, jobs: readonly CloudJob[], seen: Seen): readonly RunEvent[] {
  const begun = jobs.filter((job) => job.startedAt !== null)
  const events: RunEvent[] = begun.slice(seen.attempts[stage]).map((job, index) => {
    const attempt = seen.attempts[stage] + index + 1
    // Only training goes on from a checkpoint of an earlier job; a Processing job begins with an empty machine.
    return { at: job.startedAt ?? '', kind: 'stage-started', stage, attempt, resumed: stage === '3dgs' && attempt > 1 }
  })
  const last = begun.at(-1)
  if (last?.status === 'Completed' && last.startedAt !== null && last.endedAt !== null && !seen.done.includes(stage))
    events.push({
      at: last.endedAt,
      kind: 'stage-done',
      stage,
      tookMs: Date.parse(last.endedAt) - Date.parse(last.startedAt),
      cpuMs: null,
      peakBytes: null,
    })
  return events
}

function isSame(before: Seen['account'], now: RunEvent): boolean {
  if (before === null || Date.parse(now.at) - Date.parse(before.at) >= repeatMs) return false
  return JSON.stringify({ ...before, at: '' }) === JSON.stringify({ ...now, at: '' })
}

/** The lines that are new, oldest first: a resumed or repeated file holds old ones too. */
export function newLines(seen: Seen, lines: readonly StageLine[]): readonly RunEvent[] {
  return lines.flatMap((line): RunEvent[] => {
    const newest = seen.lines[line.stage]
    if (line.at < newest.at || (line.at === newest.at && newest.texts.includes(JSON.stringify(line)))) return []
    // The account's own time: "last heard" is since the stage spoke, not since this machine listened.
    return [{ at: line.at, kind: 'line', line }]
  })
}

/** The stage whose job is alive, else the newest one that ran; null before the first. */
export function stageAtWork(state: JobState): StageName | null {
  const begun = state.jobs.filter((job) => job.startedAt !== null)
  return (begun.findLast((job) => job.status === 'InProgress' || job.status === 'Stopping') ?? begun.at(-1))?.stage ?? null
}

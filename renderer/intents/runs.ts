import type { RunSettings } from '../../core/run/settings.ts'
import { withHeldRun, withRun } from '../apply-change.ts'
import { withEntry } from '../mirror-state.ts'
import type { Kit } from './kit.ts'
import { loadQuote } from './quotes.ts'

/** What the user can want of runs and scenes. */
export function runIntents(kit: Kit) {
  const { ask, mirror, go, during } = kit
  return {
    setUp: (captureId: string) => go({ room: 'run', captureId, runId: null }),
    draft: (captureId: string, settings: RunSettings) => {
      mirror.set((state) => ({ ...state, drafts: withEntry(state.drafts, captureId, settings) }))
      void loadReusable(kit, captureId, settings)
      void loadQuote(kit, captureId, settings)
    },
    start: (captureId: string, settings: RunSettings) =>
      during('start', async () => {
        const run = await ask('runs.start', { captureId, settings })
        if (!run) return
        const hasSpent = mirror.get().hasSpent || settings.where !== 'local'
        mirror.set((state) => withRun({ ...state, hasSpent, watched: new Set(state.watched).add(run.runId) }, run))
        go({ room: 'run', captureId, runId: run.runId })
      }),
    stop: (runId: string, keep: boolean) => during('stop', () => ask('runs.stop', { runId, keep })),
    resume: (runId: string) =>
      during('resume', async () => {
        const run = await ask('runs.resume', { runId })
        if (!run) return
        mirror.set((state) => withRun({ ...state, watched: new Set(state.watched).add(runId) }, run))
        await holdRun(kit, runId)
      }),
    openScene: (captureId: string, runId: string) => go({ room: 'scene', captureId, runId, path: null }),
    openSceneFile: (path: string) => go({ room: 'scene', captureId: null, runId: null, path }),
  }
}

/** Fetches which stages a run with these settings would reuse. */
export async function loadReusable(kit: Kit, captureId: string, settings: RunSettings): Promise<void> {
  const key = reusableKey(captureId, settings)
  // What an account has made before is not known here.
  if (settings.where !== 'local') return
  if (kit.mirror.get().reusable.has(key)) return
  const stages = await kit.ask('runs.reusable', { captureId, settings })
  if (stages) kit.mirror.set((state) => ({ ...state, reusable: withEntry(state.reusable, key, stages) }))
}

/** The key under which an answer of `runs.reusable` is kept. */
export function reusableKey(captureId: string, settings: RunSettings): string {
  return `${captureId} ${JSON.stringify(settings)}`
}

/** Fetches a run and all its events; a run that is alive counts as watched from then on. */
export async function holdRun(kit: Kit, runId: string): Promise<void> {
  const [run, events] = await Promise.all([kit.ask('runs.get', { runId }), kit.ask('runs.events', { runId })])
  if (!run || !events) return
  const alive = run.state.kind === 'queued' || run.state.kind === 'running'
  kit.mirror.set((state) => {
    const watched = alive ? new Set(state.watched).add(runId) : state.watched
    return withHeldRun({ ...withRun(state, run), watched }, runId, events)
  })
}

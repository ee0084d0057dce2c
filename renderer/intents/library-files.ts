import { withHeldRun } from '../apply-change.ts'
import { chosenRow } from '../at-hand.ts'
import { type MirrorState, valueOf } from '../mirror-state.ts'
import { filteredRows, libraryRows } from '../rooms/library/library-rows.ts'
import type { Kit } from './kit.ts'

/** Fetches the events of the newest run of the capture that the library shows: they name its files. */
export function loadLibraryFiles(kit: Kit): () => void {
  const asked = new Set<string>()
  let seen: readonly unknown[] = []
  return kit.mirror.subscribe(() => {
    const state = kit.mirror.get()
    const now = [state.place, state.captures, state.runs, state.library]
    if (state.place.room !== 'library' || now.every((one, at) => one === seen[at])) return
    seen = now
    const runId = newestRunShown(state)
    if (runId === null || asked.has(runId) || state.held.has(runId)) return
    asked.add(runId)
    void hold(kit, runId)
  })
}

function newestRunShown(state: MirrorState): string | null {
  const captures = valueOf(state.captures)
  if (!captures) return null
  const shown = filteredRows(libraryRows(captures, state.runs), state.library)
  return chosenRow(shown, state.library.chosen)?.runs[0]?.runId ?? null
}

async function hold(kit: Kit, runId: string): Promise<void> {
  const events = await kit.ask('runs.events', { runId })
  if (events) kit.mirror.set((state) => withHeldRun(state, runId, events))
}

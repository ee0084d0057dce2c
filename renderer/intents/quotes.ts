import type { RunSettings } from '../../core/run/settings.ts'
import { withEntry } from '../mirror-state.ts'
import type { Kit } from './kit.ts'

/** The key under which an answer of `runs.quote` is kept. */
export function quoteKey(captureId: string, settings: RunSettings): string {
  return `${captureId} ${JSON.stringify(settings)}`
}

/** Fetches what a run in an account should cost; one on this machine is free. */
export async function loadQuote(kit: Kit, captureId: string, settings: RunSettings): Promise<void> {
  const key = quoteKey(captureId, settings)
  if (settings.where === 'local' || kit.mirror.get().quotes.has(key)) return
  const quote = await kit.ask('runs.quote', { captureId, settings })
  if (quote) kit.mirror.set((state) => ({ ...state, quotes: withEntry(state.quotes, key, quote) }))
}
